"""Where the call stands, read as columns and held still while a rule decides by it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.calls.phase import phase
from app.errors import NotFound
from app.models.calls import Call, Phase

DATED: tuple[Any, ...] = (
    Call.opens_at,
    Call.closes_at,
    Call.grace_minutes,
    Call.opened_at,
    Call.reviewing_opened_at,
    Call.reviewing_closed_at,
    Call.decided_at,
    Call.published_at,
    Call.cancelled_at,
)
"""What `phase` reads of a call; a row with these columns will do for it."""

ASSIGNING = frozenset({Phase.CLOSED, Phase.REVIEWING})
"""When it can be said who scores what."""

READING = frozenset({Phase.REVIEWING, Phase.REVIEWED})
"""When reviewers may read what they were given."""


def phase_held(session: Session, call_id: int, now: datetime) -> Phase:
    """The call's phase, which cannot change before this unit ends; such units of one call take turns."""
    statement = select(*DATED).where(Call.id == call_id).with_for_update(key_share=True)
    row = session.exec(statement).one_or_none()
    if row is None:
        raise NotFound
    return phase(row, now)
