"""What reviewers read of an application, for its own team: what a coordinator made of its texts and files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session, col

from app.applications.coverings import HOWS, FileHow, texts_of
from app.applications.own_models import OwnDraft
from app.models.applications import Application, Packet, Sending
from app.models.files import ApplicationFile
from app.models.redaction import ClearedPacket


@dataclass(frozen=True, slots=True)
class OwnCleared:
    """`texts`: place -> what stands there for reviewers; `files` and `titles`, by a file's code, the same.

    Only what reads today as it was sent is in it: of anything else nobody has decided yet.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileHow] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def own_cleared(session: Session, own: OwnDraft) -> OwnCleared:
    """What was cleared of an application, beside its draft; nothing before a coordinator has cleared it."""
    row = session.execute(_cleared(), {"ref": own.application.ref}).one_or_none()
    if row is None:
        return OwnCleared()
    sent, reads = dict(texts_of(row.sent, ())), dict(texts_of(row.data, ()))
    written = texts_of({section.code: section.data for section in own.sections}, ())
    hashes = dict(session.execute(_hashes(), {"ref": own.application.ref}).all()) if own.files else {}
    numbers = {each["sha256"]: each for each in row.sent_files}
    kept = {each["number"]: each for each in row.files}
    files, titles = {}, {}
    for each in own.files:
        before = numbers.get(hashes.get(each.code))
        if before is None:
            continue
        after = kept.get(before["number"])
        files[each.code] = _how(before, after)
        if after is not None and before["title"] == each.title:
            titles[each.code] = after["title"]
    return OwnCleared(
        texts={place: reads.get(place, "") for place, text in written if sent.get(place) == text},
        files=files,
        titles=titles,
    )


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
