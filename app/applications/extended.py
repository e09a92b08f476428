"""Which applications of a call may still come in, because their own deadline is later than the call's."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.applications.due import due_of
from app.models.applications import Application, Status
from app.models.calls import Call


def running_extensions(session: Session, call_id: int, now: datetime) -> int:
    """How many applications of the call were given a later deadline that lasts, with its grace."""
    columns: Any = (
        Application.created_at,
        Application.extended_to,
        Call.closes_at,
        Call.grace_minutes,
        Call.reviewing_opened_at,
        Call.cancelled_at,
    )
    rows = session.exec(
        select(*columns)
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(
            Application.call_id == call_id,
            col(Application.extended_to).is_not(None),
            col(Application.status).in_([Status.DRAFT, Status.SENT]),
        )
    )
    return sum(due_of(row, row).receives(now) for row in rows)
