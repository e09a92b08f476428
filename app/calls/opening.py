"""The acts that everybody sees: opening a call, moving its closing, cancelling it."""

import hashlib
from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.changing import CallLocked, change_call, change_setup
from app.calls.form import form_of, frozen, hash_of
from app.calls.inputs import CancellationInput, ExtensionInput
from app.calls.phase import Phase, phase
from app.calls.readiness import readiness
from app.calls.setup_view import setup_of
from app.calls.texts import LongTexts
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call
from app.models.decisions import PublishedResult
from app.random_codes import random_token


class NotReady(Invalid):
    """The call lacks something; `fields` says what, each at its dotted place in the setup."""

    code = "call.not_ready"


class CannotExtend(Conflict):
    """The closing moves only while it lies ahead: a call that has closed stays closed."""

    code = "call.cannot_extend"


class CannotCancel(Conflict):
    """A winner has been named: that is not taken back."""

    code = "call.cannot_cancel"


def open_call(session: Session, coordinator: Coordinator, version: int, now: datetime) -> None:
    """Open the call: it becomes public, and what it promises is frozen and hashed.

    Applications are received from its opening date on. The draw's seed is drawn now and only its
    hash published, before there is anything to order: nobody can choose it afterwards.
    """
    setup = setup_of(session, coordinator)
    if setup.locked:
        raise CallLocked
    missing = readiness(setup, now)
    if missing:
        raise NotReady({each.name: (each.code, dict(each.params)) for each in missing})
    seed = random_token()
    form = frozen(form_of(setup, draw_commitment=hashlib.sha256(seed.encode()).hexdigest()))
    digest = hash_of(form)
    change_setup(
        session,
        coordinator,
        version,
        opened_at=now,
        frozen_form=form,
        frozen_hash=digest,
        draw_seed=seed,
    )
    record(
        session,
        "call.open",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"sha256": digest},
    )


def extend_deadline(
    session: Session, coordinator: Coordinator, version: int, given: ExtensionInput, now: datetime
) -> None:
    """Move the closing of an open call to a later instant, and tell everybody why.

    The dates that follow it move by as much, so that nobody loses time.
    """
    call = _call(session, coordinator)
    closes_at = _closing_ahead(call, now)
    problems = _reason_problems(given.reason)
    if given.closes_at <= closes_at:
        problems["closes_at"] = "dates.not_later"
    if problems:
        raise Invalid(problems)
    later = given.closes_at - closes_at
    notice = {
        "kind": "extended",
        "at": now.isoformat(),
        "from": closes_at.isoformat(),
        "to": given.closes_at.isoformat(),
        "reason": given.reason.stored,
    }
    change_call(
        session,
        coordinator,
        version,
        closes_at=given.closes_at,
        reviews_due_at=call.reviews_due_at and call.reviews_due_at + later,
        results_expected_at=call.results_expected_at and call.results_expected_at + later,
        notices=[*call.notices, notice],
    )
    record(
        session,
        "call.extend",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"from": notice["from"], "to": notice["to"]},
    )


def extending(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse whoever is about to name a later closing, as moving it itself would."""
    _closing_ahead(_call(session, coordinator), now)


def _closing_ahead(call: Call, now: datetime) -> datetime:
    if phase(call, now) not in {Phase.SCHEDULED, Phase.OPEN} or call.closes_at is None:
        raise CannotExtend
    return call.closes_at


def cancel_call(
    session: Session, coordinator: Coordinator, version: int, given: CancellationInput, now: datetime
) -> None:
    """End a call for good, and tell everybody why. What was written stays readable by its writers."""
    call = _call(session, coordinator)
    reached = phase(call, now)
    if not can_cancel(session, coordinator, reached):
        raise CannotCancel
    problems = _reason_problems(given.reason)
    if problems:
        raise Invalid(problems)
    notice = {"kind": "cancelled", "at": now.isoformat(), "reason": given.reason.stored}
    change_call(session, coordinator, version, cancelled_at=now, notices=[*call.notices, notice])
    record(
        session,
        "call.cancel",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"phase": str(reached)},
    )


def cancelling(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse whoever is about to say why a call ends, as cancelling it itself would."""
    if not can_cancel(session, coordinator, phase(_call(session, coordinator), now)):
        raise CannotCancel


def can_cancel(session: Session, coordinator: Coordinator, reached: Phase) -> bool:
    """Whether a call that has `reached` this phase can still be cancelled."""
    if reached is Phase.DECIDED:
        # Winners are named from a frozen decision only, and then it stays frozen.
        return not _winner_named(session, coordinator)
    return reached not in {Phase.PUBLISHED, Phase.CANCELLED}


def _reason_problems(reason: LongTexts) -> dict[str, str]:
    return {f"reason.{language}": "missing" for language, text in reason if not text}


def _winner_named(session: Session, coordinator: Coordinator) -> bool:
    statement = select(col(PublishedResult.id)).where(col(PublishedResult.call_id) == coordinator.call_id)
    return session.exec(statement.limit(1)).first() is not None


def _call(session: Session, coordinator: Coordinator) -> Call:
    call = session.get(Call, coordinator.call_id)
    if call is None:
        raise NotFound
    return call
