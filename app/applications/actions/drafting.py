"""Writing: one section's draft, always savable, never overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.actions.assistance import note_assistance
from app.applications.actions.completing import tell_completed
from app.applications.actions.grace import note_grace
from app.applications.actions.keeping import keep_replaced, kept_version
from app.applications.due import due_of
from app.applications.limits import has_section
from app.applications.members import WRITERS, Mine, mine
from app.applications.refusals import NotADraft, ReadOnly, TooLate
from app.errors import NotFound, Stale
from app.models.applications import Draft, Status
from app.models.people import IdentityDraft
from app.sections.catalogue import CATALOGUE, Section
from app.sections.changes import changed_names
from app.sections.drafts import Typed, typed_answers
from app.sections.rows import RowAct, act_on


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored now. `mine` is the application, so that a page needs no second look."""

    mine: Mine
    section: str
    data: Typed
    version: int
    at: datetime
    row: str = ""


def save_section(
    session: Session,
    applicant: Applicant,
    ref: str,
    section: str,
    given: Mapping[str, Any],
    *,
    version: int,
    now: datetime,
    whole: bool = False,
    chosen: bool = False,
) -> Saved:
    """Keep what was typed, valid or not; `given` may be a part of the section, or with `whole` all of it.

    `version` is the one that the writer saw: Stale (with what is stored now) if somebody saved in
    between, unless both typed the same, or others changed none of the answers that are changed here.
    Saving the same again makes no new version. `chosen` says that the writer chose between two texts, so
    that the other one is kept in any case.
    """
    own, row, known = writable(session, applicant, ref, section, now)
    typed = typed_answers(known, given)
    if not whole and _is_beside(session, row, typed, version):
        version = row.version
    data = typed if whole else {**row.data, **typed}
    return store(session, own, row, data, version, now, applicant, chosen=chosen)


def _is_beside(session: Session, row: Draft | IdentityDraft, typed: Typed, version: int) -> bool:
    """Whether all that differs here is as it was when the writer began: two people on two pages of a section,
    or on two answers of which each saw the other's, are not in each other's way."""
    if version >= row.version:
        return False
    kept = kept_version(session, row, version)
    if kept is None and version > 1:
        return False
    differing = changed_names({name: row.data.get(name) for name in typed}, typed)
    return not differing & changed_names(kept.data if kept else {}, row.data)


def act_on_row(
    session: Session,
    applicant: Applicant,
    ref: str,
    section: str,
    given: Mapping[str, Any],
    act: RowAct,
    *,
    version: int,
    now: datetime,
) -> Saved:
    """Keep what was typed and add, copy, move, remove or bring back a row, in one version."""
    own, row, known = writable(session, applicant, ref, section, now)
    if version != row.version:
        raise Stale(current=row.data, version=row.version)
    data, look_at = act_on(known, {**row.data, **typed_answers(known, given)}, act)
    saved = store(session, own, row, data, version, now, applicant)
    return replace(saved, row=look_at)


def writable(
    session: Session, applicant: Applicant, ref: str, section: str, now: datetime
) -> tuple[Mine, Draft | IdentityDraft, Section]:
    """The draft of a section that this person may change now, and its section; refused otherwise."""
    own = mine(session, applicant, ref)
    if not has_section(own.call, section):
        raise NotFound
    check_writable(own, now)
    return own, stored(session, own.key, section), CATALOGUE[section]


def check_writable(own: Mine, now: datetime) -> None:
    """Refuse unless this person may change the draft now: ReadOnly, TooLate or NotADraft."""
    if own.role not in WRITERS:
        raise ReadOnly
    if own.application.status is not Status.DRAFT:
        raise NotADraft
    if not due_of(own.call, own.application).receives(now):
        raise TooLate


def stored(session: Session, application_id: int, section: str) -> Draft | IdentityDraft:
    """The stored draft of a section. NotFound where it has none (an imported application)."""
    key = (application_id, section)
    row = (
        session.get(IdentityDraft, key, populate_existing=True)
        if CATALOGUE[section].identity
        else session.get(Draft, key, populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def store(
    session: Session,
    own: Mine,
    row: Draft | IdentityDraft,
    data: Typed,
    version: int,
    now: datetime,
    applicant: Applicant,
    *,
    chosen: bool = False,
) -> Saved:
    """Write `data` over the version that was seen, and keep what it replaces; Stale over any other."""
    if data == row.data:
        return Saved(own, row.section, data, row.version, row.updated_at)
    table, before = type(row), row.data
    done = session.execute(
        update(table)
        .where(
            col(table.application_id) == own.key,
            col(table.section) == row.section,
            col(table.version) == version,
        )
        .values(data=data, version=version + 1, updated_at=now, updated_by=applicant.person_id)
        .execution_options(synchronize_session=False)
    )
    if getattr(done, "rowcount", 0) == 0:
        session.refresh(row)
        raise Stale(current=row.data, version=row.version)
    note_grace(session, own, applicant, "save", now)
    note_assistance(session, own, applicant, "save", now, section=row.section, version=version + 1)
    keep_replaced(session, row, data, applicant.person_id, now, chosen=chosen)
    tell_completed(session, own, applicant, row.section, before, data, now)
    return Saved(own, row.section, data, version + 1, now)
