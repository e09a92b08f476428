"""Sessions that the database itself keeps from who applied: those of reviewers' requests.

On SQLite an authorizer refuses to prepare any statement that reads or writes a protected table, be it in a
join, in a condition or to count its rows. On PostgreSQL the connections have a role that was never granted
these tables; `baige migrate --roles` makes it. Everything else is as on the engine they are made from.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import Engine, event, text

from app.database import make_engine, session_on
from app.models.protected import protected_tables

ROLE = "baige_reviewer"

REFERRED = {("person", "id")}
"""SQLite checks that a key refers to a row with the rights of the statement: of the log, who did it."""

log = structlog.get_logger()


def blindfolded(engine: Engine, *, threads: int = 8, production: bool = False) -> Engine:
    """An engine on the same database that sees no protected table.

    Where PostgreSQL has no such role yet, it is `engine` itself, and production logs a warning: the code
    still reads nothing of these tables, but nothing else forbids it.
    """
    if engine.dialect.name == "sqlite":
        return _authorized(engine, threads)
    if not has_role(engine):
        if production:
            log.warning("no database role for reviewers", mend="run `baige migrate --roles`")
        return engine
    return make_engine(_url(engine), threads=threads, role=ROLE)


@contextmanager
def kept_blind(engine: Engine) -> Iterator[Engine]:
    """A blindfolded engine for one piece of work, as when the job worker writes to a reviewer."""
    blind = blindfolded(engine, threads=1)
    try:
        yield blind
    finally:
        if blind is not engine:
            blind.dispose()


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def has_role(engine: Engine) -> bool:
    """Whether there is such a role, and this login may take it."""
    if engine.dialect.name != "postgresql":
        return False
    with session_on(engine, reading=True) as session:
        found = session.execute(
            text("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = :role"), {"role": ROLE}
        )
        return bool(found.scalar())


def _authorized(engine: Engine, threads: int) -> Engine:
    blind = make_engine(_url(engine), threads=threads)
    protected = {name.lower() for name in protected_tables()}

    def authorize(action: int, first: str | None, second: str | None, *_: Any) -> int:
        # For every action on a table its name comes first; `count(*)` reads it with an empty column.
        if first is None or first.lower() not in protected:
            return sqlite3.SQLITE_OK
        is_key = action == sqlite3.SQLITE_READ and (first.lower(), second) in REFERRED
        return sqlite3.SQLITE_OK if is_key else sqlite3.SQLITE_DENY

    @event.listens_for(blind, "connect")
    def blindfold(connection: Any, _record: object) -> None:
        connection.set_authorizer(authorize)

    return blind


def make_roles(engine: Engine) -> bool:
    """Make the role on PostgreSQL, or bring its grants up to date; False where there are none to make.

    It may do everything a session does but for the protected tables, and of these not even count the rows.
    Whoever runs this needs CREATEROLE, or the role has to be there.
    """
    if engine.dialect.name != "postgresql":
        return False
    protected = ", ".join(sorted(protected_tables()))
    with engine.begin() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": ROLE}):
            connection.exec_driver_sql(f"CREATE ROLE {ROLE} NOLOGIN")
        for words in (
            f"GRANT {ROLE} TO CURRENT_USER",
            f"GRANT USAGE ON SCHEMA public TO {ROLE}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
            f"REVOKE ALL ON {protected} FROM {ROLE}",
        ):
            connection.exec_driver_sql(words)
    return True
