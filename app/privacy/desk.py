"""The requests that concern a call, as its coordinator sees them: references and dates, nobody's name."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.models.privacy import PrivacyKind, PrivacyRequest, PrivacyRequestApplication


class FullRequest(BaseModel):
    """Somebody behind this application asked to be erased."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    asked_at: datetime
    due_at: datetime
    ordered: bool
    done_at: datetime | None
    called_off_at: datetime | None
    kept: bool
    overdue: bool

    @property
    def waits(self) -> bool:
        """Whether it is still to be carried out."""
        return self.done_at is None and self.called_off_at is None


def full_requests(session: Session, coordinator: Coordinator, now: datetime) -> list[FullRequest]:
    """All of them, those that wait first, by their due date."""
    settled = col(PrivacyRequest.done_at).is_not(None) | col(PrivacyRequest.called_off_at).is_not(None)
    rows = session.exec(
        select(PrivacyRequestApplication.ref, PrivacyRequest)
        .join(PrivacyRequest, col(PrivacyRequest.id) == col(PrivacyRequestApplication.request_id))
        .where(
            PrivacyRequestApplication.call_id == coordinator.call_id,
            PrivacyRequest.kind == PrivacyKind.ERASE,
        )
        .order_by(settled, col(PrivacyRequest.due_at), col(PrivacyRequestApplication.ref))
    )
    return [_request(ref, row, now) for ref, row in rows]


def _request(ref: str, row: PrivacyRequest, now: datetime) -> FullRequest:
    waits = row.done_at is None and row.called_off_at is None
    return FullRequest(
        ref=ref,
        asked_at=row.asked_at,
        due_at=row.due_at,
        ordered=waits and row.next_at is not None and row.next_at < row.due_at,
        done_at=row.done_at,
        called_off_at=row.called_off_at,
        kept=row.done_at is not None and row.finished_at is None,
        overdue=waits and row.due_at <= now,
    )


def count_waiting(session: Session, call_id: int) -> int:
    """How many applications somebody wants to be erased from."""
    return int(session.execute(_WAITING, {"call": call_id}).scalar_one())


_WAITING = (
    select(func.count())
    .select_from(PrivacyRequestApplication)
    .join(PrivacyRequest, col(PrivacyRequest.id) == col(PrivacyRequestApplication.request_id))
    .where(
        col(PrivacyRequestApplication.call_id) == bindparam("call"),
        col(PrivacyRequest.kind) == PrivacyKind.ERASE,
        col(PrivacyRequest.done_at).is_(None),
        col(PrivacyRequest.called_off_at).is_(None),
    )
)
