"""What was decided on an order that was thrown away: kept in the log, and read with the run it rested on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.runs import latest_number
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.calls import AwardRound
from app.models.decisions import Departure
from app.models.meeting import Outcome, PanelCase

ACTION = "panel.fall"


class Fallen(BaseModel):
    """Of one application: what the panel had decided (None: nothing), and the reason of the departure.

    `run` is the number of the run on whose order it rested, `at` when reviewing was opened again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    run: int
    at: datetime
    application: str
    outcome: Outcome | None
    reason: str


def keep_fallen(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Write down every case that was decided and every departure, before they fall."""
    cases: Mapping[str, PanelCase] = dict(
        session.exec(
            select(Application.code, PanelCase)
            .join(PanelCase, col(PanelCase.application_id) == col(Application.id))
            .where(PanelCase.call_id == coordinator.call_id, col(PanelCase.outcome).is_not(None))
        ).all()
    )
    reasons = dict(
        session.exec(
            select(Application.code, Departure.reason)
            .join(Departure, col(Departure.application_id) == col(Application.id))
            .join(AwardRound, col(AwardRound.id) == col(Departure.round_id))
            .where(AwardRound.call_id == coordinator.call_id)
        ).all()
    )
    run = latest_number(session, coordinator.call_id)
    for code in sorted({*cases, *reasons}):
        case = cases.get(code)
        detail: dict[str, Any] = {
            "run": run,
            "outcome": case.outcome.value if case and case.outcome else "",
            "reason": reasons.get(code) or (case.reason if case else ""),
        }
        record(
            session, ACTION, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
            subject=code, detail=detail,
        )  # fmt: skip


def fallen(session: Session, coordinator: Coordinator) -> list[Fallen]:
    """All that fell, the newest first, and of one opening by code."""
    rows = session.exec(
        select(AuditEntry)
        .where(AuditEntry.call_id == coordinator.call_id, AuditEntry.action == ACTION)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
    )
    return [
        Fallen(
            run=row.detail["run"],
            at=row.at,
            application=row.subject,
            outcome=Outcome(row.detail["outcome"]) if row.detail["outcome"] else None,
            reason=row.detail["reason"],
        )
        for row in rows
    ]
