"""Mail kept here instead of being sent, where no SMTP server is configured."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.models.people import DevelopmentMail

NEWEST = 50


class KeptMail(BaseModel):
    """One mail that would have left."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    recipient: str
    subject: str
    body: str
    sent_at: datetime


def keep_mail(session: Session, *, recipient: str, subject: str, body: str, now: datetime) -> None:
    """Keep one mail for the development mailbox."""
    session.add(DevelopmentMail(recipient=recipient, subject=subject, body=body, sent_at=now))


def newest_mail(session: Session, recipient: str = "") -> list[KeptMail]:
    """The newest mails, to everybody or to one address."""
    if "\x00" in recipient:
        return []  # nobody has such an address, and PostgreSQL has no text with a NUL to compare
    statement = select(
        col(DevelopmentMail.recipient),
        col(DevelopmentMail.subject),
        col(DevelopmentMail.body),
        col(DevelopmentMail.sent_at),
    ).order_by(col(DevelopmentMail.id).desc())
    if recipient:
        statement = statement.where(col(DevelopmentMail.recipient) == recipient.strip().lower())
    return [
        KeptMail(recipient=to, subject=subject, body=body, sent_at=sent_at)
        for to, subject, body, sent_at in session.exec(statement.limit(NEWEST))
    ]
