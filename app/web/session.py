"""The database session of one request: opened at the edge, committed once, before the answer leaves.

A session is held over several of its request's steps, each of which borrows a thread anew. Were more
sessions open than there are threads, all threads could wait for a lock (SQLite's one writer, a row, a
connection of the pool) whose owner waits for a thread. So a request first takes a turn, of which there
are as many as threads; and it has read its body by then, so that no slow sender holds a lock.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.database import session_on

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def turn_of(request: Request) -> AsyncIterator[None]:
    """One of this process's turns, until the answer is made."""
    if request.method not in SAFE_METHODS:
        await request.body()
    async with request.state.turns:
        yield


Turn = Annotated[None, Depends(turn_of, scope="function")]


def session_of(request: Request, _: Turn) -> Iterator[Session]:
    """A reading session for safe methods, which the database holds to it; else a writing one."""
    with session_on(request.state.engine, reading=request.method in SAFE_METHODS) as session, session.begin():
        yield session


Db = Annotated[Session, Depends(session_of, scope="function")]
"""`scope="function"` ends the dependency, and so commits, before the answer is sent."""
