"""The evening as those see it who prepare it: who pitches, what is still to be done, what comes next."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import exists, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.decisions.held import call_of, round_of
from app.decisions.seen import seen_places
from app.events.choosing import following
from app.events.departing import Departing, departing, raised_and_passed
from app.events.evening import evening_of
from app.events.jury import unsettled_papers
from app.events.naming import written_order
from app.events.programme import numbered
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.decisions import RankingEntry
from app.models.events import Event, Finalist, FinalistState, PitchQuestion
from app.models.keys import key_of
from app.models.people import PitchAnswer, PitchNote, PitchSlides
from app.wall import is_walled


class FullFinalist(BaseModel):
    """One who was invited. `place` in the written order; `overdue` has not answered in time, `gone` has left.

    `can_confirm` and `can_decline`: what may still be noted of it. `unanswered` questions of the panel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    place: int
    state: FinalistState
    gone: bool
    answer_due_at: datetime
    overdue: bool
    slot: int | None
    number: int | None
    version: int
    can_confirm: bool
    can_decline: bool
    noted: bool
    slides: bool
    questions: int
    unanswered: int


class EventSetUp(BaseModel):
    """What was set up."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    starts_at: datetime
    place: Texts
    pitch_seconds: int
    question_seconds: int
    compare_seconds: int
    capacity: int | None
    seated: int
    stream_url: str
    answer_hours: int
    tells_others: bool
    named_at: datetime | None
    order_seed: str | None
    order_drawn_at: datetime | None
    announced_at: datetime | None


class FullEvent(BaseModel):
    """The evening of a round. `wanted` is how many pitch by its rule: None where nobody does.
    `promised_at` is when the call's own rule says it is held, `begun` whether that evening has.

    `next_code` and `next_title` are who would be offered a free place; `free` places are left to offer. Of
    the jury's papers so many wait for a second person, or were keyed in otherwise by two.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    name: Texts
    round_name: Texts
    timezone: str
    wanted: int | None
    weight: int | None
    promised_at: datetime | None
    version: int
    set_up: EventSetUp | None
    open: bool
    begun: bool
    finalists: list[FullFinalist]
    departures: list[Departing]
    papers_once: int
    papers_differ: int
    free: int
    next_code: str
    next_title: str
    can_name: bool
    can_draw: bool
    can_announce: bool


def full_event(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> FullEvent:
    """All of it; NotFound for another call's round."""
    pot, call = round_of(session, coordinator, round_code), call_of(session, coordinator)
    event = session.get(Event, pot.id)
    is_open = phase(call, now) is Phase.REVIEWED
    finalists = _finalists(session, coordinator, pot, event if is_open else None, now)
    coming = [each for each in finalists if not each.gone and each.state is not FinalistState.DECLINED]
    confirmed = [each for each in coming if each.state is FinalistState.CONFIRMED]
    named = event is not None and event.named_at is not None
    announced = event is not None and event.announced_at is not None
    begun = event is not None and now >= event.starts_at
    free = (pot.finalists or 0) - len(coming) if named and not begun else 0
    papers = unsettled_papers(session, key_of(pot.id)) if begun and is_open else {}
    turns = [each for of_one in papers.values() for each in of_one]
    code, title = _next(session, pot) if is_open and pot.finalists and free > 0 else ("", "")
    drawn = bool(confirmed) and all(each.slot is not None for each in confirmed)
    return FullEvent(
        round=pot.code,
        name=pot.event or pot.name,
        round_name=pot.name,
        timezone=call.timezone,
        wanted=pot.finalists,
        weight=pot.pitch_weight,
        promised_at=pot.held_at,
        version=event.version if event else 0,
        set_up=None
        if event is None
        else EventSetUp(**event.model_dump(include=set(EventSetUp.model_fields))),
        open=is_open,
        begun=begun,
        finalists=finalists,
        departures=departing(session, coordinator, pot) if pot.finalists else [],
        papers_once=turns.count(1),
        papers_differ=turns.count(2),
        free=max(0, free),
        next_code=code,
        next_title=title,
        can_name=is_open and event is not None and not named and pot.finalists is not None,
        can_draw=is_open and named and not announced and bool(confirmed),
        can_announce=is_open and named and not announced and drawn and len(confirmed) == len(coming),
    )


def event_name(session: Session, coordinator: Coordinator, round_code: str) -> tuple[Texts, str]:
    """What an evening is called, and the zone of its times; NotFound for another call's round."""
    pot = round_of(session, coordinator, round_code)
    return pot.event or pot.name, call_of(session, coordinator).timezone


def _finalists(
    session: Session, coordinator: Coordinator, pot: AwardRound, event: Event | None, now: datetime
) -> list[FullFinalist]:
    """`event` while answers to it may be noted at all."""
    asked = (
        select(func.count())
        .select_from(PitchQuestion)
        .where(
            col(PitchQuestion.application_id) == col(Finalist.application_id),
            col(PitchQuestion.removed_at).is_(None),
        )
        .correlate(Finalist)
    )
    answered = asked.join(PitchAnswer, col(PitchAnswer.question_id) == col(PitchQuestion.id))
    rows = session.execute(
        select_columns(
            Finalist,
            col(Application.code),
            col(Application.status),
            col(RankingEntry.shown),
            exists().where(col(PitchNote.application_id) == col(Finalist.application_id)),
            exists().where(col(PitchSlides.application_id) == col(Finalist.application_id)),
            asked.scalar_subquery(),
            answered.scalar_subquery(),
        )
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .join(RankingEntry, col(RankingEntry.application_id) == col(Finalist.application_id))
        .where(col(Finalist.round_id) == pot.id)
        .order_by(col(Finalist.position))
    ).all()
    seen = seen_places(session, coordinator.call_id) if rows else None
    goes_on = event is not None and now >= event.starts_at
    evening = evening_of(session, key_of(pot.id)) if goes_on else None
    found, numbers = [], numbered(row.slot for row, *_ in rows)
    for row, code, status, shown, noted, slides, questions, answers in rows:
        stands = event is not None and status != Status.WITHDRAWN and row.state is not FinalistState.DECLINED
        place = row.position if seen is None else seen[row.application_id].place
        found.append(
            FullFinalist(
                application=code,
                title=shown["title"],
                place=place,
                state=row.state,
                gone=status == Status.WITHDRAWN,
                answer_due_at=row.answer_due_at,
                overdue=row.state is FinalistState.OFFERED and now > row.answer_due_at,
                slot=row.slot,
                number=numbers.get(row.slot or 0),
                version=row.version,
                can_confirm=stands and not goes_on and row.state is FinalistState.OFFERED,
                can_decline=stands
                and (evening is None or (evening.closed_at is None and row.slot not in evening.begun)),
                noted=noted,
                slides=slides,
                questions=questions,
                unanswered=questions - answers,
            )
        )
    return found


def _next(session: Session, pot: AwardRound) -> tuple[str, str]:
    """Who would be offered a place; nobody is named to whom a part of the order is kept from."""
    if is_walled(session):
        return "", ""
    raised, passed = raised_and_passed(session, pot)
    invited = session.exec(select(Finalist.application_id).where(Finalist.round_id == pot.id)).all()
    found = following(written_order(session, pot), raised, passed, invited)
    if found is None:
        return "", ""
    entry = session.get(RankingEntry, found.application_id)
    return found.code, str(entry.shown["title"]) if entry else ""
