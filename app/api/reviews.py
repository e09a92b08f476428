"""A reviewer's own reviews."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tag, Tagging
from app.applications.blind import BlindApplication, BlindCard
from app.models.reviews import Confidence, Tie
from app.reviews import actions
from app.reviews.earlier import EarlierVersion
from app.reviews.flagging import flag_own
from app.reviews.inputs import OwnFlagInput, ReviewInput, ScoreInput, TieInput
from app.reviews.pace import Pace
from app.reviews.queries import InHand, OwnLine, Situation, in_hand, own_queue
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/reviews", tags=["reviews"])


class ReviewOut(BaseModel):
    """One's own review as it stands. `total` is out of 100, an exact fraction such as "325/4"; null until
    everything is scored. `sent_at` is null for a draft, which counts for nothing. `earlier` is what was sent
    before, the latest first, with the reason for which it was changed."""

    situation: Situation
    tie: Tie | None
    version: int
    sent_at: datetime | None
    scores: dict[str, ScoreInput]
    convinced: str
    stronger: str
    panel_note: str
    private_note: str
    confidence: Confidence | None
    total: str | None
    earlier: list[EarlierVersion]


class ToReview(BaseModel):
    """An application to be scored: only its card until the question about ties is answered, and not even that
    once there is a tie or it was taken back.

    `text_version` counts what became of its text; `changed` are the places, `section.field`, that read
    otherwise since one read it: say with `POST …/read` that one has. `returned` is what the coordinator asks
    to be completed; `discussed`: whether the others' reasons may be read.
    """

    situation: Situation
    set_aside: bool
    returned: str
    discussed: bool
    card: BlindCard | None
    application: BlindApplication | None
    text_version: int | None
    changed: list[str]


class ReviewsListed(Listed[OwnLine]):
    """One's queue; `done` of `counted` are sent, what has a tie being left out. `next_code` is empty when
    all is done; `pace` is what is enough for today."""

    open: bool
    discussed: bool
    due_at: datetime | None
    done: int
    counted: int
    next_code: str
    pace: Pace
    can_practise: bool


class ReadInput(BaseModel):
    """The `text_version` that one has read."""

    model_config = ConfigDict(extra="forbid")
    text_version: Annotated[int, Field(ge=1, le=1_000_000)]


def _out(hand: InHand, tag: Tag) -> ReviewOut:
    own = hand.own
    tag(own.version)
    return ReviewOut(
        situation=own.situation,
        tie=own.tie,
        version=own.version,
        sent_at=own.sent_at,
        scores=dict(own.review.scores),
        convinced=own.review.convinced,
        stronger=own.review.stronger,
        panel_note=own.review.panel_note,
        private_note=own.review.private_note,
        confidence=own.review.confidence,
        total=None if own.total is None else str(own.total),
        earlier=list(hand.earlier),
    )


@router.get("", name="api.reviews.list")
def list_reviews(session: Db, reviewer: AsReviewer, now: Now, paging: Paging) -> ReviewsListed:
    """What one is to score, in one's own order; empty before reviewing opens."""
    queue = own_queue(session, reviewer, now)
    return ReviewsListed(
        items=paging.of(queue.lines),
        total=len(queue.lines),
        limit=paging.limit,
        offset=paging.offset,
        open=queue.open,
        discussed=queue.discussed,
        due_at=queue.due_at,
        done=queue.done,
        counted=queue.total,
        next_code=queue.next_code,
        pace=queue.pace,
        can_practise=queue.can_practise,
    )


@router.get("/{code}", name="api.reviews.show")
def show_application(session: Db, reviewer: AsReviewer, now: Now, code: str) -> ToReview:
    """The card, and the text once it may be read."""
    own = in_hand(session, reviewer, code, now).own
    return ToReview(
        situation=own.situation,
        set_aside=own.set_aside,
        returned=own.returned,
        discussed=own.discussed,
        card=own.card,
        application=own.text,
        text_version=own.text_version if own.text else None,
        changed=own.changed,
    )


@router.put("/{code}/tie", name="api.reviews.answer_tie", status_code=204)
def answer_tie(session: Db, reviewer: AsReviewer, now: Now, code: str, given: Json[TieInput]) -> None:
    """Say whether there is a tie. A declared one closes the text for good and voids what was scored."""
    actions.answer_tie(session, reviewer, code, given, now)


@router.get("/{code}/scores", name="api.reviews.scores")
def show_scores(session: Db, reviewer: AsReviewer, now: Now, code: str, tag: Tagging) -> ReviewOut:
    """One's own review; its ETag is what a change must name (`"0"` before the first)."""
    return _out(in_hand(session, reviewer, code, now), tag)


@router.put("/{code}/scores", name="api.reviews.save")
def save_scores(
    session: Db,
    reviewer: AsReviewer,
    now: Now,
    code: str,
    given: Json[ReviewInput],
    seen: IfMatch,
    tag: Tagging,
) -> ReviewOut:
    """Replace the whole review. A draft may be incomplete; one that was sent may not become so, and says in
    `change_reason` why it changes."""
    actions.save_review(session, reviewer, code, given, seen, now)
    return _out(in_hand(session, reviewer, code, now), tag)


@router.post("/{code}/send", name="api.reviews.send")
def send_review(
    session: Db, reviewer: AsReviewer, now: Now, code: str, seen: IfMatch, tag: Tagging
) -> ReviewOut:
    """Let the review count; 422 with every gap while it is incomplete."""
    actions.send_review(session, reviewer, code, seen, now)
    return _out(in_hand(session, reviewer, code, now), tag)


@router.post("/{code}/set-aside", name="api.reviews.set_aside", status_code=204)
def set_aside(session: Db, reviewer: AsReviewer, now: Now, code: str) -> None:
    """Leave an application for later: it comes after all others. 409 once its review is sent."""
    actions.set_aside(session, reviewer, code, now)


@router.post("/{code}/take-up", name="api.reviews.take_up", status_code=204)
def take_up(session: Db, reviewer: AsReviewer, now: Now, code: str) -> None:
    """Put an application that was set aside back to its own place."""
    actions.take_up(session, reviewer, code, now)


@router.post("/{code}/read", name="api.reviews.read_again", status_code=204)
def read_again(session: Db, reviewer: AsReviewer, now: Now, code: str, given: Json[ReadInput]) -> None:
    """Say that one has read the text as it is in this version; what changes later is `changed` again."""
    actions.read_again(session, reviewer, code, given.text_version, now)


@router.post("/{code}/flags", name="api.reviews.raise_flag", status_code=204)
def raise_flag(session: Db, reviewer: AsReviewer, now: Now, code: str, given: Json[OwnFlagInput]) -> None:
    """Tell the coordinators what one noticed. It changes nothing of the review; what becomes of it is
    theirs."""
    flag_own(session, reviewer, code, given, now)
