"""The award rounds of a call: a list, and a form for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import MOST_ROUNDS, RoundInput, RoundsInput
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid, NotFound
from app.messages import formats
from app.models.calls import CallKind
from app.pages.forms import Form, read_form, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.setup_forms import RoundForm, renamed, typed_instant, typed_money
from app.pages.setup_part import part_page, version_in
from app.pages.texts import Group, flat, text_group
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/{call}/setup/rounds")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]
NEW = "new"
FIRST_AMOUNT = "5000"
"""What each award of the programme is, in euro; a new round starts with it."""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in the list, in words."""

    href: str
    name: str
    event: str
    held: str
    places: int
    amount: str
    envelope: str


@dataclass(frozen=True, kw_only=True)
class RoundsList(Page):
    """All rounds of the call."""

    template = "setup/rounds.html"
    slug: str
    title: str
    can_add: bool
    rows: Sequence[RoundRow]


@router.get("", name="setup.rounds")
def list_rounds(request: Request, session: Db, who: AsCoordinator) -> Response:
    setup = setup_of(session, who)
    language = language_of(request)
    zone = ZoneInfo(setup.dates.timezone)
    return RoundsList(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        can_add=not setup.locked and len(setup.rounds.rounds) < MOST_ROUNDS,
        rows=[
            RoundRow(
                href=path_to(language, "setup.round", call=setup.slug, pot=each.code),
                name=text_in(language, each.name.stored) or each.code,
                event=text_in(language, each.event.stored),
                held=formats.moment(language, each.held_at, zone) if each.held_at else "",
                places=each.places,
                amount=formats.euros(language, each.amount_minor) if each.amount_minor else "",
                envelope=formats.euros(language, each.envelope_minor) if each.envelope_minor else "",
            )
            for each in setup.rounds.rounds
        ],
    ).response(request)


@router.get("/{pot}", name="setup.round")
def edit(request: Request, session: Db, who: AsCoordinator, pot: str) -> Response:
    return _round(request, setup_of(session, who), pot).response(request)


@router.post("/{pot}", name="setup.save_round")
def save(request: Request, session: Db, who: AsCoordinator, now: Now, pot: str, given: Given) -> Response:
    setup = setup_of(session, who)
    rounds = list(setup.rounds.rounds)
    place = len(rounds) if pot == NEW else rounds.index(_found(setup, pot))
    form = read_form(RoundForm, "round", language_of(request), given)
    try:
        typed_in = form.value().given("" if pot == NEW else pot, ZoneInfo(setup.dates.timezone))
        rounds[place:] = [typed_in, *rounds[place + 1 :]]
        actions.save_rounds(session, who, version_in(given), RoundsInput(rounds=rounds), now)
    except Invalid as error:
        names = {f"rounds.{place}.{name}_minor": name for name in ("amount", "envelope")}
        return _round(request, setup, pot, form.refused(renamed(error, names))).response(request, 422)
    except CallStale as error:
        stored = {} if pot == NEW else _typed(_found(error.current, pot), error.current)
        return _round(request, error.current, pot, form, stored).response(request, 409)
    return see_other(request, "setup.rounds", call=setup.slug, done="saved")


@router.post("/{pot}/remove", name="setup.remove_round")
def remove(request: Request, session: Db, who: AsCoordinator, now: Now, pot: str, given: Given) -> Response:
    setup = setup_of(session, who)
    gone = _found(setup, pot)
    kept = RoundsInput(rounds=[each for each in setup.rounds.rounds if each != gone])
    actions.save_rounds(session, who, version_in(given), kept, now)
    return see_other(request, "setup.rounds", call=setup.slug, done="round_removed")


def _found(setup: CallSetup, code: str) -> RoundInput:
    for each in setup.rounds.rounds:
        if each.code == code:
            return each
    raise NotFound


def _typed(each: RoundInput, setup: CallSetup) -> dict[str, str | list[str]]:
    return {
        **flat(each.model_dump(include={"name", "event"})),
        **typed_instant("held", each.held_at, ZoneInfo(setup.dates.timezone)),
        "places": str(each.places),
        "amount": typed_money(each.amount_minor),
        "envelope": typed_money(each.envelope_minor),
    }


def _round(
    request: Request,
    setup: CallSetup,
    code: str,
    form: Form[RoundForm] | None = None,
    stored: Mapping[str, str | list[str]] | None = None,
) -> Page:
    language = language_of(request)
    grant = setup.kind is CallKind.GRANT
    if code == NEW:
        typed_in: dict[str, str | list[str]] = {"amount": FIRST_AMOUNT} if grant else {}
    else:
        typed_in = _typed(_found(setup, code), setup)
    shown = form or Form(RoundForm, "round", language, typed_in)
    fields = shown.fields
    money = ("amount", "envelope") if grant else ()
    return part_page(
        request,
        setup,
        shown,
        [
            text_group(shown, "name"),
            Group("", "", [fields[name] for name in ("places", *money)]),
            text_group(shown, "event"),
            Group("", "", [fields["held_day"], fields["held_time"]], beside=True),
        ],
        words="setup.round",
        action=path_to(language, "setup.save_round", call=setup.slug, pot=code),
        back=path_to(language, "setup.rounds", call=setup.slug),
        stored=stored,
        removes="" if code == NEW else path_to(language, "setup.remove_round", call=setup.slug, pot=code),
    )
