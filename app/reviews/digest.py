"""What a digest tells one reviewer: over all calls, how many proposals wait. No titles, no codes."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from app.models.applications import Application, Status
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import PanelMember, PanelRole
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.reviews.own_call import OWN_DUE

BEING_REVIEWED = and_(
    col(Call.reviewing_opened_at).is_not(None),
    col(Call.reviewing_closed_at).is_(None),
    col(Call.cancelled_at).is_(None),
)
STANDS = and_(
    col(PanelMember.role) == PanelRole.REVIEWER,
    col(PanelMember.removed_at).is_(None),
    col(Assignment.withdrawn_at).is_(None),
    func.coalesce(col(Assignment.tie), Tie.NONE.value) != Tie.TIE.value,
    col(Application.status) == Status.IN_REVIEW,
)
TO_BEGIN = func.count(case((col(Review.state).is_(None), 1)))
BEGUN = func.count(case((col(Review.state) == ReviewState.DRAFT, 1)))
SENT = func.count(case((col(Review.state) == ReviewState.SENT, 1)))


class WaitingCall(BaseModel):
    """One call: `to_begin` proposals have no review yet, `begun` have one that is not `sent`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    title: Texts
    due_at: datetime | None
    timezone: str
    to_begin: int
    begun: int
    sent: int


def counted_reviews(*columns: Any) -> Any:
    """Rows of those for whom something waits that they may open: these columns, `to_begin`, `begun`, `sent`.

    Its reader says by what to group.
    """
    return (
        select(*columns, TO_BEGIN.label("to_begin"), BEGUN.label("begun"), SENT.label("sent"))
        .select_from(Assignment)
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(ClearedPacket, col(ClearedPacket.application_id) == col(Application.id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(BEING_REVIEWED, STANDS)
        .having(TO_BEGIN + BEGUN > 0)
    )


def own_digest(session: Session, person_id: int) -> list[WaitingCall]:
    """Every call in which something waits for this reviewer, the one that is due first first."""
    rows = session.execute(
        counted_reviews(col(Call.slug), col(Call.title), OWN_DUE.label("due_at"), col(Call.timezone))
        .where(col(PanelMember.person_id) == person_id)
        .group_by(col(Call.id), col(PanelMember.id))
        .order_by(OWN_DUE, col(Call.slug))
    ).all()
    return [WaitingCall.model_validate(dict(row._mapping)) for row in rows]
