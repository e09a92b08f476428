"""Invented people who write and send the corpus's proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session

from app.accounts.actions import person_with
from app.accounts.actors import Applicant
from app.applications.actions.drafting import save_section
from app.applications.actions.sending import SendInput, send_application
from app.applications.actions.starting import ConsentInput, start_application
from app.demo.corpus import Proposal
from app.demo.files import EVERY, add_files
from app.files.store import Store
from app.models.keys import key_of
from app.sections.catalogue import CATALOGUE

CONSENT = ConsentInput(processing=True, publication=True)


NAMES_ITSELF: Mapping[str, str] = {
    "kk": "Жобаны {name} басқарады, телефоны: {phone}.",
    "ru": "Проектом руководит {name}, телефон: {phone}.",
    "en": "{name} leads the project, phone: {phone}.",
}


def naming(proposal: Proposal) -> Proposal:
    """The same proposal, which says who wrote it, as people do."""
    team, plan = proposal.sections["team"], proposal.sections["work_plan"]
    name = f"{team['given_name']} {team['family_name']}"
    said = NAMES_ITSELF[proposal.language].format(name=name, phone=team["phone"])
    strengths = {"strengths": f"{plan['strengths']} {said}"}
    return replace(proposal, sections={**proposal.sections, "work_plan": {**plan, **strengths}})


def write(
    session: Session, call: str, proposal: Proposal, begun_at: datetime, sections: Sequence[str] | None = None
) -> tuple[Applicant, str]:
    """Begin an application and fill its sections (all, or those named); the applicant and the reference."""
    team = proposal.sections["team"]
    person = person_with(session, str(team["email"]), language=proposal.language, now=begun_at)
    person.name = f"{team['given_name']} {team['family_name']}"
    person.language = proposal.language
    session.add(person)
    session.flush()
    applicant = Applicant(key_of(person.id))
    ref = start_application(session, applicant, call, CONSENT, language=proposal.language, now=begun_at)
    for step, (code, answers) in enumerate(proposal.sections.items(), 1):
        if sections is None or code in sections:
            now = begun_at + timedelta(minutes=11 * step)
            done = {"complete": "yes"} if "complete" in CATALOGUE[code].model.model_fields else {}
            given: Mapping[str, Any] = {**answers, **done}
            save_section(session, applicant, ref, code, given, version=1, now=now, whole=True)
    return applicant, ref


def send(session: Session, applicant: Applicant, ref: str, proposal: Proposal, now: datetime) -> None:
    """Declare and send."""
    team = proposal.sections["team"]
    declaration = SendInput(
        number=1,
        truth=True,
        no_conflict=True,
        no_double_funding=True,
        controls=True,
        name=f"{team['given_name']} {team['family_name']}",
    )
    send_application(session, applicant, ref, declaration, language=proposal.language, now=now)


def receive(
    session: Session,
    store: Store | None,
    call: str,
    proposals: Sequence[Proposal],
    opens_at: datetime,
    closes_at: datetime,
    chance: Random,
) -> dict[str, Proposal]:
    """Everybody writes and sends, most of them late, as people do; reference -> proposal.

    With a store one of sixteen adds a picture and a document.
    """
    received: dict[str, Proposal] = {}
    span = (closes_at - opens_at).total_seconds()
    for number, proposal in enumerate(proposals):
        # A third of all arrives on the last day.
        part = 1 - chance.random() ** 2.2 * 0.9
        sent_at = opens_at + timedelta(seconds=span * part - 60 * chance.randint(1, 50))
        begun_at = max(opens_at, sent_at - timedelta(days=chance.randint(0, 12), minutes=90))
        applicant, ref = write(session, call, proposal, begun_at)
        if store is not None and number % EVERY == 0:
            add_files(session, store, applicant, ref, proposal, begun_at + timedelta(minutes=70))
        send(session, applicant, ref, proposal, max(sent_at, begun_at + timedelta(minutes=80)))
        received[ref] = proposal
    return received
