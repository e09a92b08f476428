"""How far reviewing is, kept so that no page counts every assignment anew."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import json, one_of, word


class TallyKind(StrEnum):
    """What has changed since it was counted: one reviewer's numbers, all that rests on one application, how
    many applications each organisation is to score, or how many wait to be checked. `key` says whose."""

    REVIEWER = "reviewer"
    APPLICATION = "application"
    COVERAGE = "coverage"
    CHECKING = "checking"


class TallyMark(SQLModel, table=True):
    """That something has changed. Triggers write it in the unit that changed it; whoever counts removes it.

    Rows are only added, so that no unit waits for another one's. No foreign keys either: they would lock.
    """

    __tablename__ = "tally_mark"
    __table_args__ = (one_of("kind", TallyKind), Index("ix_tally_mark_call", "call_id", "kind", "key"))

    id: int | None = Field(default=None, primary_key=True)
    call_id: int
    kind: TallyKind = word(TallyKind)
    key: int = 0


class ReviewerTally(SQLModel, table=True):
    """One reviewer's numbers as they were at `counted_at`; no row, none. They hold while there is no mark.

    `recent`, the reviews of the last seven days, holds until `good_until`; NULL: for ever.
    """

    __tablename__ = "reviewer_tally"

    member_id: int = Field(foreign_key="panel_member.id", primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    given: int
    begun: int
    sent: int
    returned: int
    recent: int
    ties: int
    counted_at: datetime
    good_until: datetime | None = Field(default=None, index=True)


class CallTally(SQLModel, table=True):
    """How many applications each organisation (by code) is to score, and how many applications (by the number
    of their organisations) have so many; how many are to be checked, were proposed for a refusal, keep
    reviewing from opening, and count at all. Whoever counts anything of a call locks its row first."""

    __tablename__ = "call_tally"

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    covered: dict[str, Any] = json(default_factory=dict)
    spread: dict[str, Any] = json(default_factory=dict)
    to_check: int = 0
    proposed: int = 0
    uncleared: int = 0
    applications: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
