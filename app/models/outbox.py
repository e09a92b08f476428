"""Mail that is to leave, written in the transaction that causes it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import json, one_of, word


class MailState(StrEnum):
    """QUEUED mails are claimed with a lease; FAILED ones have used up their attempts."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


FAILED = text("state = 'failed'")


class Mail(SQLModel, table=True):
    """One message to one recipient; rendered when it is sent, with what the recipient may then see.

    One of `person_id`, `sign_in_id`, `reminder_id`, `invitation_id`, `seat_id` (an invited reviewer),
    `attendee_id` (of an event's audience) and `juror_id` names the recipient. `dedupe_key` makes queueing
    repeatable.
    """

    __table_args__ = (
        one_of("state", MailState),
        Index("ix_mail_state_due", "state", "not_before"),
        Index("ix_mail_failed", "id", sqlite_where=FAILED, postgresql_where=FAILED),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedupe_key: str = Field(unique=True, max_length=120)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    sign_in_id: int | None = Field(default=None, foreign_key="sign_in.id")
    reminder_id: int | None = Field(default=None, foreign_key="opening_reminder.id", index=True)
    invitation_id: int | None = Field(default=None, foreign_key="invitation.id", index=True)
    seat_id: int | None = Field(default=None, foreign_key="reviewer_invitation.id", index=True)
    attendee_id: int | None = Field(default=None, foreign_key="attendee.id", index=True)
    juror_id: int | None = Field(default=None, foreign_key="juror.id", index=True)
    template: str = Field(max_length=60)
    params: dict[str, Any] = json()
    state: MailState = word(MailState, default=MailState.QUEUED)
    attempts: int = 0
    queued_at: datetime
    not_before: datetime
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""
