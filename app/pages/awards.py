"""The cut line, the awards, freezing the decision, and publishing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.calls.titles import call_title
from app.decisions import announce, awards, decide
from app.decisions.announce import Announcement
from app.decisions.awards import AwardInput, DepartureInput
from app.decisions.line import Round, rounds
from app.decisions.standing import Standing, standing
from app.errors import Invalid
from app.pages.forms import Form, Option, form_of
from app.pages.page import Page, see_other
from app.pages.ranking import ReasonForm, ReasonInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/awards")
AwardForm = Annotated[Form[AwardInput], Depends(form_of(AwardInput, "award"))]
DepartureForm = Annotated[Form[DepartureInput], Depends(form_of(DepartureInput, "departure"))]


class VersionInput(BaseModel):
    """The version that somebody looked at when they pressed."""

    version: Annotated[int, Field(ge=0, le=10**9)]


VersionForm = Annotated[Form[VersionInput], Depends(form_of(VersionInput, "version"))]


@dataclass(frozen=True, kw_only=True)
class AwardList(Page):
    """Each pot with its line; below, single awards and reasons."""

    template = "awards/list.html"
    call: str
    call_title: str
    rounds: list[Round]
    standing: Standing
    award_form: Form[AwardInput]
    departure_form: Form[DepartureInput]
    form: Form[AwardInput] | Form[DepartureInput]


@dataclass(frozen=True, kw_only=True)
class AwardPublish(Page):
    """What publishing will do, to be read before it is pressed."""

    template = "awards/publish.html"
    call: str
    call_title: str
    announcement: Announcement


@dataclass(frozen=True, kw_only=True)
class AwardReopen(Page):
    """Asks why the decision is opened again."""

    template = "awards/reopen.html"
    call: str
    call_title: str
    form: Form[ReasonInput]


def _page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    award_form: Form[AwardInput] | None = None,
    departure_form: Form[DepartureInput] | None = None,
) -> AwardList:
    language = language_of(request)
    pots = rounds(session, coordinator)
    offered = _applications(pots)
    award = award_form or Form(AwardInput, "award", language)
    departure = departure_form or Form(DepartureInput, "departure", language)
    return AwardList(
        call=call,
        call_title=call_title(session, coordinator, language),
        rounds=pots,
        standing=standing(session, coordinator, now),
        award_form=award.offering(application=offered),
        departure_form=departure.offering(application=offered),
        form=departure if departure.problems else award,
    )


def _applications(pots: Sequence[Round]) -> list[Option]:
    seen = {
        row.code: Option(row.code, f"{row.label} · {row.code} · {row.title}")
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
    awards.draw_line(session, coordinator, pot, now)
    return see_other(request, "awards.list", call=call, done="line_drawn")


@router.post("/{pot}/award", name="awards.give")
def give_award(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: AwardForm
) -> Response:
    try:
        awards.award_application(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, now, call, award_form=form.refused(error))
        return page.response(request, 422)
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
        awards.explain_departure(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, now, call, departure_form=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "awards.list", call=call, done="departure_explained")


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
    awards.withdraw_award(session, coordinator, code, form.value().version, now)
    return see_other(request, "awards.list", call=call, done="award_withdrawn")


@router.post("/decide", name="awards.decide")
def decide_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: VersionForm
) -> Response:
    decide.decide(session, coordinator, form.value().version, now)
    return see_other(request, "awards.list", call=call, done="decided")


@router.get("/reopen", name="awards.reopen")
def reopen(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
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
        title = call_title(session, coordinator, language_of(request))
        return AwardReopen(call=call, call_title=title, form=form.refused(error)).response(request, 422)
    return see_other(request, "awards.list", call=call, done="decision_reopened")


@router.get("/publish", name="awards.publish")
def publish(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return AwardPublish(
        call=call,
        call_title=call_title(session, coordinator, language_of(request)),
        announcement=announce.announcement(session, coordinator),
    ).response(request)


@router.post("/publish", name="awards.publish_now")
def publish_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: VersionForm
) -> Response:
    announce.publish(session, coordinator, form.value().version, now)
    return see_other(request, "results.list", call=call, done="published")
