"""Removing what no row names: uploads that were cut off, files of deleted drafts, replaced ones."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from app.files.store import Store
from app.models.files import ApplicationFile
from app.models.people import OriginalFile

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
    named = set(session.exec(select(OriginalFile.sha256)))
    for clean, preview in session.exec(select(ApplicationFile.sha256, ApplicationFile.preview_sha256)):
        named |= {clean, preview} if preview else {clean}
    return named
