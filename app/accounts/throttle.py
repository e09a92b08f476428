"""Counting tries in windows, in the database, so that every process counts together."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.errors import TooMany
from app.models.accounts import Throttle


def count_try(session: Session, what: str, who: str, *, limit: int, window: timedelta, now: datetime) -> None:
    """Count one try of `what` by `who`; TooMany once more than `limit` fall into one window."""
    key = hashlib.sha256(f"{what}\n{who}".encode()).hexdigest()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = col(Throttle.window_ends_at) <= now
    statement = (
        insert(Throttle)
        .values(key=key, window_ends_at=now + window, count=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((fresh, 1), else_=col(Throttle.count) + 1),
                "window_ends_at": case((fresh, now + window), else_=col(Throttle.window_ends_at)),
            },
        )
        .returning(col(Throttle.count), col(Throttle.window_ends_at))
    )
    count, ends_at = session.execute(statement).one()
    if count > limit:
        raise TooMany(retry_after=max(1, int((ends_at - now).total_seconds())))
