"""A scene that is put back is the one that was made, and nobody gets one that would be another by now."""

from copy import deepcopy

from sqlalchemy import Engine
from sqlmodel import SQLModel

from app.database import session_on
from tests.decisions.scored import ranked_call, stored_order
from tests.kept_scenes import Rows, kept_scenes, rows_of
from tests.world import World

FEW = 3
NAME = ("ranked", FEW, "ada")


def _made(engine: Engine, world: World) -> tuple[list[str], Rows, int]:
    """The codes, every row and the call's version; nothing of it stays, nor in the world."""
    world = deepcopy(world)
    with session_on(engine) as session:
        codes = ranked_call(session, world, FEW)
        assert [code for code, _ in stored_order(session)] == codes
        assert session.get(type(world.call), world.call.id) is world.call
        rows = {each.name: rows_of(session.connection(), each) for each in SQLModel.metadata.sorted_tables}
        version = world.call.version
        session.rollback()
    return codes, rows, version


def test_a_scene_is_put_back_to_the_byte(engine: Engine, world: World) -> None:
    kept_scenes[engine.dialect.name].scenes.pop(NAME, None)
    made = _made(engine, world)
    assert NAME in kept_scenes[engine.dialect.name].scenes
    assert _made(engine, world) == made
    # The database gives the next key of its own.
    with session_on(engine) as session, session.begin():
        ranked_call(session, world, FEW)
        session.add(type(world.round)(**world.round.model_dump(exclude={"id", "code"}), code="ANOTHER"))


def test_a_world_that_was_changed_gets_a_scene_of_its_own(engine: Engine, world: World) -> None:
    plain = _made(engine, world)[0]
    assert _made(engine, world)[0] == plain
    with session_on(engine) as session, session.begin():
        session.merge(world.people["ada"]).name = "Somebody else"
    assert _made(engine, world)[0] != plain
