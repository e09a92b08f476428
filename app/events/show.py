"""The run of the evening: its parts with planned minutes, when each began, and how late it is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.decisions.held import held_call, round_of
from app.errors import Conflict, NotFound
from app.events.held import held_event, moved_on
from app.events.programme import numbered, numbers_of
from app.models.calls import AwardRound
from app.models.events import Event, PitchCard, SegmentKind, ShowSegment
from app.models.keys import key_of
from app.random_codes import random_code
from app.sections.numbers import Whole
from app.sections.text import LINE

MOST_SEGMENTS = 80


class PlanExists(Conflict):
    """There is a plan already."""

    code = "show.exists"


class TooManySegments(Conflict):
    """An evening has so many parts, no more."""

    code = "show.too_many"


class SegmentInput(BaseModel):
    """One part of the evening."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[SegmentKind, Ask("select", choices="segment_kind")] = SegmentKind.OTHER
    words: Annotated[str, Field(max_length=200), LINE, Ask(optional=True, cap=200)] = ""
    minutes: Annotated[Whole, Field(ge=0, le=600), Ask("number", inputmode="numeric", width="short")]


class Segment(BaseModel):
    """One line of the plan. `starts_at` by the plan, moved by how late it is for what is still to come.

    `title` is the team's, once the finalists are announced.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    kind: SegmentKind
    words: str
    title: str
    team: str
    language: str
    minutes: int
    slot: int | None
    number: int | None
    starts_at: datetime
    began_at: datetime | None
    skipped: bool


class Show(BaseModel):
    """The whole plan. `behind` is in minutes, below zero where it runs early; None before it began."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    segments: list[Segment]
    ends_at: datetime | None
    behind: int | None


def show(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> Show:
    """The run of an evening; empty before it was planned."""
    pot = round_of(session, coordinator, round_code)
    event = session.get(Event, pot.id)
    rows = _rows(session, pot)
    if event is None or not rows:
        return Show(version=event.version if event else 0, segments=[], ends_at=None, behind=None)
    late = behind(event.starts_at, rows, now)
    cards = {each.slot: each for each in session.exec(select(PitchCard).where(PitchCard.round_id == pot.id))}
    numbers, announced = numbered(cards), event.announced_at is not None
    begun = max((place for place, row in enumerate(rows) if row.began_at), default=-1)
    at, segments = event.starts_at, []
    for place, row in enumerate(rows):
        card = cards.get(row.slot or 0)
        shift = max(late or timedelta(), timedelta()) if place > begun else timedelta()
        segments.append(
            Segment(
                code=row.code,
                kind=row.kind,
                words=row.words,
                title=card.title if card else "",
                team=card.team if card else "",
                language=card.language if card else "",
                minutes=row.minutes,
                slot=row.slot,
                number=numbers.get(row.slot or 0) if announced else row.slot,
                starts_at=at + shift,
                began_at=row.began_at,
                skipped=row.skipped,
            )
        )
        at += timedelta(minutes=0 if row.skipped else row.minutes)
    minutes = None if late is None else round(late.total_seconds() / 60)
    return Show(
        version=event.version,
        segments=segments,
        ends_at=at + max(late or timedelta(), timedelta()),
        behind=minutes,
    )


def behind(starts_at: datetime, rows: Sequence[ShowSegment], now: datetime) -> timedelta | None:
    """How late it is by what began last: it ends when planned, or now if it has run over. Pure."""
    at, late = starts_at, None
    for row in rows:
        length = timedelta(minutes=0 if row.skipped else row.minutes)
        if row.began_at is not None and not row.skipped:
            late = max(row.began_at + length, now if now > row.began_at else row.began_at) - (at + length)
        at += length
    return late


def plan(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> None:
    """Make the usual plan: opening, speech, each pitch, a break, the jury, the announcement, photographs."""
    pot, event = _held(session, coordinator, round_code, seen_version)
    if _rows(session, pot):
        raise PlanExists
    pitch = -(-(event.pitch_seconds + event.question_seconds) // 60) + 1
    slots: Iterable[int] = range(1, max(len(event.drawn), pot.finalists or 0) + 1)
    if event.announced_at is not None:
        slots = sorted(numbers_of(session, key_of(pot.id)))
    pitches = [(SegmentKind.PITCH, pitch, slot) for slot in slots]
    middle = len(pitches) // 2
    parts: list[tuple[SegmentKind, int, int | None]] = [
        (SegmentKind.OPENING, 5, None),
        (SegmentKind.SPEECH, 5, None),
        *pitches[:middle],
        (SegmentKind.PAUSE, 15, None),
        *pitches[middle:],
        (SegmentKind.DELIBERATION, max(1, -(-event.compare_seconds // 60)), None),
        (SegmentKind.REVEAL, 15, None),
        (SegmentKind.PHOTOS, 10, None),
    ]
    for position, (kind, minutes, slot) in enumerate(parts, 1):
        session.add(
            ShowSegment(
                round_id=key_of(pot.id), code=random_code(), position=position, kind=kind, minutes=minutes,
                slot=slot,
            )
        )  # fmt: skip
    moved_on(session, event)


def add_segment(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, given: SegmentInput
) -> None:
    """Add a part at the end."""
    pot, event = _held(session, coordinator, round_code, seen_version)
    rows = _rows(session, pot)
    if len(rows) >= MOST_SEGMENTS:
        raise TooManySegments
    last = rows[-1].position if rows else 0
    session.add(
        ShowSegment(
            round_id=key_of(pot.id), code=random_code(), position=last + 1, kind=given.kind,
            words=given.words, minutes=given.minutes,
        )
    )  # fmt: skip
    moved_on(session, event)


def change_segment(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    seen_version: int,
    segment: str,
    act: str,
    now: datetime,
) -> None:
    """One press at one part: a minute more or less, up, down, begin, skip (and back), remove."""
    pot, event = _held(session, coordinator, round_code, seen_version)
    rows = _rows(session, pot)
    place = next((place for place, row in enumerate(rows) if row.code == segment), None)
    if place is None:
        raise NotFound
    row = rows[place]
    if act == "remove":
        session.delete(row)
    elif act in ("up", "down"):
        _swap(session, rows, place, -1 if act == "up" else 1)
    else:
        _press(row, act, now)
        session.add(row)
    moved_on(session, event)


def _swap(session: Session, rows: Sequence[ShowSegment], place: int, by: int) -> None:
    """With its neighbour; the first cannot go up, nor the last down."""
    if 0 <= place + by < len(rows):
        one, other = rows[place], rows[place + by]
        one.position, other.position = other.position, one.position
        session.add_all([one, other])


def _press(row: ShowSegment, act: str, now: datetime) -> None:
    match act:
        case "more":
            row.minutes += 1
        case "less":
            row.minutes = max(0, row.minutes - 1)
        case "begin":
            row.began_at = row.began_at or now
        case "not_begun":
            row.began_at = None
        case "skip":
            row.skipped = not row.skipped
        case _:
            raise NotFound


def leave_plan(session: Session, event: Event, slot: int | None) -> None:
    """A team of the running order does not come: its part is left out, unless it has begun."""
    for row in _of_pitches(session, event):
        if row.slot == slot and row.began_at is None:
            row.skipped = True
            session.add(row)


def join_plan(session: Session, event: Event, slot: int) -> None:
    """A team comes up once the order is public: it has a part after the last pitch, where there is a plan."""
    pitches = _of_pitches(session, event)
    if not pitches:
        return
    last = pitches[-1]
    for row in session.exec(
        select(ShowSegment).where(
            ShowSegment.round_id == event.round_id, ShowSegment.position > last.position
        )
    ):
        row.position += 1
        session.add(row)
    session.add(
        ShowSegment(
            round_id=event.round_id, code=random_code(), position=last.position + 1, kind=SegmentKind.PITCH,
            minutes=last.minutes, slot=slot,
        )
    )  # fmt: skip


def _of_pitches(session: Session, event: Event) -> Sequence[ShowSegment]:
    return session.exec(
        select(ShowSegment)
        .where(ShowSegment.round_id == event.round_id, col(ShowSegment.slot).is_not(None))
        .order_by(col(ShowSegment.position))
    ).all()


def planned_starts(session: Session, pot: AwardRound, event: Event) -> dict[int, datetime]:
    """Slot -> when its team pitches by the plan; empty before there is one."""
    at, found = event.starts_at, {}
    for row in _rows(session, pot):
        if row.slot is not None:
            found[row.slot] = at
        at += timedelta(minutes=0 if row.skipped else row.minutes)
    return found


def _held(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int
) -> tuple[AwardRound, Event]:
    held_call(session, coordinator, shared=True)
    return held_event(session, coordinator, round_code, seen_version)


def _rows(session: Session, pot: AwardRound) -> list[ShowSegment]:
    return list(
        session.exec(
            select(ShowSegment)
            .where(ShowSegment.round_id == pot.id)
            .order_by(col(ShowSegment.position), col(ShowSegment.id))
        )
    )
