"""A coordinator asks for a correction, gives more time, or closes the request."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.correction_refusals import (
    CorrectionOpen,
    CorrectionTakenBack,
    CorrectionTooLate,
    NothingAsked,
)
from app.applications.corrections import CORRECTABLE, being_changed, last_correction
from app.applications.members import Mine
from app.applications.notices import tell_team
from app.applications.sent_answers import askable_fields
from app.applications.status import OUT
from app.asking import Ask
from app.audit.record import record
from app.calls.inputs import EARLIEST, LATEST
from app.calls.phase import phase
from app.calls.working_days import end_of_day, working_days_after
from app.errors import Invalid, NotFound, Problem, Stale
from app.models.applications import Application, History, TeamRole
from app.models.calls import Call
from app.models.corrections import Correction

DAYS = 5
"""Working days that an applicant gets unless the coordinator says otherwise."""
LONGEST = timedelta(days=60)
BEFORE = timedelta(days=1)
"""How long before its end an applicant is reminded."""
MOVE = "ask_correction"

Question = Annotated[str, Field(min_length=10, max_length=2000)]


def _in_our_time(value: date) -> date:
    if not EARLIEST.date() <= value <= LATEST.date():
        raise PydanticCustomError("date.out_of_range", "not in our time")
    return value


Day = Annotated[date, AfterValidator(_in_our_time)]


class CorrectionInput(BaseModel):
    """What is to be corrected, why, and until when: five working days unless a date is given."""

    fields: Annotated[list[str], Field(min_length=1, max_length=60), Ask("checkboxes")]
    question: Annotated[Question, Ask("textarea", cap=2000)]
    due_on: Annotated[Day | None, Ask("date", optional=True, width="short")] = None


class DueInput(BaseModel):
    """A later date."""

    due_on: Annotated[Day, Ask("date", width="short")]


def default_due(now: datetime, zone: ZoneInfo) -> date:
    """The date until which an answer is asked, counted in working days from the reader's today."""
    return working_days_after(now.astimezone(zone).date(), DAYS)


def ask_correction(
    session: Session, coordinator: Coordinator, ref: str, given: CorrectionInput, now: datetime
) -> None:
    """Ask one applicant to correct named answers; the whole team is told.

    CorrectionTooLate once reviewing is open or where nothing counts; CorrectionTakenBack while the team
    changes it anyway; CorrectionOpen while another request waits.
    """
    own = _held(session, coordinator, ref)
    if (
        phase(own.call, now) not in CORRECTABLE
        or own.application.counts_number is None
        or own.application.status in OUT
    ):
        raise CorrectionTooLate
    if being_changed(own, now):
        raise CorrectionTakenBack
    if _open(session, own) is not None:
        raise CorrectionOpen
    zone = ZoneInfo(own.call.timezone)
    due_at = end_of_day(given.due_on or default_due(now, zone), zone)
    _check(own, given, due_at, now)
    row = Correction(
        application_id=own.key,
        question=given.question.strip(),
        fields=[each for each in askable_fields(own.call) if each in given.fields],
        asked_number=own.application.counts_number,
        asked_at=now,
        asked_by=coordinator.person_id,
        due_at=due_at,
    )
    session.add(row)
    session.add(History(application_id=own.key, move=MOVE, at=now, by=coordinator.person_id))
    session.flush()
    _log(session, coordinator, ref, "ask", now, fields=row.fields)
    _tell(session, own, row, now)


def extend_correction(
    session: Session, coordinator: Coordinator, ref: str, given: DueInput, version: int, now: datetime
) -> None:
    """Give more time, before the due date or after it; the team is told."""
    own = _held(session, coordinator, ref)
    row = _unsettled(session, own, version, now)
    due_at = end_of_day(given.due_on, ZoneInfo(own.call.timezone))
    if due_at <= max(now, row.due_at):
        raise Invalid({"due_on": "correction.not_later"})
    if due_at > now + LONGEST:
        raise Invalid({"due_on": "correction.too_far"})
    row.due_at = due_at
    row.version += 1
    session.add(row)
    session.flush()
    _log(session, coordinator, ref, "extend", now, due_at=due_at.isoformat())
    _tell(session, own, row, now)


def close_correction(
    session: Session, coordinator: Coordinator, ref: str, version: int, now: datetime
) -> None:
    """Close a request without an answer: what was sent stays as it is. The team is told."""
    own = _held(session, coordinator, ref)
    row = _unsettled(session, own, version, now)
    row.closed_at = now
    row.version += 1
    session.add(row)
    session.flush()
    _log(session, coordinator, ref, "close", now)
    tell_team(session, "correction_closed", own.key, ref, dedupe=f"correction-closed-{row.id}", now=now)


def _held(session: Session, coordinator: Coordinator, ref: str) -> Mine:
    """The application and its call, both held: nobody answers, and reviewing does not open, meanwhile."""
    call = session.exec(
        select(Call)
        .where(Call.id == coordinator.call_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()
    application = session.exec(
        select(Application)
        .where(
            Application.call_id == coordinator.call_id,
            Application.ref == ref,
            col(Application.counts_number).is_not(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application is None:
        raise NotFound
    return Mine(application, call, TeamRole.READER)


def _open(session: Session, own: Mine) -> Correction | None:
    row = last_correction(session, own.key)
    return row if row is not None and row.answered_at is None and row.closed_at is None else None


def _unsettled(session: Session, own: Mine, version: int, now: datetime) -> Correction:
    row = _open(session, own)
    if row is None or phase(own.call, now) not in CORRECTABLE:
        raise NothingAsked
    if row.version != version:
        raise Stale(version=row.version)
    return row


def _check(own: Mine, given: CorrectionInput, due_at: datetime, now: datetime) -> None:
    wrong: dict[str, str | Problem] = {}
    if set(given.fields) - set(askable_fields(own.call)):
        wrong["fields"] = "choice.unknown"
    if len(given.question.strip()) < 10:
        wrong["question"] = ("string_too_short", {"min_length": 10})
    if due_at <= now:
        wrong["due_on"] = "correction.in_the_past"
    elif due_at > now + LONGEST:
        wrong["due_on"] = "correction.too_far"
    if wrong:
        raise Invalid(wrong)


def _tell(session: Session, own: Mine, row: Correction, now: datetime) -> None:
    """The request, or its new date, at once; a reminder one day before its end where that is to come."""
    ref, due = own.application.ref, f"{row.due_at:%Y%m%d%H}"
    tell_team(session, "correction_asked", own.key, ref, dedupe=f"correction-{row.id}-{due}", now=now)
    remind_at = row.due_at - BEFORE
    if remind_at > now:
        tell_team(
            session,
            "correction_soon",
            own.key,
            ref,
            dedupe=f"correction-soon-{row.id}-{due}",
            now=now,
            not_before=remind_at,
            due=row.due_at.isoformat(),
        )


def _log(
    session: Session, coordinator: Coordinator, ref: str, act: str, now: datetime, **detail: object
) -> None:
    record(
        session,
        f"correction.{act}",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
        detail=detail,
    )
