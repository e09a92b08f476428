"""Who takes part in a call on the programme's side. No names of persons: open to every slice."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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


class PartnerLogo(SQLModel, table=True):
    """The picture by which a partner organisation is shown in a call: a clean WebP, and nothing it came from.

    `sha256` is its key in the store, NULL once it was removed: the row stays, so that `version` only ever
    grows, and what was kept under an earlier one is never shown again. Sizes in points and bytes.
    """

    __tablename__ = "partner_logo"

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    sha256: str | None = Field(default=None, max_length=64)
    size: int = 0
    width: int = 0
    height: int = 0
    version: int = 1
    changed_at: datetime


class PanelRole(StrEnum):
    """What a member of a call's panel does."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    CONTACT = "contact"


class PanelMember(SQLModel, table=True):
    """A role of one person in one call; a reviewer speaks for one organisation, a contact answers for one.

    Of a reviewer: the `languages` and the call's `topics` (codes of themes) they read, none where they did
    not say; the most applications they take (`capacity`, NULL where they did not say); and a later date than
    the call's that they were given (`due_at`).
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id", "role"),
        one_of("role", PanelRole),
        CheckConstraint(
            "role = 'coordinator' OR organisation_id IS NOT NULL", name="reviewer_has_organisation"
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
    languages: list[Any] = json(default_factory=list)
    topics: list[Any] = json(default_factory=list)
    capacity: int | None = None
    due_at: datetime | None = None
    version: int = 1


class SeatState(StrEnum):
    """How far it is that somebody is to review; the row itself, which has their address, is in `people`."""

    PROPOSED = "proposed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class RequestKind(StrEnum):
    """What a reviewer asks for when the work is more than they can do."""

    MORE_TIME = "more_time"
    GIVE_BACK = "give_back"


class RequestState(StrEnum):
    """What became of such a request."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class ReviewerRequest(SQLModel, table=True):
    """A reviewer asks for more time (`until`), or to give `count` applications back; one of each at a time.

    `given` is how many were taken back from them when it was granted.
    """

    __tablename__ = "reviewer_request"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("state", RequestState),
        CheckConstraint("(kind = 'more_time') = (until IS NOT NULL)", name="time_has_an_end"),
        CheckConstraint("(kind = 'give_back') = (count IS NOT NULL)", name="back_has_a_count"),
        Index(
            "uq_reviewer_request_open",
            "member_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    call_id: int = Field(foreign_key="call.id", index=True)
    member_id: int = Field(foreign_key="panel_member.id")
    kind: RequestKind = word(RequestKind)
    until: datetime | None = None
    count: int | None = None
    reason: str = Field(max_length=1000)
    state: RequestState = word(RequestState, default=RequestState.OPEN)
    asked_at: datetime
    answer: str = Field(default="", max_length=1000)
    answered_at: datetime | None = None
    given: int | None = None
