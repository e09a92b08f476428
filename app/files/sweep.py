"""Removing what no row names: uploads that were cut off, files of deleted drafts, replaced ones."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from app.files.store import Store
from app.models.decisions import WinnerPicture
from app.models.files import ApplicationFile
from app.models.panel import PartnerLogo
from app.models.people import OriginalFile, PitchSlides, Redaction
from app.models.redaction import ClearedPacket

LEFT_ALONE = timedelta(hours=1)
"""A file is in the store before its row is committed: what is younger than this may still get one."""


def sweep(session: Session, store: Store, now: datetime) -> int:
    """Forget every file that is old enough and that no row names; how many those were."""
    before = (now - LEFT_ALONE).timestamp()
    store.clear_workplaces(before)
    old = set(store.older_than(before))
    if not old:
        return 0
    unnamed = old - _named(session)
    return sum(store.remove(key, unless_after=before) for key in sorted(unnamed))


def _named(session: Session) -> set[str]:
    named = {*session.exec(select(OriginalFile.sha256)), *session.exec(select(PitchSlides.sha256))}
    named |= {key for key in session.exec(select(PartnerLogo.sha256)) if key}
    named |= {key for key in session.exec(select(WinnerPicture.sha256)) if key}
    for clean, preview in session.exec(select(ApplicationFile.sha256, ApplicationFile.preview_sha256)):
        named |= {clean, preview} if preview else {clean}
    for decided in session.exec(select(Redaction.files)):
        named |= _keys(each.get("file", {}) for each in decided.values() if isinstance(each, dict))
    for files in session.exec(select(ClearedPacket.files)):
        named |= _keys(files)
    return named


def _keys(files: Iterable[Mapping[str, Any]]) -> set[str]:
    """Of what a coordinator had made, and of what reviewers read, whatever is decided since."""
    return {key for each in files for name in ("sha256", "preview_sha256") if (key := each.get(name))}
