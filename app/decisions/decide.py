"""Freezing the decision: after it nothing about the order or the awards changes without a logged act."""

import hashlib
import json
from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.awards import AlreadyDecided
from app.decisions.holes import holes
from app.decisions.line import rounds
from app.decisions.ranking import ReviewingNotClosed
from app.errors import Conflict, Stale
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.decisions import Award, PublishedResult, RankingEntry


class OpenHoles(Conflict):
    """An organisation has not scored an application, and nobody excused it."""

    code = "decision.open_holes"


class UnexplainedDepartures(Conflict):
    """The awards depart from the order somewhere without a written reason."""

    code = "decision.unexplained_departures"


class NothingAwarded(Conflict):
    """There is nothing to decide."""

    code = "decision.nothing_awarded"


class AlreadyRevealed(Conflict):
    """A winner is known: the decision can no longer be opened again."""

    code = "decision.already_revealed"


def decide(session: Session, coordinator: Coordinator, seen_version: int, now: datetime) -> str:
    """Freeze order and awards; the SHA-256 of their canonical JSON, which the protocol will repeat."""
    call = _locked(session, coordinator)
    if phase(call, now) in {Phase.DECIDED, Phase.PUBLISHED}:
        raise AlreadyDecided
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    if call.version != seen_version:
        raise Stale(version=call.version)
    open_holes = sum(not hole.reason for hole in holes(session, coordinator))
    if open_holes:
        raise OpenHoles(count=open_holes)
    lines = rounds(session, coordinator)
    unexplained = [code for pot in lines for code in pot.unexplained]
    if unexplained:
        raise UnexplainedDepartures(codes=", ".join(unexplained))
    if not any(pot.taken for pot in lines):
        raise NothingAwarded
    call.decided_at = now
    call.decision_hash = decision_hash(session, call)
    call.version += 1
    session.add(call)
    record(
        session, "decision.freeze", now=now, person_id=coordinator.person_id, call_id=call.id,
        detail={"sha256": call.decision_hash},
    )  # fmt: skip
    return call.decision_hash


def reopen_decision(session: Session, coordinator: Coordinator, reason: str, now: datetime) -> None:
    """Open a frozen decision again, with the reason in the log; refused once a winner was revealed."""
    call = _locked(session, coordinator)
    if phase(call, now) is not Phase.DECIDED:
        raise ReviewingNotClosed
    revealed = session.exec(select(PublishedResult.id).where(PublishedResult.call_id == call.id)).first()
    if revealed is not None:
        raise AlreadyRevealed
    call.decided_at = None
    call.decision_hash = None
    call.version += 1
    session.add(call)
    record(
        session, "decision.reopen", now=now, person_id=coordinator.person_id, call_id=call.id,
        detail={"reason": reason},
    )  # fmt: skip


def decision_hash(session: Session, call: Call) -> str:
    """SHA-256 of the canonical JSON of the order and the awards, recomputed from the tables."""
    order = session.exec(
        select(RankingEntry.place, Application.code, RankingEntry.total)
        .join(Application, col(Application.id) == RankingEntry.application_id)
        .where(RankingEntry.call_id == call.id)
        .order_by(col(RankingEntry.place))
    )
    awards = session.exec(
        select(AwardRound.code, Application.code, Award.amount_minor)
        .join(AwardRound, col(AwardRound.id) == Award.round_id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(AwardRound.call_id == call.id)
        .order_by(col(AwardRound.code), col(Application.code))
    )
    document = {
        "call": call.slug,
        "method": call.method.value,
        "form": call.frozen_hash,
        "seed": call.draw_seed,
        "order": [list(row) for row in order],
        "awards": [list(row) for row in awards],
    }
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _locked(session: Session, coordinator: Coordinator) -> Call:
    return session.exec(select(Call).where(Call.id == coordinator.call_id).with_for_update()).one()
