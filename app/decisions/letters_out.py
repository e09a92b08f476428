"""The letters of a published call: held for a while, stopped, sent at once, and what became of each.

A letter is a row of the outbox. Who gets it and what it says is looked up when it leaves, of what is public.
"""

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import String, cast, func, literal, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.audit.record import record
from app.decisions.held import held_call
from app.decisions.publication import done_publication
from app.decisions.refusals import LettersGone
from app.models.applications import Application, Packet, Sending, Status
from app.models.outbox import Mail, MailState
from app.models.people import Applicant
from app.wall import whole_call

STOPPED = "stopped by a coordinator"
CHANGED = "the decision has changed"
PER_PAGE = 100
_KEY = literal("result-") + col(Application.ref) + literal("-") + cast(col(Applicant.person_id), String)
"""By which the letter of one person about one application is found: `announce` queues it under this."""


class LetterLine(BaseModel):
    """The letter of one person about one application. `at` is when it was sent, or is to leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    title: str
    status: Status
    state: MailState
    at: datetime
    why: str


class Letters(BaseModel):
    """How the letters of a call stand. `leave_at` is when the first of those that wait may leave.

    `held` still wait for that, `stopped` do not leave at all, `lacking` wait for a line of feedback.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    waiting: int
    held: int
    lacking: int
    stopped: int
    sent: int
    failed: int
    withdrawn: int
    leave_at: datetime | None
    total: int
    lines: list[LetterLine]


def _of_call(call_id: int, *columns: Any) -> Any:
    return (
        select(*columns)
        .join_from(Applicant, Application, col(Application.id) == Applicant.application_id)
        .join(Mail, col(Mail.dedupe_key) == _KEY)
        .where(col(Application.call_id) == call_id)
    )


def letters(session: Session, coordinator: Coordinator, now: datetime, offset: int = 0) -> Letters:
    """What became of every letter, by reference."""
    rows = session.execute(
        _of_call(
            coordinator.call_id,
            col(Mail.state),
            col(Mail.error),
            func.count(),
            func.min(col(Mail.not_before)),
        ).group_by(col(Mail.state), col(Mail.error))
    ).all()
    queued = [row for row in rows if row[0] == MailState.QUEUED]
    lines = session.execute(
        _of_call(
            coordinator.call_id,
            col(Application.ref),
            col(Packet.title),
            col(Application.status),
            col(Mail.state),
            func.coalesce(col(Mail.sent_at), col(Mail.not_before)).label("at"),
            col(Mail.error),
        )
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .order_by(col(Application.ref), col(Mail.id))
        .limit(PER_PAGE)
        .offset(offset)
    ).all()

    def count(state: MailState, *errors: str) -> int:
        return sum(row[2] for row in rows if row[0] == state and (not errors or row[1] in errors))

    every = count(MailState.CANCELLED)
    stopped = count(MailState.CANCELLED, STOPPED)
    return Letters(
        waiting=sum(row[2] for row in queued),
        held=sum(row[2] for row in queued if row[3] > now and not row[1]),
        lacking=sum(row[2] for row in queued if row[1]),
        stopped=stopped,
        sent=count(MailState.SENT),
        failed=count(MailState.FAILED),
        withdrawn=every - stopped,
        leave_at=min((row[3] for row in queued if not row[1]), default=None),
        total=sum(row[2] for row in rows),
        lines=[
            LetterLine(
                ref=row.ref, title=row.title, status=row.status, state=row.state, at=row.at, why=row.error
            )
            for row in lines
        ],
    )


class Kept(NamedTuple):
    """How many letters wait until they may leave, and how many a coordinator has stopped."""

    held: int
    stopped: int


def count_kept(session: Session, coordinator: Coordinator, now: datetime) -> Kept:
    """Counted only while there can be any: long after a publication one row is asked for."""
    done = done_publication(session, coordinator)
    if done is None or (done.stopped_at is None and (done.letters_from or now) <= now):
        return Kept(0, 0)
    held = (col(Mail.state) == MailState.QUEUED) & (col(Mail.not_before) > now) & (col(Mail.error) == "")
    stopped = (col(Mail.state) == MailState.CANCELLED) & (col(Mail.error) == STOPPED)
    counts = (func.count().filter(held), func.count().filter(stopped))
    return Kept(*session.execute(_of_call(coordinator.call_id, *counts)).one())


@whole_call
def stop_letters(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """Keep back every letter that has not left; how many those were. They can be sent later."""
    held_call(session, coordinator)
    count = _change(
        session, coordinator, [col(Mail.state) == MailState.QUEUED], state=MailState.CANCELLED, error=STOPPED
    )
    if not count:
        raise LettersGone
    _note(session, coordinator, "letters.stop", count, now, stopped=now)
    return count


@whole_call
def send_letters_now(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """Let those that wait or were stopped leave at once; how many those are."""
    held_call(session, coordinator)
    waiting = (col(Mail.state) == MailState.QUEUED) | (
        (col(Mail.state) == MailState.CANCELLED) & (col(Mail.error) == STOPPED)
    )
    count = _change(session, coordinator, [waiting], state=MailState.QUEUED, not_before=now, error="")
    if not count:
        raise LettersGone
    _note(session, coordinator, "letters.send_now", count, now, stopped=None)
    return count


def withdraw_letter(session: Session, application_id: int) -> None:
    """Whose decision has changed gets no letter of before: the one that says so comes in its place."""
    keys = select(_KEY).join_from(Applicant, Application, col(Application.id) == Applicant.application_id)
    session.execute(
        update(Mail)
        .where(
            col(Mail.state) == MailState.QUEUED,
            col(Mail.dedupe_key).in_(keys.where(col(Application.id) == application_id)),
        )
        .values(state=MailState.CANCELLED, error=CHANGED)
        .execution_options(synchronize_session=False)
    )


def _change(session: Session, coordinator: Coordinator, which: list[Any], **values: object) -> int:
    keys = (
        select(_KEY)
        .join_from(Applicant, Application, col(Application.id) == Applicant.application_id)
        .where(col(Application.call_id) == coordinator.call_id)
    )
    done: Any = session.execute(
        update(Mail)
        .where(col(Mail.dedupe_key).in_(keys), *which)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


def _note(
    session: Session,
    coordinator: Coordinator,
    action: str,
    count: int,
    now: datetime,
    *,
    stopped: datetime | None,
) -> None:
    row = done_publication(session, coordinator)
    if row is not None:
        row.stopped_at = stopped
        session.add(row)
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        detail={"count": count},
    )  # fmt: skip
