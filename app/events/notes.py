"""What a team prepares for its pitch: how it is announced, who comes, what they need, slides, answers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator
from app.applications.members import WRITERS, Mine, mine
from app.applications.readable import Readable
from app.asking import Ask
from app.audit.record import record
from app.calls.inputs import BLANK
from app.calls.phase import Phase, phase
from app.decisions.held import round_of
from app.errors import NotFound, Stale
from app.events.programme import numbers_of
from app.events.refusals import GivenOn, HasBegun
from app.models.applications import Application, Status
from app.models.decisions import RankingEntry
from app.models.events import Event, Finalist, FinalistState, PitchQuestion
from app.models.keys import key_of
from app.models.people import PitchAnswer, PitchNote, PitchSlides
from app.sections.text import LINE, PROSE

NOTE_CAP, NEEDS_CAP, ANSWER_CAP = 600, 1000, 1500


class NoteInput(BaseModel):
    """How a team is announced and pronounced, in its own language; how many come, and what they need."""

    model_config = ConfigDict(extra="forbid")
    spoken_title: Annotated[str, Field(max_length=200), LINE, Ask(optional=True, cap=200)] = ""
    stage_text: Annotated[
        str, Field(max_length=NOTE_CAP), PROSE, Ask("textarea", optional=True, cap=NOTE_CAP)
    ] = ""
    pronunciation: Annotated[
        str, Field(max_length=300), LINE, Ask(optional=True, cap=300, spellcheck=False)
    ] = ""
    people: Annotated[
        Annotated[int, Field(ge=1, le=50)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None
    access_needs: Annotated[
        str, Field(max_length=NEEDS_CAP), PROSE, Ask("textarea", optional=True, cap=NEEDS_CAP)
    ] = ""


class AnswerInput(BaseModel):
    """What a team answers to one question of the panel."""

    model_config = ConfigDict(extra="forbid")
    words: Annotated[str, Field(min_length=1, max_length=ANSWER_CAP), PROSE, Ask("textarea", cap=ANSWER_CAP)]


class FullQuestion(BaseModel):
    """A question of the panel with the team's answer, and whether the panel has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    words: str
    answer: str
    passed_on: bool


class FullPitch(BaseModel):
    """All that a team has prepared, for those who run the evening."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    ref: str
    title: str
    language: str
    state: FinalistState
    number: int | None
    spoken_title: str
    stage_text: str
    pronunciation: str
    people: int | None
    access_needs: str
    slides_pages: int | None
    slides_at: datetime | None
    questions: list[FullQuestion]


class SpokenNote(BaseModel):
    """What the presenter reads out of one team."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slot: int
    spoken_title: str
    stage_text: str
    pronunciation: str
    people: int | None


def save_note(
    session: Session, applicant: Applicant, ref: str, given: NoteInput, seen_version: int, now: datetime
) -> int:
    """Keep what a team says for its pitch; its new version. `seen_version` is 0 before the first time."""
    own = preparing(session, applicant, ref, now, held=True)
    row = session.get(PitchNote, own.key, populate_existing=True)
    if (row.version if row else 0) != seen_version:
        raise Stale(version=row.version if row else 0, current=row)
    if row is None:
        row = PitchNote(application_id=own.key, version=0, written_by=applicant.person_id, written_at=now)
    for name, value in given.model_dump().items():
        setattr(row, name, value)
    row.version += 1
    row.written_by, row.written_at = applicant.person_id, now
    session.add(row)
    session.flush()
    return row.version


def keep_slides(
    session: Session, applicant: Applicant, ref: str, sha256: str, size: int, pages: int, now: datetime
) -> None:
    """Keep slides that were built anew; they take the place of those before."""
    own = preparing(session, applicant, ref, now, held=True)
    row = session.get(PitchSlides, own.key)
    if row is None:
        row = PitchSlides(
            application_id=own.key, sha256=sha256, size=size, pages=pages, version=0,
            added_by=applicant.person_id, added_at=now,
        )  # fmt: skip
    row.sha256, row.size, row.pages = sha256, size, pages
    row.version += 1
    row.added_by, row.added_at = applicant.person_id, now
    session.add(row)


def drop_slides(session: Session, applicant: Applicant, ref: str, seen_version: int, now: datetime) -> None:
    """Forget the slides; their bytes go with the next sweep."""
    own = preparing(session, applicant, ref, now, held=True)
    row = session.get(PitchSlides, own.key)
    if row is None:
        raise NotFound
    if row.version != seen_version:
        raise Stale(version=row.version)
    session.delete(row)


def own_slides(session: Session, applicant: Applicant, ref: str) -> Readable:
    """One's own slides, to be looked at."""
    own = mine(session, applicant, ref)
    row = session.get(PitchSlides, own.key)
    if row is None:
        raise NotFound
    return Readable(row.sha256, "application/pdf", f"slides-{own.application.ref}.pdf")


def answer_question(
    session: Session,
    applicant: Applicant,
    ref: str,
    question: str,
    given: AnswerInput,
    seen_version: int,
    now: datetime,
) -> int:
    """Answer a question of the panel, or change the answer; its new version. Who asked is not known here."""
    own = preparing(session, applicant, ref, now, held=True)
    found = session.exec(
        select(PitchQuestion).where(
            PitchQuestion.application_id == own.key,
            PitchQuestion.code == question,
            col(PitchQuestion.removed_at).is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    row = session.get(PitchAnswer, found.id)
    if (row.version if row else 0) != seen_version:
        raise Stale(version=row.version if row else 0, current=row.words if row else "")
    if row is None:
        row = PitchAnswer(
            question_id=key_of(found.id), words=given.words, version=0,
            answered_by=applicant.person_id, answered_at=now,
        )  # fmt: skip
    row.words = given.words
    row.version += 1
    row.answered_by, row.answered_at = applicant.person_id, now
    session.add(row)
    session.flush()
    return row.version


def preparing(session: Session, applicant: Applicant, ref: str, now: datetime, *, held: bool = False) -> Mine:
    """One's own application that is invited to pitch, while it can be prepared."""
    own = mine(session, applicant, ref, held=held)
    found = session.execute(
        select_columns(col(Finalist.state), col(Event.starts_at))
        .join(Event, col(Event.round_id) == col(Finalist.round_id))
        .where(col(Finalist.application_id) == own.key)
    ).one_or_none()
    if found is None or own.role not in WRITERS or own.application.status is Status.WITHDRAWN:
        raise NotFound
    state, starts_at = found
    if state is FinalistState.DECLINED:
        raise GivenOn
    if now >= starts_at or phase(own.call, now) is not Phase.REVIEWED:
        raise HasBegun
    return own


def full_pitch(session: Session, coordinator: Coordinator, round_code: str, application: str) -> FullPitch:
    """All that one team has prepared; NotFound for whoever is no finalist of the round."""
    pot = round_of(session, coordinator, round_code)
    row = session.execute(
        select_columns(Finalist, Application)
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .where(col(Finalist.round_id) == pot.id, col(Application.code) == application)
    ).one_or_none()
    if row is None:
        raise NotFound
    finalist, found = row
    number = key_of(found.id)
    note = session.get(PitchNote, number) or PitchNote(
        application_id=number, written_by=0, written_at=finalist.offered_at
    )
    slides = session.get(PitchSlides, number)
    return FullPitch(
        application=found.code,
        ref=found.ref,
        title=_title(session, number),
        language=found.language,
        state=finalist.state,
        number=numbers_of(session, key_of(pot.id)).get(finalist.slot or 0),
        spoken_title=note.spoken_title,
        stage_text=note.stage_text,
        pronunciation=note.pronunciation,
        people=note.people,
        access_needs=note.access_needs,
        slides_pages=slides.pages if slides else None,
        slides_at=slides.added_at if slides else None,
        questions=_full_questions(session, number),
    )


def _title(session: Session, application_id: int) -> str:
    entry = session.get(RankingEntry, application_id)
    return str(entry.shown["title"]) if entry else ""


def _full_questions(session: Session, application_id: int) -> list[FullQuestion]:
    rows = session.execute(
        select_columns(PitchQuestion, col(PitchAnswer.words))
        .outerjoin(PitchAnswer, col(PitchAnswer.question_id) == col(PitchQuestion.id))
        .where(col(PitchQuestion.application_id) == application_id, col(PitchQuestion.removed_at).is_(None))
    ).all()
    found = [
        FullQuestion(
            code=row.code,
            words=row.words,
            answer=answer or "",
            passed_on=row.passed_at is not None and row.passed_on == answer,
        )
        for row, answer in rows
    ]
    return sorted(found, key=lambda each: each.words)


def full_slides(session: Session, coordinator: Coordinator, round_code: str, application: str) -> Readable:
    """A team's slides for those who run the evening."""
    pot = round_of(session, coordinator, round_code)
    row = session.execute(
        select_columns(col(PitchSlides.sha256), col(Application.code))
        .join(Application, col(Application.id) == col(PitchSlides.application_id))
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .where(col(Finalist.round_id) == pot.id, col(Application.code) == application)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Readable(row[0], "application/pdf", f"slides-{row[1]}.pdf")


def pass_on(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    application: str,
    question: str,
    now: datetime,
) -> None:
    """Let the panel read an answer as it stands: a coordinator has looked that it names nobody."""
    pot = round_of(session, coordinator, round_code)
    row = session.execute(
        select_columns(PitchQuestion, col(PitchAnswer.words))
        .join(PitchAnswer, col(PitchAnswer.question_id) == col(PitchQuestion.id))
        .join(Application, col(Application.id) == col(PitchQuestion.application_id))
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .where(
            col(Finalist.round_id) == pot.id,
            col(Application.code) == application,
            col(PitchQuestion.code) == question,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    found, answer = row
    found.passed_on, found.passed_at = answer, now
    session.add(found)
    record(
        session, "pitch.pass_on", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail={"question": question},
    )  # fmt: skip


def spoken_notes(session: Session, coordinator: Coordinator, round_code: str) -> dict[int, SpokenNote]:
    """Slot -> what the presenter reads out, of those who have written something."""
    pot = round_of(session, coordinator, round_code)
    rows = session.execute(
        select_columns(col(Finalist.slot), PitchNote)
        .join(PitchNote, col(PitchNote.application_id) == col(Finalist.application_id))
        .where(col(Finalist.round_id) == pot.id, col(Finalist.slot).is_not(None))
    )
    return {
        slot: SpokenNote(
            slot=slot,
            spoken_title=note.spoken_title,
            stage_text=note.stage_text,
            pronunciation=note.pronunciation,
            people=note.people,
        )
        for slot, note in rows
    }
