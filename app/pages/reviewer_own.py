"""What a reviewer says of themselves in one call, and what they ask for when it is too much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Reviewer
from app.calls import actions
from app.calls.inputs import OwnWords, ReadingInput
from app.calls.reading import own_reading, themes_of
from app.errors import Invalid, Stale
from app.messages import formats, label
from app.messages.answers import in_language
from app.models.calls import Phase
from app.models.panel import RequestState
from app.pages.forms import Form, Mistake, Typed, form_of, read_form
from app.pages.inviting import end_of, request_in_words, topics_offered, typed_reading
from app.pages.page import Page, path_to, see_other
from app.pages.setup_forms import NeededDay, renamed
from app.pages.setup_part import fields_of, version_in
from app.reviews.own_call import own_call
from app.reviews.requests import (
    Count,
    GiveBackInput,
    MoreTimeInput,
    OwnReviewerRequest,
    ask_more_time,
    ask_to_give_back,
    own_able,
    own_requests,
    take_back_request,
)
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review/{call}/me")


class MoreTimeForm(BaseModel):
    """A later day, which counts whole."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    until_day: NeededDay
    reason: OwnWords

    def given(self, zone: ZoneInfo) -> MoreTimeInput:
        """What the rule takes."""
        return MoreTimeInput(until=end_of(self.until_day, zone), reason=self.reason)


class GiveBackForm(BaseModel):
    """The same as the rule takes; it stands on one page with the other form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    count: Count
    why: OwnWords


TimeForm = Annotated[Form[MoreTimeForm], Depends(form_of(MoreTimeForm, "more_time"))]
BackForm = Annotated[Form[GiveBackForm], Depends(form_of(GiveBackForm, "give_back"))]
TONES = {
    RequestState.OPEN: "info",
    RequestState.GRANTED: "ok",
    RequestState.REFUSED: "warn",
    RequestState.TAKEN_BACK: "mute",
}


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request in words; `take_back` is empty once it was answered."""

    asks: str
    state: str
    tone: str
    reason: str
    answer: str
    take_back: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class ReviewerEdit(Page):
    """What one reads, and the two requests; a form is None where it cannot be asked now."""

    template = "reviews/me.html"
    call: str
    call_title: str
    version: int
    stale: bool
    wrong: Wrong
    form: Form[ReadingInput]
    requests: Sequence[RequestView]
    due: str
    able: int
    time: Form[MoreTimeForm] | None
    back: Form[GiveBackForm] | None


@router.get("", name="reviewer.edit")
def edit(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str) -> Response:
    return _page(request, session, reviewer, now).response(request)


@router.post("", name="reviewer.save")
def save(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, given: Typed) -> Response:
    form = read_form(ReadingInput, "reading", language_of(request), fields_of(ReadingInput, given))
    version = version_in(given)
    try:
        actions.save_own_reading(session, reviewer, version, form.value(), now)
    except Invalid as error:
        page = _page(request, session, reviewer, now, form=form.refused(error), version=version)
        return page.response(request, 422)
    except Stale as stale:
        page = _page(request, session, reviewer, now, form=form, version=stale.version, stale=True)
        return page.response(request, 409)
    return see_other(request, "reviewer.edit", call=call, done="own_reading_saved")


@router.post("/more-time", name="reviewer.ask_time")
def ask_time(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, form: TimeForm
) -> Response:
    zone = own_call(session, reviewer, now).zone
    try:
        ask_more_time(session, reviewer, form.value().given(zone), now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"until": "until_day"}))
        return _page(request, session, reviewer, now, time=refused).response(request, 422)
    return see_other(request, "reviewer.edit", call=call, done="request_sent", anchor="requests")


@router.post("/give-back", name="reviewer.ask_back")
def ask_back(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, form: BackForm
) -> Response:
    try:
        typed = form.value()
        ask_to_give_back(session, reviewer, GiveBackInput(count=typed.count, reason=typed.why), now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"reason": "why"}))
        return _page(request, session, reviewer, now, back=refused).response(request, 422)
    return see_other(request, "reviewer.edit", call=call, done="request_sent", anchor="requests")


@router.post("/requests/{wish}/take-back", name="reviewer.take_back")
def take_back(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, wish: str
) -> Response:
    take_back_request(session, reviewer, wish, now)
    return see_other(request, "reviewer.edit", call=call, done="request_taken_back", anchor="requests")


def _page(
    request: Request,
    session: Session,
    reviewer: Reviewer,
    now: datetime,
    *,
    form: Form[ReadingInput] | None = None,
    version: int | None = None,
    stale: bool = False,
    time: Form[MoreTimeForm] | None = None,
    back: Form[GiveBackForm] | None = None,
) -> ReviewerEdit:
    language, call = language_of(request), request.path_params["call"]
    own, reading = own_call(session, reviewer, now), own_reading(session, reviewer)
    asked = own_requests(session, reviewer)
    waiting = {each.kind for each in asked if each.state is RequestState.OPEN}
    able = own_able(session, reviewer)
    reviewing = own.phase is Phase.REVIEWING
    form = form or Form(ReadingInput, "reading", language, typed_reading(reading.given))
    time = time or (Form(MoreTimeForm, "more_time", language) if "more_time" not in waiting else None)
    back = back or (
        Form(GiveBackForm, "give_back", language) if able and "give_back" not in waiting else None
    )
    wrong = [*form.summary, *(time.summary if time else ()), *(back.summary if back else ())]
    return ReviewerEdit(
        call=call,
        call_title=in_language(language, own.title),
        version=reading.version if version is None else version,
        stale=stale,
        wrong=Wrong(wrong),
        form=form.offering(topics=topics_offered(language, themes_of(session, reviewer.call_id))),
        requests=[_request(language, call, each, own.zone) for each in asked],
        due=formats.day(language, own.due_at, own.zone) if own.due_at else "",
        able=able,
        time=time if reviewing else None,
        back=back if reviewing else None,
    )


def _request(language: str, call: str, asked: OwnReviewerRequest, zone: ZoneInfo) -> RequestView:
    waits = asked.state is RequestState.OPEN
    return RequestView(
        asks=request_in_words(language, asked.kind, asked.until, asked.count, zone),
        state=label(language, asked.state),
        tone=TONES[asked.state],
        reason=asked.reason,
        answer=asked.answer,
        take_back=path_to(language, "reviewer.take_back", call=call, wish=asked.code) if waits else "",
    )
