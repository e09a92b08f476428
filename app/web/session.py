"""The database session of one request: opened at the edge, committed once, before the answer leaves.

A session is held over several of its request's steps, each of which borrows a thread anew. Were more
sessions open than there are threads, all threads could wait for a lock (SQLite's one writer, a row, a
connection of the pool) whose owner waits for a thread. So a request first takes a turn, of which there
are as many as threads; and it has read its body by then, so that no slow sender holds a lock.

Opening a session touches no database, so only its end borrows a thread: a `def` with `yield` would borrow
two more, and each costs as much as a query.
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from app.database import session_on

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


_Actor = TypeVar("_Actor", bound=Callable[..., Any])
_BLIND: set[object] = set()
_KNOWN: dict[object, bool] = {}


def blind(actor: _Actor) -> _Actor:
    """Mark a dependency: a route that asks for it gets a session which the database keeps from identities."""
    _BLIND.add(actor)
    return actor


def is_blind(endpoint: object, dependant: Any) -> bool:
    """Whether a route asks, directly or by way of another dependency, for an actor marked `blind`."""
    found = _KNOWN.get(endpoint)
    if found is None:
        waiting = [dependant]
        for each in waiting:
            waiting += each.dependencies
        found = _KNOWN[endpoint] = any(each.call in _BLIND for each in waiting)
    return found


async def session_of(request: Request) -> AsyncIterator[Session]:
    """A reading session for safe methods, which the database holds to it; else a writing one."""
    reading = request.method in SAFE_METHODS
    if not reading:
        await request.body()
    async with request.state.turns:
        scope, state = request.scope, request.state
        kept_blind = is_blind(scope["endpoint"], scope["route"].dependant)
        session = session_on(state.blind if kept_blind else state.engine, reading=reading)
        try:
            yield session
        except BaseException:
            await run_in_threadpool(session.close)
            raise
        await run_in_threadpool(_commit, session)


def _commit(session: Session) -> None:
    with session:
        session.commit()


Db = Annotated[Session, Depends(session_of, scope="function")]
"""`scope="function"` ends the dependency, and so commits, before the answer is sent."""
