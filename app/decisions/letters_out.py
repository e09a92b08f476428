"""The letters of a published call: held for a while, stopped, sent at once, and what became of each.

A letter is a row of the outbox. Who gets it and what it says is looked up when it leaves, of what is public.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import String, case, cast, exists, func, literal, select, union_all, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.notices import tell_team
from app.audit.record import record
from app.decisions.held import held_call
from app.decisions.publication import done_publication, publication_of
from app.decisions.refusals import LettersGone
from app.models.applications import Application, Packet, Sending
from app.models.decisions import PublishedResult, ReserveEntry
from app.models.keys import key_of
from app.models.outbox import Mail, MailState
from app.models.people import Applicant
from app.wall import whole_call

STOPPED = "stopped by a coordinator"
CHANGED = "the decision has changed"
PER_PAGE = 100
_OF_THE_RESULT = "result"
_OF_A_CHANGE = {"award_promoted": "award-promoted", "award_returned": "award-returned"}
"""Letters of what happened after publication, and how their keys begin."""


def _key(start: str) -> Any:
    """By which the letter of one person about one application is found: it is queued under this."""
    return literal(f"{start}-") + col(Application.ref) + literal("-") + cast(col(Applicant.person_id), String)


_KEY = _key(_OF_THE_RESULT)
_KEYS = (_KEY, *map(_key, _OF_A_CHANGE.values()))


class Saying(StrEnum):
    """What a letter says: as it was decided then, whatever has changed since."""

    AWARDED = "awarded"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    PROMOTED = "promoted"
    RETURNED = "returned"


class LetterLine(BaseModel):
    """The letter of one person about one application. `at` is when it was sent, or is to leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    title: str
    says: Saying
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


_SAYS: Any = case(
    (col(Mail.template) == "award_promoted", Saying.PROMOTED.value),
    (col(Mail.template) == "award_returned", Saying.RETURNED.value),
    (
        exists().where(
            col(PublishedResult.application_id) == col(Application.id), ~col(PublishedResult.promoted)
        ),
        Saying.AWARDED.value,
    ),
    (exists().where(col(ReserveEntry.application_id) == col(Application.id)), Saying.RESERVE.value),
    else_=Saying.NOT_SELECTED.value,
)


def _of_call(call_id: int, *columns: Any) -> Any:
    return (
        select(*columns)
        .join_from(Applicant, Application, col(Application.id) == Applicant.application_id)
        .join(Mail, col(Mail.dedupe_key).in_(_KEYS))
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
            _SAYS.label("says"),
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
                ref=row.ref, title=row.title, says=Saying(row.says), state=row.state, at=row.at, why=row.error
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
    count = _change(session, coordinator, [_NOT_LEFT], state=MailState.QUEUED, not_before=now, error="")
    if not count:
        raise LettersGone
    _note(session, coordinator, "letters.send_now", count, now, stopped=None)
    return count


def tell_change(session: Session, call_id: int, row: Application, template: str, now: datetime) -> None:
    """What has changed after publication: the letter of before does not leave, another comes in its place.

    It waits and stops with all the others: nobody who keeps the letters back is overtaken by a later one.
    """
    session.execute(
        update(Mail)
        .where(_NOT_LEFT, col(Mail.dedupe_key).in_(_keys(col(Application.id) == row.id, _KEYS)))
        .values(state=MailState.CANCELLED, error=CHANGED)
        .execution_options(synchronize_session=False)
    )
    done = publication_of(session, call_id)
    leave_at = max(now, done.letters_from) if done is not None and done.letters_from else now
    start = _OF_A_CHANGE[template]
    tell_team(
        session, template, key_of(row.id), row.ref, dedupe=f"{start}-{row.ref}", now=now, not_before=leave_at
    )
    if done is not None and done.stopped_at is not None:
        session.execute(
            update(Mail)
            .where(
                col(Mail.state) == MailState.QUEUED,
                col(Mail.dedupe_key).in_(_keys(col(Application.id) == row.id, [_key(start)])),
            )
            .values(state=MailState.CANCELLED, error=STOPPED)
            .execution_options(synchronize_session=False)
        )


_NOT_LEFT = (col(Mail.state) == MailState.QUEUED) | (
    (col(Mail.state) == MailState.CANCELLED) & (col(Mail.error) == STOPPED)
)
"""Letters that wait, or were stopped and can still be sent."""


def _keys(which: Any, keys: Sequence[Any]) -> Any:
    """The keys of the letters about these applications."""
    return union_all(
        *(
            select(key)
            .join_from(Applicant, Application, col(Application.id) == Applicant.application_id)
            .where(which)
            for key in keys
        )
    )


def _change(session: Session, coordinator: Coordinator, which: list[Any], **values: object) -> int:
    keys = _keys(col(Application.call_id) == coordinator.call_id, _KEYS)
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
