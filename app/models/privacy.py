"""Requests about one's own data, and answers that belong to nobody. Keys and counts, no names."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import json, one_of, word


class PrivacyKind(StrEnum):
    """What somebody asked for."""

    EXPORT = "export"
    CORRECT = "correct"
    ERASE = "erase"


OPEN_ERASURE = text("kind = 'erase' AND finished_at IS NULL AND called_off_at IS NULL")


class PrivacyRequest(SQLModel, table=True):
    """One request about one's own data.

    `next_at` is when the job worker carries it out, or goes on with what had to be kept; NULL once nothing
    is left to do. `done_at` is when all that could be done was done; `finished_at` when nothing is kept.
    """

    __tablename__ = "privacy_request"
    __table_args__ = (
        one_of("kind", PrivacyKind),
        Index(
            "uq_privacy_request_open",
            "person_id",
            unique=True,
            sqlite_where=OPEN_ERASURE,
            postgresql_where=OPEN_ERASURE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: PrivacyKind = word(PrivacyKind)
    version: int = 1
    asked_at: datetime
    due_at: datetime
    next_at: datetime | None = Field(default=None, index=True)
    done_at: datetime | None = None
    finished_at: datetime | None = None
    called_off_at: datetime | None = None
    detail: dict[str, Any] = json()


class PrivacyRequestApplication(SQLModel, table=True):
    """An application that a request concerns, so that its coordinator sees the request afterwards too."""

    __tablename__ = "privacy_request_application"

    request_id: int = Field(foreign_key="privacy_request.id", primary_key=True)
    ref: str = Field(primary_key=True, max_length=20)
    call_id: int = Field(foreign_key="call.id", index=True)


class Tally(SQLModel, table=True):
    """How often an answer was given to a question that is apart from all applications.

    Only sums are kept: there is no row of an answer that could be led back to who gave it.
    """

    __table_args__ = (CheckConstraint("number > 0", name="some"),)

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    question: str = Field(primary_key=True, max_length=40)
    answer: str = Field(primary_key=True, max_length=40)
    number: int


class Tallied(SQLModel, table=True):
    """Who has answered these questions in a call, so that nobody does it twice. Not what, and not when."""

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
