"""What a coordinator asked one applicant to correct. No names: the words of the answer are a sending."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import json

OPEN = text("answered_at IS NULL AND closed_at IS NULL")


class Correction(SQLModel, table=True):
    """One request. `fields` are codes, `<section>.<question>`; only these may be answered anew.

    It is about sending `asked_number`; its answer is sending `answered_number`, and both are kept. An
    application has at most one that is neither answered nor closed.
    """

    __table_args__ = (
        CheckConstraint("answered_at IS NULL OR closed_at IS NULL", name="one_end"),
        CheckConstraint("(answered_at IS NULL) = (answered_number IS NULL)", name="answer_is_a_sending"),
        Index("ix_correction_application", "application_id"),
        Index("uq_correction_open", "application_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    version: int = 1
    question: str = Field(max_length=2000)
    fields: list[Any] = json()
    asked_number: int
    asked_at: datetime
    asked_by: int = Field(foreign_key="person.id")
    due_at: datetime
    answered_at: datetime | None = None
    answered_number: int | None = None
    closed_at: datetime | None = None
