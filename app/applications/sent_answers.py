"""What one sending holds, by section and question. The identity half is read by a function of its own."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from app.applications.limits import section_codes
from app.asking import asked
from app.models.applications import Packet, Sending
from app.models.calls import Call
from app.models.people import Identity
from app.sections.catalogue import CATALOGUE
from app.sections.halves import join, kept_back

Answers = dict[str, dict[str, Any]]
"""Section code -> question -> answer, as it was sent."""


def blind_answers(session: Session, application_id: int, number: int) -> Answers:
    """The half that reviewers may read."""
    return _half(session, Packet, application_id, number)


def identity_answers(session: Session, application_id: int, number: int) -> Answers:
    """The half that names people, for its team and for a coordinator whose look is in the log."""
    return _half(session, Identity, application_id, number)


def _half(session: Session, half: type[Packet] | type[Identity], application_id: int, number: int) -> Answers:
    found = session.exec(
        select(half.data)
        .join(Sending, col(Sending.id) == col(half.sending_id))
        .where(Sending.application_id == application_id, Sending.number == number)
    ).one()
    return dict(found)


def both(blind: Answers, identity: Answers, codes: Iterable[str]) -> Answers:
    """The two halves put together again, in the order of the form; a row of both is one row."""
    return {code: join(code, blind.get(code, {}), identity.get(code, {})) for code in codes}


def only(answers: Answers, fields: Iterable[str]) -> Answers:
    """Of all answers those of some fields, `<section>.<question>`."""
    found: Answers = {}
    for field in fields:
        section, _, name = field.partition(".")
        given = answers.get(section, {})
        found.setdefault(section, {}).update({name: given[name]} if name in given else {})
    return found


def askable_fields(call: Call) -> list[str]:
    """Every question of the call's form as `<section>.<question>`, in order."""
    return [
        f"{code}.{name}"
        for code in section_codes(call)
        for name, _, _ in asked(CATALOGUE[code].model)
        if name != "complete"
    ]


def names_people(field: str) -> bool:
    """Whether an answer is kept from reviewers."""
    section, _, question = field.partition(".")
    known = CATALOGUE[section]
    return known.identity or any(name == question and not ask.blind for name, _, ask in asked(known.model))


def holds_names(field: str) -> bool:
    """Whether an answer is kept from reviewers, or a column of it."""
    section, _, question = field.partition(".")
    return names_people(field) or question in kept_back(section)[1]
