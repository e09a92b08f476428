"""Bringing back what a section held before."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.actions.drafting import Saved, store, writable
from app.applications.actions.keeping import kept_version
from app.errors import NotFound
from app.sections.drafts import questions
from app.sections.rows import REMOVED


def restore_version(
    session: Session,
    applicant: Applicant,
    ref: str,
    section: str,
    number: int,
    *,
    answer: str = "",
    version: int,
    now: datetime,
) -> Saved:
    """Put one answer, or without `answer` the whole section, back to what version `number` held.

    What it replaces becomes a version itself. `version` is the one that was seen: Stale over any other.
    NotFound for a version or an answer that there is not.
    """
    own, row, known = writable(session, applicant, ref, section, now)
    kept = kept_version(session, row, number)
    names = {name for name, _, _ in questions(known.model)}
    if kept is None or (answer and answer not in names):
        raise NotFound
    back = {answer} if answer else names
    data = {name: value for name, value in row.data.items() if name not in back}
    data |= {name: value for name, value in kept.data.items() if name in back}
    removed = data.get(REMOVED)
    if removed and removed["table"] in back:
        # It was taken out of a table that is no longer the one on the page.
        del data[REMOVED]
    return store(session, own, row, data, version, now, applicant, chosen=True)
