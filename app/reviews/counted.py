"""The reviews that count so far, with their scores: what the discussion and the third review go by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, Tie
from app.reviews.rubric import Rubric
from app.scoring.totals import Scores

COUNTED = (
    col(Assignment.withdrawn_at).is_(None),
    func.coalesce(Assignment.tie, Tie.NONE.value) != Tie.TIE.value,
    col(Review.state) == ReviewState.SENT,
)
"""Sent, not void by a tie, not taken back."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One review that counts, by the key of its assignment. What could not be judged is absent."""

    assignment: int
    scores: Scores


def counted_cells(*where: Any) -> Any:
    """The statement on every score of the reviews that count and fulfil `where`."""
    return (
        select(
            col(Assignment.application_id).label("application"),
            col(Assignment.id).label("assignment"),
            col(ReviewScore.criterion_id).label("criterion"),
            col(ReviewScore.score),
        )
        .join_from(Assignment, Review, col(Review.assignment_id) == col(Assignment.id))
        .join(ReviewScore, col(ReviewScore.assignment_id) == col(Assignment.id))
        .where(*COUNTED, *where)
        .order_by(col(Assignment.id))
    )


def sheets_of(rows: Iterable[Any], rubric: Rubric) -> dict[int, list[Sheet]]:
    """Application -> the reviews of it, by keys."""
    codes = {each.key: each.code for each in rubric}
    found: dict[int, dict[int, dict[str, int]]] = {}
    for row in rows:
        scores = found.setdefault(row.application, {}).setdefault(row.assignment, {})
        if row.score is not None:
            scores[codes[row.criterion]] = row.score
    return {
        application: [Sheet(assignment, scores) for assignment, scores in sheets.items()]
        for application, sheets in found.items()
    }
