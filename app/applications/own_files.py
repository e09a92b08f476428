"""An applicant's own files: what was uploaded, what became of it, and the words in it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.members import mine
from app.applications.own_models import OwnFile
from app.applications.readable import ENDINGS, Readable, preview_type
from app.errors import NotFound
from app.models.files import ApplicationFile, FileKind, FileState
from app.models.people import OriginalFile

ORDER = (col(ApplicationFile.kind).desc(), col(ApplicationFile.position), col(ApplicationFile.id))
"""The order in which files are read: the picture before the documents."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The words that a file's clean copy shows, and those with which its owner describes it."""

    code: str
    kind: FileKind
    title: str
    text: str


def files_of(session: Session, application_id: int) -> list[OwnFile]:
    """The files of an application as it is written now, in reading order."""
    return _files(session, application_id, FileState.KEPT)


def removed_of(session: Session, application_id: int) -> OwnFile | None:
    """The file that was removed last, if it can still be brought back."""
    removed = _files(session, application_id, FileState.REMOVED)
    return next((file for file in removed if file.removed_at is not None), None)


def _files(session: Session, application_id: int, state: FileState) -> list[OwnFile]:
    rows = session.execute(_rows(), {"application": application_id, "state": state})
    return [OwnFile.model_construct(**row._mapping) for row in rows]


@cache
def _rows() -> Any:
    columns: Any = (
        ApplicationFile.code,
        ApplicationFile.kind,
        ApplicationFile.title,
        ApplicationFile.position,
        ApplicationFile.version,
        ApplicationFile.media_type,
        ApplicationFile.size,
        ApplicationFile.width,
        ApplicationFile.height,
        ApplicationFile.pages,
        ApplicationFile.added_at,
        ApplicationFile.removed_at,
        col(OriginalFile.name).label("name"),
    )
    return (
        select(*columns)
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(
            col(ApplicationFile.application_id) == bindparam("application"),
            col(ApplicationFile.state) == bindparam("state"),
        )
        .order_by(*ORDER)
    )


@dataclass(frozen=True, slots=True)
class WholeFile:
    """One upload with the bytes of both: as it came, and cleaned."""

    file: OwnFile
    sent: bool
    uploaded: Readable
    cleaned: Readable


def every_file(session: Session, applicant: Applicant, ref: str) -> list[WholeFile]:
    """All that is kept of one's own uploads: those that were removed, or only ever sent, too."""
    own = mine(session, applicant, ref)
    found = session.exec(
        select(ApplicationFile, OriginalFile)
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(ApplicationFile.application_id == own.key)
        .order_by(*ORDER)
    )
    return [
        WholeFile(
            OwnFile(**row.model_dump(include=set(OwnFile.model_fields)), name=before.name),
            row.sent,
            Readable(before.sha256, before.media_type, before.name),
            Readable(row.sha256, row.media_type, f"{row.code}{ENDINGS[row.media_type]}"),
        )
        for row, before in found
    ]


def own_file(
    session: Session,
    applicant: Applicant,
    ref: str,
    code: str,
    *,
    preview: bool = False,
    original: bool = False,
) -> Readable:
    """The clean copy of one's own file, a picture's small one, or the file as it was uploaded."""
    own = mine(session, applicant, ref)
    found = session.exec(
        select(ApplicationFile, OriginalFile)
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(ApplicationFile.application_id == own.key, ApplicationFile.code == code)
    ).one_or_none()
    if found is None:
        raise NotFound
    file, before = found
    if original:
        return Readable(before.sha256, before.media_type, before.name)
    if preview and file.preview_sha256 is None:
        raise NotFound
    key = file.preview_sha256 if preview and file.preview_sha256 else file.sha256
    media_type = preview_type(file.media_type) if preview else file.media_type
    return Readable(key, media_type, f"{ref}-{file.kind}{ENDINGS[media_type]}")


def kind_of(session: Session, applicant: Applicant, ref: str, code: str) -> FileKind:
    """What one's own file is for. NotFound for a stranger's, and for one that is not there."""
    own = mine(session, applicant, ref)
    found = session.exec(
        select(ApplicationFile.kind).where(
            ApplicationFile.application_id == own.key, ApplicationFile.code == code
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return FileKind(found)


def texts_of(session: Session, application_id: int) -> list[FileText]:
    """What the files of an application say, for warning their owner of names in it. No page shows it."""
    rows = session.exec(
        select(ApplicationFile.code, ApplicationFile.kind, ApplicationFile.title, OriginalFile.text)
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(ApplicationFile.application_id == application_id, ApplicationFile.state == FileState.KEPT)
        .order_by(*ORDER)
    )
    return [FileText(code, FileKind(kind), title, text) for code, kind, title, text in rows]
