"""The cut line, the awards, freezing the decision, and publishing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.applications.assisted import count_without_email
from app.calls.titles import call_title, criterion_titles
from app.decisions import announce, awards, decide, departures
from app.decisions.announce import Announcement
from app.decisions.awards import AwardInput
from app.decisions.departures import DepartureInput
from app.decisions.held import awarding
from app.decisions.line import BELOW, Round, rounds
from app.decisions.order import withdrawn_winners
from app.decisions.reasons import ReasonInput
from app.decisions.refusals import (
    AlreadyAwarded,
    EnvelopeExceeded,
    NobodyLeft,
    NoPlaceLeft,
    NothingAwarded,
    NotInOrder,
    OpenHoles,
    UnexplainedDepartures,
    WinnerWithdrew,
)
from app.decisions.standing import Standing, standing
from app.errors import Conflict, Invalid, Stale
from app.messages import sentence
from app.pages.forms import FieldView, Form, Mistake, Option, form_of
from app.pages.page import Page, see_other
from app.pages.tied import tie_words
from app.wall import BehindWall
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/awards")
AwardForm = Annotated[Form[AwardInput], Depends(form_of(AwardInput, "award"))]
ReasonForm = Annotated[Form[ReasonInput], Depends(form_of(ReasonInput, "reason"))]
DepartureForm = Annotated[Form[DepartureInput], Depends(form_of(DepartureInput, "departure"))]


class VersionInput(BaseModel):
    """The version that somebody looked at when they pressed."""

    version: Annotated[int, Field(ge=0, le=10**9)]


ALL_BELOW = 300
NOTHING_GIVEN = (NoPlaceLeft, EnvelopeExceeded, NobodyLeft, AlreadyAwarded, NotInOrder)
"""Why a press awards nothing though awards can still change: said on the page, with what was typed."""
NOT_FROZEN = (OpenHoles, WinnerWithdrew, NothingAwarded, BehindWall)
"""Why a press freezes nothing though the decision is open: said on the page."""
VersionForm = Annotated[Form[VersionInput], Depends(form_of(VersionInput, "version"))]


@dataclass(frozen=True, slots=True)
class PotView:
    """One round, and its two forms with ids of their own: a page shows several rounds.

    The line is drawn under `last_above`; `ties` says, by code, what put one before its equal.
    """

    round: Round
    last_above: str
    ties: Mapping[str, str]
    award: Mapping[str, FieldView]
    award_open: bool
    departure: Mapping[str, FieldView]
    departure_open: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: Sequence[Mistake] = ()


@dataclass(frozen=True, kw_only=True)
class AwardList(Page):
    """Each pot with its line; below, single awards and reasons."""

    template = "awards/list.html"
    call: str
    call_title: str
    pots: list[PotView]
    withdrawn: list[tuple[str, int]]
    standing: Standing
    can_reopen: bool
    form: Summary
    nothing_given: str
    not_frozen: str
    stale: bool
    more: bool


@dataclass(frozen=True, kw_only=True)
class AwardPublish(Page):
    """What publishing will do, to be read before it is pressed."""

    template = "awards/publish.html"
    call: str
    call_title: str
    announcement: Announcement
    stale: bool
    to_call: int


@dataclass(frozen=True, kw_only=True)
class AwardReopen(Page):
    """Asks why the decision is opened again."""

    template = "awards/reopen.html"
    call: str
    call_title: str
    form: Form[ReasonInput]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What was typed and refused, and in which round; `nothing_given` says why nothing was awarded.

    `not_frozen` says why the decision was not frozen, `unexplained` that it was for want of written reasons.
    """

    pot: str = ""
    nothing_given: str = ""
    not_frozen: str = ""
    unexplained: bool = False
    award: Form[AwardInput] | None = None
    departure: Form[DepartureInput] | None = None
    stale: bool = False


NOTHING_REFUSED = Refused()


def _page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    refused: Refused = NOTHING_REFUSED,
) -> AwardList:
    language = language_of(request)
    more = request.query_params.get("rows") == "all"
    pots = rounds(session, coordinator, below=ALL_BELOW if more or refused.pot else BELOW)
    offered = _applications(pots)
    titles = criterion_titles(session, coordinator, language)
    views = [_pot_view(pot, refused, offered, titles, language) for pot in pots]
    shown = standing(session, coordinator, now)
    return AwardList(
        call=call,
        call_title=call_title(session, coordinator, language),
        pots=views,
        withdrawn=withdrawn_winners(session, coordinator),
        standing=shown,
        can_reopen=shown.can_announce and not any(pot.revealed for pot in pots),
        form=_summary(refused, views),
        nothing_given=refused.nothing_given,
        not_frozen=refused.not_frozen,
        stale=refused.stale,
        more=more,
    )


def _pot_view(
    pot: Round, refused: Refused, offered: Sequence[Option], titles: Mapping[str, str], language: str
) -> PotView:
    here = refused if refused.pot == pot.code else NOTHING_REFUSED
    award = here.award or Form(AwardInput, "award", language)
    asked = _asked_to_explain(pot, language) if refused.unexplained and pot.unexplained else None
    departure = here.departure or asked or Form(DepartureInput, "departure", language)
    return PotView(
        round=pot,
        last_above=next((row.code for row in reversed(pot.rows) if row.above_line), ""),
        ties={row.code: tie_words(language, row, titles) for row in pot.rows},
        award=_fields(award.offering(application=offered), f"award-{pot.code}"),
        award_open=here.award is not None,
        departure=_fields(departure.offering(application=offered), f"departure-{pot.code}"),
        departure_open=(here.departure or asked) is not None,
    )


def _asked_to_explain(pot: Round, language: str) -> Form[DepartureInput]:
    """The form for a reason, at the first application of the round that departs without one."""
    form = Form(DepartureInput, "departure", language, {"application": pot.unexplained[0]})
    params: dict[str, object] = {"codes": ", ".join(pot.unexplained)}
    return form.refused(Invalid({"reason": ("decision.unexplained_departures", params)}))


def _fields(form: Form[Any], suffix: str) -> Mapping[str, FieldView]:
    return {name: replace(view, id=f"{view.id}-{suffix}") for name, view in form.fields.items()}


def _summary(refused: Refused, views: Sequence[PotView]) -> Summary:
    if refused.unexplained:
        reasons = [view.departure["reason"] for view in views]
        return Summary([Mistake(f"#{each.id}", each.error) for each in reasons if each.error])
    form: Form[Any] | None = refused.award or refused.departure
    if form is None:
        return Summary()
    suffix = f"{'award' if refused.award else 'departure'}-{refused.pot}"
    return Summary([Mistake(f"{each.href}-{suffix}", each.text) for each in form.summary])


def _applications(pots: Sequence[Round]) -> list[Option]:
    seen = {
        row.code: Option(row.code, f"{row.place} · {row.code} · {row.title}")
        for pot in pots
        for row in pot.rows
    }
    return list(seen.values())


@router.get("", name="awards.list")
def list_awards(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _page(request, session, coordinator, now, call).response(request)


@router.post("/{pot}/line", name="awards.draw_line")
def draw_line(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    try:
        given = awards.draw_line(session, coordinator, pot, now)
    except NOTHING_GIVEN as error:
        refused = Refused(nothing_given=_why(request, error))
        return _page(request, session, coordinator, now, call, refused).response(request, 409)
    return see_other(request, "awards.list", call=call, done="line_drawn", count=given)


def _why(request: Request, error: Conflict) -> str:
    return sentence(language_of(request), error.code, error.params)


@router.post("/{pot}/award", name="awards.give")
def give_award(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: AwardForm
) -> Response:
    try:
        awards.award_application(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        awarding(session, coordinator, now)
        refused = Refused(pot=pot, award=form.refused(error))
        return _page(request, session, coordinator, now, call, refused).response(request, 422)
    except NOTHING_GIVEN as error:
        refused = Refused(pot=pot, award=form, nothing_given=_why(request, error))
        return _page(request, session, coordinator, now, call, refused).response(request, 409)
    return see_other(request, "awards.list", call=call, done="awarded")


@router.post("/{pot}/departure", name="awards.explain")
def explain_departure(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: DepartureForm,
) -> Response:
    try:
        departures.explain_departure(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        awarding(session, coordinator, now)
        refused = Refused(pot=pot, departure=form.refused(error))
        return _page(request, session, coordinator, now, call, refused).response(request, 422)
    return see_other(request, "awards.list", call=call, done="departure_explained")


@router.post("/{pot}/departure/{code}/withdraw", name="awards.take_back_departure")
def take_back_departure(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, code: str
) -> Response:
    departures.take_back_departure(session, coordinator, pot, code, now)
    return see_other(request, "awards.list", call=call, done="departure_withdrawn")


@router.post("/withdraw/{code}", name="awards.withdraw")
def withdraw_award(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    code: str,
    form: VersionForm,
) -> Response:
    try:
        awards.withdraw_award(session, coordinator, code, form.value().version, now)
    except Stale:
        return _stale(request, session, coordinator, now, call)
    return see_other(request, "awards.list", call=call, done="award_withdrawn")


@router.post("/decide", name="awards.decide")
def decide_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: VersionForm
) -> Response:
    try:
        decide.decide(session, coordinator, form.value().version, now)
    except Stale:
        return _stale(request, session, coordinator, now, call)
    except UnexplainedDepartures:
        return _page(request, session, coordinator, now, call, Refused(unexplained=True)).response(
            request, 422
        )
    except NOT_FROZEN as error:
        refused = Refused(not_frozen=_why(request, error))
        return _page(request, session, coordinator, now, call, refused).response(request, 409)
    return see_other(request, "awards.list", call=call, done="decided")


def _stale(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    """Nothing happened: the page as it stands now, and the words that say so."""
    return _page(request, session, coordinator, now, call, Refused(stale=True)).response(request, 409)


@router.get("/reopen", name="awards.reopen")
def reopen(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    decide.reopening_decision(session, coordinator, now)
    language = language_of(request)
    title = call_title(session, coordinator, language)
    return AwardReopen(call=call, call_title=title, form=Form(ReasonInput, "reason", language)).response(
        request
    )


@router.post("/reopen", name="awards.reopen_now")
def reopen_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: ReasonForm
) -> Response:
    try:
        decide.reopen_decision(session, coordinator, form.value().reason, now)
    except Invalid as error:
        decide.reopening_decision(session, coordinator, now)
        title = call_title(session, coordinator, language_of(request))
        return AwardReopen(call=call, call_title=title, form=form.refused(error)).response(request, 422)
    return see_other(request, "awards.list", call=call, done="decision_reopened")


@router.get("/publish", name="awards.publish")
def publish(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _publish_page(request, session, coordinator, now, call, stale=False).response(request)


@router.post("/publish", name="awards.publish_now")
def publish_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: VersionForm
) -> Response:
    try:
        announce.publish(session, coordinator, form.value().version, now)
    except Stale:
        page = _publish_page(request, session, coordinator, now, call, stale=True)
        return page.response(request, 409)
    return see_other(request, "results.list", call=call, done="published")


def _publish_page(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, *, stale: bool
) -> AwardPublish:
    return AwardPublish(
        call=call,
        call_title=call_title(session, coordinator, language_of(request)),
        announcement=announce.announcement(session, coordinator, now),
        stale=stale,
        to_call=count_without_email(session, coordinator),
    )
