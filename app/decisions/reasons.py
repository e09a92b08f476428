"""The reason that opening something again asks for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.asking import Ask


class ReasonInput(BaseModel):
    """Why something is undone; it becomes part of the record."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(min_length=10, max_length=2000), Ask("textarea")]
