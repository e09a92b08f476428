"""The database session of one request: opened at the edge, committed once, before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.database import session_on

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def session_of(request: Request) -> Iterator[Session]:
    """A reading session for safe methods, which the database holds to it; else a writing one."""
    with session_on(request.state.engine, reading=request.method in SAFE_METHODS) as session, session.begin():
        yield session


Db = Annotated[Session, Depends(session_of, scope="function")]
"""`scope="function"` ends the dependency, and so commits, before the answer is sent."""
