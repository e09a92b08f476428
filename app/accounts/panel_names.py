"""Who is who on a call's panel: for its coordinators only. Applicants never learn reviewers' names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from app.accounts.actions import person_with
from app.accounts.actors import Contact, Coordinator
from app.models.applications import Application
from app.models.panel import PanelMember, PanelRole
from app.models.people import Applicant, Assistance, Person


@dataclass(frozen=True, slots=True)
class PanelName:
    """How to reach a member of the panel; `name` is empty until it was given.

    `shown` is the name, or the address where there is none.
    """

    email: str
    name: str

    @property
    def shown(self) -> str:
        """How a list calls this person."""
        return self.name or self.email


_NAMES = (
    select(col(PanelMember.code), func.coalesce(Person.email, ""), col(Person.name))
    .join(Person, col(Person.id) == col(PanelMember.person_id))
    .where(col(PanelMember.call_id) == bindparam("call"))
)
_SOME_NAMES = _NAMES.where(col(PanelMember.code).in_(bindparam("codes", expanding=True)))


def panel_names(session: Session, coordinator: Coordinator) -> dict[str, PanelName]:
    """Member code -> name, for everybody who is or was on the call's panel."""
    rows = session.execute(_NAMES, {"call": coordinator.call_id})
    return {code: PanelName(email, name) for code, email, name in rows}


def names_of(session: Session, coordinator: Coordinator, codes: Sequence[str]) -> dict[str, PanelName]:
    """The same for these members alone."""
    rows = session.execute(_SOME_NAMES, {"call": coordinator.call_id, "codes": list(codes)})
    return {code: PanelName(email, name) for code, email, name in rows}


def colleagues(session: Session, contact: Contact) -> dict[str, PanelName]:
    """Member code -> name, of those who score for the contact's own organisation now."""
    rows = session.exec(
        select(col(PanelMember.code), func.coalesce(Person.email, ""), col(Person.name))
        .join(Person, col(Person.id) == col(PanelMember.person_id))
        .where(
            col(PanelMember.call_id) == contact.call_id,
            col(PanelMember.organisation_id) == contact.organisation_id,
            col(PanelMember.role) == PanelRole.REVIEWER,
            col(PanelMember.removed_at).is_(None),
        )
    )
    return {code: PanelName(email, name) for code, email, name in rows}


def person_for_panel(session: Session, email: str, name: str, *, language: str, now: datetime) -> int:
    """The key of the person with this address; the account is made now if there is none.

    The name is for somebody who has none yet: what a person is called is not another's to change.
    """
    person = person_with(session, email, language=language, now=now)
    if name and not person.name:
        person.name = name
        session.add(person)
    if person.id is None:
        raise RuntimeError("a flushed person has a key")
    return person.id


def has_typed_in(session: Session, person_id: int, call_id: int) -> bool:
    """Whether this person has typed in an application of the call for its owner: they know whose it is."""
    statement = (
        select(col(Assistance.application_id))
        .join(Application, col(Application.id) == col(Assistance.application_id))
        .where(col(Assistance.typed_by) == person_id, col(Application.call_id) == call_id)
    )
    return session.exec(statement.limit(1)).first() is not None


def applies_in(session: Session, person_id: int, call_id: int) -> bool:
    """Whether this person is behind any application of the call, withdrawn ones included."""
    statement = (
        select(col(Applicant.application_id))
        .join(Application, col(Application.id) == col(Applicant.application_id))
        .where(col(Applicant.person_id) == person_id, col(Application.call_id) == call_id)
    )
    return session.exec(statement.limit(1)).first() is not None
