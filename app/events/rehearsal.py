"""A rehearsal: the same screen, clock and reveals, of invented teams, in a table of its own.

Nothing here can make anybody public: it never touches the stage's scenes, an award or a result. It is shown
to coordinators and to whoever has the hall's own link, watermarked; to everybody else there is none.
"""

from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.decisions.held import call_of, held_call, held_pot, round_of
from app.errors import Conflict, Stale
from app.events.invented import invented_programme
from app.events.programme import Programme, programme_of
from app.events.scenes import Frozen, Turn, following, set_frozen, set_scene, turn_clock
from app.events.stage import (
    NobodyLeft,
    NoteInput,
    RevealedWinner,
    Screen,
    StageControl,
    changed,
    note_down,
    shown,
)
from app.models.calls import AwardRound, Call
from app.models.events import Rehearsal, Scene, Stage
from app.models.keys import key_of


class UnderWay(Conflict):
    """The evening has begun, or is over: nothing invented may come between."""

    code = "stage.under_way"


class NoRehearsal(Conflict):
    """There is no rehearsal now."""

    code = "stage.no_rehearsal"


def begin(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> None:
    """Begin a rehearsal, behind the curtain and with nobody revealed; only before the evening has begun."""
    call = held_call(session, coordinator, shared=True)
    pot = held_pot(session, coordinator, round_code)
    stage = session.get(Stage, pot.id) or Stage(round_id=key_of(pot.id), version=0, changed_at=now)
    if stage.scene is not Scene.CURTAIN or stage.revealed or phase(call, now) is Phase.PUBLISHED:
        raise UnderWay
    if stage.rehearsing:
        return
    old = session.get(Rehearsal, pot.id)
    rehearsal = old or Rehearsal(round_id=key_of(pot.id), version=0, changed_at=now)
    rehearsal.scene, rehearsal.slot, rehearsal.reached, rehearsal.revealed = Scene.CURTAIN, None, [], 0
    rehearsal.ends_at, rehearsal.left_ms, rehearsal.frozen, rehearsal.note = None, None, False, ""
    stage.rehearsing = True
    changed(session, coordinator, pot, stage, now)
    changed(session, coordinator, pot, rehearsal, now)


def end(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> None:
    """End the rehearsal: every screen shows the stage again."""
    pot = _held(session, coordinator, round_code)
    stage = session.get(Stage, pot.id)
    if stage is not None and stage.rehearsing:
        stage.rehearsing = False
        changed(session, coordinator, pot, stage, now)


def renew_link(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> None:
    """Make another link for the hall's screen; whoever has the old one sees what everybody sees."""
    pot = _held(session, coordinator, round_code)
    stage = session.get(Stage, pot.id) or Stage(round_id=key_of(pot.id), version=0, changed_at=now)
    stage.link += 1
    changed(session, coordinator, pot, stage, now)


def rehearsal_screen(session: Session, pot: AwardRound, call: Call) -> Screen:
    """What the rehearsal shows."""
    rehearsal = session.get(Rehearsal, pot.id)
    programme = _programme(session, pot)
    return shown(pot, call, rehearsal, programme, _winners(pot, rehearsal, programme), rehearsal=True)


def rehearsal_control(session: Session, coordinator: Coordinator, round_code: str) -> StageControl:
    """The control of the rehearsal, with who would be revealed next: invented like the others."""
    pot, call = round_of(session, coordinator, round_code), call_of(session, coordinator)
    rehearsal = session.get(Rehearsal, pot.id)
    programme = _programme(session, pot)
    revealed = rehearsal.revealed if rehearsal else 0
    left = _places(pot, programme) - revealed
    next_winner = programme.cards[revealed] if left else None
    return StageControl(
        screen=rehearsal_screen(session, pot, call),
        next_title=next_winner.title if next_winner else "",
        next_team=next_winner.team if next_winner else "",
        next_amount_minor=pot.amount_minor if next_winner else None,
        left=left,
        revealed=revealed,
        can_reveal=next_winner is not None,
        unsealed=False,
        published=False,
        following=following(rehearsal, programme, revealed),
        cards=list(programme.cards),
        reached=rehearsal.reached if rehearsal else [],
        note=rehearsal.note if rehearsal else "",
        rehearsing=True,
    )


def reveal(session: Session, coordinator: Coordinator, round_code: str, seen: int, now: datetime) -> None:
    """Reveal the next invented winner, as it will be done in earnest."""
    pot = _held(session, coordinator, round_code)
    rehearsal = _at(session, pot, seen)
    if rehearsal.frozen:
        raise Frozen
    if rehearsal.revealed >= _places(pot, _programme(session, pot)):
        raise NobodyLeft
    rehearsal.revealed += 1
    rehearsal.scene, rehearsal.ends_at, rehearsal.left_ms = Scene.WINNER, None, None
    changed(session, coordinator, pot, rehearsal, now)


def show(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    scene: Scene,
    seen: int,
    now: datetime,
    slot: int | None = None,
) -> None:
    """Put a scene of the rehearsal on the hall's screen."""
    pot = _held(session, coordinator, round_code)
    rehearsal = _at(session, pot, seen)
    set_scene(rehearsal, _programme(session, pot), scene, slot, now)
    changed(session, coordinator, pot, rehearsal, now)


def turn(
    session: Session, coordinator: Coordinator, round_code: str, turn: Turn, seen: int, now: datetime
) -> None:
    """Hold the rehearsal's clock, let it go on, or give it half a minute more."""
    pot = _held(session, coordinator, round_code)
    rehearsal = _at(session, pot, seen)
    turn_clock(rehearsal, turn, now)
    changed(session, coordinator, pot, rehearsal, now)


def freeze(session: Session, coordinator: Coordinator, round_code: str, frozen: bool, now: datetime) -> None:
    """Hold the rehearsal, or let it go."""
    pot = _held(session, coordinator, round_code)
    rehearsal = _now(session, pot)
    if rehearsal.frozen is not frozen:
        set_frozen(rehearsal, frozen, now)
        changed(session, coordinator, pot, rehearsal, now)


def write_note(
    session: Session, coordinator: Coordinator, round_code: str, given: NoteInput, now: datetime
) -> None:
    """Say something to the presenter of the rehearsal."""
    pot = _held(session, coordinator, round_code)
    rehearsal = _now(session, pot)
    note_down(rehearsal, given)
    changed(session, coordinator, pot, rehearsal, now)


def _held(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    held_call(session, coordinator, shared=True)
    return held_pot(session, coordinator, round_code)


def _now(session: Session, pot: AwardRound) -> Rehearsal:
    stage, rehearsal = session.get(Stage, pot.id), session.get(Rehearsal, pot.id)
    if stage is None or rehearsal is None or not stage.rehearsing:
        raise NoRehearsal
    return rehearsal


def _at(session: Session, pot: AwardRound, seen: int) -> Rehearsal:
    rehearsal = _now(session, pot)
    if rehearsal.version != seen:
        raise Stale(version=rehearsal.version)
    return rehearsal


def _programme(session: Session, pot: AwardRound) -> Programme:
    times = programme_of(session, key_of(pot.id))
    return invented_programme(times.pitch_seconds, times.question_seconds)


def _places(pot: AwardRound, programme: Programme) -> int:
    return min(pot.places, len(programme.cards))


def _winners(pot: AwardRound, rehearsal: Rehearsal | None, programme: Programme) -> list[RevealedWinner]:
    return [
        RevealedWinner(
            position=card.slot,
            title=card.title,
            team=card.team,
            language=card.language,
            amount_minor=pot.amount_minor,
            slug="",
        )
        for card in programme.cards[: rehearsal.revealed if rehearsal else 0]
    ]
