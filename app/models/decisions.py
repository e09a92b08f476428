"""The order, the awards, and what the public may see of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, json, money


class RankingEntry(SQLModel, table=True):
    """One line of the ranking, computed once when reviewing closes.

    `place` orders all lines of a call; `label` is what people read ("3", or "" without a total).
    `total` and the `exact` means in `sheet` are fractions written as strings ("265/3"); `shown` is what the
    board shows, rounded to tenths. `sheet` also holds total, means and each organisation's means as decimals,
    for the export.
    """

    __tablename__ = "ranking_entry"
    __table_args__ = (Index("ix_ranking_entry_call_place", "call_id", "place"),)

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    place: int
    label: str = Field(max_length=10)
    total: str | None = Field(default=None, max_length=80)
    shown: dict[str, Any] = json()
    sheet: dict[str, Any] = json()


class MissingReview(SQLModel, table=True):
    """An organisation that was to score an application and had not when reviewing closed: a hole.

    `reason` is empty until somebody excused it in writing.
    """

    __tablename__ = "missing_review"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    reason: str = ""
    excused_by: int | None = Field(default=None, foreign_key="person.id")
    excused_at: datetime | None = None


class Award(SQLModel, table=True):
    """A place, and for a grant its money, given to an application: pending until published.

    Triggers of the migration keep the round's `committed_minor` and `taken`; its CHECKs refuse the rest.
    """

    __table_args__ = (
        UniqueConstraint("application_id"),
        CheckConstraint("amount_minor IS NULL OR amount_minor > 0", name="amount_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", index=True)
    application_id: int = Field(foreign_key="application.id")
    amount_minor: int | None = money(default=None, nullable=True)
    version: int = 1
    awarded_by: int = Field(foreign_key="person.id")
    awarded_at: datetime


class Departure(SQLModel, table=True):
    """Why, in one round, an application was raised above the line, or passed over, against the order."""

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    reason: str
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime


class PublishedResult(SQLModel, table=True):
    """A winner everybody may see. Until its row exists, no public query can find the winner.

    It holds copies, so that public pages never touch an identity. `position` is the order of reveal.
    `summaries` is what the programme wrote of it itself, in several languages; `summary` is in `language`.
    """

    __tablename__ = "published_result"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    round_id: int = Field(foreign_key="award_round.id")
    application_id: int = Field(foreign_key="application.id", unique=True)
    slug: str = Field(unique=True, max_length=80)
    position: int
    title: str = Field(max_length=200)
    summary: str = ""
    summaries: Texts | None = json(default=None, nullable=True)
    team: str = Field(default="", max_length=300)
    theme: str = Field(default="", max_length=40)
    districts: list[Any] = json()
    language: str = Field(max_length=2)
    amount_minor: int | None = money(default=None, nullable=True)
    published_at: datetime
