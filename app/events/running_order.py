"""The order in which finalists pitch: drawn so that anybody can repeat it, and announced with them.

The seed follows from the call's own, whose hash was published when the call opened: nobody can draw until an
order pleases. Whoever joins later moves nobody, since each title has a ticket of its own.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.notices import tell_team, tell_teams
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.held import awarding, call_of
from app.errors import NotFound
from app.events.cards import make_cards
from app.events.held import held_event, moved_on
from app.events.refusals import (
    AlreadyAnnounced,
    FinalistsNotNamed,
    NothingToDraw,
    OffersOpen,
    OrderNotDrawn,
)
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import Event, Finalist, FinalistState, PitchCard
from app.models.keys import key_of
from app.scoring.draw import drawn_order
from app.wall import refuse_while, whole_call

DAY_BEFORE = timedelta(days=1)


class DrawnOrder(BaseModel):
    """What anybody needs to draw again: HMAC-SHA256(seed, round + newline + title), the lowest first.

    The key is the text of the `seed`, not the bytes that its digits would stand for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    seed: str
    titles: list[str]
    drawn_at: datetime


class PublicFinalist(BaseModel):
    """A finalist everybody may see; `number` is the which of all who pitch."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slot: int
    number: int
    title: str
    team: str
    language: str
    summary: str


class PublicEvent(BaseModel):
    """What everybody may know of an evening: the finalists and how they were drawn once announced."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    call_title: Texts
    round: str
    name: Texts
    timezone: str
    starts_at: datetime
    place: Texts
    pitch_seconds: int
    question_seconds: int
    stream_url: str
    places: int | None
    free: int | None
    finalists: list[PublicFinalist]
    order: DrawnOrder | None


def seed_of(call: Call, pot: AwardRound) -> str:
    """The seed of a round's running order, which whoever knows the call's own seed can compute."""
    words = f"running order\n{pot.code}"
    return hmac.digest((call.draw_seed or "").encode(), words.encode(), hashlib.sha256).hex()


def labels(titles: Sequence[str]) -> list[str]:
    """The titles, told apart where two are the same: what is drawn."""
    seen: Counter[str] = Counter()
    named = []
    for title in titles:
        seen[title] += 1
        named.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return named


def running_order(titles: Sequence[str], *, seed: str, round_code: str) -> list[str]:
    """The titles in the order in which they pitch."""
    return list(drawn_order(titles, seed=seed, call=round_code))


@whole_call
def draw_running_order(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> int:
    """Draw among all who have confirmed; how many those were. Drawn again, nobody changes places."""
    awarding(session, coordinator, now)
    pot, event = held_event(session, coordinator, round_code, seen_version)
    if event.announced_at is not None:
        raise AlreadyAnnounced
    rows = _confirmed(session, pot)
    if not rows:
        raise NothingToDraw
    seed = seed_of(call_of(session, coordinator), pot)
    names = labels([title for _, title in rows])
    order = running_order(names, seed=seed, round_code=pot.code)
    slots = {name: slot for slot, name in enumerate(order, 1)}
    session.execute(update(Finalist).where(col(Finalist.round_id) == pot.id).values(slot=None))
    for (key, _), name in zip(rows, names, strict=True):
        session.execute(
            update(Finalist)
            .where(col(Finalist.application_id) == key)
            .values(slot=slots[name], version=col(Finalist.version) + 1)
        )
    event.drawn, event.order_seed, event.order_drawn_at = sorted(names), seed, now
    moved_on(session, event)
    record(
        session, "finalists.draw", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"seed": seed, "count": len(rows)},
    )  # fmt: skip
    return len(rows)


def _confirmed(session: Session, pot: AwardRound) -> list[tuple[int, str]]:
    """Application and title of everybody who pitches, by the place in the written order."""
    rows = session.execute(
        select_columns(col(Finalist.application_id), col(Packet.title))
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(
            col(Finalist.round_id) == pot.id,
            col(Finalist.state) == FinalistState.CONFIRMED,
            col(Application.status) != Status.WITHDRAWN,
        )
        .order_by(col(Finalist.position))
    )
    return [(key, title) for key, title in rows]


@whole_call
def announce_finalists(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> int:
    """Make finalists and running order public, and tell everybody their slot; how many those were.

    Refused while somebody has not answered, or has confirmed since the order was drawn.
    """
    awarding(session, coordinator, now)
    pot, event = held_event(session, coordinator, round_code, seen_version)
    if event.announced_at is not None:
        raise AlreadyAnnounced
    if event.named_at is None:
        raise FinalistsNotNamed
    refuse_while(session, lambda: _count_open(session, pot), OffersOpen)
    confirmed = _confirmed(session, pot)
    drawn = session.exec(
        select(Finalist.application_id).where(Finalist.round_id == pot.id, col(Finalist.slot).is_not(None))
    ).all()
    if event.order_drawn_at is None or {key for key, _ in confirmed} != set(drawn):
        raise OrderNotDrawn
    make_cards(session, event.round_id)
    event.announced_at = now
    moved_on(session, event)
    _tell_slots(session, event, now)
    if event.tells_others:
        tell_teams(session, "pitch_not_invited", _not_invited(session, pot), now)
    record(
        session, "finalists.announce", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"count": len(confirmed)},
    )  # fmt: skip
    return len(confirmed)


def _count_open(session: Session, pot: AwardRound) -> int:
    return len(
        session.exec(
            select(Finalist.application_id)
            .join(Application, col(Application.id) == col(Finalist.application_id))
            .where(
                Finalist.round_id == pot.id,
                Finalist.state == FinalistState.OFFERED,
                Application.status != Status.WITHDRAWN,
            )
        ).all()
    )


def _tell_slots(session: Session, event: Event, now: datetime) -> None:
    """Once now, and once more the day before."""
    for key, ref in _pitching(session, event):
        tell_slot(session, event, key, ref, now)


def tell_moved(session: Session, event: Event, left: int, now: datetime) -> None:
    """Tell every team behind the slot of one that has left its place and its time of now."""
    for key, ref in _pitching(session, event, behind=left):
        dedupe = f"pitch-moved-{ref}-{left}-{event.version}"
        tell_team(session, "pitch_moved", key, ref, dedupe=dedupe, now=now)


def _pitching(session: Session, event: Event, behind: int = 0) -> list[tuple[int, str]]:
    """Key and reference of each team in the order, of which some stand behind a slot."""
    rows = session.exec(
        select(Application.id, Application.ref)
        .join(PitchCard, col(PitchCard.application_id) == col(Application.id))
        .where(PitchCard.round_id == event.round_id, col(PitchCard.slot) > behind)
        .order_by(col(PitchCard.slot))
    )
    return [(key_of(key), ref) for key, ref in rows]


def tell_slot(session: Session, event: Event, application_id: int, ref: str, now: datetime) -> None:
    """Tell one team when it pitches, and remind it the day before."""
    at = event.starts_at.isoformat()
    tell_team(session, "pitch_slot", application_id, ref, dedupe=f"pitch-slot-{ref}-{event.version}", now=now)
    if event.starts_at - DAY_BEFORE > now:
        tell_team(
            session, "pitch_tomorrow", application_id, ref, dedupe=f"pitch-tomorrow-{ref}-{event.version}",
            now=now, not_before=event.starts_at - DAY_BEFORE, starts_at=at,
        )  # fmt: skip


def _not_invited(session: Session, pot: AwardRound) -> list[tuple[int, str]]:
    """Everybody else of the call who was scored and has not heard otherwise."""
    invited = select(Finalist.application_id)
    rows = session.exec(
        select(Application.id, Application.ref)
        .where(
            Application.call_id == pot.call_id,
            Application.status == Status.IN_REVIEW,
            col(Application.id).not_in(invited),
        )
        .order_by(col(Application.ref))
    ).all()
    return [(key or 0, ref) for key, ref in rows]


def public_event(session: Session, call_slug: str, round_code: str, now: datetime) -> PublicEvent:
    """The evening of a round, for anybody; NotFound before the call opened or the evening was set up."""
    row = session.execute(
        select_columns(Event, AwardRound, Call)
        .join(AwardRound, col(AwardRound.id) == col(Event.round_id))
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .where(col(AwardRound.code) == round_code, col(Call.slug) == call_slug)
    ).one_or_none()
    if row is None or row.Call.opened_at is None or phase(row.Call, now) is Phase.CANCELLED:
        raise NotFound
    event, pot, call = row
    return PublicEvent(
        call=call.slug,
        call_title=call.title,
        round=pot.code,
        name=pot.event or pot.name,
        timezone=call.timezone,
        starts_at=event.starts_at,
        place=event.place,
        pitch_seconds=event.pitch_seconds,
        question_seconds=event.question_seconds,
        stream_url=event.stream_url,
        places=event.capacity,
        free=None if event.capacity is None else event.capacity - event.seated,
        finalists=public_finalists(session, event.round_id),
        order=_drawn(event, pot),
    )


def public_finalists(session: Session, round_id: int) -> list[PublicFinalist]:
    """The announced finalists of a round in the order in which they pitch."""
    rows = session.exec(
        select(PitchCard).where(PitchCard.round_id == round_id).order_by(col(PitchCard.slot))
    ).all()
    return [
        PublicFinalist(
            slot=each.slot,
            number=number,
            title=each.title,
            team=each.team,
            language=each.language,
            summary=each.summary,
        )
        for number, each in enumerate(rows, 1)
    ]


def _drawn(event: Event, pot: AwardRound) -> DrawnOrder | None:
    if event.announced_at is None or event.order_seed is None or event.order_drawn_at is None:
        return None
    return DrawnOrder(
        round=pot.code, seed=event.order_seed, titles=event.drawn, drawn_at=event.order_drawn_at
    )
