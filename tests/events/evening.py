"""An evening with its finalists: ten named, confirmed, drawn and announced, and two who were not invited."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.sealing import seal
from app.events.answering import answer_for
from app.events.naming import name_finalists
from app.events.running_order import announce_finalists, draw_running_order
from app.events.setting_up import EventInput, PlaceInput, save_event
from app.models.applications import Application
from app.models.events import Event, Finalist, FinalistState
from tests.decisions.scored import pot_now, ranked_call
from tests.factories import KNOWN, REVIEWING
from tests.kept_scenes import scene
from tests.world import World

EVENING = REVIEWING + timedelta(days=30)
"""When it begins."""
SETUP = EventInput(
    starts_at=EVENING,
    place=PlaceInput(kk="Үлкен зал", ru="Большой зал", en="Great hall"),
    capacity=3,
    answer_hours=48,
)


def with_final(session: Session, world: World, finalists: int = 10, weight: int = 50) -> None:
    """By the round's rule so many pitch; to be called before reviewing closes."""
    pot = session.merge(world.round)
    pot.finalists, pot.pitch_weight = finalists, weight
    session.add(pot)
    session.flush()
    world.round = pot


def evening(
    session: Session, world: World, finalists: int = 10, spare: int = 2, owner: str = "ada"
) -> list[str]:
    """The order is stored and the evening set up; codes from the first place to the last."""
    with_final(session, world, finalists)
    codes = ranked_call(session, world, finalists + spare, owner)
    save_event(session, world.coordinator(), world.round.code, 0, SETUP, REVIEWING)
    return codes


def named(
    session: Session, world: World, finalists: int = 10, spare: int = 2, owner: str = "ada"
) -> list[str]:
    """The first of them are invited."""
    return _kept(session, world, _named, finalists, spare, owner)


def _named(session: Session, world: World, finalists: int, spare: int, owner: str) -> list[str]:
    codes = evening(session, world, finalists, spare, owner)
    name_finalists(session, world.coordinator(), world.round.code, event_version(session, world), REVIEWING)
    return codes


def announced(
    session: Session, world: World, finalists: int = 10, spare: int = 2, owner: str = "ada"
) -> list[str]:
    """All of them have confirmed, the running order is drawn and public; codes in the order they pitch."""
    return _kept(session, world, _announced, finalists, spare, owner)


def _kept(
    session: Session, world: World, make: Callable[..., list[str]], finalists: int, spare: int, owner: str
) -> list[str]:
    """The same rows again where the world is as it was handed out; its round is the session's, as after
    the actions."""
    name = (make.__name__, finalists, spare, owner)
    codes = scene(session, world, name, lambda: make(session, world, finalists, spare, owner))
    world.round = pot_now(session, world.round.code)
    return codes


def _announced(session: Session, world: World, finalists: int, spare: int, owner: str) -> list[str]:
    codes = named(session, world, finalists, spare, owner)
    cora, pot = world.coordinator(), world.round.code
    for code in codes[:finalists]:
        answer_for(session, cora, pot, code, FinalistState.CONFIRMED, 1, REVIEWING)
    draw_running_order(session, cora, pot, event_version(session, world), REVIEWING)
    announce_finalists(session, cora, pot, event_version(session, world), REVIEWING)
    return pitching(session, world)


def decided_evening(session: Session, world: World, finalists: int = 10) -> list[str]:
    """The same, scored by a jury that agrees with the order, awarded and frozen: ready to be sealed."""
    from tests.events.jury import scored_evening

    codes = announced(session, world, finalists)
    scored_evening(session, world, finalists)
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, REVIEWING)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
    session.flush()
    return codes


def sealed_evening(session: Session, world: World, finalists: int = 10) -> list[str]:
    """The same, and sealed: its winners can be revealed."""
    codes = decided_evening(session, world, finalists)
    reason = "There is nobody else in this small town."
    seal(session, world.coordinator(), world.round.code, 0, reason, EVENING)
    session.flush()
    return codes


def event_version(session: Session, world: World) -> int:
    session.flush()
    return event_now(session, world).version


def event_now(session: Session, world: World) -> Event:
    """The evening as the database has it."""
    return session.exec(
        select(Event).where(Event.round_id == world.round.id).execution_options(populate_existing=True)
    ).one()


def pitching(session: Session, world: World) -> list[str]:
    """The codes of those with a slot, in the order they pitch."""
    rows = session.exec(
        select(Application.code)
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .where(Finalist.round_id == world.round.id, col(Finalist.slot).is_not(None))
        .order_by(col(Finalist.slot))
    )
    return list(rows)


def at(days: float) -> datetime:
    """So many days before the evening."""
    return EVENING - timedelta(days=days)
