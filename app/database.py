"""The engine and the session, with what each database needs to be safe.

A session is for reading or for writing, and says so when it is opened:
a reading one is refused every write by the database itself, a writing one takes SQLite's
write lock at once (BEGIN IMMEDIATE), so that what it reads cannot change before it writes.

SQLite lets one write at a time and keeps no queue: who finds it taken sleeps, ever longer, and asks again, so
that under load newcomers pass by those who wait for seconds. Here writers take turns before they ask.
"""

import os
import sqlite3
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, create_engine

if sys.platform != "win32":
    import fcntl

PATIENCE = 20
"""Seconds after which a writer gives up."""
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


class _Turns:
    """One writer at a time: among this process's threads, then among processes.

    That lock is on a file beside the database; the system takes it away from a process that ends anyhow.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}-turn"
        self._here = Lock()
        self._file, self._process = -1, 0

    def take(self) -> None:
        """Wait for one's turn. OperationalError where it does not come in time."""
        if not self._here.acquire(timeout=PATIENCE):
            locked = sqlite3.OperationalError("database is locked")
            raise OperationalError("BEGIN IMMEDIATE", None, locked)
        try:
            if sys.platform != "win32":
                fcntl.flock(self._opened(), fcntl.LOCK_EX)
        except BaseException:
            self._here.release()
            raise

    def leave(self) -> None:
        """It is the next one's turn."""
        if sys.platform != "win32":
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._here.release()

    def _opened(self) -> int:
        """The file. Its lock belongs to who opened it: a process that was forked opens it anew."""
        if self._process != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._process = os.getpid()
        return self._file


class _Connection(sqlite3.Connection):
    """A connection that keeps its turn until what it wrote is on the disk, or is given up."""

    _turns: _Turns | None = None

    def take_turn(self, turns: _Turns) -> None:
        """Wait to be the one who writes."""
        turns.take()
        self._turns = turns

    def commit(self) -> None:
        super().commit()
        self.leave_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.leave_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.leave_turn()

    def leave_turn(self) -> None:
        """Let the next one write; nothing where one did not."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.leave()


def _sqlite(url: str, threads: int) -> Engine:
    path = make_url(url).database
    kept = bool(path) and path != ":memory:"
    if kept:
        Path(str(path)).parent.mkdir(parents=True, exist_ok=True)
    turns = _Turns(str(path)) if kept else None
    engine = create_engine(
        url,
        pool_size=threads + 2,
        max_overflow=4,
        # A failed statement is logged without its values: they are what people typed.
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": PATIENCE, "factory": _Connection},
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
        if reading or turns is None:
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
            return
        raw: Any = connection.connection.driver_connection
        raw.take_turn(turns)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            raw.leave_turn()
            raise

    return engine


def session_on(engine: Engine, *, reading: bool = False) -> Session:
    """A session for one unit of work; the caller commits (`with session, session.begin()`).

    An engine with the option `prepare` has each of its sessions made ready by it.
    """
    session = Session(_for(engine, reading), expire_on_commit=False)
    prepare = engine.get_execution_options().get("prepare")
    if prepare is not None:
        prepare(session)
    return session


@lru_cache(maxsize=8)
def _for(engine: Engine, reading: bool) -> Engine:
    """The engine with the options of reading or of writing; making it costs more than a query."""
    options: dict[str, Any] = {"reading": reading}
    if engine.dialect.name == "postgresql" and reading:
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)
