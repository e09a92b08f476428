"""The meeting in which a panel decides: who was there, what was said of each case, and what came of it.

Kept apart from scores: nothing here changes one.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import json, one_of, word


class Outcome(StrEnum):
    """What the panel decided of a case; NULL in the table means nothing yet."""

    AS_RANKED = "as_ranked"
    RAISE = "raise"
    PASS_OVER = "pass_over"  # noqa: S105 - no password


class PanelMeeting(SQLModel, table=True):
    """The meeting of a call's panel. `present` are codes of members."""

    __tablename__ = "panel_meeting"

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    version: int = 1
    held_on: date | None = None
    present: list[Any] = json()
    notes: str = ""
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime


class PanelCase(SQLModel, table=True):
    """What the panel said and decided of one application.

    `reason` is there where the outcome departs from the order; `round_id` is then where. `added`: somebody
    put it on the agenda by hand.
    """

    __tablename__ = "panel_case"
    __table_args__ = (one_of("outcome", Outcome), Index("ix_panel_case_call", "call_id"))

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    version: int = 1
    added: bool = False
    minutes: str = ""
    outcome: Outcome | None = word(Outcome, default=None, nullable=True)
    reason: str = ""
    round_id: int | None = Field(default=None, foreign_key="award_round.id")
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
