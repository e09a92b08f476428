"""What may follow what on a stage, and its clock: pure, the same for the evening and for its rehearsal."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from app.errors import Conflict
from app.events.programme import Card, Programme
from app.models.events import Scene, StageState

OF_A_TEAM = (Scene.TITLE, Scene.TIMER, Scene.QUESTIONS, Scene.THANKS)
"""Scenes that show one team, in the order in which they follow each other."""
MORE = timedelta(seconds=30)
MILLISECOND = timedelta(milliseconds=1)


class Frozen(Conflict):
    """The stage is held: nothing is shown but the curtain until it is let go."""

    code = "stage.frozen"


class NoSuchTeam(Conflict):
    """No team pitches in this slot."""

    code = "stage.no_team"


class NoClock(Conflict):
    """No clock is on the screen."""

    code = "stage.no_clock"


class Turn(StrEnum):
    """What can be done to a clock."""

    HOLD = "hold"
    GO_ON = "go_on"
    MORE = "more"


class Clock(BaseModel):
    """A clock of `seconds`: it runs until `ends_at`, or is held with `left_ms` milliseconds left."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    seconds: int
    ends_at: datetime | None
    left_ms: int | None


class Press(BaseModel):
    """What one press would show; `card` is the team that it shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    scene: Scene
    card: Card | None


def set_scene(state: StageState, programme: Programme, scene: Scene, slot: int | None, now: datetime) -> None:
    """Show this scene, of the team of this slot or else of the one that is on; a clock begins anew."""
    if state.frozen and scene is not Scene.CURTAIN:
        raise Frozen
    if scene in OF_A_TEAM:
        slot = slot or state.slot
        if programme.card(slot) is None:
            raise NoSuchTeam
        state.slot = slot
    state.ends_at = state.left_ms = None
    if scene is Scene.TIMER:
        state.ends_at = now + timedelta(seconds=programme.pitch_seconds)
        if slot not in state.reached:
            state.reached = [*state.reached, slot]
    if scene is Scene.QUESTIONS:
        state.ends_at = now + timedelta(seconds=programme.question_seconds)
    state.scene = scene


def turn_clock(state: StageState, turn: Turn, now: datetime) -> None:
    """Hold the clock, let it go on, or give half a minute more. Holding a held one changes nothing."""
    if state.frozen and turn is not Turn.HOLD:
        raise Frozen
    if state.ends_at is None and state.left_ms is None:
        raise NoClock
    if turn is Turn.HOLD and state.ends_at is not None:
        left = state.ends_at - now
        state.ends_at, state.left_ms = None, left // MILLISECOND
    elif turn is Turn.GO_ON and state.left_ms is not None:
        state.ends_at, state.left_ms = now + state.left_ms * MILLISECOND, None
    elif turn is Turn.MORE:
        state.ends_at = state.ends_at and state.ends_at + MORE
        state.left_ms = state.left_ms if state.left_ms is None else state.left_ms + MORE // MILLISECOND


def set_frozen(state: StageState, frozen: bool, now: datetime) -> None:
    """Hold the stage, and its clock, or let it go: the clock waits for a press of its own."""
    if frozen and state.ends_at is not None:
        turn_clock(state, Turn.HOLD, now)
    state.frozen = frozen


def clock_of(state: StageState | None, programme: Programme) -> Clock | None:
    """The clock that is on the screen."""
    if state is None or (state.ends_at is None and state.left_ms is None):
        return None
    seconds = programme.pitch_seconds if state.scene is Scene.TIMER else programme.question_seconds
    return Clock(seconds=seconds, ends_at=state.ends_at, left_ms=state.left_ms)


def next_card(state: StageState | None, programme: Programme) -> Card | None:
    """The team that pitches next: after the one that is on, or was, the first whose pitch has not begun.

    Whoever was passed over comes once all the others have pitched: a team that is late holds nobody up.
    """
    if state is None:
        return programme.cards[0] if programme.cards else None
    on = state.slot if state.scene in OF_A_TEAM else None
    waiting = [card for card in programme.cards if card.slot not in state.reached and card.slot != on]
    later = (card for card in waiting if card.slot >= (state.slot or 0))
    return next(later, waiting[0] if waiting else None)


def following(state: StageState | None, programme: Programme, revealed: int) -> Press | None:
    """What the evening would show next, so that it needs one thumb; nothing once winners are revealed.

    After a team's title its pitch, then questions, then thanks, then the next team; after the last the jury.
    """
    if revealed or not programme.cards:
        return None
    scene = state.scene if state else Scene.CURTAIN
    now_on = programme.card(state.slot) if state else None
    if now_on is not None and scene in OF_A_TEAM[:-1]:
        return Press(scene=OF_A_TEAM[OF_A_TEAM.index(scene) + 1], card=now_on)
    waiting = next_card(state, programme)
    if waiting is not None:
        return Press(scene=Scene.TITLE, card=waiting)
    return None if scene is Scene.SCORING else Press(scene=Scene.SCORING, card=None)
