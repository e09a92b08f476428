"""By what the desk's list of applications is narrowed down."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import String, cast, select
from sqlmodel import col

from app.applications.screened import ScreeningState, last_of, state_column
from app.applications.traces import has_alike
from app.models.applications import Application, Packet, Status
from app.models.people import Screening
from app.models.screening import Flag

Code = Annotated[str, Field(pattern="^[a-z0-9_-]{0,40}$")]


class Sieve(BaseModel):
    """What an application has to be like; what is empty narrows nothing. All of it has to hold."""

    model_config = ConfigDict(frozen=True)
    status: Status | None = None
    screening: ScreeningState | None = None
    theme: Code = ""
    district: Code = ""
    language: Code = ""
    flagged: bool = False
    alike: bool = False

    @property
    def empty(self) -> bool:
        """Whether it lets everything through."""
        return self == Sieve()

    def sift(self, statement: Any) -> Any:
        """The statement with the conditions; it selects from `Application` with `Sending` and `Packet`."""
        if self.screening is not None:
            statement = statement.outerjoin(Screening, last_of(Screening)).where(
                state_column() == self.screening.value
            )
        return statement.where(*self._conditions())

    def _conditions(self) -> list[Any]:
        conditions: list[Any] = []
        if self.status is not None:
            conditions.append(col(Application.status) == self.status)
        if self.theme:
            conditions.append(col(Packet.theme) == self.theme)
        if self.district:
            # A list of short codes in JSON: its text holds each of them in quotes, on either engine.
            conditions.append(
                cast(col(Packet.districts), String).contains(f'"{self.district}"', autoescape=True)
            )
        if self.language:
            conditions.append(col(Packet.language) == self.language)
        if self.flagged:
            conditions.append(_flagged())
        if self.alike:
            conditions.append(has_alike())
        return conditions


def _flagged() -> Any:
    return (
        select(col(Flag.id))
        .where(col(Flag.application_id) == col(Application.id), col(Flag.resolved_at).is_(None))
        .correlate(Application)
        .exists()
    )
