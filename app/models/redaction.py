"""What reviewers may read of an application. There is nothing else: no row, nothing to read."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.models.columns import json


class ClearedPacket(SQLModel, table=True):
    """The whole copy that a coordinator cleared: every word and file of it, with the coverings applied.

    Nothing is filled in from what was sent: a text that was emptied is blocks here. It is made of sending
    `number` with version `redaction` of the coordinator's decisions (0: nothing had to be decided), and stays
    as it is whatever is sent or decided later. `changes`: version -> the places, `section.field`, that read
    otherwise since then. `cleared_by` is NULL where reviewers had it before anything had to be cleared.
    """

    __tablename__ = "cleared_packet"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    number: int
    redaction: int = 0
    version: int = 1
    title: str
    summary: str
    theme: str = Field(default="", max_length=40)
    districts: list[Any] = json()
    language: str = Field(max_length=2)
    data: dict[str, Any] = json()
    files: list[Any] = json()
    changes: dict[str, Any] = json(default_factory=dict)
    cleared_at: datetime
    cleared_by: int | None = Field(default=None, foreign_key="person.id")
