"""Which lines of feedback are lacking: without a useful one for each criterion no refusal leaves.

Useful is a line of 30 characters or more: a reason of a review that counts, of who scored the criterion, or
what the coordinator worded of the reviewers' words.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select
from sqlmodel import Session, col

from app.decisions.counted import IS_COUNTED_REVIEW
from app.models.applications import Application, Status
from app.models.calls import Call, Criterion
from app.models.decisions import Award, FeedbackLine
from app.models.reviews import Assignment, Review, ReviewScore

LEAST_LINE = 30


class Lacking(NamedTuple):
    """How many applications lack a line, and how many lines those are."""

    applications: int
    lines: int


@cache
def lacking_cells() -> Any:
    """(application, criterion) without a useful line, of whoever is not selected or will not be."""
    said = (
        exists()
        .where(
            col(Assignment.application_id) == col(Application.id),
            col(Review.assignment_id) == col(Assignment.id),
            col(ReviewScore.assignment_id) == col(Assignment.id),
            col(ReviewScore.criterion_id) == col(Criterion.id),
            col(ReviewScore.cannot_judge).is_(False),
            func.length(func.trim(col(ReviewScore.reason))) >= LEAST_LINE,
            *IS_COUNTED_REVIEW,
        )
        .correlate(Application, Criterion)
    )
    worded = (
        exists()
        .where(
            col(FeedbackLine.application_id) == col(Application.id),
            col(FeedbackLine.criterion_id) == col(Criterion.id),
        )
        .correlate(Application, Criterion)
    )
    won = exists().where(col(Award.application_id) == col(Application.id)).correlate(Application)
    return (
        select(col(Application.id).label("application"), col(Criterion.id).label("criterion"))
        .join_from(Application, Criterion, col(Criterion.call_id) == Application.call_id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(
            col(Application.status).in_((Status.IN_REVIEW, Status.NOT_SELECTED)),
            col(Application.counts_number).is_not(None),
            ~won,
            ~said,
            ~worded,
        )
    )


@cache
def _counted() -> Any:
    cells = lacking_cells().where(col(Application.call_id) == bindparam("call")).subquery()
    return select(func.count(cells.c.application.distinct()), func.count())


@cache
def _of_one() -> Any:
    return lacking_cells().where(col(Application.ref) == bindparam("ref")).limit(1)


def count_lacking(session: Session, call_id: int) -> Lacking:
    """How much is lacking in a call."""
    return Lacking(*session.execute(_counted(), {"call": call_id}).one())


def lacks_a_line(session: Session, ref: str) -> bool:
    """Whether the refusal of this application cannot leave yet."""
    return session.execute(_of_one(), {"ref": ref}).first() is not None
