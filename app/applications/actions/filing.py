"""Files of a draft: add, replace, describe, order, remove, bring back; and keep them when it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.assistance import note_assistance
from app.applications.actions.drafting import check_writable
from app.applications.members import Mine, mine
from app.applications.own_files import ORDER
from app.applications.refusals import FileGone, FilesFull, TooManyUploads
from app.errors import Invalid, NotFound, Problem, Stale
from app.files.cleaning import Cleaned
from app.models.files import ApplicationFile, FileKind, FileState
from app.models.keys import key_of
from app.models.people import OriginalFile
from app.random_codes import random_code
from app.sections.text import clean

ROOM = {FileKind.PICTURE: 1, FileKind.DOCUMENT: 3}
"""How many files of a kind one application has."""
MOST_UPLOADS = 60
"""How many rows an application may leave behind: whoever replaces a sent file keeps the old one too."""
LONGEST_TITLE = {FileKind.PICTURE: 250, FileKind.DOCUMENT: 120}
LONGEST_NAME = 255
UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it came: its name is its owner's, and so are its bytes."""

    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Clean:
    """What became of it, by its keys in the store."""

    cleaned: Cleaned
    preview_sha256: str | None


def check_room(
    session: Session, applicant: Applicant, ref: str, kind: FileKind, now: datetime, replaces: str = ""
) -> None:
    """Refuse what cannot be taken before a byte of it is read: NotFound, ReadOnly, TooLate, NotADraft,
    FileGone where what it replaces is not there (any more), FilesFull, TooManyUploads."""
    _room(session, mine(session, applicant, ref), kind, now, replaces)


def _room(
    session: Session, own: Mine, kind: FileKind, now: datetime, replaces: str
) -> ApplicationFile | None:
    check_writable(own, now)
    rows = _rows(session, own.key)
    kept = [row for row in rows if row.state is FileState.KEPT and row.kind is kind]
    before = next((row for row in kept if row.code == replaces), None)
    if replaces and before is None:
        raise FileGone
    if before is None and len(kept) >= ROOM[kind]:
        raise FilesFull(most=ROOM[kind])
    if len(rows) >= MOST_UPLOADS:
        raise TooManyUploads
    return before


def add_file(
    session: Session,
    applicant: Applicant,
    ref: str,
    kind: FileKind,
    title: str,
    uploaded: Uploaded,
    made: Clean,
    now: datetime,
    *,
    replaces: str = "",
) -> str:
    """Add a cleaned file, in the place of the one it replaces or behind the others; gives its code.

    The same bytes again are the same file, so that a second try after a lost answer makes no second one.
    """
    own = mine(session, applicant, ref, held=True)
    known = None if replaces else _same(session, own.key, kind, uploaded.sha256)
    if known is not None:
        check_writable(own, now)
        if title.strip():
            known.title = _title(kind, title)
        return known.code
    before = _room(session, own, kind, now, replaces)
    given = _title(kind, title) if title.strip() or before is None else before.title
    row = _row(own.key, kind, given, made, now)
    row.position = before.position if before is not None else _last(session, own.key) + 1
    if before is not None:
        _remove(session, own.key, before, now)
    session.add(row)
    session.flush()
    note_assistance(session, own, applicant, "file", now)
    session.add(
        OriginalFile(
            file_id=key_of(row.id),
            name=file_name(uploaded.name),
            media_type=uploaded.media_type,
            sha256=uploaded.sha256,
            size=uploaded.size,
            text=made.cleaned.text,
            added_by=applicant.person_id,
        )
    )
    return row.code


def _row(application_id: int, kind: FileKind, title: str, made: Clean, now: datetime) -> ApplicationFile:
    cleaned = made.cleaned
    return ApplicationFile(
        code=random_code(),
        application_id=application_id,
        kind=kind,
        position=0,
        title=title,
        media_type=cleaned.media_type,
        sha256=cleaned.sha256,
        preview_sha256=made.preview_sha256,
        size=cleaned.size,
        width=cleaned.width,
        height=cleaned.height,
        pages=cleaned.pages,
        added_at=now,
    )


def change_title(
    session: Session, applicant: Applicant, ref: str, code: str, title: str, *, version: int, now: datetime
) -> None:
    """Say what a file shows. Stale if somebody said something else in between."""
    _, row = _kept(session, applicant, ref, code, now)
    words = _title(row.kind, title)
    if not words:
        raise Invalid({"title": "file.untitled"})
    if words == row.title:
        return
    if row.version != version:
        raise Stale(current=row.title, version=row.version)
    row.title, row.version = words, version + 1
    session.add(row)


def move_file(
    session: Session, applicant: Applicant, ref: str, code: str, where: str, *, position: int, now: datetime
) -> None:
    """Let a document be read before the one above it, or after the one below it.

    `position` is where its owner saw it: Stale if it has moved since.
    """
    own, row = _kept(session, applicant, ref, code, now)
    if row.position != position:
        raise Stale(version=row.version)
    beside = [
        each for each in _rows(session, own.key) if each.state is FileState.KEPT and each.kind is row.kind
    ]
    at = [each.code for each in beside].index(code)
    to = at - 1 if where == UP else at + 1
    if 0 <= to < len(beside):
        row.position, beside[to].position = beside[to].position, row.position
        session.add_all([row, beside[to]])


def remove_file(session: Session, applicant: Applicant, ref: str, code: str, now: datetime) -> None:
    """Take a file out of the draft; it can be brought back until another is removed."""
    own, row = _kept(session, applicant, ref, code, now)
    _remove(session, own.key, row, now)


def bring_back(session: Session, applicant: Applicant, ref: str, code: str, now: datetime) -> None:
    """Undo a removal, where there is room again."""
    own = mine(session, applicant, ref, held=True)
    row = _one(session, own.key, code)
    check_writable(own, now)
    if row.state is FileState.KEPT:
        return
    if row.removed_at is None:
        raise FileGone
    _room(session, own, row.kind, now, "")
    row.state, row.removed_at = FileState.KEPT, None
    session.add(row)
    note_assistance(session, own, applicant, "file", now)


def forget_files(session: Session, application_id: int) -> None:
    """Forget everything that was uploaded to an application; its bytes go with the next sweep."""
    _forget(session, [key_of(row.id) for row in _rows(session, application_id)])


def freeze_files(session: Session, application_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What a sending keeps of the files, for reviewers and for the coordinator: their keys, in reading order.

    The rows stay from now on, whatever becomes of the draft. Untitled ones are the caller's to refuse.
    """
    found = session.exec(
        select(ApplicationFile, OriginalFile)
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(ApplicationFile.application_id == application_id, ApplicationFile.state == FileState.KEPT)
        .order_by(*ORDER)
    ).all()
    for row, _ in found:
        row.sent = True
        session.add(row)
    blind = [
        {"number": number} | row.model_dump(include=FROZEN, mode="json")
        for number, (row, _) in enumerate(found, 1)
    ]
    identity = [
        {"number": number} | before.model_dump(include=FROZEN_ORIGINAL, mode="json")
        for number, (_, before) in enumerate(found, 1)
    ]
    return blind, identity


FROZEN = {"kind", "title", "media_type", "sha256", "preview_sha256", "size", "width", "height", "pages"}
FROZEN_ORIGINAL = {"name", "media_type", "sha256", "size"}


def file_name(given: str) -> str:
    """The last part of a name, without what no name needs: a path, a line break, a mark of direction."""
    last = clean(given).replace("\\", "/").rpartition("/")[2]
    return " ".join(last.split())[:LONGEST_NAME] or "file"


def title_problem(kind: FileKind, title: str) -> Problem | None:
    """What is wrong with these words, if anything is; to have none yet is not."""
    try:
        _title(kind, title)
    except Invalid as error:
        return error.fields["title"]
    return None


def _title(kind: FileKind, title: str) -> str:
    words = " ".join(clean(title).split())
    most = LONGEST_TITLE[kind]
    if len(words) > most:
        raise Invalid({"title": ("string_too_long", {"max_length": most})})
    return words


def _kept(
    session: Session, applicant: Applicant, ref: str, code: str, now: datetime
) -> tuple[Mine, ApplicationFile]:
    own = mine(session, applicant, ref, held=True)
    row = _one(session, own.key, code)
    check_writable(own, now)
    if row.state is not FileState.KEPT:
        raise FileGone
    note_assistance(session, own, applicant, "file", now)
    return own, row


def _one(session: Session, application_id: int, code: str) -> ApplicationFile:
    row = session.exec(
        select(ApplicationFile).where(
            ApplicationFile.application_id == application_id, ApplicationFile.code == code
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _rows(session: Session, application_id: int) -> Sequence[ApplicationFile]:
    statement = select(ApplicationFile).where(ApplicationFile.application_id == application_id)
    return session.exec(statement.order_by(*ORDER)).all()


def _same(session: Session, application_id: int, kind: FileKind, sha256: str) -> ApplicationFile | None:
    return session.exec(
        select(ApplicationFile)
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(
            ApplicationFile.application_id == application_id,
            ApplicationFile.kind == kind,
            ApplicationFile.state == FileState.KEPT,
            OriginalFile.sha256 == sha256,
        )
    ).first()


def _last(session: Session, application_id: int) -> int:
    statement = select(func.max(ApplicationFile.position))
    return session.exec(statement.where(ApplicationFile.application_id == application_id)).one() or 0


def _remove(session: Session, application_id: int, row: ApplicationFile, now: datetime) -> None:
    """What was removed last can be brought back, and knows when; before it, only what was sent is kept."""
    _forget(
        session,
        [
            key_of(each.id)
            for each in _rows(session, application_id)
            if each.state is FileState.REMOVED and not each.sent
        ],
    )
    session.execute(
        update(ApplicationFile)
        .where(col(ApplicationFile.application_id) == application_id)
        .where(col(ApplicationFile.state) == FileState.REMOVED)
        .values(removed_at=None)
        .execution_options(synchronize_session=False)
    )
    row.state, row.removed_at = FileState.REMOVED, now
    session.add(row)
    session.flush()


def _forget(session: Session, keys: Sequence[int]) -> None:
    for table, column in ((OriginalFile, OriginalFile.file_id), (ApplicationFile, ApplicationFile.id)):
        session.execute(delete(table).where(col(column).in_(keys)))
