"""The discussion: what a reviewer reads of the others, and what a coordinator asks for once more."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.decisions.agreement import Agreement, agreement
from app.reviews.discussing import OwnDiscussion, OwnDiscussionLine, own_discussion, own_discussions
from app.reviews.returning import ReturnedReview, ReturnInput, return_review, returned_reviews
from app.reviews.thirds import Third, assign_thirds, thirds
from app.web.actors import AsCoordinator, AsReviewer
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["discussion"])


class DiscussionsListed(Listed[OwnDiscussionLine]):
    """What one has scored, where reviews differ first; `open` while one's own can still be changed."""

    open: bool


class ThirdsInput(BaseModel):
    """Who reads once more: by the application's code, the code of one of those who are free."""

    model_config = ConfigDict(extra="forbid")
    reviewers: Annotated[
        dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=16)]],
        Field(min_length=1, max_length=500),
    ]


class ThirdsMade(BaseModel):
    """`made` assignments are new."""

    made: int


@router.get("/discussions", name="api.discussions.list")
def list_discussions(session: Db, reviewer: AsReviewer, now: Now, paging: Paging) -> DiscussionsListed:
    """The applications that one may discuss: those whose review one has sent; 409 before the discussion."""
    found = own_discussions(session, reviewer, now)
    return DiscussionsListed(
        items=paging.of(found.lines),
        total=len(found.lines),
        limit=paging.limit,
        offset=paging.offset,
        open=found.open,
    )


@router.get("/discussions/{code}", name="api.discussions.show")
def show_discussion(session: Db, reviewer: AsReviewer, now: Now, code: str) -> OwnDiscussion:
    """Every review of one application under a letter, never under a name; 409 until one's own is sent. One's
    own is changed with `PUT /reviews/{code}/scores`, which then needs a `change_reason`."""
    return own_discussion(session, reviewer, code, now)


@router.get("/agreement", name="api.agreement.show")
def show_agreement(session: Db, coordinator: AsCoordinator) -> Agreement:
    """How far the reviewers agree, criterion by criterion; 409 before reviewing has closed."""
    return agreement(session, coordinator)


@router.get("/third-reviews", name="api.thirds.list")
def list_thirds(session: Db, coordinator: AsCoordinator, now: Now, paging: Paging) -> Listed[Third]:
    """The applications that need one more opinion, and who could give it; no score is told."""
    found = thirds(session, coordinator, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/third-reviews", name="api.thirds.assign", status_code=201)
def assign(session: Db, coordinator: AsCoordinator, now: Now, given: Json[ThirdsInput]) -> ThirdsMade:
    """Give them out, all or none; 422 by the application's code for what is settled, or who is not free."""
    chosen = [(reviewer, application) for application, reviewer in given.reviewers.items()]
    return ThirdsMade(made=assign_thirds(session, coordinator, chosen, now))


@router.get("/returned-reviews", name="api.returns.list")
def list_returns(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[ReturnedReview]:
    """The reviews that were returned and not sent again, who waits longest first."""
    found = returned_reviews(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/returned-reviews", name="api.returns.make", status_code=204)
def make_return(session: Db, coordinator: AsCoordinator, now: Now, given: Json[ReturnInput]) -> None:
    """Return a review that was sent, to be completed; it counts meanwhile. Once more replaces the note."""
    return_review(session, coordinator, given, now)
