"""A reviewer's own reviews."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tag, Tagging
from app.applications.blind import BlindApplication, BlindCard
from app.models.reviews import Confidence, Tie
from app.reviews import actions
from app.reviews.inputs import ReviewInput, ScoreInput, TieInput
from app.reviews.queries import InHand, OwnLine, Situation, in_hand, own_queue
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/reviews", tags=["reviews"])


class ReviewOut(BaseModel):
    """One's own review as it stands. `total` is out of 100, an exact fraction such as "325/4"; null until
    everything is scored. `sent_at` is null for a draft, which counts for nothing."""

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


class ToReview(BaseModel):
    """An application to be scored: only its card until the question about ties is answered."""

    situation: Situation
    card: BlindCard
    application: BlindApplication | None


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
    )


@router.get("", name="api.reviews.list")
def list_reviews(session: Db, reviewer: AsReviewer, now: Now, paging: Paging) -> Listed[OwnLine]:
    """What one is to score, in one's own order; empty before reviewing opens."""
    lines = own_queue(session, reviewer, now).lines
    return Listed(items=paging.of(lines), total=len(lines), limit=paging.limit, offset=paging.offset)


@router.get("/{code}", name="api.reviews.show")
def show_application(session: Db, reviewer: AsReviewer, now: Now, code: str) -> ToReview:
    """The card, and the text once it may be read."""
    own = in_hand(session, reviewer, code, now).own
    return ToReview(situation=own.situation, card=own.card, application=own.text)


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
