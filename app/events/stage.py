"""What the hall's screen shows: announced teams and winners only. The others are not hidden but absent."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.announce import make_public, unrevealed
from app.decisions.held import WITHOUT_FORM, call_of, held_call, held_pot, round_of
from app.decisions.refusals import NotDecided
from app.decisions.seals import arranged, foreseen, waits_for_seal
from app.decisions.winner import Winner
from app.errors import Conflict, NotFound, Stale
from app.events.evening import stage_leaves_pitches
from app.events.programme import Card, Programme, programme_of
from app.events.scenes import (
    OF_A_TEAM,
    Clock,
    Frozen,
    Press,
    Turn,
    clock_of,
    following,
    next_card,
    set_frozen,
    set_scene,
    turn_clock,
)
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.events import Scene, Stage, StageState
from app.models.keys import key_of
from app.wall import whole_call


class NobodyLeft(Conflict):
    """Every winner of the round has been revealed."""

    code = "stage.nobody_left"


class Rehearsing(Conflict):
    """The hall's screen shows the rehearsal: it is ended before the stage is used in earnest."""

    code = "stage.rehearsing"


class RevealedWinner(BaseModel):
    """A winner everybody may see. Amount in euro cents; None where there is no money.

    `given_back`: it has given the award back since it was announced.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    position: int
    title: str
    team: str
    language: str
    amount_minor: int | None
    slug: str
    given_back: bool = False


class Screen(BaseModel):
    """What the screen shows now; `winner` only in the scene of a winner, `card` in those of a team.

    `winners` only on the board, the one revealed last first: those of the announcement, whoever came up from
    the reserve list later is among the results alone. `places` is the most that may
    win by the rule, not how many do. `teams` is how many pitch, `next_card` who does
    next; both are 0 and None in a round without an event. Of `jurors` so many have `finished`. In a
    `rehearsal` all of it is invented.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    call_title: Texts
    event: Texts | None
    scene: Scene
    version: int
    places: int
    winner: RevealedWinner | None
    winners: list[RevealedWinner]
    card: Card | None
    next_card: Card | None
    teams: int
    clock: Clock | None
    pitch_seconds: int
    question_seconds: int
    jurors: int
    finished: int
    frozen: bool
    rehearsal: bool


class StageControl(BaseModel):
    """What the coordinator's control shows; whoever is `next_` is known to the coordinator alone.

    `left` and `revealed` count the round's awards; both are 0 where nobody has been awarded. `unsealed`:
    nobody is revealed before the results of the round are sealed. `following` is what the evening would show
    next, `reached` are the slots whose pitch has begun.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    screen: Screen
    next_title: str
    next_team: str
    next_amount_minor: int | None
    left: int
    revealed: int
    can_reveal: bool
    unsealed: bool
    published: bool
    following: Press | None
    cards: list[Card]
    reached: list[int]
    note: str
    rehearsing: bool


class NoteInput(BaseModel):
    """A note for the presenter; `was` is the one that it takes the place of."""

    model_config = ConfigDict(extra="forbid")
    note: Annotated[str, Field(max_length=300)] = ""
    was: Annotated[str, Field(max_length=300)] = ""


def opened_round(session: Session, round_code: str) -> tuple[AwardRound, Call]:
    """A round of a call that was opened, for anybody; NotFound for any other."""
    row = session.exec(
        select(AwardRound, Call)
        .join(Call, col(Call.id) == AwardRound.call_id)
        .where(AwardRound.code == round_code, col(Call.opened_at).is_not(None))
        .options(WITHOUT_FORM)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def screen(session: Session, round_code: str) -> Screen:
    """The screen of a round, for anybody; before its first use the curtain. NotFound for an unopened call."""
    pot, call = opened_round(session, round_code)
    return screen_of(session, pot, call)


def screen_of(session: Session, pot: AwardRound, call: Call) -> Screen:
    """The screen of a round that was found."""
    stage = session.get(Stage, pot.id)
    # What is shown is read before whom it shows: never is a screen newer than its version.
    programme = programme_of(session, key_of(pot.id))
    return shown(pot, call, stage, programme, revealed_winners(session, pot))


def revealed_winners(session: Session, pot: AwardRound) -> list[RevealedWinner]:
    """The winners of a round that everybody may see, in the order of their reveal.

    Who came up from the reserve list was never revealed: beside the one whose award it has, it would make
    more winners than there are and more money than the pot holds.
    """
    rows = session.exec(
        select(PublishedResult)
        .where(PublishedResult.round_id == pot.id, ~col(PublishedResult.promoted))
        .order_by(col(PublishedResult.position))
    )
    return [
        RevealedWinner(
            position=row.position,
            title=row.title,
            team=row.team,
            language=row.language,
            amount_minor=row.amount_minor,
            slug=row.slug,
            given_back=row.given_back_at is not None,
        )
        for row in rows
    ]


def shown(
    pot: AwardRound,
    call: Call,
    state: StageState | None,
    programme: Programme,
    winners: list[RevealedWinner],
    *,
    rehearsal: bool = False,
) -> Screen:
    """What this state of a stage shows of these teams and winners."""
    scene = state.scene if state else Scene.CURTAIN
    return Screen(
        round=pot.code,
        call_title=call.title,
        event=pot.event,
        scene=scene,
        version=state.version if state else 0,
        places=pot.places,
        winner=winners[-1] if winners and scene is Scene.WINNER else None,
        winners=winners[::-1] if scene is Scene.BOARD else [],
        card=programme.card(state.slot) if state and scene in OF_A_TEAM else None,
        next_card=next_card(state, programme),
        teams=len(programme.cards),
        clock=clock_of(state, programme),
        pitch_seconds=programme.pitch_seconds,
        question_seconds=programme.question_seconds,
        jurors=programme.jurors,
        finished=programme.finished,
        frozen=state.frozen if state else False,
        rehearsal=rehearsal,
    )


def stage_control(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> StageControl:
    """The control of a round's stage."""
    pot, call = round_of(session, coordinator, round_code), call_of(session, coordinator)
    waiting = foreseen(session, key_of(pot.id), unrevealed(session, coordinator, pot.id))
    reached = phase(call, now)
    next_winner = waiting[0] if waiting else None
    unsealed = reached is Phase.DECIDED and waits_for_seal(session, key_of(pot.id))
    revealed = session.exec(
        select(func.count())
        .select_from(PublishedResult)
        .where(PublishedResult.round_id == pot.id, ~col(PublishedResult.promoted))
    ).one()
    stage = session.get(Stage, pot.id)
    programme = programme_of(session, key_of(pot.id))
    return StageControl(
        screen=screen_of(session, pot, call),
        next_title=next_winner.title if next_winner else "",
        next_team=next_winner.team if next_winner else "",
        next_amount_minor=next_winner.amount_minor if next_winner else None,
        left=len(waiting),
        revealed=revealed,
        can_reveal=next_winner is not None and reached is Phase.DECIDED and not unsealed,
        unsealed=unsealed,
        published=reached is Phase.PUBLISHED,
        following=following(stage, programme, revealed) if reached is not Phase.PUBLISHED else None,
        cards=list(programme.cards),
        reached=stage.reached if stage else [],
        note=stage.note if stage else "",
        rehearsing=stage.rehearsing if stage else False,
    )


@whole_call
def reveal_next(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> Winner:
    """Make the next winner of a round public and put them on the screen, in one step.

    `seen_version` is the stage that was looked at: two presses on one stage reveal one winner.
    """
    call = held_call(session, coordinator, shared=True)
    pot = held_pot(session, coordinator, round_code)
    if phase(call, now) is not Phase.DECIDED:
        raise NotDecided
    stage = stage_at(session, pot, seen_version, now)
    if stage.frozen:
        raise Frozen
    waiting = unrevealed(session, coordinator, pot.id)
    if not waiting:
        raise NobodyLeft
    waiting = arranged(session, key_of(pot.id), waiting)
    make_public(session, coordinator.call_id, waiting[:1], now)
    stage.revealed += 1
    stage.scene, stage.ends_at, stage.left_ms = Scene.WINNER, None, None
    changed(session, coordinator, pot, stage, now)
    return waiting[0]


def show_scene(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    scene: Scene,
    seen_version: int,
    now: datetime,
    slot: int | None = None,
) -> None:
    """Put a scene on the screen: the curtain, a team of the evening, the last winner or all of them."""
    pot = _held(session, coordinator, round_code)
    stage = stage_at(session, pot, seen_version, now)
    set_scene(stage, programme_of(session, key_of(pot.id)), scene, slot, now)
    changed(session, coordinator, pot, stage, now)
    if scene is Scene.SCORING:
        stage_leaves_pitches(session, coordinator, pot, now)


def turn(
    session: Session, coordinator: Coordinator, round_code: str, turn: Turn, seen_version: int, now: datetime
) -> None:
    """Hold the clock on the screen, let it go on, or give it half a minute more."""
    pot = _held(session, coordinator, round_code)
    stage = stage_at(session, pot, seen_version, now)
    turn_clock(stage, turn, now)
    changed(session, coordinator, pot, stage, now)


def freeze(session: Session, coordinator: Coordinator, round_code: str, frozen: bool, now: datetime) -> None:
    """Hold the stage, or let it go. It names no version: whoever sees something wrong need not look twice."""
    pot = _held(session, coordinator, round_code)
    stage = stage_now(session, pot, now)
    if stage.frozen is not frozen:
        set_frozen(stage, frozen, now)
        changed(session, coordinator, pot, stage, now)


def write_note(
    session: Session, coordinator: Coordinator, round_code: str, given: NoteInput, now: datetime
) -> None:
    """Say something to the presenter. Stale where somebody else has said something since."""
    pot = _held(session, coordinator, round_code)
    stage = stage_now(session, pot, now)
    note_down(stage, given)
    changed(session, coordinator, pot, stage, now)


def note_down(state: StageState, given: NoteInput) -> None:
    """The note of a stage, if it still is the one that was looked at."""
    if state.note != given.was:
        raise Stale(current=state.note, version=state.version)
    state.note = given.note


def _held(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    held_call(session, coordinator, shared=True)
    return held_pot(session, coordinator, round_code)


def stage_now(session: Session, pot: AwardRound, now: datetime) -> Stage:
    """The stage of a locked pot, in earnest; version 0 is a stage never used. Rehearsing while it is not."""
    stage = session.get(Stage, pot.id)
    if stage is not None and stage.rehearsing:
        raise Rehearsing
    return stage or Stage(round_id=key_of(pot.id), version=0, changed_at=now)


def stage_at(session: Session, pot: AwardRound, seen_version: int, now: datetime) -> Stage:
    """The stage, if it still is what was looked at."""
    stage = stage_now(session, pot, now)
    if stage.version != seen_version:
        raise Stale(version=stage.version)
    return stage


def changed(
    session: Session, coordinator: Coordinator, pot: AwardRound, state: StageState, now: datetime
) -> None:
    """A stage, or a rehearsal, as it is from now on; in the log without a word that anybody wrote."""
    state.version += 1
    state.changed_at = now
    session.add(state)
    record(
        session,
        "stage.change" if isinstance(state, Stage) else "rehearsal.change",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=pot.code,
        detail={
            "scene": state.scene.value,
            "slot": state.slot,
            "frozen": state.frozen,
            "revealed": state.revealed,
            "version": state.version,
        },
    )
