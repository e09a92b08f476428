"""Where a call stands at an instant, and whether something sent then is in time. Pure.

A deadline is one instant: the zone in which somebody typed it is only how people read it.
"""

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from app.models.calls import Phase


class Dated(Protocol):
    """The columns of a call that say where it stands; a row of exactly these will do."""

    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def grace_minutes(self) -> int: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def reviewing_opened_at(self) -> datetime | None: ...
    @property
    def reviewing_closed_at(self) -> datetime | None: ...
    @property
    def decided_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


class Closing(Protocol):
    """The columns of a call that say until when it receives."""

    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def grace_minutes(self) -> int: ...


def days_left(closes_at: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Days to a closing as people count them where the call is, by the calendar: 0 on its last day."""
    return (closes_at.astimezone(zone).date() - now.astimezone(zone).date()).days


def phase(call: Dated, now: datetime) -> Phase:
    """The phase at `now`: the last act of the coordinator, or else the clock. It only moves forward.

    An opened call without dates cannot be (opening demands them); were there one, it would wait.
    """
    acts = (
        (call.cancelled_at, Phase.CANCELLED),
        (call.published_at, Phase.PUBLISHED),
        (call.decided_at, Phase.DECIDED),
        (call.reviewing_closed_at, Phase.REVIEWED),
        (call.reviewing_opened_at, Phase.REVIEWING),
    )
    for done_at, reached in acts:
        if done_at is not None:
            return reached
    if call.opened_at is None:
        return Phase.PREPARING
    return _by_the_clock(call, now)


def _by_the_clock(call: Dated, now: datetime) -> Phase:
    ends = grace_ends_at(call)
    if call.opens_at is None or call.closes_at is None or ends is None or now < call.opens_at:
        return Phase.SCHEDULED
    if now < call.closes_at:
        return Phase.OPEN
    return Phase.GRACE if now < ends else Phase.CLOSED


def grace_ends_at(call: Closing) -> datetime | None:
    """The instant from which nothing is received any more; None before the call has a closing."""
    if call.closes_at is None:
        return None
    return call.closes_at + timedelta(minutes=call.grace_minutes)


def received_in_time(call: Closing, draft_begun_at: datetime, now: datetime) -> bool:
    """Strictly before the closing instant; within the grace only for a draft begun before that instant."""
    ends = grace_ends_at(call)
    if call.closes_at is None or ends is None:
        return False
    return now < call.closes_at or (draft_begun_at < call.closes_at and now < ends)


__all__ = ["Closing", "Dated", "Phase", "grace_ends_at", "phase", "received_in_time"]
