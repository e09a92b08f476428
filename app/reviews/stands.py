"""Where a call stands between closing and decision, in the few numbers that its phases go by."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.models.calls import Call
from app.models.columns import Texts
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.reviews.call_state import DATED


class Stands(BaseModel):
    """The phase, whether there is a discussion and it has begun, and how many reviews are still awaited."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Texts
    timezone: str
    phase: Phase
    discussion: bool
    discussing: bool
    unsent: int


_CALL = select(
    col(Call.title), col(Call.timezone), col(Call.discussion), col(Call.discussion_opened_at), *DATED
).where(col(Call.id) == bindparam("call_id"))
_UNSENT = (
    select(func.count())
    .select_from(Assignment)
    .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(
        col(Assignment.call_id) == bindparam("call_id"),
        col(Assignment.withdrawn_at).is_(None),
        func.coalesce(Assignment.tie, Tie.NONE.value) != Tie.TIE.value,
        or_(col(Review.state).is_(None), col(Review.state) != ReviewState.SENT),
    )
)


def stands_of(session: Session, coordinator: Coordinator, now: datetime) -> Stands:
    """Two queries."""
    key = {"call_id": coordinator.call_id}
    call = session.execute(_CALL, key).one()
    return Stands(
        title=call.title,
        timezone=call.timezone,
        phase=phase(call, now),
        discussion=call.discussion,
        discussing=call.discussion_opened_at is not None,
        unsent=session.execute(_UNSENT, key).scalar_one(),
    )
