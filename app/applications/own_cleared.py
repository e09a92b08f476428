"""What reviewers read of an application, for its own team: what a coordinator made of its texts and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.coverings import HOWS, FileHow, texts_of
from app.applications.members import mine
from app.applications.own_models import OwnDraft, OwnFile
from app.applications.readable import Readable, sent_file
from app.errors import NotFound
from app.models.applications import Application, Packet, Sending
from app.models.files import ApplicationFile, FileKind
from app.models.redaction import ClearedPacket


@dataclass(frozen=True, slots=True)
class CopyRead:
    """What reviewers get in the stead of a file that its team sent. Sizes in points, 0 where there is no
    small picture of it."""

    kind: FileKind
    title: str
    width: int
    height: int
    pages: int


@dataclass(frozen=True, slots=True)
class OwnCleared:
    """`texts`: place -> what stands there for reviewers; `files` and `titles`, by a file's code, the same.

    `copies`, by a file's code: what was made for reviewers where they do not get the file itself. Only what
    reads today as it was sent is in it: of anything else nobody has decided yet.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileHow] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, CopyRead] = field(default_factory=dict)


def own_cleared(session: Session, own: OwnDraft) -> OwnCleared:
    """What was cleared of an application, beside its draft; nothing before a coordinator has cleared it."""
    row = session.execute(_cleared(), {"ref": own.application.ref}).one_or_none()
    if row is None:
        return OwnCleared()
    sent, reads = dict(texts_of(row.sent, ())), dict(texts_of(row.data, ()))
    written = texts_of({section.code: section.data for section in own.sections}, ())
    texts = {place: reads.get(place, "") for place, text in written if sent.get(place) == text}
    return replace(_of_files(session, own.application.ref, own.files, row), texts=texts)


def own_cleared_files(session: Session, ref: str, files: Sequence[OwnFile]) -> OwnCleared:
    """The same of the files alone. The caller has found that the application is its reader's own."""
    row = session.execute(_cleared(), {"ref": ref}).one_or_none() if files else None
    return OwnCleared() if row is None else _of_files(session, ref, files, row)


def own_read_file(
    session: Session, applicant: Applicant, ref: str, code: str, *, preview: bool = False
) -> Readable:
    """One's own file as reviewers get it, or the small picture of that. NotFound before it was cleared, where
    it was dropped, and for a file that was put there since."""
    own = mine(session, applicant, ref)
    row = session.execute(_cleared(), {"ref": own.application.ref}).one_or_none()
    sha256 = dict(session.execute(_hashes(), {"ref": own.application.ref}).all()).get(code)
    before = next((each for each in row.sent_files if each["sha256"] == sha256), None) if row else None
    if row is None or before is None:
        raise NotFound
    return sent_file(row.files, before["number"], ref, preview=preview)


def _of_files(session: Session, ref: str, own: Sequence[OwnFile], row: Any) -> OwnCleared:
    hashes = dict(session.execute(_hashes(), {"ref": ref}).all()) if own else {}
    numbers = {each["sha256"]: each for each in row.sent_files}
    kept = {each["number"]: each for each in row.files}
    files, titles, copies = {}, {}, {}
    for each in own:
        before = numbers.get(hashes.get(each.code))
        if before is None:
            continue
        after = kept.get(before["number"])
        files[each.code] = _how(before, after)
        if after is not None and before["title"] == each.title:
            titles[each.code] = after["title"]
        if after is not None and files[each.code] is not HOWS[before["kind"]][0]:
            width, height = (after["width"], after["height"]) if after["preview_sha256"] else (0, 0)
            copies[each.code] = CopyRead(
                FileKind(after["kind"]), titles.get(each.code, each.title), width, height, after["pages"]
            )
    return OwnCleared(files=files, titles=titles, copies=copies)


def _how(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> FileHow:
    if after is None:
        return FileHow.DROPPED
    cleared, other, _ = HOWS[before["kind"]]
    return cleared if after["sha256"] == before["sha256"] else other


@cache
def _cleared() -> Any:
    return (
        select(
            col(ClearedPacket.data),
            col(ClearedPacket.files),
            col(Packet.data).label("sent"),
            col(Packet.files).label("sent_files"),
        )
        .select_from(Application)
        .join(ClearedPacket, col(ClearedPacket.application_id) == col(Application.id))
        .join(
            Sending,
            and_(
                col(Sending.application_id) == col(Application.id),
                col(Sending.number) == col(ClearedPacket.number),
            ),
        )
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(col(Application.ref) == bindparam("ref"))
    )


@cache
def _hashes() -> Any:
    return (
        select(col(ApplicationFile.code), col(ApplicationFile.sha256))
        .join(Application, col(Application.id) == col(ApplicationFile.application_id))
        .where(col(Application.ref) == bindparam("ref"))
    )
