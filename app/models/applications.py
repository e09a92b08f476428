"""An application, its drafts and its sendings. Nothing here names a person."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import json, money, one_of, word


class Status(StrEnum):
    """Where an application stands; the edges are in `applications/status.py`."""

    DRAFT = "draft"
    SENT = "sent"
    IN_REVIEW = "in_review"
    AWARDED = "awarded"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class TeamRole(StrEnum):
    """What a member of an application's team may do."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"


class InvitationState(StrEnum):
    """What became of an invitation to a team; whether it has ended by itself is a matter of the clock."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Channel(StrEnum):
    """How an application came that a coordinator types in."""

    PAPER = "paper"
    PHONE = "phone"
    IN_PERSON = "in_person"


class Screened(StrEnum):
    """What a coordinator did with an application that was checked against the rules of its call."""

    KEPT = "kept"
    PASSED = "passed"
    PROPOSED = "proposed"
    DECLINED = "declined"
    REFUSED = "refused"
    REINSTATED = "reinstated"


class Likeness(StrEnum):
    """In what two applications are alike that may come from the same people."""

    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"
    BIN = "bin"
    ADDRESS = "address"
    NAME = "name"
    TEXT = "text"


class Agreed(StrEnum):
    """How somebody agreed whose words a coordinator writes down."""

    SIGNED = "signed"
    SPOKEN = "spoken"


class Application(SQLModel, table=True):
    """`ref` is the applicant's, `code` the reviewers'; both random and unrelated. Keys never leave.

    `counts_number` numbers the sending that counts now: it stays while a later draft is edited.
    `checked` are the answers of the eligibility check that the applicant brought along, if any.
    `extended_to` is the later deadline of this one application, if a coordinator gave it one.
    """

    __table_args__ = (
        one_of("status", Status),
        Index("ix_application_call_status", "call_id", "status", "counts_number"),
        Index("ix_application_call_ref", "call_id", "ref"),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    ref: str = Field(unique=True, max_length=20)
    code: str = Field(unique=True, max_length=40)
    status: Status = word(Status, default=Status.DRAFT)
    version: int = 1
    language: str = Field(max_length=2)
    created_at: datetime
    counts_number: int | None = None
    extended_to: datetime | None = None
    imported: bool = False
    checked: dict[str, Any] | None = json(default=None, nullable=True)


class Draft(SQLModel, table=True):
    """What was typed in one section, valid or not, with a version of its own."""

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    section: str = Field(primary_key=True, max_length=40)
    data: dict[str, Any] = json()
    version: int = 1
    updated_at: datetime
    updated_by: int = Field(foreign_key="person.id")


class DraftVersion(SQLModel, table=True):
    """What one section's draft held at `version`, and holds no longer, or what of it was sent.

    Saved by whom and when is the draft's own at that time; `kept_at` is when it was put aside.
    """

    __tablename__ = "draft_version"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    section: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    data: dict[str, Any] = json()
    saved_at: datetime
    saved_by: int = Field(foreign_key="person.id")
    kept_at: datetime
    sent_number: int | None = None


class Sending(SQLModel, table=True):
    """One press of "Send": a numbered, never changed snapshot. Its halves are `Packet` and `people.Identity`.

    `sha256` is of the canonical JSON of both halves.
    """

    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    number: int
    language: str = Field(max_length=2)
    sent_at: datetime
    sent_by: int = Field(foreign_key="person.id")
    sha256: str = Field(max_length=64)


class Packet(SQLModel, table=True):
    """The half of a sending that reviewers may read: no field that could name a person.

    `files` are the clean copies as they were then, in reading order: a later replacement changes nothing.
    """

    sending_id: int = Field(foreign_key="sending.id", primary_key=True)
    title: str = Field(max_length=200)
    summary: str = Field(max_length=1000)
    theme: str = Field(default="", max_length=40)
    districts: list[Any] = json()
    language: str = Field(max_length=2)
    requested_minor: int | None = money(default=None, nullable=True)
    data: dict[str, Any] = json()
    files: list[Any] = json(default_factory=list)


class History(SQLModel, table=True):
    """The life of an application: one row a move."""

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id", index=True)
    move: str = Field(max_length=40)
    at: datetime
    by: int | None = Field(default=None, foreign_key="person.id")
    note: str = ""
