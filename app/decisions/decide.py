"""Freezing the decision: after it nothing about the order or the awards changes without a logged act."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.cut import cut
from app.decisions.held import call_of, decision_version, held_call
from app.decisions.holes import count_holes
from app.decisions.order import Order, pot_of, read_order
from app.decisions.refusals import (
    AlreadyDecided,
    AlreadyRevealed,
    NotDecided,
    NothingAwarded,
    OpenHoles,
    ReviewingNotClosed,
    UnexplainedDepartures,
    WinnerWithdrew,
)
from app.errors import Conflict, Stale
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.decisions import Award, Departure, MissingReview, PublishedResult, RankingEntry
from app.models.panel import Organisation
from app.wall import BehindWall, refuse_while, wall_of, whole_call


@whole_call
def decide(session: Session, coordinator: Coordinator, seen_version: int, now: datetime) -> str:
    """Freeze order and awards; the SHA-256 of their canonical JSON, which the protocol will repeat.

    Refused while a hole is open, a departure has no reason, or an awarded application has withdrawn.
    """
    call = held_call(session, coordinator)
    if phase(call, now) in {Phase.DECIDED, Phase.PUBLISHED}:
        raise AlreadyDecided
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    current = decision_version(session, call)
    if current != seen_version:
        raise Stale(version=current)
    refuse_while(session, lambda: count_holes(session, coordinator), OpenHoles)
    _refuse_unsound(session, read_order(session, coordinator))
    call.decided_at = now
    call.decision_hash = decision_hash(session, call)
    call.version += 1
    session.add(call)
    record(
        session, "decision.freeze", now=now, person_id=coordinator.person_id, call_id=call.id,
        detail={"sha256": call.decision_hash},
    )  # fmt: skip
    return call.decision_hash


def _refuse_unsound(session: Session, order: Order) -> None:
    _refuse_named(session, order.withdrawn, WinnerWithdrew)
    unexplained = [code for pot in order.pots for code in cut(pot_of(pot), order.seen_from(pot)).unexplained]
    _refuse_named(session, unexplained, UnexplainedDepartures)
    if not any(pot.taken for pot in order.pots):
        raise NothingAwarded


def _refuse_named(session: Session, codes: Iterable[str], refusal: type[Conflict]) -> None:
    """Refuse for these applications, and name those that whoever acts may know of."""
    every = dict.fromkeys(codes)
    seen = [code for code in every if code not in wall_of(session).names]
    if every:
        raise refusal(codes=", ".join(seen)) if seen else BehindWall


@whole_call
def reopen_decision(session: Session, coordinator: Coordinator, reason: str, now: datetime) -> None:
    """Open a frozen decision again, with the reason in the log; refused once a winner was revealed."""
    call = held_call(session, coordinator)
    _refuse_to_reopen(session, call, now)
    call.decided_at = None
    call.decision_hash = None
    call.version += 1
    session.add(call)
    record(
        session, "decision.reopen", now=now, person_id=coordinator.person_id, call_id=call.id,
        detail={"reason": reason},
    )  # fmt: skip


@whole_call
def reopening_decision(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse whoever is about to say why, as opening the decision again itself would."""
    _refuse_to_reopen(session, call_of(session, coordinator), now)


def _refuse_to_reopen(session: Session, call: Call, now: datetime) -> None:
    if phase(call, now) is Phase.PUBLISHED:
        raise AlreadyRevealed
    if phase(call, now) is not Phase.DECIDED:
        raise NotDecided
    revealed = session.exec(select(PublishedResult.id).where(PublishedResult.call_id == call.id)).first()
    if revealed is not None:
        raise AlreadyRevealed


def decision_hash(session: Session, call: Call) -> str:
    """SHA-256 of the canonical JSON of all that was decided, recomputed from the tables."""
    canonical = json.dumps(
        _document(session, call), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _document(session: Session, call: Call) -> dict[str, Any]:
    """Codes, exact totals as fractions, amounts in euro cents, reasons as they were written.

    Sorted here and not by the database, whose collations differ.
    """
    order = session.exec(
        select(RankingEntry.place, Application.code, RankingEntry.total)
        .join(Application, col(Application.id) == RankingEntry.application_id)
        .where(RankingEntry.call_id == call.id)
    ).all()
    awards = session.exec(
        select(AwardRound.code, Application.code, Award.amount_minor)
        .join(AwardRound, col(AwardRound.id) == Award.round_id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(AwardRound.call_id == call.id)
    ).all()
    departures = session.exec(
        select(AwardRound.code, Application.code, Departure.reason)
        .join(AwardRound, col(AwardRound.id) == Departure.round_id)
        .join(Application, col(Application.id) == Departure.application_id)
        .where(AwardRound.call_id == call.id)
    ).all()
    excused = session.exec(
        select(Application.code, Organisation.code, MissingReview.reason)
        .join(Application, col(Application.id) == MissingReview.application_id)
        .join(Organisation, col(Organisation.id) == MissingReview.organisation_id)
        .where(MissingReview.call_id == call.id)
    ).all()
    return {
        "call": call.slug,
        "method": call.method.value,
        "form": call.frozen_hash,
        "seed": call.draw_seed,
        "order": sorted(list(row) for row in order),
        "awards": sorted(list(row) for row in awards),
        "departures": sorted(list(row) for row in departures),
        "excused": sorted(list(row) for row in excused),
    }
