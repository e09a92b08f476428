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
    "award.return", "award.promote", "results.correct",
    "seal.make", "seal.confirm", "seal.void", "ledger.sealed_alone", "ledger.published_alone",
    "ledger.error_answered",
    "ledger.refused_by_one", "ledger.own_tie_taken_back", "ledger.departed_alone", "ledger.keyed_alone",
    "pitches.close", "pitches.reopen",
)  # fmt: skip
"""The acts that everybody may know of, by their names in the log."""
INNER = ("blind.ask", "blind.turn_down", "phase.plan", "phase.unplan", "phase.by_clock")
"""What coordinators read beside them."""
ALONE = "blind.lift_alone"
"""How a lifting by one person alone is told: there was no second one to ask."""
OF_RESULTS = frozenset(
    {"ledger.departed_alone", "ledger.keyed_alone", "ledger.sealed_alone", "ledger.published_alone"}
)
"""What one person did alone to the results: that is told at once, and why with them, of which it may tell."""


class LedgerEntry(BaseModel):
    """One act. `reason` is there where it is public: of what one person did alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    act: str
    at: datetime
    reason: str


class FullLedgerEntry(LedgerEntry):
    """The same for coordinators: whose act it was, by the code of the membership, and which step it named."""

    by: str
    step: str


class Ledger(BaseModel):
    """All that happened to a call, the first first.

    `errors_noted` are factual errors that applicants pointed out after the results, `errors_corrected` those
    of the answered ones that were right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Texts
    timezone: str
    entries: list[LedgerEntry]
    errors_noted: int
    errors_answered: int
    errors_corrected: int


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
_CALL = select(
    col(Call.id), col(Call.title), col(Call.timezone), col(Call.opened_at), col(Call.published_at)
).where(col(Call.slug) == bindparam("slug"))


def public_ledger(session: Session, slug: str) -> Ledger:
    """The ledger of a call that has opened; NotFound for any other."""
    call = session.execute(_CALL, {"slug": storable(slug)}).one_or_none()
    if call is None or call.opened_at is None:
        raise NotFound
    rows = _rows(session, call.id, PUBLIC)
    published = call.published_at is not None
    entries = [
        LedgerEntry(act=_act(row), at=row.at, reason=_reason(row, published=published)) for row in rows
    ]
    noted = _rows(session, call.id, ("factual.write",))
    answered = [row for row in rows if row.action == "ledger.error_answered"]
    return Ledger(
        title=call.title,
        timezone=call.timezone,
        entries=entries,
        errors_noted=len(noted),
        errors_answered=len(answered),
        errors_corrected=sum(row.detail.get("outcome") == "corrected" for row in answered),
    )


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


def _reason(row: Any, *, published: bool) -> str:
    public = _act(row) == ALONE or (published and row.action in OF_RESULTS)
    return str(row.detail.get("reason", "")) if public else ""
