"""Addresses that asked to be told when a call opens. They belong to no account and go after that e-mail."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.models.outbox import Mail, MailState
from app.models.people import OpeningReminder
from app.random_codes import random_token


def keep_address(
    session: Session, call_id: int, email: str, *, language: str, text_version: str, now: datetime
) -> int | None:
    """Keep an address for a call; its key, or None where it is kept already."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(OpeningReminder)
        .values(
            call_id=call_id,
            email=email,
            language=language,
            code=random_token(),
            text_version=text_version,
            agreed_at=now,
        )
        .on_conflict_do_nothing(index_elements=["call_id", "email"])
        .returning(col(OpeningReminder.id))
    )
    return session.execute(statement).scalar_one_or_none()


def stop_code(session: Session, reminder_id: int | None) -> str | None:
    """The code that stops this reminder; None once it is gone."""
    return session.exec(
        select(col(OpeningReminder.code)).where(col(OpeningReminder.id) == reminder_id)
    ).one_or_none()


def remove_address(session: Session, call_id: int, code: str) -> None:
    """Forget an address by its code, with the e-mail that waits for it."""
    found = session.exec(
        select(col(OpeningReminder.id)).where(
            col(OpeningReminder.call_id) == call_id, col(OpeningReminder.code) == code
        )
    ).one_or_none()
    if found is not None:
        _remove(session, [found])


def forget_reminded(session: Session) -> None:
    """Forget every address for which no e-mail waits any more: it has left, or there will be none."""
    waiting = select(col(Mail.reminder_id)).where(
        col(Mail.reminder_id).is_not(None), col(Mail.state) == MailState.QUEUED
    )
    done = session.exec(select(col(OpeningReminder.id)).where(col(OpeningReminder.id).not_in(waiting))).all()
    _remove(session, [each for each in done if each is not None])


def _remove(session: Session, keys: list[int]) -> None:
    session.execute(delete(Mail).where(col(Mail.reminder_id).in_(keys)))
    session.execute(delete(OpeningReminder).where(col(OpeningReminder.id).in_(keys)))
