"""The world of a test, made once for each engine and put back row by row: every second test asks for it."""

import pickle
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, Table, insert, select, text
from sqlmodel import SQLModel

from app.database import session_on
from tests.kept_scenes import KeptScenes, kept_scenes, rows_of
from tests.world import World, make_world


@dataclass
class KeptWorld:
    """The rows of all tables after the first making, and what a test is handed with them."""

    handed: bytes = b""
    rows: list[tuple[Table, list[dict[str, Any]]]] = field(default_factory=list)

    def on(self, engine: Engine) -> World:
        """The world in this database: the same rows with the same codes each time, as objects of its own."""
        with session_on(engine) as session, session.begin():
            connection = session.connection()
            empty = not any(connection.scalar(any_row) for any_row in _ANY)
            if not (self.handed and empty):
                made = make_world(session)
                session.flush()
                if empty:
                    self._keep(connection, made)
                return made
            for table, rows in self.rows:
                connection.execute(insert(table), rows)
            if engine.dialect.name == "postgresql":
                connection.execute(text(self._counters()))
        return self._given()

    def _keep(self, connection: Any, made: World) -> None:
        for table in SQLModel.metadata.sorted_tables:
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
            if rows:
                self.rows.append((table, rows))
        self.handed = pickle.dumps(made)
        plain = {table.name: rows_of(connection, table) for table, _ in self.rows}
        kept_scenes[connection.dialect.name] = KeptScenes(plain)

    def _given(self) -> World:
        world: World = pickle.loads(self.handed)  # noqa: S301 (made above)
        return world

    def _counters(self) -> str:
        """Keys that were given by us are not given again by the database."""
        return "SELECT " + ", ".join(
            f"setval(pg_get_serial_sequence('{table.name}', 'id'), {max(row['id'] for row in rows)})"
            for table, rows in self.rows
            if "id" in table.c
        )


_ANY = [text(f"SELECT 1 FROM {name} LIMIT 1") for name in ("person", "organisation", "programme", '"call"')]
kept_worlds: dict[str, KeptWorld] = {"sqlite": KeptWorld(), "postgresql": KeptWorld()}
