"""The acts that move a whole call on and write to everybody: what each does is read before it is pressed.

A press that does not say what was read, or says what is no longer so, does nothing but show it again.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.assisted import count_without_email
from app.calls.titles import call_title
from app.decisions.ahead import ClosingAhead, closing_ahead
from app.decisions.closing import close_reviewing
from app.messages.answers import in_language
from app.pages.forms import Typed, one
from app.pages.page import Page, see_other
from app.reviews.ahead import DiscussionAhead, OpeningAhead, discussion_ahead, opening_ahead
from app.reviews.discussing import open_discussion
from app.reviews.opening import open_reviewing
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}")


@dataclass(frozen=True, kw_only=True)
class ConfirmOpening(Page):
    """Opening reviewing; without a button where something keeps it shut."""

    template = "confirming/opening.html"
    call: str
    call_title: str
    ahead: OpeningAhead
    to_call: int
    stale: bool


@dataclass(frozen=True, kw_only=True)
class ConfirmClosing(Page):
    """Closing reviewing; `organisations` are name, assigned, sent, begun and missing."""

    template = "confirming/closing.html"
    call: str
    call_title: str
    ahead: ClosingAhead
    organisations: list[tuple[str, int, int, int, int]]
    to_call: int
    stale: bool


@dataclass(frozen=True, kw_only=True)
class ConfirmDiscussion(Page):
    """Opening the discussion."""

    template = "confirming/discussion.html"
    call: str
    call_title: str
    ahead: DiscussionAhead
    stale: bool


@router.get("/reviewing", name="desk.opening")
def opening(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    ahead = opening_ahead(session, coordinator, now)
    return _opening(request, session, coordinator, call, ahead).response(request)


@router.post("/reviewing", name="desk.open_reviewing")
def open_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    ahead = opening_ahead(session, coordinator, now)
    if one(given, "seen") != ahead.seen or ahead.shut:
        return _opening(request, session, coordinator, call, ahead, stale=True).response(request, 409)
    open_reviewing(session, coordinator, now)
    return see_other(request, "desk.home", call=call, done="reviewing_opened")


def _opening(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    ahead: OpeningAhead,
    *,
    stale: bool = False,
) -> ConfirmOpening:
    return ConfirmOpening(
        call=call,
        call_title=call_title(session, coordinator, language_of(request)),
        ahead=ahead,
        to_call=count_without_email(session, coordinator),
        stale=stale,
    )


@router.get("/ranking/close", name="ranking.closing")
def closing(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    ahead = closing_ahead(session, coordinator, now)
    return _closing(request, session, coordinator, call, ahead).response(request)


@router.post("/ranking/close", name="ranking.close")
def close_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    ahead = closing_ahead(session, coordinator, now)
    if one(given, "seen") != ahead.seen:
        return _closing(request, session, coordinator, call, ahead, stale=True).response(request, 409)
    close_reviewing(session, coordinator, now)
    return see_other(request, "ranking.list", call=call, done="reviewing_closed")


def _closing(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    ahead: ClosingAhead,
    *,
    stale: bool = False,
) -> ConfirmClosing:
    language = language_of(request)
    return ConfirmClosing(
        call=call,
        call_title=call_title(session, coordinator, language),
        ahead=ahead,
        organisations=[
            (in_language(language, each.name), each.assigned, each.sent, each.begun, each.missing)
            for each in ahead.organisations
        ],
        to_call=count_without_email(session, coordinator),
        stale=stale,
    )


@router.get("/phases/discussion", name="phases.discussing")
def discussing(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    ahead = discussion_ahead(session, coordinator, now)
    return _discussion(request, session, coordinator, call, ahead).response(request)


@router.post("/phases/discussion", name="phases.open_discussion")
def discuss_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    ahead = discussion_ahead(session, coordinator, now)
    if one(given, "seen") != ahead.seen:
        return _discussion(request, session, coordinator, call, ahead, stale=True).response(request, 409)
    open_discussion(session, coordinator, now)
    return see_other(request, "phases.list", call=call, done="discussion_opened")


def _discussion(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    ahead: DiscussionAhead,
    *,
    stale: bool = False,
) -> ConfirmDiscussion:
    title = call_title(session, coordinator, language_of(request))
    return ConfirmDiscussion(call=call, call_title=title, ahead=ahead, stale=stale)
