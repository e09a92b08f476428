"""Who scores what, and the scores."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import json, one_of, word


class Tie(StrEnum):
    """A reviewer's answer to the conflict question; NULL in the table means not asked yet."""

    NONE = "none"
    MAY_RECOGNISE = "may_recognise"
    TIE = "tie"


class TieGround(StrEnum):
    """From what a tie of somebody on the panel with an application is known, or suspected."""

    DECLARED = "declared"
    PINNED = "pinned"
    ORGANISATION = "organisation"
    DOMAIN = "domain"
    NAME = "name"


TIED = text("tie = 'tie' AND withdrawn_at IS NULL")
"""Assignments that ended by a tie: few, and looked for by their call."""


class Assignment(SQLModel, table=True):
    """One application to be scored by one reviewer, for that reviewer's organisation.

    `queue_key` is HMAC(reviewer, packet code): the reviewer's own stable random order. `set_aside_at`: the
    reviewer put it aside for later, which moves it behind all others and changes nothing else.
    `read_version`: the version of the text that the reviewer has read; NULL where nothing of it was.
    """

    __table_args__ = (
        UniqueConstraint("application_id", "member_id"),
        one_of("tie", Tie),
        Index("ix_assignment_queue", "member_id", "queue_key"),
        Index("ix_assignment_tied", "call_id", sqlite_where=TIED, postgresql_where=TIED),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    application_id: int = Field(foreign_key="application.id")
    member_id: int = Field(foreign_key="panel_member.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    queue_key: str = Field(max_length=64)
    created_at: datetime
    tie: Tie | None = word(Tie, default=None, nullable=True)
    tie_note: str = ""
    tie_at: datetime | None = None
    withdrawn_at: datetime | None = None
    set_aside_at: datetime | None = None
    read_version: int | None = None


class ReviewState(StrEnum):
    """A draft counts for nothing; a sent review counts, and may change until reviewing closes."""

    DRAFT = "draft"
    SENT = "sent"


class Confidence(StrEnum):
    """How sure a reviewer is of a verdict; NULL in the table means not said. It weighs nothing."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Review(SQLModel, table=True):
    """One reviewer's verdict on one application.

    Three readers, three columns: `convinced` and `stronger` are the applicant's, `panel_note` the panel's,
    `private_note` the coordinator's alone. `returned_at` and `returned_note`: the coordinator asks to
    complete what was sent, which counts meanwhile.
    """

    __table_args__ = (one_of("state", ReviewState), one_of("confidence", Confidence))

    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
    state: ReviewState = word(ReviewState, default=ReviewState.DRAFT)
    version: int = 1
    convinced: str = ""
    stronger: str = ""
    panel_note: str = ""
    private_note: str = ""
    confidence: Confidence | None = word(Confidence, default=None, nullable=True)
    updated_at: datetime
    sent_at: datetime | None = None
    returned_at: datetime | None = None
    returned_note: str = ""


class ReviewScore(SQLModel, table=True):
    """One cell: a score, or a declared "cannot judge", or neither yet. Absence is never zero."""

    __tablename__ = "review_score"
    __table_args__ = (
        CheckConstraint("score IS NULL OR NOT cannot_judge", name="score_or_cannot_judge"),
        CheckConstraint("score IS NULL OR score >= 0", name="score_not_negative"),
    )

    assignment_id: int = Field(foreign_key="review.assignment_id", primary_key=True)
    criterion_id: int = Field(foreign_key="criterion.id", primary_key=True)
    score: int | None = None
    cannot_judge: bool = False
    reason: str = ""


class ReviewVersion(SQLModel, table=True):
    """What a sent review said at each version: nothing that was sent is ever overwritten.

    `reason` is why a review was changed after it was sent; "" for the first.
    """

    __tablename__ = "review_version"

    assignment_id: int = Field(foreign_key="review.assignment_id", primary_key=True)
    version: int = Field(primary_key=True)
    data: dict[str, Any] = json()
    at: datetime
    reason: str = ""
