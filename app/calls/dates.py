"""The dates of a call for a calendar, and the calls that have opened for those who follow them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session, col

from app.calls.public import storable
from app.errors import NotFound
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import Event, ShowSegment


class CallDate(BaseModel):
    """One date. `key` tells it from the call's others for good; `whole_day` where no hour is promised.

    `changes` counts how often what was promised of it changed; `place` is where it is held, if that is known.
    `minutes` is how long its plan lasts, 0 without one; `round` is whose evening has a page of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str
    what: str
    name: Texts
    place: Texts
    changes: int
    at: datetime
    whole_day: bool
    minutes: int = 0
    round: str = ""


class CallDates(BaseModel):
    """All of them. `changed_at` is when something was told of the call last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    title: Texts
    timezone: str
    cancelled: bool
    changed_at: datetime
    dates: list[CallDate]


class NewsOfCall(BaseModel):
    """A call for those who follow what opens. `changed_at` is when something of it was told last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    title: Texts
    purpose: Texts
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None
    cancelled: bool
    opened_at: datetime
    changed_at: datetime
    notices: list[Texts]


_COLUMNS = (
    col(Call.id), col(Call.slug), col(Call.title), col(Call.purpose), col(Call.timezone), col(Call.opens_at),
    col(Call.closes_at), col(Call.results_expected_at), col(Call.opened_at), col(Call.cancelled_at),
    col(Call.published_at), col(Call.notices),
)  # fmt: skip
_ONE: Any = select(*_COLUMNS).where(col(Call.slug) == bindparam("slug"), col(Call.opened_at).is_not(None))
_EVERY: Any = (
    select(*_COLUMNS)
    .where(col(Call.opened_at).is_not(None))
    .order_by(col(Call.opened_at).desc(), col(Call.slug))
    .limit(bindparam("most"))
)
HELD_AT: Any = func.coalesce(col(Event.starts_at), col(AwardRound.held_at))
"""When an evening is: as it was set up, and before that as the call promised it."""
_MINUTES: Any = (
    select(func.coalesce(func.sum(col(ShowSegment.minutes)), 0))
    .where(col(ShowSegment.round_id) == col(AwardRound.id), ~col(ShowSegment.skipped))
    .correlate(AwardRound)
    .scalar_subquery()
)
_ROUNDS: Any = (
    select(
        col(AwardRound.code),
        func.coalesce(col(AwardRound.event), col(AwardRound.name)).label("name"),
        HELD_AT.label("at"),
        func.coalesce(col(Event.version), 0).label("changes"),
        col(Event.place),
        _MINUTES.label("minutes"),
    )
    .outerjoin(Event, col(Event.round_id) == col(AwardRound.id))
    .where(
        col(AwardRound.call_id) == bindparam("call"),
        HELD_AT.is_not(None),
        or_(col(AwardRound.event).is_not(None), col(Event.round_id).is_not(None)),
    )
    .order_by(col(AwardRound.position))
)


def call_dates(session: Session, slug: str) -> CallDates:
    """The dates of a call that has opened; NotFound for any other."""
    row = session.execute(_ONE, {"slug": storable(slug)}).one_or_none()
    if row is None:
        raise NotFound
    plain: dict[str, Any] = {"name": {}, "place": {}, "changes": len(row.notices)}
    dates = [
        CallDate(key=what, what=what, at=at, whole_day=False, **plain)
        for what, at in (("opens", row.opens_at), ("closes", row.closes_at))
        if at is not None
    ]
    dates += [
        CallDate(
            key=f"event-{each.code}",
            what="event",
            name=each.name,
            place=each.place or {},
            changes=len(row.notices) + each.changes,
            at=each.at,
            whole_day=False,
            minutes=each.minutes,
            round=each.code if each.changes and row.cancelled_at is None else "",
        )
        for each in session.execute(_ROUNDS, {"call": row.id})
    ]
    results = row.published_at or row.results_expected_at
    if results is not None:
        # What was expected moves to the day on which it came.
        what = "published" if row.published_at else "results"
        plain["changes"] += what == "published"
        dates.append(CallDate(key="results", what=what, at=results, whole_day=True, **plain))
    return CallDates(
        slug=row.slug,
        title=row.title,
        timezone=row.timezone,
        cancelled=row.cancelled_at is not None,
        changed_at=_told_last(row),
        dates=dates,
    )


def news_of_calls(session: Session, most: int) -> list[NewsOfCall]:
    """The calls that opened last, the newest first."""
    return [
        NewsOfCall(
            slug=row.slug,
            title=row.title,
            purpose=row.purpose,
            timezone=row.timezone,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            cancelled=row.cancelled_at is not None,
            opened_at=row.opened_at,
            changed_at=_told_last(row),
            notices=[each["reason"] for each in row.notices],
        )
        for row in session.execute(_EVERY, {"most": most})
    ]


def _told_last(row: Any) -> datetime:
    opened_at: datetime = row.opened_at
    told = [datetime.fromisoformat(each["at"]) for each in row.notices]
    return max([opened_at, row.published_at or opened_at, *told])
