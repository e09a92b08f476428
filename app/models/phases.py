"""What moves a call on beside its own columns: plans for the clock, and the lifting of the blind."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import one_of, word


class Step(StrEnum):
    """An act of the coordinator that may be left to the clock."""

    REVIEWING = "reviewing"
    DISCUSSION = "discussion"


class PlannedStep(SQLModel, table=True):
    """A step that a coordinator left to the clock; the row goes when the step is taken.

    `refused` is the code of what stood in the way when it was due; it is tried again until nothing does.
    """

    __tablename__ = "planned_step"
    __table_args__ = (one_of("step", Step),)

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    step: Step = word(Step, primary_key=True)
    at: datetime
    planned_by: int = Field(foreign_key="person.id")
    planned_at: datetime
    refused: str = Field(default="", max_length=60)


class BlindLift(SQLModel, table=True):
    """Somebody asked to see all names at once, and somebody else agreed.

    Who coordinates alone agrees with their own written reason. `ended_at`: turned down, taken back, or over
    because reviewing was opened again.
    """

    __tablename__ = "blind_lift"
    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
        Index(
            "uq_blind_lift_standing",
            "call_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime
    reason: str
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
