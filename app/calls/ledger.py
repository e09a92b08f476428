"""The public ledger of a call: every act that moved it on, and when. No act of one application, no person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.calls.public import storable
from app.errors import NotFound
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import PanelMember, PanelRole

PUBLIC = (
    "call.open", "call.extend", "call.cancel", "reviewing.open", "discussion.open", "reviewing.close",
    "reviewing.reopen", "blind.lift", "decision.freeze", "decision.reopen", "results.publish",
    "ledger.refused_by_one", "ledger.own_tie_taken_back",
)  # fmt: skip
"""The acts that everybody may know of, by their names in the log."""
INNER = ("blind.ask", "blind.turn_down", "phase.plan", "phase.unplan", "phase.by_clock")
"""What coordinators read beside them."""
ALONE = "blind.lift_alone"
"""How a lifting by one person alone is told: there was no second one to ask."""


class LedgerEntry(BaseModel):
    """One act. `reason` is there where it is public: the blind was lifted by one person alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    act: str
    at: datetime
    reason: str


class FullLedgerEntry(LedgerEntry):
    """The same for coordinators: whose act it was, by the code of the membership, and which step it named."""

    by: str
    step: str


class Ledger(BaseModel):
    """All that happened to a call, the first first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Texts
    timezone: str
    entries: list[LedgerEntry]


_ACTS = (
    select(
        col(AuditEntry.action),
        col(AuditEntry.at),
        col(AuditEntry.subject),
        col(AuditEntry.detail),
        col(AuditEntry.person_id),
    )
    .where(
        col(AuditEntry.call_id) == bindparam("call_id"),
        col(AuditEntry.action).in_(bindparam("acts", expanding=True)),
    )
    .order_by(col(AuditEntry.id))
)
_CALL = select(col(Call.id), col(Call.title), col(Call.timezone), col(Call.opened_at)).where(
    col(Call.slug) == bindparam("slug")
)


def public_ledger(session: Session, slug: str) -> Ledger:
    """The ledger of a call that has opened; NotFound for any other."""
    call = session.execute(_CALL, {"slug": storable(slug)}).one_or_none()
    if call is None or call.opened_at is None:
        raise NotFound
    rows = _rows(session, call.id, PUBLIC)
    entries = [LedgerEntry(act=_act(row), at=row.at, reason=_reason(row)) for row in rows]
    return Ledger(title=call.title, timezone=call.timezone, entries=entries)


def full_ledger(session: Session, coordinator: Coordinator) -> list[FullLedgerEntry]:
    """The log of the call's phases with whose acts they were, the newest first."""
    rows = _rows(session, coordinator.call_id, (*PUBLIC, *INNER))
    members: dict[int, str] = {
        row[0]: row[1]
        for row in session.execute(
            select(col(PanelMember.person_id), col(PanelMember.code)).where(
                col(PanelMember.call_id) == coordinator.call_id,
                col(PanelMember.role) == PanelRole.COORDINATOR,
            )
        )
    }
    return [
        FullLedgerEntry(
            act=_act(row),
            at=row.at,
            reason=str(row.detail.get("reason", "")),
            by=members.get(row.person_id, ""),
            step=row.subject if row.action.startswith("phase.") else "",
        )
        for row in reversed(rows)
    ]


def _rows(session: Session, call_id: int, acts: Sequence[str]) -> Sequence[Row[Any]]:
    return session.execute(_ACTS, {"call_id": call_id, "acts": list(acts)}).all()


def _act(row: Any) -> str:
    return ALONE if row.action == "blind.lift" and row.detail.get("alone") else str(row.action)


def _reason(row: Any) -> str:
    return str(row.detail.get("reason", "")) if _act(row) == ALONE else ""
