"""Files that belong to an application: the clean copies, which name nobody. What they were is in `people`."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import one_of, word


class FileKind(StrEnum):
    """What a file is for."""

    PICTURE = "picture"
    DOCUMENT = "document"


class FileState(StrEnum):
    """A removed file can be brought back until another is removed; one that was sent stays for good."""

    KEPT = "kept"
    REMOVED = "removed"


class ApplicationFile(SQLModel, table=True):
    """One upload. Its bytes never change: who replaces a file makes another row. `title` says what it shows.

    `sha256` and `preview_sha256` are the keys of the clean copy and of its small picture in the store. A
    document is as wide and high as the small picture of its first page, if it has one.
    """

    __tablename__ = "application_file"
    __table_args__ = (
        one_of("kind", FileKind),
        one_of("state", FileState),
        Index("ix_application_file_of", "application_id", "state", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=20)
    application_id: int = Field(foreign_key="application.id")
    kind: FileKind = word(FileKind)
    state: FileState = word(FileState, default=FileState.KEPT)
    position: int
    title: str = Field(default="", max_length=250)
    version: int = 1
    media_type: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    preview_sha256: str | None = Field(default=None, max_length=64)
    size: int
    width: int = 0
    height: int = 0
    pages: int = 0
    sent: bool = False
    added_at: datetime
    removed_at: datetime | None = None
