"""What the hall's screen shows: announced winners only. The others are not hidden, they are absent."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.announce import Winner, make_public, unrevealed
from app.decisions.held import WITHOUT_FORM, call_of, held_call, held_pot
from app.decisions.refusals import NotDecided
from app.errors import Conflict, NotFound, Stale
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.events import Scene, Stage
from app.models.keys import key_of
from app.wall import whole_call


class NobodyLeft(Conflict):
    """Every winner of the round has been revealed."""

    code = "stage.nobody_left"


class RevealedWinner(BaseModel):
    """A winner everybody may see. Amount in euro cents; None where there is no money."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    position: int
    title: str
    team: str
    language: str
    amount_minor: int | None
    slug: str


class Screen(BaseModel):
    """What the screen shows now; `winner` only in the scene of a winner.

    `winners` only on the board, the one revealed last first.
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


class StageControl(BaseModel):
    """What the coordinator's control shows; whoever is `next_` is known to the coordinator alone.

    `left` and `revealed` count the round's awards; both are 0 where nobody has been awarded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    screen: Screen
    next_title: str
    next_team: str
    next_amount_minor: int | None
    left: int
    revealed: int
    can_reveal: bool
    published: bool


def screen(session: Session, round_code: str) -> Screen:
    """The screen of a round, for anybody; before its first use the curtain. NotFound for an unopened call."""
    row = session.exec(
        select(AwardRound, Call)
        .join(Call, col(Call.id) == AwardRound.call_id)
        .where(AwardRound.code == round_code, col(Call.opened_at).is_not(None))
        .options(WITHOUT_FORM)
    ).one_or_none()
    if row is None:
        raise NotFound
    pot, call = row
    return _screen(session, pot, call)


def _screen(session: Session, pot: AwardRound, call: Call) -> Screen:
    stage = session.get(Stage, pot.id)
    revealed = session.exec(
        select(PublishedResult)
        .where(PublishedResult.round_id == pot.id)
        .order_by(col(PublishedResult.position))
    ).all()
    winners = [_winner(each) for each in revealed]
    scene = stage.scene if stage else Scene.CURTAIN
    return Screen(
        round=pot.code,
        call_title=call.title,
        event=pot.event,
        scene=scene,
        version=stage.version if stage else 0,
        places=pot.places,
        winner=winners[-1] if winners and scene is Scene.WINNER else None,
        winners=winners[::-1] if scene is Scene.BOARD else [],
    )


def _winner(row: PublishedResult) -> RevealedWinner:
    return RevealedWinner(
        position=row.position,
        title=row.title,
        team=row.team,
        language=row.language,
        amount_minor=row.amount_minor,
        slug=row.slug,
    )


def stage_control(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> StageControl:
    """The control of a round's stage."""
    pot, call = _own(session, coordinator, round_code), call_of(session, coordinator)
    waiting = unrevealed(session, coordinator, pot.id)
    reached = phase(call, now)
    following = waiting[0] if waiting else None
    return StageControl(
        screen=_screen(session, pot, call),
        next_title=following.title if following else "",
        next_team=following.team if following else "",
        next_amount_minor=following.amount_minor if following else None,
        left=len(waiting),
        revealed=session.exec(
            select(func.count()).select_from(PublishedResult).where(PublishedResult.round_id == pot.id)
        ).one(),
        can_reveal=following is not None and reached is Phase.DECIDED,
        published=reached is Phase.PUBLISHED,
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
    stage = _at(session, pot, seen_version, now)
    waiting = unrevealed(session, coordinator, pot.id)
    if not waiting:
        raise NobodyLeft
    make_public(session, coordinator.call_id, waiting[:1], now)
    stage.revealed += 1
    _change(session, coordinator, pot, stage, Scene.WINNER, now)
    return waiting[0]


def show_scene(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    scene: Scene,
    seen_version: int,
    now: datetime,
) -> None:
    """Put the curtain, the last revealed winner or the board of all revealed winners on the screen."""
    held_call(session, coordinator, shared=True)
    pot = held_pot(session, coordinator, round_code)
    _change(session, coordinator, pot, _at(session, pot, seen_version, now), scene, now)


def _own(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    pot = session.exec(
        select(AwardRound).where(AwardRound.code == round_code, AwardRound.call_id == coordinator.call_id)
    ).one_or_none()
    if pot is None:
        raise NotFound
    return pot


def _at(session: Session, pot: AwardRound, seen_version: int, now: datetime) -> Stage:
    """The stage, if it still is what was looked at; version 0 is a stage never used. The pot is locked."""
    stage = session.get(Stage, pot.id)
    current = stage.version if stage else 0
    if current != seen_version:
        raise Stale(version=current)
    return stage or Stage(round_id=key_of(pot.id), version=0, changed_at=now)


def _change(
    session: Session, coordinator: Coordinator, pot: AwardRound, stage: Stage, scene: Scene, now: datetime
) -> None:
    stage.scene = scene
    stage.version += 1
    stage.changed_at = now
    session.add(stage)
    record(
        session,
        "stage.change",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=pot.code,
        detail={"scene": scene.value, "revealed": stage.revealed, "version": stage.version},
    )
