"""What is known of every applicant of a call, and under which code reviewers know the application."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.applications.counted import IS_COUNTED_SENDING
from app.leaks.secrets import Account, Secrets, secrets_of
from app.models.applications import Application, Sending, TeamRole
from app.models.people import Applicant, Identity, Person


@dataclass(frozen=True, slots=True)
class Known:
    """One application: how each side knows it, and the secrets behind it."""

    ref: str
    code: str
    secrets: Secrets


def known_of(session: Session, call_id: int) -> list[Known]:
    """All applications that count, in an order of their own; two queries, however many there are."""
    own = (
        select(col(Application.id), col(Person.name), col(Person.email), col(Applicant.role))
        .join(Applicant, col(Applicant.application_id) == col(Application.id))
        .join(Person, col(Person.id) == col(Applicant.person_id))
        .where(col(Application.call_id) == call_id)
        .order_by(col(Application.id), col(Person.id))
    )
    accounts: dict[int, list[Account]] = defaultdict(list)
    for key, name, email, role in session.execute(own):
        accounts[key].append(Account(name, email or "", role == TeamRole.OWNER))
    sent = (
        select(col(Application.id), col(Application.ref), col(Application.code), col(Identity.data))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == call_id)
        .order_by(col(Application.code))
    )
    return [
        Known(ref, code, secrets_of(data, accounts[key])) for key, ref, code, data in session.execute(sent)
    ]


def count(known: list[Known]) -> int:
    """How many secrets are looked for: each name, address, number of each application."""
    return sum(len(_all(each.secrets)) for each in known)


def _all(secrets: Secrets) -> set[tuple[str, str]]:
    people = {("name", name) for _, name in secrets.people}
    said = {
        "called": secrets.called,
        "organisation": secrets.organisations,
        "address": secrets.addresses,
        "email": secrets.emails,
        "phone": secrets.phones,
        "website": secrets.websites,
        "number": secrets.numbers,
    }
    return people | {(what, each) for what, values in said.items() for each in values}
