"""Saying that one is at work on a section, and taking it over from somebody else."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.actions.drafting import writable
from app.applications.actions.keeping import keep_replaced
from app.applications.presence import AT_WORK
from app.models.people import Presence


def attend(session: Session, applicant: Applicant, ref: str, section: str, now: datetime) -> None:
    """One's page of a section is open; refused like a save."""
    own, _, _ = writable(session, applicant, ref, section, now)
    row = session.get(Presence, (own.key, applicant.person_id), populate_existing=True)
    goes_on = row is not None and row.section == section and now - row.seen_at < AT_WORK
    _seen(session, own.key, applicant, section, row.taken_at if row is not None and goes_on else now, now)


def take_over(session: Session, applicant: Applicant, ref: str, section: str, now: datetime) -> None:
    """Have a section from now on, whoever had it. What is written there is kept as a version first.

    Whoever had it may write on: what they save is checked against the version that they saw, as always.
    """
    own, draft, _ = writable(session, applicant, ref, section, now)
    if draft.updated_by != applicant.person_id:
        keep_replaced(session, draft, {}, applicant.person_id, now, chosen=True)
    session.execute(
        delete(Presence).where(col(Presence.application_id) == own.key, col(Presence.section) == section)
    )
    _seen(session, own.key, applicant, section, now, now)


def _seen(
    session: Session,
    application_id: int,
    applicant: Applicant,
    section: str,
    taken_at: datetime,
    now: datetime,
) -> None:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    where = {"section": section, "taken_at": taken_at, "seen_at": now}
    session.execute(
        insert(Presence)
        .values(application_id=application_id, person_id=applicant.person_id, **where)
        .on_conflict_do_update(index_elements=["application_id", "person_id"], set_=where)
    )
