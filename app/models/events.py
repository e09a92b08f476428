"""The stage of an announcement."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.models.columns import one_of, word


class Scene(StrEnum):
    """What the hall's screen shows."""

    CURTAIN = "curtain"
    WINNER = "winner"
    BOARD = "board"


class Stage(SQLModel, table=True):
    """The screen of one award round. A change must name the `version` it was pressed on."""

    __table_args__ = (one_of("scene", Scene),)

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    scene: Scene = word(Scene, default=Scene.CURTAIN)
    revealed: int = 0
    version: int = 1
    changed_at: datetime
