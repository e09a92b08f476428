"""What one's own review said before it was changed: every version that was sent is kept."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.models.reviews import Assignment, ReviewVersion
from app.reviews.completeness import REMARKS
from app.reviews.inputs import ReviewInput, ScoreInput
from app.reviews.rubric import Rubric


class EarlierVersion(BaseModel):
    """A version that was sent at `at` and held until it was changed, with the reason given for that."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at: datetime
    review: ReviewInput
    changed_at: datetime
    reason: str


_VERSIONS = (
    select(col(ReviewVersion.at), col(ReviewVersion.data), col(ReviewVersion.reason))
    .join(Assignment, col(Assignment.id) == col(ReviewVersion.assignment_id))
    .where(
        col(ReviewVersion.assignment_id) == bindparam("key"),
        col(Assignment.member_id) == bindparam("member_id"),
    )
    .order_by(col(ReviewVersion.version))
)


def earlier_versions(session: Session, own: Any, member_id: int, rubric: Rubric) -> list[EarlierVersion]:
    """Of one's own review, the latest first; a review that was not changed since it was sent asks nothing."""
    if own.sent_at is None or own.updated_at <= own.sent_at:
        return []
    rows = session.execute(_VERSIONS, {"key": own.key, "member_id": member_id}).all()
    found = [
        EarlierVersion.model_construct(
            at=row.at, review=_said(row.data, rubric), changed_at=later.at, reason=later.reason
        )
        for row, later in pairwise(rows)
    ]
    return found[::-1]


def _said(data: dict[str, Any], rubric: Rubric) -> ReviewInput:
    """A version as it was kept; of one whose words were erased, the scores alone are left."""
    cells, empty = data["scores"], ScoreInput()
    return ReviewInput.model_construct(
        scores={
            criterion.code: ScoreInput.model_construct(**cells[criterion.code])
            if criterion.code in cells
            else empty
            for criterion in rubric
        },
        **{name: data[name] for name in REMARKS if name in data},
    )
