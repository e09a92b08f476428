"""The box "e-mail me when it opens", and the page where its link stops it: a GET never stops anything."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls.phase import Phase
from app.calls.public import call_moment, public_faq
from app.calls.reminders import NotWaiting, ReminderInput, ask_to_be_reminded, stop_reminder
from app.errors import Invalid
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other, text_in
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/remind")
ReminderForm = Annotated[Form[ReminderInput], Depends(form_of(ReminderInput, "reminder"))]
Key = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, kw_only=True)
class ReminderEdit(Page):
    """The box on a page of its own, where what was typed could not be taken."""

    template = "calls/remind.html"
    slug: str
    title: str
    form: Form[ReminderInput]


@dataclass(frozen=True, kw_only=True)
class ReminderStop(Page):
    """Where the link in the e-mail leads: one button, because mail scanners follow links."""

    template = "calls/remind_stop.html"
    slug: str
    title: str
    key: str


@router.get("", name="openings.edit")
def edit(request: Request, session: Db, now: Now, call: str) -> Response:
    if call_moment(session, call, now).phase is not Phase.SCHEDULED:
        raise NotWaiting
    return _page(request, session, call, Form(ReminderInput, "reminder", language_of(request)))


@router.post("", name="openings.ask")
def ask(request: Request, session: Db, now: Now, call: str, form: ReminderForm) -> Response:
    client = request.client.host if request.client else ""
    try:
        ask_to_be_reminded(session, call, form.value(), language=language_of(request), client=client, now=now)
    except Invalid as error:
        return _page(request, session, call, form.refused(error), 422)
    return see_other(request, "calls.show", call=call, done="reminder_asked")


@router.get("/stop", name="openings.stop")
def stop(request: Request, session: Db, call: str, key: Key = "") -> Response:
    title = text_in(language_of(request), public_faq(session, call).title)
    return ReminderStop(slug=call, title=title, key=key).response(request)


@router.post("/stop", name="openings.stop_now")
def stop_now(request: Request, session: Db, call: str, key: Key = "") -> Response:
    stop_reminder(session, call, key)
    return see_other(request, "calls.show", call=call, done="reminder_stopped")


def _page(
    request: Request, session: Session, call: str, form: Form[ReminderInput], status: int = 200
) -> Response:
    title = text_in(language_of(request), public_faq(session, call).title)
    return ReminderEdit(slug=call, title=title, form=form).response(request, status)
