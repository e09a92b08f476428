"""Who takes part in a call on the programme's side. No names of persons: open to every slice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, json, one_of, word


class Programme(SQLModel, table=True):
    """The programme this installation serves; there is one row, made by `baige programme` or the demo."""

    id: int | None = Field(default=None, primary_key=True)
    name: Texts = json()
    funder: Texts | None = json(default=None, nullable=True)
    eu_funded: bool = False
    help: Texts = json()
    timezone: str = Field(default="Asia/Almaty", max_length=60)
    version: int = 1


class Manager(SQLModel, table=True):
    """Somebody who may create calls in the programme."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    since: datetime


class Organisation(SQLModel, table=True):
    """A partner organisation, for instance the city administration."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=20)
    name: Texts = json()


class CallOrganisation(SQLModel, table=True):
    """A partner organisation that takes part in a call."""

    __tablename__ = "call_organisation"

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    position: int


class PanelRole(StrEnum):
    """What a member of a call's panel does."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"


class PanelMember(SQLModel, table=True):
    """A role of one person in one call; a reviewer speaks for one organisation."""

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id", "role"),
        one_of("role", PanelRole),
        CheckConstraint(
            "role <> 'reviewer' OR organisation_id IS NOT NULL", name="reviewer_has_organisation"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    role: PanelRole = word(PanelRole)
    code: str = Field(unique=True, max_length=16)
    joined_at: datetime
    removed_at: datetime | None = None
