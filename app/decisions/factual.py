"""A window after the results in which a factual error can be pointed out, answered and counted in public.

What is wrong in what was said of an application, not what somebody would have scored: no score changes by
itself. One waits for its answer at a time. Both sides are dated and logged; the ledger names nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from app.accounts.actors import Applicant, Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.members import Mine, mine
from app.applications.notices import tell_team
from app.asking import Ask
from app.audit.record import record
from app.decisions.outcome import on_the_panel
from app.decisions.refusals import FactualAnswered, FactualClosed, FactualWaits
from app.errors import NotFound
from app.models.applications import Application, Packet, Sending, Status
from app.models.columns import Texts
from app.models.decisions import FactualOutcome
from app.models.keys import key_of
from app.models.people import Applicant as ApplicantRow
from app.models.people import FactualNote, Person
from app.random_codes import random_code
from app.sections.text import PROSE

MOST_CHARACTERS = 2000
TOLD = frozenset({Status.AWARDED, Status.NOT_SELECTED})


class FactualInput(BaseModel):
    """What is wrong, and where it can be seen."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[
        str,
        Field(min_length=30, max_length=MOST_CHARACTERS),
        PROSE,
        Ask("textarea", cap=MOST_CHARACTERS),
    ]


class FactualAnswerInput(BaseModel):
    """What came of it, in words the applicant reads."""

    model_config = ConfigDict(extra="forbid")
    outcome: Annotated[FactualOutcome, Ask("radios", choices="factual_outcome")]
    answer: Annotated[
        str,
        Field(min_length=30, max_length=MOST_CHARACTERS),
        PROSE,
        Ask("textarea", cap=MOST_CHARACTERS),
    ]


class OwnNote(BaseModel):
    """One error that was pointed out; `outcome` is None while it waits."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    written_at: datetime
    text: str
    outcome: FactualOutcome | None
    answer: str
    answered_at: datetime | None


class OwnNotes(BaseModel):
    """All of an application, the newest first. `published_at` is when its window began."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    call_title: Texts
    published_at: datetime | None
    told: bool
    notes: list[OwnNote]

    def until(self, days: int) -> datetime | None:
        """When the window closes."""
        return self.published_at + timedelta(days=days) if self.published_at else None

    def is_open(self, days: int, now: datetime) -> bool:
        """Whether an error can be pointed out now."""
        ends = self.until(days)
        return self.told and ends is not None and now < ends and all(each.outcome for each in self.notes)


class FullNote(OwnNote):
    """The same for the coordinator, with its application; in these `languages` the team reads mail.

    `can_reword`: what the reviewers say to it can be worded anew, which is so of who was not chosen.
    """

    ref: str
    application: str
    title: str
    languages: list[str]
    can_reword: bool


def own_notes(session: Session, applicant: Applicant, ref: str) -> OwnNotes:
    """What the team of an application pointed out, and the answers."""
    own = mine(session, applicant, ref)
    return OwnNotes(
        ref=own.application.ref,
        call_title=own.call.title,
        published_at=own.call.published_at,
        told=_is_told(session, own, applicant),
        notes=[OwnNote(**_said(row)) for row in _rows(session, own.key)],
    )


def write_note(
    session: Session, applicant: Applicant, ref: str, given: FactualInput, days: int, now: datetime
) -> str:
    """Point out an error; its code. FactualClosed outside the window, FactualWaits while one is open."""
    own = mine(session, applicant, ref)
    session.exec(select(Application.id).where(Application.id == own.key).with_for_update()).one()
    ends = own.call.published_at + timedelta(days=days) if own.call.published_at else None
    if ends is None or now >= ends or not _is_told(session, own, applicant):
        raise FactualClosed
    if any(row.outcome is None for row in _rows(session, own.key)):
        raise FactualWaits
    row = FactualNote(
        code=random_code(),
        application_id=own.key,
        written_by=applicant.person_id,
        written_at=now,
        text=given.text,
    )
    session.add(row)
    session.flush()
    record(
        session, "factual.write", now=now, person_id=applicant.person_id, call_id=key_of(own.call.id),
        subject=own.application.ref, detail={"note": row.code},
    )  # fmt: skip
    return row.code


def notes_of_call(session: Session, coordinator: Coordinator) -> list[FullNote]:
    """Every one of the call, those that wait first, then the newest."""
    rows = session.exec(
        select(FactualNote, Application, Packet.title)
        .join(Application, col(Application.id) == FactualNote.application_id)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(Application.call_id == coordinator.call_id)
        .order_by(col(FactualNote.answered_at).is_not(None), col(FactualNote.id).desc())
    ).all()
    read = _languages(session, [row.application_id for row, *_ in rows])
    return [
        FullNote(
            **_said(row),
            ref=application.ref,
            application=application.code,
            title=title,
            languages=read.get(row.application_id, []),
            can_reword=application.status is Status.NOT_SELECTED,
        )
        for row, application, title in rows
    ]


def _languages(session: Session, applications: Sequence[int]) -> dict[int, list[str]]:
    """Application -> the languages in which the answer is mailed, each once."""
    rows = session.exec(
        select(ApplicantRow.application_id, Person.language)
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .where(col(ApplicantRow.application_id).in_(applications))
        .distinct()
        .order_by(col(Person.language))
    )
    found: dict[int, list[str]] = {}
    for application, language in rows:
        found.setdefault(application, []).append(language)
    return found


def count_unanswered(session: Session, call_id: int) -> int:
    """How many wait for an answer."""
    return session.exec(
        select(func.count())
        .select_from(FactualNote)
        .join(Application, col(Application.id) == FactualNote.application_id)
        .where(Application.call_id == call_id, col(FactualNote.answered_at).is_(None))
    ).one()


def answer_note(
    session: Session, coordinator: Coordinator, code: str, given: FactualAnswerInput, now: datetime
) -> None:
    """Answer one, once: the team is told by mail, and the ledger counts it."""
    found = session.exec(
        select(FactualNote, Application.ref)
        .join(Application, col(Application.id) == FactualNote.application_id)
        .where(FactualNote.code == code, Application.call_id == coordinator.call_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, ref = found
    if row.answered_at is not None:
        raise FactualAnswered
    row.outcome, row.answer = given.outcome, given.answer
    row.answered_by, row.answered_at = coordinator.person_id, now
    session.add(row)
    session.flush()
    record(
        session, "factual.answer", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=ref, detail={"note": code, "outcome": given.outcome.value},
    )  # fmt: skip
    record(
        session, "ledger.error_answered", now=now, person_id=coordinator.person_id,
        call_id=coordinator.call_id, detail={"outcome": given.outcome.value},
    )  # fmt: skip
    tell_team(
        session, "factual_answered", row.application_id, ref, dedupe=f"factual-{code}", now=now, note=code
    )


def _is_told(session: Session, own: Mine, applicant: Applicant) -> bool:
    """Who was told what was said of the application: nobody else could know of an error in it."""
    return (
        own.call.published_at is not None
        and own.application.status in TOLD
        and not on_the_panel(session, own, applicant)
    )


def _rows(session: Session, application_id: int) -> list[FactualNote]:
    return list(
        session.exec(
            select(FactualNote)
            .where(FactualNote.application_id == application_id)
            .order_by(col(FactualNote.id).desc())
            .execution_options(populate_existing=True)
        )
    )


def _said(row: FactualNote) -> dict[str, Any]:
    names = ("code", "written_at", "text", "outcome", "answer", "answered_at")
    return {name: getattr(row, name) for name in names}
