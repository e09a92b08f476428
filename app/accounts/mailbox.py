"""Mail kept here instead of being sent, where no SMTP server is configured."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.keys import key_of
from app.models.people import DevelopmentAttachment, DevelopmentMail
from app.random_codes import random_code

NEWEST = 50


class KeptAttachment(BaseModel):
    """A file that came with a mail."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: str


class KeptMail(BaseModel):
    """One mail that would have left."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    recipient: str
    subject: str
    body: str
    sent_at: datetime
    attachments: list[KeptAttachment] = []


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was attached."""

    name: str
    media_type: str
    content: bytes


def keep_mail(
    session: Session, *, recipient: str, subject: str, body: str, now: datetime, files: Iterable[File] = ()
) -> None:
    """Keep one mail for the development mailbox, with what is attached to it."""
    mail = DevelopmentMail(recipient=recipient, subject=subject, body=body, sent_at=now)
    session.add(mail)
    session.flush()
    key = key_of(mail.id)
    for file in files:
        session.add(
            DevelopmentAttachment(
                mail_id=key,
                code=random_code(),
                name=file.name,
                media_type=file.media_type,
                content=file.content,
            )
        )


def newest_mail(session: Session, recipient: str = "") -> list[KeptMail]:
    """The newest mails, to everybody or to one address."""
    if "\x00" in recipient:
        return []  # nobody has such an address, and PostgreSQL has no text with a NUL to compare
    statement = select(DevelopmentMail).order_by(col(DevelopmentMail.id).desc())
    if recipient:
        statement = statement.where(col(DevelopmentMail.recipient) == recipient.strip().lower())
    rows = session.exec(statement.limit(NEWEST)).all()
    attached = _attached(session, [row.id for row in rows])
    return [KeptMail(**row.model_dump(exclude={"id"}), attachments=attached[row.id]) for row in rows]


def _attached(session: Session, mails: list[int | None]) -> dict[int | None, list[KeptAttachment]]:
    """Without their content, which only who opens one needs."""
    columns: Any = (
        col(DevelopmentAttachment.mail_id),
        col(DevelopmentAttachment.code),
        col(DevelopmentAttachment.name),
    )
    found: dict[int | None, list[KeptAttachment]] = defaultdict(list)
    statement = select(*columns).where(col(DevelopmentAttachment.mail_id).in_(mails))
    for mail, code, name in session.exec(statement.order_by(col(DevelopmentAttachment.id))):
        found[mail].append(KeptAttachment(code=code, name=name))
    return found


def attached_file(session: Session, code: str) -> File:
    """One attachment with its content. NotFound for a code that is none."""
    if "\x00" in code:
        raise NotFound
    row = session.exec(
        select(DevelopmentAttachment).where(col(DevelopmentAttachment.code) == code)
    ).one_or_none()
    if row is None:
        raise NotFound
    return File(row.name, row.media_type, row.content)
