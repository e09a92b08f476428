"""Putting a mail into the outbox, in the transaction that causes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.models.outbox import Mail, MailState


@dataclass(frozen=True, slots=True)
class Queued:
    """One of many mails, to one of these. `params` are codes and numbers that find what to render."""

    template: str
    dedupe_key: str
    person_id: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    attendee_id: int | None = None
    juror_id: int | None = None


def enqueue(
    session: Session,
    template: str,
    *,
    dedupe_key: str,
    now: datetime,
    person_id: int | None = None,
    sign_in_id: int | None = None,
    reminder_id: int | None = None,
    invitation_id: int | None = None,
    seat_id: int | None = None,
    attendee_id: int | None = None,
    juror_id: int | None = None,
    params: Mapping[str, object] | None = None,
    not_before: datetime | None = None,
) -> None:
    """Queue one mail for one recipient; queueing the same `dedupe_key` again does nothing.

    `params` are codes and numbers that find what to render; the words are made when it is sent.
    """
    row = _row(template, dedupe_key, person_id, params or {}, now)
    row |= {"sign_in_id": sign_in_id, "reminder_id": reminder_id, "invitation_id": invitation_id}
    row |= {"seat_id": seat_id, "attendee_id": attendee_id, "juror_id": juror_id}
    row["not_before"] = not_before or now
    session.execute(_insert(session.get_bind().dialect.name), row)


def enqueue_all(session: Session, mails: Iterable[Queued], now: datetime) -> None:
    """Queue many mails in one statement; those that were queued before are left as they are."""
    rows = [
        _row(each.template, each.dedupe_key, each.person_id, each.params, now)
        | {"attendee_id": each.attendee_id, "juror_id": each.juror_id}
        for each in mails
    ]
    if rows:
        session.execute(_insert(session.get_bind().dialect.name), rows)


@cache
def _insert(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(Mail).on_conflict_do_nothing(index_elements=["dedupe_key"])


def _row(
    template: str, dedupe_key: str, person_id: int | None, params: Mapping[str, object], now: datetime
) -> dict[str, Any]:
    return {
        "dedupe_key": dedupe_key,
        "person_id": person_id,
        "template": template,
        "params": dict(params),
        "state": MailState.QUEUED,
        "attempts": 0,
        "error": "",
        "queued_at": now,
        "not_before": now,
    }
