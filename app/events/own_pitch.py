"""What a finalist reads of their own pitch: the invitation, when it is, and what the panel wants to hear.

Who asked is no field: a finalist never learns it.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.members import WRITERS, Mine, mine
from app.calls.phase import Phase, phase
from app.errors import NotFound
from app.events.programme import numbers_of
from app.events.show import planned_starts
from app.models.applications import Status
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.events import Event, Finalist, FinalistState, PitchQuestion
from app.models.people import PitchAnswer, PitchNote, PitchSlides


class OwnQuestion(BaseModel):
    """A question of the panel with one's own answer; `version` of the answer, 0 without one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    words: str
    answer: str
    version: int


class OwnNote(BaseModel):
    """What the team says for its pitch; `version` 0 before anything was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    spoken_title: str = ""
    stage_text: str = ""
    pronunciation: str = ""
    people: int | None = None
    access_needs: str = ""
    version: int = 0


class OwnSlides(BaseModel):
    """The slides as they are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    pages: int
    size: int
    added_at: datetime
    version: int


class OwnPitch(BaseModel):
    """One's own invitation. `writable`: it can be answered and prepared by whoever reads it.

    Once the finalists are `announced`, `number` of `pitching` is the place in the running order, in which
    `slot` names the team; `pitches_at` is when that is by the plan.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    call: str
    call_title: Texts
    round: str
    name: Texts
    timezone: str
    starts_at: datetime
    place: Texts
    pitch_seconds: int
    question_seconds: int
    state: FinalistState
    version: int
    answer_due_at: datetime
    announced: bool
    slot: int | None
    number: int | None
    pitching: int
    pitches_at: datetime | None
    writable: bool
    note: OwnNote
    slides: OwnSlides | None
    questions: list[OwnQuestion]


class KeptPitch(BaseModel):
    """All that is kept of one's own pitch, whatever came of it. `slides_file` is its place in the ZIP."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: FinalistState
    offered_at: datetime
    answered_at: datetime | None
    note: OwnNote
    slides: OwnSlides | None
    slides_file: str
    questions: list[OwnQuestion]


def kept_pitch(session: Session, applicant: Applicant, ref: str) -> KeptPitch | None:
    """What is kept, after withdrawing and after the evening too; None for whoever was never invited."""
    own = mine(session, applicant, ref)
    finalist = session.get(Finalist, own.key)
    if finalist is None:
        return None
    slides = _slides(session, own.key)
    return KeptPitch(
        state=finalist.state,
        offered_at=finalist.offered_at,
        answered_at=finalist.answered_at,
        note=_note(session, own.key),
        slides=slides,
        slides_file=slides_place(ref) if slides else "",
        questions=_questions(session, own.key),
    )


def slides_place(ref: str) -> str:
    """Where the slides stand in the ZIP of one's own data."""
    return f"{ref}/slides-{ref}.pdf"


def own_pitch(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnPitch:
    """One's own invitation to pitch; NotFound for whoever was not invited, or has left."""
    own = mine(session, applicant, ref)
    finalist, event, pot = _invitation(session, own)
    announced = event.announced_at is not None
    # A card is there once the finalists are announced, and no sooner.
    numbers = numbers_of(session, event.round_id)
    return OwnPitch(
        ref=own.application.ref,
        call=own.call.slug,
        call_title=own.call.title,
        round=pot.code,
        name=pot.event or pot.name,
        timezone=own.call.timezone,
        starts_at=event.starts_at,
        place=event.place,
        pitch_seconds=event.pitch_seconds,
        question_seconds=event.question_seconds,
        state=finalist.state,
        version=finalist.version,
        answer_due_at=finalist.answer_due_at,
        announced=announced,
        slot=finalist.slot if announced else None,
        number=numbers.get(finalist.slot or 0),
        pitching=len(numbers),
        pitches_at=planned_starts(session, pot, event).get(finalist.slot or 0) if announced else None,
        writable=own.role in WRITERS and now < event.starts_at and phase(own.call, now) is Phase.REVIEWED,
        note=_note(session, own.key),
        slides=_slides(session, own.key),
        questions=_questions(session, own.key),
    )


def _invitation(session: Session, own: Mine) -> tuple[Finalist, Event, AwardRound]:
    row = session.execute(
        select_columns(Finalist, Event, AwardRound)
        .join(Event, col(Event.round_id) == col(Finalist.round_id))
        .join(AwardRound, col(AwardRound.id) == col(Finalist.round_id))
        .where(col(Finalist.application_id) == own.key)
    ).one_or_none()
    if row is None or own.application.status is Status.WITHDRAWN:
        raise NotFound
    return row[0], row[1], row[2]


def _note(session: Session, application_id: int) -> OwnNote:
    row = session.get(PitchNote, application_id)
    if row is None:
        return OwnNote()
    return OwnNote(
        spoken_title=row.spoken_title,
        stage_text=row.stage_text,
        pronunciation=row.pronunciation,
        people=row.people,
        access_needs=row.access_needs,
        version=row.version,
    )


def _slides(session: Session, application_id: int) -> OwnSlides | None:
    row = session.get(PitchSlides, application_id)
    if row is None:
        return None
    return OwnSlides(pages=row.pages, size=row.size, added_at=row.added_at, version=row.version)


def _questions(session: Session, application_id: int) -> list[OwnQuestion]:
    """In an order that follows from the words, so that it says nothing of who asked when."""
    rows = session.execute(
        select_columns(
            col(PitchQuestion.code),
            col(PitchQuestion.words),
            col(PitchAnswer.words),
            col(PitchAnswer.version),
        )
        .outerjoin(PitchAnswer, col(PitchAnswer.question_id) == col(PitchQuestion.id))
        .where(col(PitchQuestion.application_id) == application_id, col(PitchQuestion.removed_at).is_(None))
    ).all()
    found = [
        OwnQuestion(code=code, words=words, answer=answer or "", version=version or 0)
        for code, words, answer, version in rows
    ]
    return sorted(found, key=lambda each: each.words)


def own_invitation(session: Session, applicant: Applicant, ref: str) -> Finalist | None:
    """The invitation of one's own application to pitch, whatever was answered."""
    own = mine(session, applicant, ref)
    return None if own.application.status is Status.WITHDRAWN else session.get(Finalist, own.key)
