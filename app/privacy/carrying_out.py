"""Carrying out what somebody asked for: in one unit, so that a person is never half erased."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions import delete_draft, withdraw_application
from app.audit.record import record
from app.models.keys import key_of
from app.models.people import Person
from app.models.privacy import PrivacyKind, PrivacyRequest
from app.outbox.enqueue import enqueue
from app.privacy.erasing import application_key, erase_account, erase_application, leave_team
from app.privacy.plan import LOOK_AGAIN, Fate, PlanLine, erasure_plan

TRY_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased, known for the last time, to be told so; None where something had to stay."""

    request_id: int
    email: str | None
    language: str
    name: str


def due_erasure(session: Session, now: datetime) -> PrivacyRequest | None:
    """The next request whose time has come; no other worker takes it meanwhile."""
    return session.exec(
        select(PrivacyRequest)
        .where(PrivacyRequest.kind == PrivacyKind.ERASE, col(PrivacyRequest.next_at) <= now)
        .order_by(col(PrivacyRequest.next_at), col(PrivacyRequest.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def put_off(session: Session, request_id: int, now: datetime) -> None:
    """It could not be carried out just now: once more in an hour."""
    row = session.get(PrivacyRequest, request_id)
    if row is not None and row.next_at is not None:
        row.next_at = now + TRY_AGAIN
        session.add(row)


def carry_out(session: Session, row: PrivacyRequest, audit_years: int, now: datetime) -> Erased | None:
    """Erase what may go. What must stay is kept until its time, and the account with it."""
    person = session.exec(select(Person).where(Person.id == row.person_id).with_for_update()).one()
    plan = erasure_plan(session, row.person_id, audit_years, now)
    for line in plan:
        _act(session, Applicant(row.person_id), line, now)
    gone = [line for line in plan if not line.kept]
    kept = [line for line in plan if line.kept]
    first = row.done_at is None
    row.done_at, row.version = row.done_at or now, row.version + 1
    row.detail = {"gone": len(gone), "kept": sorted({str(line.fate) for line in kept})}
    session.add(row)
    if first or gone or not kept:
        _log(session, row, now)
    if kept:
        row.next_at = min(line.until or now + LOOK_AGAIN for line in kept)
        if first:
            _tell_what_stays(session, row, now)
        return None
    told = Erased(key_of(row.id), person.email, person.language, person.name)
    session.flush()
    erase_account(session, person, [line.ref for line in plan])
    person.disabled_at = now
    row.next_at, row.finished_at = None, now
    session.add(person)
    return told


def _act(session: Session, who: Applicant, line: PlanLine, now: datetime) -> None:
    if line.kept:
        return
    if line.fate is Fate.DELETE:
        delete_draft(session, who, line.ref, now)
        return
    key = application_key(session, line.ref)
    if line.fate is Fate.WITHDRAW:
        withdraw_application(session, who, line.ref, now)
        session.flush()
    if line.fate is not Fate.LEAVE:
        erase_application(session, key)
    leave_team(session, who.person_id, key)


def _tell_what_stays(session: Session, row: PrivacyRequest, now: datetime) -> None:
    enqueue(
        session,
        "erasure_partly",
        dedupe_key=f"erasure-partly-{row.id}",
        now=now,
        person_id=row.person_id,
    )


def _log(session: Session, row: PrivacyRequest, now: datetime) -> None:
    record(
        session,
        "privacy.erase_done",
        now=now,
        person_id=None,
        detail={"request": row.id, **row.detail},
    )
