"""What every section's model and every row of one is made of."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.asking import Ask


def is_blank(value: object) -> bool:
    """Nothing was answered: no text but spaces, no tick, no row that says anything."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list):
        return all(is_blank(each) for each in value)
    if isinstance(value, Mapping):
        return all(is_blank(each) for name, each in value.items() if name != "id")
    return value is None


class Answers(BaseModel):
    """Answers that are complete and right. A blank one counts as not given, so that it is "missing"."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            return {name: value for name, value in given.items() if not is_blank(value)}
        return given


class Row(Answers):
    """One row of a table; its random id stays with it when rows are moved."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$"), Ask("hidden")]


class LongAnswers(Answers):
    """A section of long answers: only its writer knows when it is done. Not part of what is sent."""

    complete: Annotated[
        Literal["yes", "later"] | None, Field(exclude=True), Ask("radios", optional=True, choices="complete")
    ] = None
