"""A reviewer's assignment and review, fetched by right and held still for a change."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.reviews import Assignment, Review, ReviewScore, Tie
from app.reviews.call_state import DATED
from app.reviews.completeness import whole
from app.reviews.inputs import ReviewInput, ScoreInput
from app.reviews.refusals import AssignmentWithdrawn, ReviewingNotOpen, TieDeclared, TieNotAnswered
from app.reviews.rubric import Rubric

REVIEW: tuple[Any, ...] = (
    col(Assignment.id).label("key"),
    col(Assignment.tie),
    col(Assignment.withdrawn_at),
    col(Application.status).label("status"),
    col(Review.version),
    col(Review.state),
    col(Review.convinced),
    col(Review.stronger),
    col(Review.private_note),
    col(Review.updated_at),
    col(Review.sent_at),
    col(Call.version).label("call_version"),
    col(Call.frozen_hash),
)
"""An assignment with its review, if there is one, and what finds the call's rubric."""


def own_reviews(reviewer: Reviewer, *columns: Any) -> Any:
    """The statement on all that this reviewer was ever given in this call."""
    return (
        select(*columns)
        .join_from(Assignment, Application, col(Application.id) == col(Assignment.application_id))
        .join(Call, col(Call.id) == col(Assignment.call_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.member_id) == reviewer.member_id)
    )


def own_in_hand(session: Session, reviewer: Reviewer, code: str, now: datetime) -> Any:
    """The assignment with this code while reviewing is open.

    Until this unit ends the call cannot close and the assignment cannot go. The call is locked before
    the assignment here as everywhere, so that two units never wait for each other.
    """
    statement = own_reviews(reviewer, *REVIEW, *DATED).where(col(Application.code) == code)
    own = session.execute(statement.with_for_update(read=True, of=[Call, Assignment])).one_or_none()
    return _open(own, now)


def own_to_close(session: Session, reviewer: Reviewer, code: str, now: datetime) -> Any:
    """The same, for the one change of the assignment itself: nobody else of it writes meanwhile."""
    session.execute(select(col(Call.id)).where(col(Call.id) == reviewer.call_id).with_for_update(read=True))
    found = own_reviews(reviewer, col(Assignment.id)).where(col(Application.code) == code)
    session.execute(found.with_for_update(of=[Assignment]))
    # Read only now: what was saved while we waited is there.
    statement = own_reviews(reviewer, *REVIEW, *DATED).where(col(Application.code) == code)
    return _open(session.execute(statement).one_or_none(), now)


def _open(own: Any, now: datetime) -> Any:
    if own is None:
        raise NotFound
    if phase(own, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    if own.withdrawn_at is not None or own.status is not Status.IN_REVIEW:
        raise AssignmentWithdrawn
    return own


def refuse_tie(own: Any) -> None:
    """Scores come after the conflict question, and only without a tie."""
    if own.tie is None:
        raise TieNotAnswered
    if own.tie is Tie.TIE:
        raise TieDeclared


def stored_review(session: Session, own: Any, rubric: Rubric) -> ReviewInput:
    """What is stored of a review, whole and in the shape in which it is handed in."""
    if own.version is None:
        return whole(rubric, ReviewInput())
    cells = {
        row.criterion_id: ScoreInput.model_construct(
            score=row.score, cannot_judge=row.cannot_judge, reason=row.reason
        )
        for row in session.execute(
            select(
                col(ReviewScore.criterion_id),
                col(ReviewScore.score),
                col(ReviewScore.cannot_judge),
                col(ReviewScore.reason),
            ).where(col(ReviewScore.assignment_id) == own.key)
        )
    }
    return ReviewInput.model_construct(
        scores={criterion.code: cells.get(criterion.key, ScoreInput()) for criterion in rubric},
        convinced=own.convinced,
        stronger=own.stronger,
        private_note=own.private_note,
    )
