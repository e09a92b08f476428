"""The acts that move a whole call on and write to everybody: what each does is read before it is pressed.

A press that does not say what was read, or says what is no longer so, does nothing but show it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
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
Ahead = TypeVar("Ahead", OpeningAhead, ClosingAhead, DiscussionAhead)


@dataclass(frozen=True, slots=True)
class Here:
    """Who asks in which call, and when."""

    request: Request
    session: Db
    coordinator: AsCoordinator
    now: Now
    call: str

    @property
    def title(self) -> str:
        """What the call is called."""
        return call_title(self.session, self.coordinator, language_of(self.request))


At = Annotated[Here, Depends(Here)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[Ahead]):
    """One act: what it will do, the page that says so, whether it may be done, and where it leads."""

    ahead: Callable[[Session, Coordinator, datetime], Ahead]
    page: Callable[[Here, Ahead, bool], Page]
    act: Callable[[Session, Coordinator, datetime], object]
    then: str
    done: str
    shut: Callable[[Ahead], bool] = lambda _: False

    def shown(self, here: Here) -> Response:
        """What it will do."""
        ahead = self.ahead(here.session, here.coordinator, here.now)
        return self.page(here, ahead, False).response(here.request)

    def pressed(self, here: Here, given: Mapping[str, str | list[str]]) -> Response:
        """Do it where what was read is so still; else show it again."""
        ahead = self.ahead(here.session, here.coordinator, here.now)
        if one(given, "seen") != ahead.seen or self.shut(ahead):
            return self.page(here, ahead, True).response(here.request, 409)
        self.act(here.session, here.coordinator, here.now)
        return see_other(here.request, self.then, call=here.call, done=self.done)


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


def _opening(here: Here, ahead: OpeningAhead, stale: bool) -> ConfirmOpening:
    return ConfirmOpening(
        call=here.call,
        call_title=here.title,
        ahead=ahead,
        to_call=count_without_email(here.session, here.coordinator),
        stale=stale,
    )


def _closing(here: Here, ahead: ClosingAhead, stale: bool) -> ConfirmClosing:
    language = language_of(here.request)
    return ConfirmClosing(
        call=here.call,
        call_title=here.title,
        ahead=ahead,
        organisations=[
            (in_language(language, each.name), each.assigned, each.sent, each.begun, each.missing)
            for each in ahead.organisations
        ],
        to_call=count_without_email(here.session, here.coordinator),
        stale=stale,
    )


def _discussion(here: Here, ahead: DiscussionAhead, stale: bool) -> ConfirmDiscussion:
    return ConfirmDiscussion(call=here.call, call_title=here.title, ahead=ahead, stale=stale)


OPENING = Step(
    ahead=opening_ahead,
    page=_opening,
    act=open_reviewing,
    then="desk.home",
    done="reviewing_opened",
    shut=lambda ahead: bool(ahead.shut),
)
CLOSING = Step(
    ahead=closing_ahead, page=_closing, act=close_reviewing, then="ranking.list", done="reviewing_closed"
)
DISCUSSION = Step(
    ahead=discussion_ahead,
    page=_discussion,
    act=open_discussion,
    then="phases.list",
    done="discussion_opened",
)


@router.get("/reviewing", name="desk.opening")
def opening(here: At) -> Response:
    return OPENING.shown(here)


@router.post("/reviewing", name="desk.open_reviewing")
def open_now(here: At, given: Typed) -> Response:
    return OPENING.pressed(here, given)


@router.get("/ranking/close", name="ranking.closing")
def closing(here: At) -> Response:
    return CLOSING.shown(here)


@router.post("/ranking/close", name="ranking.close")
def close_now(here: At, given: Typed) -> Response:
    return CLOSING.pressed(here, given)


@router.get("/phases/discussion", name="phases.discussing")
def discussing(here: At) -> Response:
    return DISCUSSION.shown(here)


@router.post("/phases/discussion", name="phases.open_discussion")
def discuss_now(here: At, given: Typed) -> Response:
    return DISCUSSION.pressed(here, given)
