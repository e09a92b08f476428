"""Questions after sending that are nobody's: whom a call reaches, and how it was to apply.

Every answer is optional, and only sums are kept, beside all applications. A coordinator reads them once
nothing more is added, and never a sum of fewer than five people.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator
from app.applications.members import Mine, mine
from app.asking import Ask
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Sending
from app.models.calls import Call, Phase
from app.models.privacy import Tallied, Tally
from app.privacy.refusals import AlreadyAnswered

ANSWERING = frozenset({Phase.OPEN, Phase.GRACE, Phase.CLOSED})
LEAST = 5
"""A sum of fewer people is not shown."""


class AboutYouInput(BaseModel):
    """Three questions about equality, each with "prefer not to say", and one about the form."""

    age: Annotated[
        Literal["under_25", "from_25", "from_35", "from_50", "from_65", "unsaid"] | None,
        Ask("radios", optional=True, choices="about_age"),
    ] = None
    gender: Annotated[
        Literal["woman", "man", "other", "unsaid"] | None,
        Ask("radios", optional=True, choices="about_gender"),
    ] = None
    disability: Annotated[
        Literal["yes", "no", "unsaid"] | None,
        Ask("radios", optional=True, choices="about_disability"),
    ] = None
    applying: Annotated[
        Literal["very_easy", "easy", "middling", "hard", "very_hard"] | None,
        Ask("radios", optional=True, choices="about_applying"),
    ] = None


QUESTIONS: Mapping[str, str] = {
    "age": "about_age",
    "gender": "about_gender",
    "disability": "about_disability",
    "applying": "about_applying",
}
"""Question -> its list of answers."""


class TallyCell(BaseModel):
    """How many gave one answer; None where they are fewer than five."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: str
    number: int | None


class FullTally(BaseModel):
    """One question with its sums."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str
    cells: list[TallyCell]


def may_answer(session: Session, applicant: Applicant, ref: str, now: datetime) -> bool:
    """Whether this person is asked: once in a call, after sending, until reviewing opens."""
    own = mine(session, applicant, ref)
    return _asked(session, own, now) and _marker(session, own, applicant) is None


def answer_about_you(
    session: Session, applicant: Applicant, ref: str, given: AboutYouInput, now: datetime
) -> None:
    """Add to the sums. Nothing of it is linked to the application or the person, and nothing is logged."""
    own = mine(session, applicant, ref, held=True)
    if not _sent(session, own):
        raise NotFound
    if not _asked(session, own, now) or _marker(session, own, applicant) is not None:
        raise AlreadyAnswered
    answers = {name: value for name, value in given if value is not None}
    if not answers:
        return
    session.add(Tallied(call_id=_call(own), person_id=applicant.person_id))
    session.flush()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for question, answer in answers.items():
        session.execute(
            insert(Tally)
            .values(call_id=_call(own), question=question, answer=answer, number=1)
            .on_conflict_do_update(
                index_elements=["call_id", "question", "answer"], set_={"number": col(Tally.number) + 1}
            )
        )


def full_tallies(session: Session, coordinator: Coordinator, now: datetime) -> list[FullTally] | None:
    """The sums of a call; None while answers may still come: a sum that grows by one tells whose it is."""
    call = session.exec(select(Call).where(Call.id == coordinator.call_id)).one()
    if phase(call, now) in ANSWERING | {Phase.PREPARING, Phase.SCHEDULED}:
        return None
    rows = session.exec(select(Tally).where(Tally.call_id == coordinator.call_id))
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(row.question, {})[row.answer] = row.number
    return [
        FullTally(
            question=question,
            cells=[TallyCell(answer=answer, number=number) for answer, number in cells.items()],
        )
        for question in QUESTIONS
        if (cells := shown_cells(_complete(question, counted.get(question, {}))))
    ]


def _complete(question: str, counted: Mapping[str, int]) -> dict[str, int]:
    """Every answer that could be given, in the order of the form, with 0 where nobody gave it."""
    return {answer: counted.get(answer, 0) for answer in ANSWERS[question]}


def shown_cells(counted: Mapping[str, int]) -> dict[str, int | None]:
    """The sums that may be shown. No whole is shown beside them, so what is hidden cannot be worked out."""
    return {answer: number if number >= LEAST else None for answer, number in counted.items()}


ANSWERS: Mapping[str, tuple[str, ...]] = {
    "age": ("under_25", "from_25", "from_35", "from_50", "from_65", "unsaid"),
    "gender": ("woman", "man", "other", "unsaid"),
    "disability": ("yes", "no", "unsaid"),
    "applying": ("very_easy", "easy", "middling", "hard", "very_hard"),
}


def _asked(session: Session, own: Mine, now: datetime) -> bool:
    return phase(own.call, now) in ANSWERING and _sent(session, own)


def _sent(session: Session, own: Mine) -> bool:
    return own.application.counts_number is not None or (
        session.exec(select(Sending.id).where(Sending.application_id == own.key).limit(1)).first() is not None
    )


def _marker(session: Session, own: Mine, applicant: Applicant) -> Tallied | None:
    return session.get(Tallied, (_call(own), applicant.person_id))


def _call(own: Mine) -> int:
    return own.application.call_id
