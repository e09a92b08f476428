"""Asking: a copy was made, the account was corrected, everything is to be erased, or after all not."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator
from app.accounts.throttle import count_try
from app.applications.actions import delete_draft
from app.asking import Ask
from app.audit.record import record
from app.errors import NotFound
from app.models.applications import Application
from app.models.people import Applicant as ApplicantRow
from app.models.people import Person, ReturnCode
from app.models.privacy import PrivacyKind, PrivacyRequest, PrivacyRequestApplication
from app.outbox.enqueue import enqueue
from app.privacy.plan import Fate, erasure_plan
from app.privacy.refusals import NothingToCallOff

DUE = timedelta(days=15)
"""Within which a request is carried out."""
COPIES_AN_HOUR = 10


class AccountInput(BaseModel):
    """How one is called and written to."""

    name: Annotated[str, Field(max_length=200), Ask(optional=True, autocomplete="name", spellcheck=False)] = (
        ""
    )
    language: Annotated[Literal["kk", "ru", "en"], Ask("radios", choices="languages")]


class OwnAccount(BaseModel):
    """One's own account."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    email: str | None
    name: str
    language: str
    created_at: datetime
    phone: str
    birth_year: int | None
    return_code_made_at: datetime | None


class OwnRequest(BaseModel):
    """One request of one's own. `waits` is whether it can still be called off; `kept` what had to stay."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: PrivacyKind
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    called_off_at: datetime | None
    waits: bool
    kept: bool


def own_account(session: Session, who: Applicant) -> OwnAccount:
    """What the account itself holds."""
    person = _person(session, who.person_id)
    return OwnAccount(
        email=person.email,
        name=person.name,
        language=person.language,
        created_at=person.created_at,
        phone=person.phone,
        birth_year=person.birth_year,
        return_code_made_at=session.exec(
            select(ReturnCode.made_at).where(ReturnCode.person_id == who.person_id)
        ).one_or_none(),
    )


def own_requests(session: Session, who: Applicant) -> list[OwnRequest]:
    """The log of one's own requests, the newest first."""
    rows = session.exec(
        select(PrivacyRequest)
        .where(PrivacyRequest.person_id == who.person_id)
        .order_by(col(PrivacyRequest.id).desc())
    )
    return [own_request(row) for row in rows]


def own_request(row: PrivacyRequest) -> OwnRequest:
    """A request as its person reads it."""
    return OwnRequest(
        kind=row.kind,
        asked_at=row.asked_at,
        due_at=row.due_at,
        done_at=row.done_at,
        called_off_at=row.called_off_at,
        waits=row.done_at is None and row.called_off_at is None,
        kept=row.done_at is not None and row.finished_at is None,
    )


def correct_account(session: Session, who: Applicant, given: AccountInput, now: datetime) -> None:
    """Change one's name and the language in which one is written to; the same again changes nothing."""
    person = _person(session, who.person_id)
    name = given.name.strip()
    if (person.name, person.language) == (name, given.language):
        return
    person.name, person.language = name, given.language
    session.add(person)
    _done(session, who, PrivacyKind.CORRECT, now)


def note_copy(session: Session, who: Applicant, now: datetime) -> None:
    """Write down that a copy of everything was made; the person is told, in case it was somebody else."""
    count_try(
        session,
        "copy of data",
        str(who.person_id),
        limit=COPIES_AN_HOUR,
        window=timedelta(hours=1),
        now=now,
    )
    row = _done(session, who, PrivacyKind.EXPORT, now)
    enqueue(
        session,
        "data_copied",
        dedupe_key=f"data-copied-{row.id}",
        now=now,
        person_id=who.person_id,
        params={"at": now.isoformat()},
    )


def ask_erasure(session: Session, who: Applicant, audit_years: int, now: datetime) -> PrivacyRequest:
    """Ask to be forgotten: what was never sent goes at once, the rest within fifteen days.

    Asking again while a request is open gives that request.
    """
    _person(session, who.person_id, held=True)
    found = open_erasure(session, who.person_id)
    if found is not None:
        return found
    plan = erasure_plan(session, who.person_id, audit_years, now)
    row = PrivacyRequest(
        person_id=who.person_id,
        kind=PrivacyKind.ERASE,
        asked_at=now,
        due_at=now + DUE,
        next_at=now + DUE,
        detail={},
    )
    session.add(row)
    session.flush()
    drafts = [line.ref for line in plan if line.fate is Fate.DELETE]
    for ref in drafts:
        delete_draft(session, who, ref, now)
    _concerns(session, row, who)
    _log(session, who.person_id, "ask", row, now)
    enqueue(
        session,
        "erasure_asked",
        dedupe_key=f"erasure-asked-{row.id}",
        now=now,
        person_id=who.person_id,
        params={"due": row.due_at.isoformat(), "drafts": len(drafts)},
    )
    return row


def call_off_erasure(session: Session, who: Applicant, now: datetime) -> None:
    """Stay after all, as long as nothing but drafts has gone."""
    _person(session, who.person_id, held=True)
    row = open_erasure(session, who.person_id)
    if row is None or row.done_at is not None:
        raise NothingToCallOff
    row.called_off_at, row.next_at, row.version = now, None, row.version + 1
    session.add(row)
    _log(session, who.person_id, "call_off", row, now)


def order_erasure(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> None:
    """A coordinator has it carried out now, instead of on its due date: the job worker does it at once."""
    row = session.exec(
        select(PrivacyRequest)
        .join(
            PrivacyRequestApplication,
            col(PrivacyRequestApplication.request_id) == col(PrivacyRequest.id),
        )
        .where(
            PrivacyRequestApplication.call_id == coordinator.call_id,
            PrivacyRequestApplication.ref == ref,
            PrivacyRequest.kind == PrivacyKind.ERASE,
        )
        .order_by(col(PrivacyRequest.id).desc())
        .limit(1)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound
    if row.done_at is not None or row.called_off_at is not None:
        raise NothingToCallOff
    row.next_at, row.version = min(now, row.due_at), row.version + 1
    session.add(row)
    record(
        session,
        "erasure.order",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
    )


def open_erasure(session: Session, person_id: int) -> PrivacyRequest | None:
    """The request that is not finished and was not called off."""
    return session.exec(
        select(PrivacyRequest).where(
            PrivacyRequest.person_id == person_id,
            PrivacyRequest.kind == PrivacyKind.ERASE,
            col(PrivacyRequest.finished_at).is_(None),
            col(PrivacyRequest.called_off_at).is_(None),
        )
    ).one_or_none()


def _concerns(session: Session, row: PrivacyRequest, who: Applicant) -> None:
    """Remember which applications it is about: the link to the person will be gone."""
    mine = session.exec(
        select(Application.ref, Application.call_id)
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .where(ApplicantRow.person_id == who.person_id)
    ).all()
    rows: list[dict[str, Any]] = [
        {"request_id": row.id, "ref": ref, "call_id": call_id} for ref, call_id in mine
    ]
    if rows:
        session.execute(insert(PrivacyRequestApplication), rows)


def _done(session: Session, who: Applicant, kind: PrivacyKind, now: datetime) -> PrivacyRequest:
    """A request that was answered in the moment it was made."""
    row = PrivacyRequest(
        person_id=who.person_id,
        kind=kind,
        asked_at=now,
        due_at=now + DUE,
        done_at=now,
        finished_at=now,
        detail={},
    )
    session.add(row)
    session.flush()
    _log(session, who.person_id, "done", row, now)
    return row


def _log(session: Session, person_id: int, act: str, row: PrivacyRequest, now: datetime) -> None:
    record(session, f"privacy.{row.kind}_{act}", now=now, person_id=person_id, detail={"request": row.id})


def _person(session: Session, person_id: int, *, held: bool = False) -> Person:
    statement = select(Person).where(Person.id == person_id)
    return session.exec(statement.with_for_update() if held else statement).one()
