"""Mails as they were sent to an account: kept when they leave, read by nobody but their reader."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, SignedIn
from app.errors import NotFound
from app.models.people import Message
from app.random_codes import random_code


class OwnMessageLine(BaseModel):
    """One mail in the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    language: str
    subject: str
    sent_at: datetime


class OwnMessage(OwnMessageLine):
    """One mail with its text."""

    body: str


def keep_message(
    session: Session, person_id: int, *, ref: str, language: str, subject: str, body: str, now: datetime
) -> None:
    """Keep a mail that has left."""
    session.add(
        Message(
            code=random_code(),
            person_id=person_id,
            ref=ref,
            language=language,
            subject=subject,
            body=body,
            sent_at=now,
        )
    )


def own_messages(
    session: Session, who: SignedIn | Applicant, *, limit: int, offset: int
) -> tuple[list[OwnMessageLine], int]:
    """One page of the mails to oneself, the newest first, and how many there are in all."""
    total = session.exec(select(func.count()).where(Message.person_id == who.person_id)).one()
    columns: Any = (Message.code, Message.language, Message.subject, Message.sent_at)
    rows = session.exec(
        select(*columns)
        .where(Message.person_id == who.person_id)
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [OwnMessageLine.model_validate(dict(row._mapping)) for row in rows], total


def own_message(session: Session, who: SignedIn | Applicant, code: str) -> OwnMessage:
    """One mail to oneself. NotFound for anybody else."""
    columns: Any = (Message.code, Message.language, Message.subject, Message.sent_at, Message.body)
    row = session.exec(
        select(*columns).where(Message.person_id == who.person_id, Message.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound
    return OwnMessage.model_validate(dict(row._mapping))
