"""Writing to those who have a draft: that it is kept, and that its deadline comes near.

Planned by the job worker again and again; each mail has one key, so that it is queued once, however often
and by however many workers it is planned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from app.applications.due import due_of
from app.applications.members import WRITERS
from app.models.applications import Application, Draft, Status, TeamRole
from app.models.calls import Call
from app.models.outbox import Mail
from app.models.people import Applicant as ApplicantRow
from app.models.people import IdentityDraft, Person
from app.outbox.enqueue import Queued, enqueue_all


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail `before` the deadline; where no worker ran then, it may still leave `within` that time."""

    code: str
    before: timedelta
    within: timedelta


REMINDERS = (
    Reminder("14d", timedelta(days=14), timedelta(days=2)),
    Reminder("7d", timedelta(days=7), timedelta(days=2)),
    Reminder("2d", timedelta(days=2), timedelta(hours=12)),
    Reminder("6h", timedelta(hours=6), timedelta(hours=3)),
)


def waiting_mails(session: Session, now: datetime) -> list[Queued]:
    """All mails to writers of drafts that are due and not queued yet. Reads only: two statements."""
    due = [mail for row in session.exec(_drafts()) for mail in _mails(row, now)]
    if not due:
        return []
    queued = set(session.exec(_queued()))
    return [mail for mail in due if mail.dedupe_key not in queued]


def queue_mails(session: Session, mails: list[Queued], now: datetime) -> None:
    """Queue what waits, in one statement."""
    enqueue_all(session, mails, now)


def _drafts() -> Any:
    """Drafts with a saved answer in calls that receive, one row for each person who may write in them.

    What is written in a draft for the first time makes its section's second version.
    """
    answered = [
        exists().where(col(table.application_id) == col(Application.id), col(table.version) > 1)
        for table in (Draft, IdentityDraft)
    ]
    columns: Any = (
        Application.ref,
        Application.created_at,
        Application.extended_to,
        Application.counts_number,
        Call.closes_at,
        Call.grace_minutes,
        Call.reviewing_opened_at,
        Call.cancelled_at,
        ApplicantRow.person_id,
        ApplicantRow.role,
        ApplicantRow.reminders_stopped_at,
        col(Person.reminders_stopped_at).label("all_stopped_at"),
    )
    return (
        select(*columns)
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .where(
            Application.status == Status.DRAFT,
            col(ApplicantRow.role).in_(WRITERS),
            col(Call.opened_at).is_not(None),
            col(Call.cancelled_at).is_(None),
            col(Call.reviewing_opened_at).is_(None),
            or_(*answered),
        )
    )


def _queued() -> Any:
    return select(Mail.dedupe_key).where(col(Mail.template).in_(["draft_saved", "draft_reminder"]))


def _mails(row: Any, now: datetime) -> Iterator[Queued]:
    due = due_of(row, row)
    if not due.waits(now) or due.closes_at is None:
        return
    if row.counts_number is None and row.role == TeamRole.OWNER:
        yield Queued("draft_saved", f"draft-saved-{row.ref}", row.person_id, {"ref": row.ref})
    if row.reminders_stopped_at is not None or row.all_stopped_at is not None:
        return
    for reminder in REMINDERS:
        at = due.closes_at - reminder.before
        if row.created_at <= at <= now < at + reminder.within:
            to = due.closes_at.isoformat()
            yield Queued(
                "draft_reminder",
                f"reminder-{row.ref}-{row.person_id}-{reminder.code}-{to}",
                row.person_id,
                {"ref": row.ref, "due_at": to},
            )
