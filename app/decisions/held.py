"""Holding a call, and a pot of it, still while a rule decides by them.

Everybody locks the call first and then the pot, so that nobody waits for each other.
"""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.decisions.refusals import AlreadyDecided, ReviewingNotClosed
from app.errors import NotFound
from app.models.calls import AwardRound, Call

# The frozen form is large, and no decision reads it.
WITHOUT_FORM = defer(Call.frozen_form, raiseload=True)  # type: ignore[arg-type]


def call_of(session: Session, coordinator: Coordinator) -> Call:
    """The coordinator's call, to be read."""
    return session.exec(select(Call).where(Call.id == coordinator.call_id).options(WITHOUT_FORM)).one()


def held_call(session: Session, coordinator: Coordinator, *, shared: bool = False) -> Call:
    """The call, locked until the unit ends: against every other act, or (`shared`) against its moving on."""
    return session.exec(
        select(Call)
        .where(Call.id == coordinator.call_id)
        .options(WITHOUT_FORM)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    ).one()


def held_pot(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    """A pot of the call, locked; the call is locked before. NotFound for another call's."""
    pot = session.exec(
        select(AwardRound)
        .where(AwardRound.code == round_code, AwardRound.call_id == coordinator.call_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if pot is None:
        raise NotFound
    return pot


def round_of(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    """A pot of the call, to be read; NotFound for another call's."""
    pot = session.exec(
        select(AwardRound).where(AwardRound.code == round_code, AwardRound.call_id == coordinator.call_id)
    ).one_or_none()
    if pot is None:
        raise NotFound
    return pot


def awarding(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Hold the call and refuse unless awards can change: after reviewing closed, before the decision."""
    refuse_unless_reviewed(held_call(session, coordinator, shared=True), now)


def refuse_unless_reviewed(call: Call, now: datetime) -> None:
    """Refuse before reviewing is closed, and once the decision is frozen."""
    reached = phase(call, now)
    if reached in {Phase.DECIDED, Phase.PUBLISHED}:
        raise AlreadyDecided
    if reached is not Phase.REVIEWED:
        raise ReviewingNotClosed


def decision_version(session: Session, call: Call) -> int:
    """The version of a call's decision: its own and its pots' added up, so that any change raises it."""
    pots = session.exec(select(func.sum(AwardRound.version)).where(AwardRound.call_id == call.id)).one()
    return call.version + int(pots or 0)
