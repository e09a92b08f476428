"""The award rounds of a call: a list, and a form for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import MOST_ROUNDS, RoundInput, RoundsInput
from app.calls.public import public_calls
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid, NotFound
from app.messages import formats
from app.messages.labels import choices
from app.models.calls import CallKind
from app.pages.claim_words import claims_in_words
from app.pages.forms import FieldView, Form, Option, read_form, typed
from app.pages.lots import lots_rule, planned_in_words
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.round_rules import rule_in_words
from app.pages.setup_forms import RoundForm, renamed, typed_instant, typed_money
from app.pages.setup_part import part_page, version_in
from app.pages.texts import Group, flat, language_fields, text_group
from app.scoring.shares import Split
from app.sections.team import ApplicantKind
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
    """One round in the list, in words. `short` where its money is not enough for all of its places."""

    href: str
    name: str
    event: str
    held: str
    places: int
    amount: str
    envelope: str
    rule: Sequence[str]
    short: str


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
    lots = lots_rule(language, drawn=setup.scoring.lottery)
    if lots:
        lots.append(planned_in_words(language, setup))
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
                rule=[*rule_in_words(language, each, each.reserved_for.stored, zone), *lots],
                short=_short(language, each),
            )
            for each in setup.rounds.rounds
        ],
    ).response(request)


def _short(language: str, each: RoundInput) -> str:
    """Where each gets the same amount: how many of the places the money is enough for, if not for all."""
    amount, envelope = each.amount_minor, each.envelope_minor
    if each.split is not Split.FIXED or not amount or envelope is None or each.places * amount <= envelope:
        return ""
    return choices(language, "round_parts")["short"].format(
        places=formats.number(language, each.places),
        amount=formats.euros(language, amount),
        envelope=formats.euros(language, envelope),
        fits=formats.number(language, envelope // amount),
    )


@router.get("/{pot}", name="setup.round")
def edit(request: Request, session: Db, who: AsCoordinator, now: Now, pot: str) -> Response:
    setup = setup_of(session, who)
    answers = _won_in(session, setup, now, language_of(request))
    return _round(request, setup, pot, answers).response(request)


@router.post("/{pot}", name="setup.save_round")
def save(request: Request, session: Db, who: AsCoordinator, now: Now, pot: str, given: Given) -> Response:
    setup = setup_of(session, who)
    rounds = list(setup.rounds.rounds)
    place = len(rounds) if pot == NEW else rounds.index(_found(setup, pot))
    language = language_of(request)
    form = read_form(RoundForm, "round", language, given)
    try:
        typed_in = form.value().given("" if pot == NEW else pot, ZoneInfo(setup.dates.timezone))
        rounds[place:] = [typed_in, *rounds[place + 1 :]]
        actions.save_rounds(session, who, version_in(given), RoundsInput(rounds=rounds), now)
    except Invalid as error:
        names = {f"rounds.{place}.{name}": name for name in RoundForm.model_fields} | {
            f"rounds.{place}.amount_minor": "amount",
            f"rounds.{place}.envelope_minor": "envelope",
            f"rounds.{place}.reserve_until": "reserve_until_day",
        }
        refused = form.refused(renamed(error, names))
        answers = _won_in(session, setup, now, language)
        return _round(request, setup, pot, answers, refused).response(request, 422)
    except CallStale as error:
        stored = {} if pot == NEW else _typed(_found(error.current, pot), error.current)
        answers = _won_in(session, setup, now, language)
        return _round(request, error.current, pot, answers, form, stored).response(request, 409)
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
        **flat(each.model_dump(include={"name", "event", "reserved_for", "reserved_answer", "split"})),
        **typed_instant("held", each.held_at, ZoneInfo(setup.dates.timezone)),
        **typed_instant("reserve_until", each.reserve_until, ZoneInfo(setup.dates.timezone)),
        **{name: str(getattr(each, name) or "") for name in _COUNTS},
        "pitch_criteria": list(each.pitch_criteria),
        "amount": typed_money(each.amount_minor),
        "envelope": typed_money(each.envelope_minor),
    }


_COUNTS = (
    "places",
    "least_places",
    "full_places",
    "reserved_places",
    "threshold",
    "reserve_places",
    "finalists",
    "pitch_weight",
)


def _answers(setup: CallSetup, language: str) -> list[Option]:
    """The answers of the form by which somebody can belong to a group."""
    themes = [
        Option(f"theme={each.code}", text_in(language, each.name.stored) or each.code)
        for each in setup.choices.themes
        if each.code
    ]
    kinds, said = choices(language, "applicant_kind"), choices(language, "round_parts")["claim"]
    return [
        *themes,
        *(Option(f"kind={each}", kinds[each]) for each in get_args(ApplicantKind)),
        *(
            Option(value, said.format(answer=words))
            for value, words in claims_in_words(setup, language).items()
        ),
    ]


def _won_in(session: Db, setup: CallSetup, now: Now, language: str) -> list[Option]:
    """Calls in which whoever belongs has won a place."""
    won = choices(language, "round_parts")["won"]
    return [
        Option(f"won={each.slug}", won.format(call=text_in(language, each.title) or each.slug))
        for each in public_calls(session, now)
        if each.slug != setup.slug
    ]


def _named(form: Form[RoundForm], name: str, language: str) -> list[FieldView]:
    """One text in each language, inside a group that has other fields too."""
    view = form.fields[name]
    return [replace(each, label=f"{view.label}: {each.label}") for each in language_fields(form, view, name)]


def _round(
    request: Request,
    setup: CallSetup,
    code: str,
    answers: Sequence[Option],
    form: Form[RoundForm] | None = None,
    stored: Mapping[str, str | list[str]] | None = None,
) -> Page:
    language = language_of(request)
    grant = setup.kind is CallKind.GRANT
    if code == NEW:
        typed_in: dict[str, str | list[str]] = {"amount": FIRST_AMOUNT} if grant else {}
    else:
        typed_in = _typed(_found(setup, code), setup)
    if "split" not in typed_in:
        typed_in = {**typed_in, "split": Split.FIXED.value}
    shown = (form or Form(RoundForm, "round", language, typed_in)).offering(
        reserved_answer=[*_answers(setup, language), *answers],
        pitch_criteria=[
            Option(each.code, text_in(language, each.title.stored) or each.code)
            for each in setup.criteria.criteria
        ],
    )
    fields = shown.fields
    money = ("amount", "envelope") if grant else ()
    legends = choices(language, "round_parts")
    return part_page(
        request,
        setup,
        shown,
        [
            text_group(shown, "name"),
            Group("", "", [fields[name] for name in ("places", "least_places", *money)]),
            *([Group(legends["split"], "", [fields["split"], fields["full_places"]])] if grant else []),
            Group(legends["threshold"], "", [fields["threshold"]]),
            Group(
                legends["seats"],
                legends["seats_hint"],
                [
                    fields["reserved_places"],
                    *_named(shown, "reserved_for", language),
                    fields["reserved_answer"],
                ],
            ),
            Group(
                legends["reserve"],
                legends["reserve_hint"],
                [fields["reserve_places"], fields["reserve_until_day"], fields["reserve_until_time"]],
            ),
            Group(
                legends["pitch"],
                legends["pitch_hint"],
                [fields["finalists"], fields["pitch_weight"], fields["pitch_criteria"]],
            ),
            text_group(shown, "event"),
            Group("", "", [fields["held_day"], fields["held_time"]], beside=True),
        ],
        words="setup.round",
        action=path_to(language, "setup.save_round", call=setup.slug, pot=code),
        back=path_to(language, "setup.rounds", call=setup.slug),
        stored=stored,
        removes="" if code == NEW else path_to(language, "setup.remove_round", call=setup.slug, pot=code),
    )
