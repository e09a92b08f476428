"""Scenes on the world of a test, each made once for each engine and put back row by row.

A scene of a dozen applications with all their reviews takes a third of a second, most of it for arithmetic
that gives the same each time. It is made by its own actions when a test is the first to ask for it, and
whenever a test has changed anything of the world before.
"""

from collections.abc import Callable, Hashable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, inspect
from sqlmodel import Session, SQLModel

from tests.world import World

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
"""Table -> its rows, each value as the driver stores it: NULL and the null of JSON stay two things."""
Scene = TypeVar("Scene")

BY_TRIGGERS = "tally_mark"
"""What other tables' triggers fill: it is put back whole, after all others."""

SIGNED_IN = {"browser_session", "api_token"}
"""What no scene reads or writes: who has signed in before changes nothing of it."""


@dataclass
class KeptScene:
    """What a scene hands out, the rows that it adds, and those of the world that it changes."""

    handed: Any
    by_triggers: list[Row]
    added: Rows = field(default_factory=dict)
    changed: Rows = field(default_factory=dict)


@dataclass
class KeptScenes:
    """The scenes of one engine, on the rows of its plain world."""

    plain: Rows
    scenes: dict[Hashable, KeptScene] = field(default_factory=dict)

    def given(self, session: Session, world: World, name: Hashable, make: Callable[[], Scene]) -> Scene:
        """What `make()` gives, with the same rows: by making it, or as it was made before."""
        session.flush()
        connection = session.connection()
        # What was changed and is in no session yet would be written by the scene's own actions.
        held = (world.call, world.round, *world.criteria.values(), *world.members.values())
        if any(inspect(each).modified for each in held) or not self._is_plain(connection):
            return make()
        if name not in self.scenes:
            handed = make()
            session.flush()
            self.scenes[name] = self._seen(connection, handed)
            return handed
        scene = self.scenes[name]
        # What belongs to a call first, and all that was there before anything new: some rules keep it after.
        for table in reversed(_in_order(scene.changed)):
            _update(connection, table, scene.changed[table.name])
        for table in _in_order(scene.added):
            _insert(connection, table, scene.added[table.name])
        connection.exec_driver_sql(f"DELETE FROM {BY_TRIGGERS}")
        _insert(connection, _table(BY_TRIGGERS), scene.by_triggers)
        # As the scene leaves them: the call belongs to the session, and all that it knows is true.
        session.expire_all()
        session.add(world.call)
        session.refresh(world.call)
        given: Scene = deepcopy(scene.handed)
        return given

    def _is_plain(self, connection: Connection) -> bool:
        if connection.exec_driver_sql(_any_row(frozenset(self.plain))).first() is not None:
            return False
        return all(rows_of(connection, _table(name)) == rows for name, rows in self.plain.items())

    def _seen(self, connection: Connection, handed: Any) -> KeptScene:
        scene = KeptScene(deepcopy(handed), rows_of(connection, _table(BY_TRIGGERS)))
        for table in SQLModel.metadata.sorted_tables:
            if table.name in SIGNED_IN | {BY_TRIGGERS}:
                continue
            then, now = self.plain.get(table.name, []), rows_of(connection, table)
            before, keys = {*then}, {_key(table, row) for row in then}
            fresh = [row for row in now if row not in before]
            assert len(now) >= len(then), f"a scene takes nothing away from {table.name}"
            if added := [row for row in fresh if _key(table, row) not in keys]:
                scene.added[table.name] = added
            if changed := [row for row in fresh if _key(table, row) in keys]:
                scene.changed[table.name] = changed
        return scene


def rows_of(connection: Connection, table: Table) -> list[Row]:
    """All rows of a table, in the order of their keys."""
    text = "::text" if connection.dialect.name == "postgresql" else ""
    columns = ", ".join(f'"{each.name}"{text}' for each in table.columns)
    order = ", ".join(f'"{each.name}"' for each in table.primary_key.columns)
    found = connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}" ORDER BY {order}')
    return [tuple(row) for row in found]


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{each.name}"' for each in table.columns)
    if connection.dialect.name == "sqlite":
        signs = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({signs})', list(rows))
        return
    kinds = _kinds(table, connection)
    values = ", ".join(f"c{number}::{kind}" for number, kind in enumerate(kinds))
    columns = ", ".join(f"c{number}" for number in range(len(kinds)))
    given = ", ".join(["%s::text[]"] * len(kinds))
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM unnest({given}) AS given({columns})',
        tuple(list(column) for column in zip(*rows, strict=True)),
    )
    if "id" in table.c:
        # Keys that were given by us are not given again by the database.
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), max(id)) FROM \"{table.name}\""
        )


def _update(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    sqlite = connection.dialect.name == "sqlite"
    signs = ["?"] * len(table.columns) if sqlite else [f"%s::{each}" for each in _kinds(table, connection)]
    values = ", ".join(f'"{each.name}" = {sign}' for each, sign in zip(table.columns, signs, strict=True))
    here = " AND ".join(
        f'"{each.name}" = {sign}' for each, sign in zip(table.columns, signs, strict=True) if each.primary_key
    )
    for row in rows:
        connection.exec_driver_sql(
            f'UPDATE "{table.name}" SET {values} WHERE {here}',
            (*row, *_key(table, row)),
        )


def _kinds(table: Table, connection: Connection) -> list[str]:
    return [each.type.compile(connection.dialect) for each in table.columns]


def _key(table: Table, row: Row) -> Row:
    return tuple(value for each, value in zip(table.columns, row, strict=True) if each.primary_key)


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _in_order(rows: Rows) -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name in rows]


@cache
def _any_row(but: frozenset[str]) -> str:
    """Asks for a row of any table but these."""
    names = [each.name for each in SQLModel.metadata.sorted_tables if each.name not in but | SIGNED_IN]
    return " UNION ALL ".join(f'SELECT 1 FROM (SELECT 1 FROM "{name}" LIMIT 1) AS t' for name in names)


kept_scenes: dict[str, KeptScenes] = {}
"""By the engine; filled with its plain world as soon as there is one."""


def scene(session: Session, world: World, name: Hashable, make: Callable[[], Scene]) -> Scene:
    """What `make()` gives, with its rows, which are put back where the world is as it was handed out."""
    kept = kept_scenes.get(session.connection().dialect.name)
    return make() if kept is None else kept.given(session, world, name, make)
