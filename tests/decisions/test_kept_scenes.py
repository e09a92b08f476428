"""A scene that is put back is the one that was made, and nobody gets one that would be another by now."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from app.database import session_on
from tests.decisions.scored import ranked_call
from tests.decisions.test_lots import drawn_call
from tests.events.evening import announced
from tests.kept_scenes import Rows, kept_scenes, rows_of
from tests.world import World

FEW = 3
Made = tuple[list[str], Rows, int]
SCENES: dict[str, Callable[[Session, World], list[str]]] = {
    "ranked": lambda session, world: ranked_call(session, world, FEW),
    "drawn": lambda session, world: drawn_call(session, world, 14, reserved_places=1),
    "announced": lambda session, world: announced(session, world, FEW, 1),
}


def made(engine: Engine, world: World, scene: str) -> Made:
    """The codes, every row and the call's version; nothing of it stays, nor in the world."""
    world = deepcopy(world)
    with session_on(engine) as session:
        codes = SCENES[scene](session, world)
        assert session.get(type(world.call), world.call.id) is world.call
        rows = {each.name: rows_of(session.connection(), each) for each in SQLModel.metadata.sorted_tables}
        version = world.call.version
        session.rollback()
    return codes, rows, version


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_put_back_to_the_byte(engine: Engine, world: World, scene: str) -> None:
    kept = kept_scenes[engine.dialect.name].scenes
    kept.clear()
    first = made(engine, world, scene)
    assert kept, "the next one is put back"
    assert made(engine, world, scene) == first
    # The database gives the next key of its own.
    with session_on(engine) as session, session.begin():
        SCENES[scene](session, world)
        another = world.round.model_dump(exclude={"id", "code", "finalists", "pitch_weight"})
        session.add(type(world.round)(**another, code="ANOTHER"))


@pytest.mark.parametrize("in_a_session", [True, False])
def test_a_world_that_was_changed_gets_a_scene_of_its_own(
    engine: Engine, world: World, in_a_session: bool
) -> None:
    plain = made(engine, world, "ranked")[0]
    assert made(engine, world, "ranked")[0] == plain
    if in_a_session:
        with session_on(engine) as session, session.begin():
            session.merge(world.people["ada"]).name = "Somebody else"
    else:
        world.call.discussion = True
    assert made(engine, world, "ranked")[0] != plain
