"""What reviewers read and how much they take, and what they ask for when it is too much."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tag, Tagging
from app.calls import actions
from app.calls.inputs import ReadingInput
from app.calls.reading import Reading, own_reading, reading_of
from app.reviews import requests
from app.reviews.own_call import own_call
from app.reviews.requests import (
    AnswerInput,
    FullReviewerRequest,
    GiveBackInput,
    MoreTimeInput,
    OwnReviewerRequest,
)
from app.web.actors import AsCoordinator, AsReviewer
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["reviewers"])


class OwnRequestsListed(Listed[OwnReviewerRequest]):
    """What one has asked for, the newest first. `able`: how many one could give back now; `due_at`: by when
    one is asked to be done."""

    able: int
    due_at: datetime | None


class AskedOut(BaseModel):
    """The code of the request."""

    wish: str


class AnsweredOut(BaseModel):
    """How many applications came back by it."""

    given_back: int


def _tagged(tag: Tag, reading: Reading) -> Reading:
    tag(reading.version)
    return reading


@router.get("/reading", name="api.reading.show")
def show_own_reading(tag: Tagging, session: Db, reviewer: AsReviewer) -> Reading:
    """What one reads oneself: languages, topics, how many at most. Its ETag is what a change must name."""
    return _tagged(tag, own_reading(session, reviewer))


@router.put("/reading", name="api.reading.save")
def save_own_reading(
    tag: Tagging, session: Db, reviewer: AsReviewer, now: Now, seen: IfMatch, given: Json[ReadingInput]
) -> Reading:
    """Replace it; it is heeded when applications are next given out."""
    actions.save_own_reading(session, reviewer, seen, given, now)
    return _tagged(tag, own_reading(session, reviewer))


@router.get("/reviewers/{member}/reading", name="api.reviewers.reading")
def show_reading(tag: Tagging, session: Db, coordinator: AsCoordinator, member: str) -> Reading:
    """What one reviewer reads, and how many at most. Its ETag is what a change must name."""
    return _tagged(tag, reading_of(session, coordinator, member))


@router.put("/reviewers/{member}/reading", name="api.reviewers.save_reading")
def save_reading(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    member: str,
    seen: IfMatch,
    given: Json[ReadingInput],
) -> Reading:
    """Replace it by what a reviewer has said in another way."""
    actions.save_reading(session, coordinator, member, seen, given, now)
    return _tagged(tag, reading_of(session, coordinator, member))


@router.get("/own-requests", name="api.own_requests.list")
def list_own_requests(session: Db, reviewer: AsReviewer, now: Now, paging: Paging) -> OwnRequestsListed:
    """One's own requests in this call, with the answers."""
    found = requests.own_requests(session, reviewer)
    return OwnRequestsListed(
        items=paging.of(found),
        total=len(found),
        limit=paging.limit,
        offset=paging.offset,
        able=requests.own_able(session, reviewer),
        due_at=own_call(session, reviewer, now).due_at,
    )


@router.post("/own-requests/more-time", name="api.own_requests.more_time", status_code=201)
def ask_more_time(session: Db, reviewer: AsReviewer, now: Now, given: Json[MoreTimeInput]) -> AskedOut:
    """Ask for a later date than one has; 409 while such a request waits."""
    return AskedOut(wish=requests.ask_more_time(session, reviewer, given, now))


@router.post("/own-requests/give-back", name="api.own_requests.give_back", status_code=201)
def ask_to_give_back(session: Db, reviewer: AsReviewer, now: Now, given: Json[GiveBackInput]) -> AskedOut:
    """Ask to give back so many of those that one has not begun; 409 while such a request waits."""
    return AskedOut(wish=requests.ask_to_give_back(session, reviewer, given, now))


@router.post("/own-requests/{wish}/take-back", name="api.own_requests.take_back", status_code=204)
def take_back(session: Db, reviewer: AsReviewer, now: Now, wish: str) -> None:
    """One does not need it any more; 409 once it is answered."""
    requests.take_back_request(session, reviewer, wish, now)


@router.get("/reviewer-requests", name="api.requests.list")
def list_requests(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullReviewerRequest]:
    """What reviewers ask for and nobody has answered, the oldest first."""
    found = requests.open_requests(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/reviewer-requests/{wish}", name="api.requests.show")
def show_request(session: Db, coordinator: AsCoordinator, wish: str) -> FullReviewerRequest:
    """One that waits; 404 for any other."""
    return requests.open_request(session, coordinator, wish)


@router.post("/reviewer-requests/{wish}/answer", name="api.requests.answer")
def answer(
    session: Db, coordinator: AsCoordinator, now: Now, wish: str, given: Json[AnswerInput]
) -> AnsweredOut:
    """Grant it, or refuse it with words; the reviewer is told by mail. 409 once it is answered."""
    return AnsweredOut(given_back=requests.answer_request(session, coordinator, wish, given, now))
