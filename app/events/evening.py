"""How far an evening is for its jury: which pitches have begun, and how long there is to compare them.

The stage says which pitches have begun. Where no stage is used (no power, no screen) a coordinator says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.held import held_call, held_pot
from app.errors import Conflict, NotFound, Stale
from app.events.paper_done import finish_papers
from app.models.calls import AwardRound
from app.models.events import Event, PitchCard, Stage
from app.models.jury import PitchScoring
from app.models.keys import key_of


class PitchesNotScored(Conflict):
    """The round published no weight of its pitches: there is nothing for a jury to score."""

    code = "jury.not_scored"


class PitchesClosed(Conflict):
    """The scoring of the pitches is closed: no ballot changes any more."""

    code = "jury.closed"


class NothingBegun(Conflict):
    """No pitch has begun yet, so that there is nothing to compare."""

    code = "jury.nothing_begun"


@dataclass(frozen=True, slots=True)
class Evening:
    """How far it is. `begun` maps a slot to when its pitch began."""

    begun: frozenset[int]
    comparing_at: datetime | None
    compare_ends_at: datetime | None
    closed_at: datetime | None
    version: int

    @property
    def current(self) -> int | None:
        """The pitch that has begun last in the running order."""
        return max(self.begun, default=None)


def evening_of(session: Session, round_id: int) -> Evening:
    """How far the evening of a round is."""
    found = session.execute(
        select_columns(
            col(PitchScoring.begun),
            col(PitchScoring.comparing_at),
            col(PitchScoring.compare_ends_at),
            col(PitchScoring.closed_at),
            col(PitchScoring.version),
            col(Stage.reached),
        )
        .select_from(AwardRound)
        .outerjoin(PitchScoring, col(PitchScoring.round_id) == col(AwardRound.id))
        .outerjoin(Stage, col(Stage.round_id) == col(AwardRound.id))
        .where(col(AwardRound.id) == round_id)
    ).one()
    begun, comparing_at, ends_at, closed_at, version, reached = found
    return Evening(
        begun=frozenset(begun or ()) | frozenset(reached or ()),
        comparing_at=comparing_at,
        compare_ends_at=ends_at,
        closed_at=closed_at,
        version=version or 0,
    )


def held_scoring(session: Session, round_id: int) -> PitchScoring:
    """The row of a round, locked, or a new one. The pot is held before."""
    return session.exec(
        select(PitchScoring)
        .where(PitchScoring.round_id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none() or PitchScoring(round_id=round_id, version=0)


def pitch_begins(
    session: Session, coordinator: Coordinator, round_code: str, slot: int, seen: int, now: datetime
) -> None:
    """Let the jury score a pitch without the stage: it has begun. `seen` is the version of the evening."""
    pot, scoring = _held(session, coordinator, round_code, seen)
    card = select(PitchCard.slot).where(PitchCard.round_id == pot.id, PitchCard.slot == slot)
    if session.exec(card).one_or_none() is None:
        raise NotFound
    if slot not in scoring.begun:
        scoring.begun = [*scoring.begun, slot]
        _keep(session, coordinator, pot, scoring, "pitch.begin", {"slot": slot}, now)


def all_have_pitched(
    session: Session, coordinator: Coordinator, round_code: str, seen: int, now: datetime
) -> None:
    """Let jurors compare from now on; where they do already, that begins anew from now."""
    pot, scoring = _held(session, coordinator, round_code, seen)
    if not evening_of(session, key_of(pot.id)).begun:
        raise NothingBegun
    _compare(session, coordinator, pot, scoring, now)
    _keep(session, coordinator, pot, scoring, "pitch.compare", {}, now)


def more_pitches_follow(
    session: Session, coordinator: Coordinator, round_code: str, seen: int, now: datetime
) -> None:
    """Take back that all have pitched."""
    pot, scoring = _held(session, coordinator, round_code, seen)
    scoring.comparing_at = scoring.compare_ends_at = None
    _keep(session, coordinator, pot, scoring, "pitch.compare_later", {}, now)


def stage_leaves_pitches(session: Session, coordinator: Coordinator, pot: AwardRound, now: datetime) -> None:
    """The stage shows that the jury scores: once every pitch has begun, the time to compare begins, once.

    Nothing happens where pitches are not scored, or one is still to come.
    """
    if pot.pitch_weight is None:
        return
    scoring = held_scoring(session, key_of(pot.id))
    session.flush()
    slots = set(session.exec(select(PitchCard.slot).where(PitchCard.round_id == pot.id)))
    is_done = scoring.comparing_at is not None or scoring.closed_at is not None
    if is_done or not slots or not slots <= evening_of(session, key_of(pot.id)).begun:
        return
    _compare(session, coordinator, pot, scoring, now)
    _keep(session, coordinator, pot, scoring, "pitch.compare", {}, now)


def _compare(
    session: Session, coordinator: Coordinator, pot: AwardRound, scoring: PitchScoring, now: datetime
) -> None:
    seconds = session.exec(select(Event.compare_seconds).where(Event.round_id == pot.id)).one_or_none()
    scoring.comparing_at = now
    scoring.compare_ends_at = now + timedelta(seconds=seconds or 0)
    finish_papers(session, coordinator, pot, now)


def _held(
    session: Session, coordinator: Coordinator, round_code: str, seen: int
) -> tuple[AwardRound, PitchScoring]:
    held_call(session, coordinator, shared=True)
    pot = held_pot(session, coordinator, round_code)
    if pot.pitch_weight is None:
        raise PitchesNotScored
    scoring = held_scoring(session, key_of(pot.id))
    if scoring.closed_at is not None:
        raise PitchesClosed
    if scoring.version != seen:
        raise Stale(version=scoring.version)
    return pot, scoring


def _keep(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    scoring: PitchScoring,
    action: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    scoring.version += 1
    session.add(scoring)
    session.flush()
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail=detail,
    )  # fmt: skip
