"""What waits for a coordinator and takes too long to find while a page is made."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.models.columns import one_of, word


class MatterKind(StrEnum):
    """What is looked for: suspected ties that nobody has decided, and third reviews that are due."""

    SUSPECTED = "suspected"
    THIRD = "third"


class Matter(SQLModel, table=True):
    """So many matters of one kind wait about one application. No row, none; who and what is found anew.

    The job worker writes them, and the acts that settle them.
    """

    __table_args__ = (one_of("kind", MatterKind),)

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    kind: MatterKind = word(MatterKind, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    number: int


class MatterBasis(SQLModel, table=True):
    """What the matters of a call rested on when they were found, as a digest: another one, another search."""

    __tablename__ = "matter_basis"
    __table_args__ = (one_of("kind", MatterKind),)

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    kind: MatterKind = word(MatterKind, primary_key=True)
    digest: str = Field(max_length=64)
