"""The jury of a pitching evening: ballots, papers, and the order that comes of written and pitch scores.

Who a juror is stands in `people`; here there is no name.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import json


class Juror(SQLModel, table=True):
    """Somebody who scores the pitches of one round for a partner organisation.

    `number` is what people call them ("Juror 3"), `code` names them in addresses. Of the personal link, the
    six digits and the browser that signed in only digests are stored; a new sign-in takes the place of the
    one before. `finished_at` is the juror's own act; `closed_at` a coordinator's, for who never finishes.
    Whoever was taken off the jury (`removed_at`) counts no more, nor do their ballots.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("(closed_at IS NULL) = (closed_reason = '')", name="closed_for_a_reason"),
        CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name="removed_for_a_reason"),
        CheckConstraint("(link_hash IS NULL) = (code_hash IS NULL)", name="access_whole"),
        CheckConstraint("(session_hash IS NULL) = (session_ends_at IS NULL)", name="session_ends"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id")
    number: int
    code: str = Field(unique=True, max_length=16)
    organisation_id: int = Field(foreign_key="organisation.id")
    added_at: datetime
    link_hash: str | None = Field(default=None, unique=True, max_length=64)
    code_hash: str | None = Field(default=None, max_length=64)
    issued_at: datetime | None = None
    session_hash: str | None = Field(default=None, unique=True, max_length=64)
    session_ends_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    closed_reason: str = ""
    removed_at: datetime | None = None
    removed_reason: str = ""


class PitchScoring(SQLModel, table=True):
    """How far an evening is for its jury. `begun` are (slot, instant) of the pitches that have begun.

    From `comparing_at` on, when the last one is over, jurors compare until `compare_ends_at`. From
    `closed_at` on the database refuses every ballot.
    """

    __tablename__ = "pitch_scoring"

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    begun: list[Any] = json(default_factory=list)
    comparing_at: datetime | None = None
    compare_ends_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    version: int = 1


class PitchBallot(SQLModel, table=True):
    """What one juror gives one pitch: `scores` by criterion, those that are not given yet left out.

    Or nothing: a tie (`tie`), or a pitch that the juror did not see (`missed`). `note` is the juror's own.
    `on_paper`: keyed in from paper, and nothing came from the juror's phone since.
    """

    __tablename__ = "pitch_ballot"
    __table_args__ = (CheckConstraint("NOT (tie AND missed)", name="one_reason"),)

    juror_id: int = Field(foreign_key="juror.id", primary_key=True)
    application_id: int = Field(foreign_key="application.id", primary_key=True)
    scores: dict[str, Any] = json(default_factory=dict)
    tie: bool = False
    missed: bool = False
    note: str = ""
    on_paper: bool = False
    version: int = 1
    updated_at: datetime


class PitchKeying(SQLModel, table=True):
    """A paper ballot as somebody keyed it in, `turn` 1 or 2. `reason`: nobody else was there for the second.

    Once both agree they become a ballot, and stay on record.
    """

    __tablename__ = "pitch_keying"
    __table_args__ = (CheckConstraint("turn IN (1, 2)", name="two_turns"),)

    juror_id: int = Field(foreign_key="juror.id", primary_key=True)
    application_id: int = Field(foreign_key="application.id", primary_key=True)
    turn: int = Field(primary_key=True)
    scores: dict[str, Any] = json(default_factory=dict)
    tie: bool = False
    missed: bool = False
    keyed_by: int = Field(foreign_key="person.id")
    keyed_at: datetime
    reason: str = ""


class PitchRun(SQLModel, table=True):
    """One computing of the order of a round from written and pitch scores. Triggers refuse any change.

    `document` is canonical JSON of all that went in and came out, `input_hash` the SHA-256 of what went in.
    """

    __tablename__ = "pitch_run"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id")
    number: int
    computed_at: datetime
    computed_by: int = Field(foreign_key="person.id")
    input_hash: str = Field(max_length=64)
    document: str


class PitchEntry(SQLModel, table=True):
    """One finalist in the order of its round, from the run that stands.

    `total` orders, higher first, and `exact_total` is of 100; both are fractions as strings, and None for
    whom nobody scored, or who has no written total: absence is no zero. `shown` is rounded, to be read;
    `exact` are the pitch's means by criterion, which part equal totals.
    """

    __tablename__ = "pitch_entry"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", index=True)
    place: int
    label: str = Field(max_length=10)
    total: str | None = Field(default=None, max_length=200)
    exact_total: str | None = Field(default=None, max_length=200)
    shown: dict[str, Any] = json()
    exact: dict[str, Any] = json(default_factory=dict)
