"""What is told to everybody beside the results: corrections of them, and webhooks."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, json, one_of, word


class CorrectedPart(StrEnum):
    """What a correction is about: a winner, or a figure of the call."""

    WINNER = "winner"
    RECEIVED = "received"
    ELIGIBLE = "eligible"
    SCORED = "scored"
    FINALISTS = "finalists"
    AWARDED = "awarded"
    MONEY = "money"
    REVIEWS = "reviews"
    TIES = "ties"
    BROKEN_TIES = "broken_ties"
    AVERAGES = "averages"
    DATES = "dates"


class CorrectionNotice(SQLModel, table=True):
    """A dated correction of something that was published. What was published stays as it was beside it.

    `result_id` is the winner that it is about, NULL for a figure. Triggers refuse any change: what was wrong
    in a correction is said in another one.
    """

    __tablename__ = "correction_notice"
    __table_args__ = (
        one_of("part", CorrectedPart),
        CheckConstraint("(part = 'winner') = (result_id IS NOT NULL)", name="about_a_winner"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    call_id: int = Field(foreign_key="call.id", index=True)
    part: CorrectedPart = word(CorrectedPart)
    result_id: int | None = Field(default=None, foreign_key="published_result.id")
    words: Texts = json()
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime


class HookEvent(StrEnum):
    """What a webhook tells of; TEST is sent when somebody presses for it."""

    OPENED = "opened"
    CLOSED = "closed"
    PUBLISHED = "published"
    TEST = "test"


class Webhook(SQLModel, table=True):
    """An address that is told what becomes of a call. Its secret is not kept: it follows from our own key,
    `code` and `nonce`."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    call_id: int = Field(foreign_key="call.id", index=True)
    url: str = Field(max_length=500)
    events: list[Any] = json()
    nonce: str = Field(max_length=64)
    version: int = 1
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime
    ended_at: datetime | None = None


class DeliveryState(StrEnum):
    """QUEUED ones are claimed with a lease; FAILED ones have used up their attempts."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(SQLModel, table=True):
    """One message to one address. `body` is sent as it stands, each time the same; of the answer nothing is
    kept but its `status`, or the code of what went wrong."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        one_of("event", HookEvent),
        one_of("state", DeliveryState),
        Index(
            "uq_webhook_delivery_event",
            "webhook_id",
            "event",
            unique=True,
            sqlite_where=text("event <> 'test'"),
            postgresql_where=text("event <> 'test'"),
        ),
        Index("ix_webhook_delivery_due", "state", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    webhook_id: int = Field(foreign_key="webhook.id")
    event: HookEvent = word(HookEvent)
    body: str
    state: DeliveryState = word(DeliveryState, default=DeliveryState.QUEUED)
    attempts: int = 0
    queued_at: datetime
    not_before: datetime
    claimed_until: datetime | None = None
    answered_at: datetime | None = None
    status: int | None = None
    problem: str = Field(default="", max_length=40)
