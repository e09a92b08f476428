"""A review that was sent and comes back to its reviewer to be completed. It counts meanwhile."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid
from app.models.applications import Application
from app.models.calls import Phase
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review, ReviewState
from app.reviews.call_state import phase_held
from app.reviews.counted import COUNTED
from app.reviews.inputs import AssignmentInput
from app.reviews.notices import notify_of_return
from app.reviews.refusals import ReviewingNotOpen
from app.sections.text import PROSE

NOTE_CAP = 1000


class ReturnInput(AssignmentInput):
    """Whose review of which application comes back, and what is to be completed."""

    note: Annotated[str, Field(min_length=10, max_length=NOTE_CAP), PROSE, Ask("textarea", cap=NOTE_CAP)]


class ReturnedReview(BaseModel):
    """A review that waits for its reviewer; by codes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    reviewer: str
    note: str
    returned_at: datetime


_ONE: Any = (
    select(col(Assignment.id).label("key"), col(PanelMember.id).label("member"), col(Review.state))
    .join_from(Assignment, Application, col(Application.id) == col(Assignment.application_id))
    .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
    .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(
        col(Assignment.call_id) == bindparam("call_id"),
        col(Application.code) == bindparam("application"),
        col(PanelMember.code) == bindparam("reviewer"),
        col(PanelMember.removed_at).is_(None),
        *COUNTED[:2],
    )
)
_WAITING: Any = (
    select(
        col(Application.code).label("application"),
        col(PanelMember.code).label("reviewer"),
        col(Review.returned_note).label("note"),
        col(Review.returned_at),
    )
    .join_from(Assignment, Application, col(Application.id) == col(Assignment.application_id))
    .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
    .join(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(col(Assignment.call_id) == bindparam("call_id"), col(Review.returned_at).is_not(None), *COUNTED)
    .order_by(col(Review.returned_at), col(Application.code))
)


def return_review(session: Session, coordinator: Coordinator, given: ReturnInput, now: datetime) -> None:
    """Ask a reviewer to complete what they sent, while reviewing is open; asking again replaces the note.

    The review goes on counting as it stands, so that none is lost whose writer does not come back.
    """
    check_returning(session, coordinator, now)
    key = {"call_id": coordinator.call_id, "application": given.application, "reviewer": given.reviewer}
    row = session.execute(_ONE, key).one_or_none()
    if row is None:
        raise Invalid({"application": "return.unknown"})
    if row.state is not ReviewState.SENT:
        raise Invalid({"application": "return.not_sent"})
    session.execute(
        update(Review)
        .where(col(Review.assignment_id) == row.key)
        .values(returned_at=now, returned_note=given.note)
    )
    notify_of_return(session, coordinator.call_id, row.member, now)
    record(
        session,
        "review.return",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=given.application,
        detail={"reviewer": given.reviewer},
    )


def check_returning(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse unless reviews can still change, which they cannot before this unit ends."""
    if phase_held(session, coordinator.call_id, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen


def returned_reviews(session: Session, coordinator: Coordinator) -> list[ReturnedReview]:
    """The reviews that wait for their reviewers, who waits longest first."""
    rows = session.execute(_WAITING, {"call_id": coordinator.call_id}).all()
    return [ReturnedReview.model_validate(dict(row._mapping)) for row in rows]
