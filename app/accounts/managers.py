"""Who may create calls: named by the operator on the command line."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import Session

from app.accounts.actions import Email, person_with
from app.audit.record import record
from app.models.panel import Manager


def make_manager(session: Session, email: str, now: datetime) -> None:
    """Let the person of this address create calls; doing it again changes nothing."""
    address = TypeAdapter(Email).validate_python(email)
    person = person_with(session, address, language="kk", now=now)
    if person.id is not None and session.get(Manager, person.id) is None:
        session.add(Manager(person_id=person.id, since=now))
        record(session, "manager.make", now=now, person_id=person.id)
