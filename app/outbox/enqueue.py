"""Putting a mail into the outbox, in the transaction that causes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.models.outbox import Mail, MailState


def enqueue(
    session: Session,
    template: str,
    *,
    dedupe_key: str,
    now: datetime,
    person_id: int | None = None,
    sign_in_id: int | None = None,
    params: Mapping[str, object] | None = None,
    not_before: datetime | None = None,
) -> None:
    """Queue one mail for one recipient; queueing the same `dedupe_key` again does nothing.

    `params` are codes and numbers that find what to render; the words are made when it is sent.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Mail)
        .values(
            dedupe_key=dedupe_key,
            person_id=person_id,
            sign_in_id=sign_in_id,
            template=template,
            params=dict(params or {}),
            state=MailState.QUEUED,
            attempts=0,
            error="",
            queued_at=now,
            not_before=not_before or now,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
    )


def enqueue_all(
    session: Session, template: str, mails: Sequence[tuple[str, int, Mapping[str, object]]], now: datetime
) -> None:
    """Queue many mails of one kind in one statement: (dedupe key, person, params) each."""
    if not mails:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Mail).on_conflict_do_nothing(index_elements=["dedupe_key"]),
        [
            {
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
            for dedupe_key, person_id, params in mails
        ],
    )
