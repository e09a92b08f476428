"""An applicant's steps at the actions, for tests that need a written or sent application."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import ConsentInput, SendInput, Sent
from app.models.applications import Application, Draft
from tests.applications.typed import GRANT
from tests.world import NOW

AGREED = ConsentInput(processing=True, publication=True)


def begin(session: Session, applicant: Applicant, call: str = "2026", now: datetime = NOW) -> str:
    """Begin an application with the needed consents."""
    return actions.start_application(session, applicant, call, AGREED, language="en", now=now)


def write(
    session: Session,
    applicant: Applicant,
    ref: str,
    sections: dict[str, dict[str, Any]] = GRANT,
    now: datetime = NOW,
) -> None:
    """Type whole sections into a draft that nobody has touched."""
    for code, typed in sections.items():
        actions.save_section(session, applicant, ref, code, typed, version=1, now=now)


def signed(number: int = 1, name: str = "Ada") -> SendInput:
    """A whole declaration."""
    return SendInput(
        number=number, truth=True, no_conflict=True, no_double_funding=True, controls=True, name=name
    )


def send(session: Session, applicant: Applicant, ref: str, number: int = 1, now: datetime = NOW) -> Sent:
    """Send with a whole declaration."""
    return actions.send_application(session, applicant, ref, signed(number), language="en", now=now)


def take_back_and_change(
    session: Session, world: Any, ref: str, section: str, answers: dict[str, Any], now: datetime = NOW
) -> None:
    """Ada takes back what she has sent, changes some answers of a section, and sends it again."""
    ada = world.applicant()
    actions.take_back(session, ada, ref, now)
    version = session.exec(
        select(Draft.version)
        .join(Application, col(Application.id) == Draft.application_id)
        .where(Application.ref == ref, Draft.section == section)
    ).one()
    actions.save_section(session, ada, ref, section, answers, version=version, now=now)
    send(session, ada, ref, number=2, now=now)


def begin_write_send(
    session: Session,
    applicant: Applicant,
    sections: dict[str, dict[str, Any]] = GRANT,
    now: datetime = NOW,
) -> str:
    """The whole way; gives the reference."""
    ref = begin(session, applicant, now=now)
    write(session, applicant, ref, sections, now)
    send(session, applicant, ref, now=now)
    return ref
