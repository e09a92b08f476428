"""Who is at work on a draft, for its own team only: seen by saves, and by pages that say they are still open.

Nothing is locked: who opens a section first is only said to have it, until they leave it alone for a while
or somebody takes it over. Saving is guarded by versions all the same.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, literal, select, union_all
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.own_models import Own
from app.models.applications import Application, Draft
from app.models.people import Applicant as ApplicantRow
from app.models.people import IdentityDraft, Person
from app.models.people import Presence as PresenceRow

AT_WORK = timedelta(minutes=5)
"""How long after the last sign of life somebody is said to be at work."""


class Present(Own):
    """One member of the team at work on a section, and when they were seen there last.

    `taken_at` is since when, where a page said so; by saves alone it is not known.
    """

    person: int
    name: str
    section: str
    seen_at: datetime
    taken_at: datetime | None


def others_present(session: Session, applicant: Applicant, ref: str, now: datetime) -> list[Present]:
    """The other members of one's team who are at work now, each at one section, the last seen first."""
    seen = sorted(_present(session, ref, now), key=lambda each: each.seen_at, reverse=True)
    latest: dict[int, Present] = {}
    for each in seen:
        if each.person != applicant.person_id:
            latest.setdefault(each.person, each)
    return list(latest.values())


def holder_of(
    session: Session, applicant: Applicant, ref: str, section: str, now: datetime
) -> Present | None:
    """Another member who has this section now: the first whose page is open there, or who saved there last.

    None where it is oneself, or nobody.
    """
    there = [each for each in _present(session, ref, now) if each.section == section]
    pages = [each for each in there if each.taken_at is not None]
    if pages:
        first = min(pages, key=lambda each: (each.taken_at, each.person))
    elif there:
        first = max(there, key=lambda each: each.seen_at)
    else:
        return None
    return None if first.person == applicant.person_id else first


def _present(session: Session, ref: str, now: datetime) -> Iterable[Present]:
    """Every fresh sign of life, one for each person and section."""
    found: dict[tuple[int, str], Present] = {}
    rows = session.execute(_signs(), {"ref": ref, "since": now - AT_WORK})
    for person, name, email, section, seen_at, taken_at in rows:
        before = found.get((person, section))
        found[person, section] = Present(
            person=person,
            name=name or email or "",
            section=section,
            seen_at=max(seen_at, before.seen_at) if before else seen_at,
            taken_at=taken_at or (before.taken_at if before else None),
        )
    return found.values()


@cache
def _signs() -> Any:
    """Open pages, and last saves; of who is in the team now. Built once.

    A page that was silent for long has left the section, unless its person saved there since.
    """
    tables: tuple[Any, ...] = (Draft, IdentityDraft)
    saves = [
        _of_team(table, table.updated_by, table.section, table.updated_at, None).where(
            table.version > 1, table.updated_at > bindparam("since")
        )
        for table in tables
    ]
    pages: Any = PresenceRow
    opened = _of_team(pages, pages.person_id, pages.section, pages.seen_at, pages.taken_at)
    return union_all(opened.where(pages.seen_at > bindparam("since")), *saves)


def _of_team(table: Any, person: Any, section: Any, seen_at: Any, taken_at: Any) -> Any:
    return (
        select(
            person.label("person"),
            col(Person.name).label("name"),
            col(Person.email).label("email"),
            section.label("section"),
            seen_at.label("seen_at"),
            (literal(None, seen_at.type) if taken_at is None else taken_at).label("taken_at"),
        )
        .join(Application, col(Application.id) == table.application_id)
        .join(
            ApplicantRow,
            (col(ApplicantRow.application_id) == table.application_id)
            & (col(ApplicantRow.person_id) == person),
        )
        .join(Person, col(Person.id) == person)
        .where(col(Application.ref) == bindparam("ref"))
    )
