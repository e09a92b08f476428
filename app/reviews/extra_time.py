"""A later day than the call's, for those who are asked for more after it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from app.models.calls import Call
from app.models.panel import PanelMember


def give_until(session: Session, call_id: int, reviewers: Collection[str], until: datetime) -> None:
    """Let these (codes) send until then, unless they have longer anyway."""
    due_at = select(col(Call.reviews_due_at)).where(col(Call.id) == call_id).scalar_subquery()
    session.execute(
        update(PanelMember)
        .where(
            col(PanelMember.call_id) == call_id,
            col(PanelMember.code).in_(reviewers),
            or_(due_at.is_(None), due_at < until),
            or_(col(PanelMember.due_at).is_(None), col(PanelMember.due_at) < until),
        )
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )
