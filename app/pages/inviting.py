"""Reviewers as a coordinator asks, knows and answers them: invitations, what each reads, requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls import actions
from app.calls.inputs import ReadingInput, SeatInput, SeatWords
from app.calls.invitations import seat_of
from app.calls.panel import organisations_to_speak_for, reviewer_of
from app.calls.reading import reading_of, themes_of
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid, NotFound, Stale
from app.messages import formats, label
from app.models.panel import RequestKind, SeatState
from app.pages.forms import Form, Option, Typed, form_of, read_form
from app.pages.page import Page, see_other, text_in
from app.pages.setup_forms import NeededDay, renamed
from app.pages.setup_part import fields_of, version_in
from app.reviews.requests import AnswerInput, FullReviewerRequest, answer_request, open_request
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/panel")
LAST_MINUTE = time(23, 59)


class SeatForm(SeatWords):
    """An invitation as it is typed: the day by which, whole, in the call's zone."""

    model_config = ConfigDict(extra="ignore")

    due_day: NeededDay

    def given(self, zone: ZoneInfo) -> SeatInput:
        """What the rule takes."""
        return SeatInput(**self.model_dump(exclude={"due_day"}), due_at=end_of(self.due_day, zone))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last minute of a day, as people of the zone count it."""
    return datetime.combine(day, LAST_MINUTE, zone)


InviteForm = Annotated[Form[SeatForm], Depends(form_of(SeatForm, "seat"))]
AnswerForm = Annotated[Form[AnswerInput], Depends(form_of(AnswerInput, "request"))]


@dataclass(frozen=True, kw_only=True)
class PanelInvite(Page):
    """The form that invites somebody to review."""

    template = "panel/invite.html"
    slug: str
    title: str
    form: Form[SeatForm]


@dataclass(frozen=True, kw_only=True)
class PanelReading(Page):
    """What one reviewer reads and how much they take."""

    template = "panel/reading.html"
    slug: str
    member: str
    who: str
    organisation: str
    own_due: str
    version: int
    stale: bool
    form: Form[ReadingInput]


@dataclass(frozen=True, kw_only=True)
class PanelRequest(Page):
    """One request of a reviewer's, and the answer to it."""

    template = "panel/request.html"
    slug: str
    wish: str
    who: str
    asks: str
    organisation: str
    reason: str
    able: int | None
    form: Form[AnswerInput]


@router.get("/invite", name="panel.inviting")
def inviting(request: Request, session: Db, who: AsCoordinator, call: str, seat: str = "") -> Response:
    """With the code of a proposal, or of a refused invitation, its form is filled in already."""
    setup = setup_of(session, who)
    given = {"language": "kk"}
    if setup.dates.reviews_due_at is not None:
        due = setup.dates.reviews_due_at.astimezone(ZoneInfo(setup.dates.timezone))
        given["due_day"] = f"{due:%Y-%m-%d}"
    if seat:
        found = seat_of(session, who, seat)
        if found.state is SeatState.INVITED:
            raise NotFound
        given |= {"email": found.email, "name": found.name, "organisation": found.organisation}
        given["language"] = found.language
    form = Form(SeatForm, "seat", language_of(request), given)
    return _invite_page(request, session, who, setup, form).response(request)


@router.post("/invite", name="panel.invite")
def invite(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, form: InviteForm
) -> Response:
    setup = setup_of(session, who)
    try:
        given = form.value().given(ZoneInfo(setup.dates.timezone))
        actions.invite_reviewer(session, who, given, now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"due_at": "due_day"}))
        return _invite_page(request, session, who, setup, refused).response(request, 422)
    return see_other(request, "panel.list", call=call, done="reviewer_invited")


@router.post("/invitations/{seat}/again", name="panel.invite_again")
def invite_again(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, seat: str
) -> Response:
    actions.invite_again(session, who, seat, now)
    return see_other(request, "panel.list", call=call, done="reviewer_invited")


@router.post("/invitations/{seat}/call-off", name="panel.call_off")
def call_off(request: Request, session: Db, who: AsCoordinator, now: Now, call: str, seat: str) -> Response:
    was = actions.call_off(session, who, seat, now)
    done = "seat_dismissed" if was is SeatState.PROPOSED else "seat_called_off"
    return see_other(request, "panel.list", call=call, done=done)


@router.get("/reviewers/{member}", name="panel.reading")
def show_reading(request: Request, session: Db, who: AsCoordinator, member: str) -> Response:
    reading = reading_of(session, who, member)
    form = Form(ReadingInput, "reading", language_of(request), typed_reading(reading.given))
    return _reading_page(request, session, who, member, form, reading.version).response(request)


@router.post("/reviewers/{member}", name="panel.save_reading")
def save_reading(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, member: str, given: Typed
) -> Response:
    form = read_form(ReadingInput, "reading", language_of(request), fields_of(ReadingInput, given))
    version = version_in(given)
    try:
        if form.valid is None:
            reading_of(session, who, member)
        actions.save_reading(session, who, member, version, form.value(), now)
    except Invalid as error:
        page = _reading_page(request, session, who, member, form.refused(error), version)
        return page.response(request, 422)
    except Stale as stale:
        page = _reading_page(request, session, who, member, form, stale.version, stale=True)
        return page.response(request, 409)
    return see_other(request, "panel.list", call=call, done="reading_saved")


@router.get("/requests/{wish}", name="panel.request")
def show_request(request: Request, session: Db, who: AsCoordinator, wish: str) -> Response:
    form = Form(AnswerInput, "request", language_of(request))
    return _request_page(request, session, who, wish, form).response(request)


@router.post("/requests/{wish}", name="panel.answer_request")
def answer(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, wish: str, form: AnswerForm
) -> Response:
    try:
        back = answer_request(session, who, wish, form.value(), now)
    except Invalid as error:
        return _request_page(request, session, who, wish, form.refused(error)).response(request, 422)
    if back:
        return see_other(request, "assignments.list", call=call, done="given_back", count=back)
    return see_other(request, "panel.list", call=call, done="request_answered")


def typed_reading(given: ReadingInput) -> dict[str, str | list[str]]:
    """What a reviewer reads, as its form shows it."""
    return {
        "languages": list(given.languages),
        "topics": list(given.topics),
        "capacity": "" if given.capacity is None else str(given.capacity),
    }


def request_in_words(
    language: str, kind: RequestKind, until: datetime | None, count: int | None, zone: ZoneInfo
) -> str:
    """ "More time: 5 April 2026", "Give applications back: 10"."""
    what = formats.day(language, until, zone) if until else formats.number(language, count or 0)
    return f"{label(language, kind)}: {what}"


def _invite_page(
    request: Request, session: Session, who: Coordinator, setup: CallSetup, form: Form[SeatForm]
) -> PanelInvite:
    language = language_of(request)
    offered = [
        Option(each.code, text_in(language, each.name)) for each in organisations_to_speak_for(session, who)
    ]
    return PanelInvite(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        form=form.offering(organisation=offered),
    )


def _reading_page(
    request: Request,
    session: Session,
    who: Coordinator,
    member: str,
    form: Form[ReadingInput],
    version: int,
    *,
    stale: bool = False,
) -> PanelReading:
    language = language_of(request)
    found = reviewer_of(session, who, member)
    names = {each.code: text_in(language, each.name) for each in organisations_to_speak_for(session, who)}
    return PanelReading(
        slug=request.path_params["call"],
        member=member,
        who=found.name or found.email,
        organisation=names.get(found.organisation or "", ""),
        own_due=formats.day(language, found.due_at) if found.due_at else "",
        version=version,
        stale=stale,
        form=form.offering(topics=topics_offered(language, themes_of(session, who.call_id))),
    )


def topics_offered(language: str, themes: dict[str, dict[str, str]]) -> Sequence[Option]:
    """The call's themes to choose from."""
    return [Option(code, text_in(language, name)) for code, name in themes.items()]


def _request_page(
    request: Request, session: Session, who: Coordinator, wish: str, form: Form[AnswerInput]
) -> PanelRequest:
    language = language_of(request)
    found: FullReviewerRequest = open_request(session, who, wish)
    names = {each.code: text_in(language, each.name) for each in organisations_to_speak_for(session, who)}
    zone = ZoneInfo(setup_of(session, who).dates.timezone)
    return PanelRequest(
        slug=request.path_params["call"],
        wish=wish,
        who=found.who,
        asks=request_in_words(language, found.kind, found.until, found.count, zone),
        organisation=names.get(found.organisation, found.organisation),
        reason=found.reason,
        able=found.able if found.kind is RequestKind.GIVE_BACK else None,
        form=form,
    )
