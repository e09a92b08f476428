"""The engine and the session, with what each database needs to be safe.

A session is for reading or for writing, and says so when it is opened:
a reading one is refused every write by the database itself, a writing one takes SQLite's
write lock at once (BEGIN IMMEDIATE), so that what it reads cannot change before it writes.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine

_POSTGRESQL = "-c timezone=UTC -c random_page_cost=1.1 -c jit=off"
"""What each connection is told. A page out of order costs little more on today's disks than one in order;
with the default, which is of disks that turn, 51 rows of a queue were found by reading ten thousand."""


def make_engine(url: str, *, threads: int = 8, role: str | None = None) -> Engine:
    """An engine for `url`; the pool always exceeds the worker's threads, so that no request waits for it.

    With a `role`, PostgreSQL's connections have it from their first moment on, and a reset gives it back.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, threads)
    return create_engine(
        url,
        pool_size=threads + 2,
        max_overflow=4,
        # The connection used last is used next: it has the most statements prepared.
        pool_use_lifo=True,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args={"options": _POSTGRESQL if role is None else f"{_POSTGRESQL} -c role={role}"},
    )


def _sqlite(url: str, threads: int) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=threads + 2,
        max_overflow=4,
        # A failed statement is logged without its values: they are what people typed.
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 20},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver's own transactions begin late and only for writes; ours are begun below.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        if connection.info.get("reading") != reading:
            connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            connection.info["reading"] = reading
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def session_on(engine: Engine, *, reading: bool = False) -> Session:
    """A session for one unit of work; the caller commits (`with session, session.begin()`)."""
    return Session(_for(engine, reading), expire_on_commit=False)


@lru_cache(maxsize=8)
def _for(engine: Engine, reading: bool) -> Engine:
    """The engine with the options of reading or of writing; making it costs more than a query."""
    options: dict[str, Any] = {"reading": reading}
    if engine.dialect.name == "postgresql" and reading:
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)
