"""The evening of a round: who pitches, in which order, what is to be done; and the stage."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, Word, json, one_of, word


class Scene(StrEnum):
    """What the hall's screen shows."""

    CURTAIN = "curtain"
    TITLE = "title"
    TIMER = "timer"
    QUESTIONS = "questions"
    THANKS = "thanks"
    SCORING = "scoring"
    WINNER = "winner"
    BOARD = "board"


class StageState(SQLModel):
    """What a stage shows. A change must name the `version` it was pressed on.

    `slot` is the team that is on, or was on last; `reached` are the slots whose pitch has begun, in the order
    in which they did. A clock that runs has the instant `ends_at` at which it is at zero, one that is held
    the milliseconds `left_ms`. While `frozen` nothing is shown but the curtain. `note` is for the presenter.
    """

    scene: Scene = word(Scene, default=Scene.CURTAIN)
    slot: int | None = None
    reached: list[Any] = json(default_factory=list)
    ends_at: datetime | None = None
    left_ms: int | None = None
    frozen: bool = False
    note: str = Field(default="", max_length=300)
    revealed: int = 0
    version: int = 1
    changed_at: datetime


def _whole() -> tuple[CheckConstraint, ...]:
    return (
        one_of("scene", Scene),
        CheckConstraint("slot IS NULL OR slot > 0", name="slot_positive"),
        CheckConstraint("ends_at IS NULL OR left_ms IS NULL", name="one_clock"),
    )


class Stage(StageState, table=True):
    """The stage of one award round. While it is `rehearsing`, the hall's screen shows the rehearsal instead.

    `link` is the number of the hall's own link; the next one makes this one worthless.
    """

    __table_args__ = _whole()

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    rehearsing: bool = False
    link: int = 1


class Rehearsal(StageState, table=True):
    """The stage of a rehearsal, of invented teams. It is a table of its own, so that the two never mix."""

    __table_args__ = _whole()

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)


class FinalistState(StrEnum):
    """What a finalist said. Whoever says no leaves the place to the next in the order."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Event(SQLModel, table=True):
    """The evening of one award round: where finalists pitch.

    Times are seconds. `answer_hours` is how long an invitation waits, `tells_others` that whoever is not
    invited hears so once the finalists are announced. `capacity` is of the audience (NULL: nobody can
    register), of which a trigger counts those with a place as `seated`; its CHECK refuses one too many.
    `order_seed` follows from the call's own seed, so that nobody can draw until an order pleases; `drawn` are
    the titles that were drawn, by which anybody can repeat it. `came` is how many of the audience came, once
    their names are forgotten.
    """

    __table_args__ = (
        CheckConstraint(
            "pitch_seconds > 0 AND question_seconds >= 0 AND compare_seconds >= 0", name="seconds"
        ),
        CheckConstraint("answer_hours > 0", name="answer_hours"),
        CheckConstraint("seated >= 0 AND seated <= COALESCE(capacity, 0)", name="within_capacity"),
        CheckConstraint("(order_seed IS NULL) = (order_drawn_at IS NULL)", name="drawn_whole"),
        CheckConstraint("announced_at IS NULL OR order_drawn_at IS NOT NULL", name="drawn_before_announced"),
    )

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    version: int = 1
    starts_at: datetime
    place: Texts = json()
    pitch_seconds: int = 300
    question_seconds: int = 120
    compare_seconds: int = 600
    capacity: int | None = None
    seated: int = 0
    stream_url: str = Field(default="", max_length=500)
    answer_hours: int = 72
    tells_others: bool = False
    named_at: datetime | None = None
    order_seed: str | None = Field(default=None, max_length=64)
    drawn: list[Any] = json(default_factory=list)
    order_drawn_at: datetime | None = None
    announced_at: datetime | None = None
    forgotten_at: datetime | None = None
    came: int | None = None


class Finalist(SQLModel, table=True):
    """One who was invited to pitch: `position` is the place in the written order, `slot` when they pitch."""

    __table_args__ = (
        one_of("state", FinalistState),
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("round_id", "slot"),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("slot IS NULL OR (slot > 0 AND state = 'confirmed')", name="slot_of_confirmed"),
        CheckConstraint("(state = 'offered') = (answered_at IS NULL)", name="answered"),
    )

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id")
    position: int
    state: FinalistState = word(FinalistState, default=FinalistState.OFFERED)
    offered_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None = None
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    slot: int | None = None
    version: int = 1


class FinalistDeparture(SQLModel, table=True):
    """Why an application is invited though it stands too low (`raised`), or is not, though high enough.

    `confirmed_by` is a second person, as for a departure of an award.
    """

    __tablename__ = "finalist_departure"
    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
    )

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    raised: bool
    reason: str
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None


class PitchCard(SQLModel, table=True):
    """A finalist everybody may see, once announced: a copy, so that no stage touches an identity."""

    __tablename__ = "pitch_card"
    __table_args__ = (UniqueConstraint("round_id", "slot"), CheckConstraint("slot > 0", name="slot_positive"))

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id")
    slot: int
    title: str = Field(max_length=200)
    team: str = Field(default="", max_length=300)
    language: str = Field(max_length=2)
    summary: str = ""


class PitchQuestion(SQLModel, table=True):
    """What somebody on the panel wants to hear in the pitch. Its finalist never learns who asked.

    `passed_on` is the answer as a coordinator passed it on to the panel, which reads no other.
    """

    __tablename__ = "pitch_question"
    __table_args__ = (CheckConstraint("(passed_on = '') = (passed_at IS NULL)", name="passed_whole"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    application_id: int = Field(foreign_key="application.id", index=True)
    member_id: int = Field(foreign_key="panel_member.id")
    words: str = Field(max_length=500)
    asked_at: datetime
    removed_at: datetime | None = None
    passed_on: str = ""
    passed_at: datetime | None = None


class SegmentKind(StrEnum):
    """A part of the evening."""

    OPENING = "opening"
    SPEECH = "speech"
    PITCH = "pitch"
    PAUSE = "pause"
    DELIBERATION = "deliberation"
    REVEAL = "reveal"
    PHOTOS = "photos"
    OTHER = "other"


class ShowSegment(SQLModel, table=True):
    """One line of the run of show. `began_at` is when it began indeed; a pitch has the `slot` of its team."""

    __tablename__ = "show_segment"
    __table_args__ = (
        one_of("kind", SegmentKind),
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_show_segment_round", "round_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id")
    code: str = Field(unique=True, max_length=16)
    position: int
    kind: SegmentKind = word(SegmentKind)
    words: str = Field(default="", max_length=200)
    minutes: int
    slot: int | None = None
    began_at: datetime | None = None
    skipped: bool = False


class CheckItem(StrEnum):
    """What is to be done before the evening; when, says `events/checklist.py`."""

    ROOM = "room"
    INTERPRETER = "interpreter"
    CAPTIONS = "captions"
    ACCESS = "access"
    SLIDES = "slides"
    REHEARSAL = "rehearsal"
    PAPERS = "papers"
    CARDS = "cards"
    HOTSPOT = "hotspot"
    SCREEN = "screen"
    SOUND = "sound"
    POWER = "power"
    JURY = "jury"
    DOOR = "door"


class EventCheck(SQLModel, table=True):
    """That one thing on the checklist is done, and who says so."""

    __tablename__ = "event_check"
    __table_args__ = (one_of("item", CheckItem),)

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    item: CheckItem = Field(sa_type=Word(CheckItem), primary_key=True)
    done_by: int = Field(foreign_key="person.id")
    done_at: datetime


class AttendeeState(StrEnum):
    """ASKED has not pressed the button in the mail yet; WAITING has, when every place was taken."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
