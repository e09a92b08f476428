"""When a call closes, in which zone that is read, and where the call stands: for those who move deadlines."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.calls.setup_view import PHASE, columns_of
from app.errors import NotFound
from app.models.calls import Call
from app.models.columns import Texts


@dataclass(frozen=True, slots=True)
class CallClosing:
    """The call's closing; None before it has one."""

    title: Texts
    zone: ZoneInfo
    closes_at: datetime | None
    phase: Phase


def call_closing(session: Session, coordinator: Coordinator, now: datetime) -> CallClosing:
    """The closing of the coordinator's call."""
    statement = columns_of(Call, ("title", "timezone", *PHASE)).where(col(Call.id) == coordinator.call_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return CallClosing(row.title, ZoneInfo(row.timezone), row.closes_at, phase(row, now))
