"""Requests for a correction as they are read: by the team that is asked, and by the coordinator who asks."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, case, func, or_
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.due import due_of
from app.applications.limits import section_codes
from app.applications.members import Mine, mine
from app.applications.sent_answers import (
    Answers,
    askable_fields,
    blind_answers,
    both,
    holds_names,
    identity_answers,
    names_people,
    only,
)
from app.applications.status import OUT
from app.applications.typed_corrections import earlier_typed, typed_correction
from app.audit.record import record
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Packet, Sending, Status, TeamRole
from app.models.calls import Call, Phase
from app.models.corrections import Correction
from app.models.keys import key_of

CORRECTABLE = frozenset({Phase.OPEN, Phase.GRACE, Phase.CLOSED})
"""The phases in which something sent can be corrected: never once reviewers have begun."""


class CorrectionState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CorrectionChange(_Read):
    """The named answers as they were sent first and then. Money in tiyn, choices as codes."""

    before: Answers
    after: Answers


class OwnCorrection(_Read):
    """What one's own team was asked to correct. `current` are the named answers as they count now.

    `answerable` is whether it can be answered now, as sending `next_number`; `taken_back` is whether the
    team changes all of it anyway; `change` is there once it was answered.
    """

    ref: str
    state: CorrectionState
    question: str
    fields: list[str]
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answered_number: int | None
    counts_number: int | None
    next_number: int
    answerable: bool
    taken_back: bool
    version: int
    saved_at: datetime | None
    current: Answers
    typed: Answers
    removed: dict[str, int]
    change: CorrectionChange | None


class FullCorrectionLine(_Read):
    """One request in the coordinator's list."""

    ref: str
    code: str
    title: str
    language: str
    state: CorrectionState
    fields: list[str]
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    version: int


class FullCorrection(FullCorrectionLine):
    """One request with what was asked, and the difference once it was answered."""

    question: str
    asked_number: int
    answered_number: int | None
    change: CorrectionChange | None

    @property
    def unsettled(self) -> bool:
        """Whether an answer is still awaited or late."""
        return self.state in {CorrectionState.OPEN, CorrectionState.OVERDUE}


class FullCorrecting(_Read):
    """What can be asked of an application now, and what was asked last."""

    askable: bool
    extendable: bool
    fields: list[str]
    timezone: str
    correction: FullCorrection | None


def state_of(row: Correction, now: datetime) -> CorrectionState:
    """Where a request stands at `now`; due means strictly before."""
    if row.answered_at is not None:
        return CorrectionState.ANSWERED
    if row.closed_at is not None:
        return CorrectionState.CLOSED
    return CorrectionState.OPEN if now < row.due_at else CorrectionState.OVERDUE


def being_changed(own: Mine, now: datetime) -> bool:
    """Whether the team took it back and may still send it anew: then the whole form is open anyway."""
    draft = own.application.status is Status.DRAFT
    return draft and due_of(own.call, own.application).receives(now)


def last_correction(session: Session, application_id: int) -> Correction | None:
    """The newest request about an application."""
    return session.execute(_last(), {"application": application_id}).scalar_one_or_none()


@cache
def _last() -> Any:
    return (
        select(Correction)
        .where(col(Correction.application_id) == bindparam("application"))
        .order_by(col(Correction.id).desc())
        .limit(1)
    )


def own_correction(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnCorrection:
    """The newest request about one's own application. NotFound where none was ever made."""
    own = mine(session, applicant, ref)
    row = last_correction(session, own.key)
    if row is None:
        raise NotFound
    state = state_of(row, now)
    if state in {CorrectionState.OPEN, CorrectionState.OVERDUE} and phase(own.call, now) not in CORRECTABLE:
        state = CorrectionState.CLOSED
    counts = own.application.counts_number
    taken_back = being_changed(own, now)
    whole = whole_sending(session, own, counts) if counts is not None else {}
    typed = typed_correction(session, key_of(row.id), row.fields, whole)
    last = session.exec(select(func.max(Sending.number)).where(Sending.application_id == own.key)).one()
    return OwnCorrection(
        ref=ref,
        state=state,
        question=row.question,
        fields=row.fields,
        asked_at=row.asked_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        answered_number=row.answered_number,
        counts_number=counts,
        next_number=(last or 0) + 1,
        answerable=state is CorrectionState.OPEN and not taken_back and counts is not None,
        taken_back=taken_back,
        version=typed.version,
        saved_at=typed.saved_at,
        current=only(whole, row.fields),
        typed=typed.shown,
        removed=typed.removed,
        change=_change(session, row, section_codes(own.call), identity=True),
    )


def own_typed_at(session: Session, applicant: Applicant, ref: str, version: int) -> Answers | None:
    """What stood in the form of the newest request at an earlier version; None where that is not kept."""
    own = mine(session, applicant, ref)
    row = last_correction(session, own.key)
    if row is None or own.application.counts_number is None:
        return None
    counted = whole_sending(session, own, own.application.counts_number)
    return earlier_typed(session, key_of(row.id), version, row.fields, counted)


def whole_sending(session: Session, own: Mine, number: int) -> Answers:
    """Both halves of one's own sending."""
    return both(
        blind_answers(session, own.key, number),
        identity_answers(session, own.key, number),
        section_codes(own.call),
    )


def _change(
    session: Session, row: Correction, codes: tuple[str, ...], *, identity: bool
) -> CorrectionChange | None:
    """The named answers of both sendings; without `identity`, those that reviewers may read."""
    if row.answered_number is None:
        return None
    fields = [field for field in row.fields if identity or not names_people(field)]
    naming = identity and any(holds_names(field) for field in fields)

    def read(number: int) -> Answers:
        blind = blind_answers(session, row.application_id, number)
        named = identity_answers(session, row.application_id, number) if naming else {}
        return only(both(blind, named, codes), fields)

    return CorrectionChange(before=read(row.asked_number), after=read(row.answered_number))


def full_corrections(session: Session, coordinator: Coordinator, now: datetime) -> list[FullCorrectionLine]:
    """Every request of the call: what is awaited by its due date, then the others, the newest first."""
    rows = session.execute(_of_call(), {"call": coordinator.call_id}).all()
    return [FullCorrectionLine(**_line(row, now)) for row in rows]


def full_correcting(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> FullCorrecting:
    """Whether something can be asked of an application that counts, and the newest request about it.

    The difference is without the answers that name people. NotFound where nothing counts.
    """
    row, application, call = _newest(session, coordinator, ref)
    own = Mine(application, call, TeamRole.READER)
    correction = None
    if row is not None:
        correction = FullCorrection(
            **_line(row, now),
            question=row[0].question,
            asked_number=row[0].asked_number,
            answered_number=row[0].answered_number,
            change=_change(session, row[0], section_codes(call), identity=False),
        )
    open_now = phase(call, now) in CORRECTABLE and application.status not in OUT
    waits = correction is not None and correction.unsettled
    return FullCorrecting(
        askable=open_now and not waits and not being_changed(own, now),
        extendable=open_now and waits,
        fields=askable_fields(call),
        timezone=call.timezone,
        correction=correction,
    )


def full_correction(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> FullCorrection:
    """The newest request about an application. NotFound where there is none."""
    found = full_correcting(session, coordinator, ref, now).correction
    if found is None:
        raise NotFound
    return found


def read_change(
    session: Session, coordinator: Coordinator, ref: str, now: datetime
) -> CorrectionChange | None:
    """The whole difference, with answers that name people: this look is written down."""
    row, _, call = _newest(session, coordinator, ref)
    if row is None or row[0].answered_number is None:
        return None
    record(
        session,
        "identity.read",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
        detail={"count": 1},
    )
    return _change(session, row[0], section_codes(call), identity=True)


def _newest(session: Session, coordinator: Coordinator, ref: str) -> tuple[Any, Application, Call]:
    found = session.exec(
        select(Application, Call)
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(
            Application.call_id == coordinator.call_id,
            Application.ref == ref,
            col(Application.counts_number).is_not(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    application, call = found
    row = session.execute(_of_one(), {"application": key_of(application.id)}).first()
    return row, application, call


def count_awaited(session: Session, call_id: int, now: datetime) -> tuple[int, int]:
    """How many answers are awaited, and how many are overdue."""
    overdue, whole = session.exec(
        select(func.coalesce(func.sum(case((col(Correction.due_at) <= now, 1), else_=0)), 0), func.count())
        .select_from(Correction)
        .join(Application, col(Application.id) == col(Correction.application_id))
        .where(
            Application.call_id == call_id,
            col(Correction.answered_at).is_(None),
            col(Correction.closed_at).is_(None),
        )
    ).one()
    return whole - overdue, overdue


def _line(row: Any, now: datetime) -> dict[str, Any]:
    correction: Correction = row[0]
    return {
        "ref": row.ref,
        "code": row.code,
        "title": row.title,
        "language": row.language,
        "state": state_of(correction, now),
        "fields": correction.fields,
        "asked_at": correction.asked_at,
        "due_at": correction.due_at,
        "answered_at": correction.answered_at,
        "version": correction.version,
    }


def _rows() -> Any:
    columns: Any = (Correction, Application.ref, Application.code, Packet.title, Packet.language)
    return (
        select(*columns)
        .join(Application, col(Application.id) == col(Correction.application_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
    )


@cache
def _of_call() -> Any:
    settled = or_(col(Correction.answered_at).is_not(None), col(Correction.closed_at).is_not(None))
    return (
        _rows()
        .where(col(Application.call_id) == bindparam("call"))
        .order_by(settled, case((settled, None), else_=col(Correction.due_at)), col(Correction.id).desc())
    )


@cache
def _of_one() -> Any:
    return (
        _rows()
        .where(col(Application.id) == bindparam("application"))
        .order_by(col(Correction.id).desc())
        .limit(1)
    )
