"""Freezing the decision: after it nothing about the order or the awards changes without a logged act."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.cautioned import refuse_unread
from app.decisions.cut import Standing, cut
from app.decisions.decided import decision_hash
from app.decisions.held import call_of, decision_version, held_call
from app.decisions.holes import count_holes
from app.decisions.meeting import contradicted
from app.decisions.one_review import refuse_one_review
from app.decisions.order import Order, pot_of, read_order
from app.decisions.pitch_order import refuse_unpitched
from app.decisions.protocol import store_protocol
from app.decisions.refusals import (
    AlreadyDecided,
    AlreadyRevealed,
    FewerThanPromised,
    NotDecided,
    NothingAwarded,
    OpenHoles,
    PanelContradicted,
    ReviewingNotClosed,
    UnconfirmedDepartures,
    UnconfirmedSeats,
    UnexplainedDepartures,
    WinnerWithdrew,
    refuse_named,
)
from app.decisions.reserve import drop_reserve, store_reserve
from app.decisions.seals import void_seals
from app.decisions.seats import unconfirmed
from app.decisions.seconding import departures
from app.decisions.seconds import tell_alone
from app.errors import Stale
from app.models.calls import AwardRound, Call
from app.models.decisions import PublishedResult
from app.wall import refuse_while, whole_call


@whole_call
def decide(
    session: Session,
    coordinator: Coordinator,
    seen_version: int,
    now: datetime,
    known: Collection[str] = (),
) -> str:
    """Freeze order and awards; the SHA-256 of their canonical JSON, which the protocol will repeat.

    Refused while a hole is open, a departure has no reason, or an awarded application has withdrawn or rests
    on one review; and
    where the line is hardly one, to whoever has not `known` why (`app.scoring.cautions`): it is in the log.
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
    refuse_unread(session, coordinator, known)
    order = read_order(session, coordinator)
    for pot in order.pots:
        refuse_unpitched(session, pot)
    _refuse_unsound(session, order)
    plain = {pot.id for pot in order.pots if pot.pitch_weight is None}
    refuse_one_review(session, coordinator.call_id, [row.code for row in order.rows if row.won_in in plain])
    departing = departures(session, coordinator)
    refuse_named(session, [each.application for each in departing if each.waits], UnconfirmedDepartures)
    refuse_named(session, unconfirmed(session, coordinator.call_id, order.pots), UnconfirmedSeats)
    refuse_named(session, contradicted(session, coordinator), PanelContradicted)
    store_reserve(session, order)
    call.decided_at = now
    call.decision_hash = decision_hash(session, call)
    call.version += 1
    session.add(call)
    record(
        session, "decision.freeze", now=now, person_id=coordinator.person_id, call_id=call.id,
        detail={"sha256": call.decision_hash, "known": sorted(known)},
    )  # fmt: skip
    alone = [(each.application, each.reason) for each in departing if each.confirmed_at is None]
    tell_alone(session, coordinator, alone, now)
    store_protocol(session, coordinator, call, now)
    return call.decision_hash


def _refuse_unsound(session: Session, order: Order) -> None:
    refuse_named(session, order.withdrawn, WinnerWithdrew)
    unexplained = [code for pot in order.pots for code in cut(pot_of(pot), order.seen_from(pot)).unexplained]
    refuse_named(session, unexplained, UnexplainedDepartures)
    if not any(pot.taken for pot in order.pots):
        raise NothingAwarded
    for pot in order.pots:
        _refuse_fewer(pot, order.seen_from(pot))


def _refuse_fewer(pot: AwardRound, standing: Sequence[Standing]) -> None:
    """What was promised is given, as long as there is somebody to have it."""
    if pot.least_places is None or pot.taken >= pot.least_places:
        return
    above = cut(pot_of(pot), standing).above
    if any(each.code in above and not each.awarded for each in standing):
        raise FewerThanPromised(least=pot.least_places, given=pot.taken)


@whole_call
def reopen_decision(session: Session, coordinator: Coordinator, reason: str, now: datetime) -> None:
    """Open a frozen decision again, with the reason in the log; refused once a winner was revealed."""
    call = held_call(session, coordinator)
    _refuse_to_reopen(session, call, now)
    call.decided_at = None
    call.decision_hash = None
    call.version += 1
    session.add(call)
    session.flush()
    drop_reserve(session, call)
    void_seals(session, coordinator, now)
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
