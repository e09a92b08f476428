"""Where a call stands at an instant, and whether something sent then is in time. Pure.

A deadline is one instant: the zone in which somebody typed it is only how people read it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
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


SOON = timedelta(hours=48)
"""How long before its closing a call says that it closes soon."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the clock makes of a call: all that changes on its public pages without anybody's act.

    `hours_left` only in the last 48 hours. All this is true before `until`; None where nothing of it changes
    by itself any more.
    """

    phase: Phase
    days_left: int | None
    hours_left: int | None
    until: datetime | None

    @property
    def closing_soon(self) -> bool:
        """Whether these are its last 48 hours."""
        return self.hours_left is not None


def moment(call: Dated, timezone: str, now: datetime) -> Moment:
    """Where the call stands at `now`, in days and hours as people of its zone count them."""
    reached = phase(call, now)
    if reached is not Phase.OPEN or call.closes_at is None:
        return Moment(reached, None, None, _ends_at(call, reached))
    zone = ZoneInfo(timezone)
    left = call.closes_at - now
    days = days_until(call.closes_at, zone, now)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone).astimezone(UTC)
    hours = int(left / HOUR) if left <= SOON else None
    changes = call.closes_at - (SOON if hours is None else hours * HOUR)
    return Moment(reached, days, hours, min(midnight, changes))


def days_until(then: datetime, zone: ZoneInfo, now: datetime) -> int:
    """How many days there are, as people count them: from the day that is there to the day of `then`."""
    return (then.astimezone(zone).date() - now.astimezone(zone).date()).days


def _ends_at(call: Dated, reached: Phase) -> datetime | None:
    if reached is Phase.SCHEDULED:
        return call.opens_at
    return grace_ends_at(call) if reached is Phase.GRACE else None


def received_in_time(call: Closing, draft_begun_at: datetime, now: datetime) -> bool:
    """Strictly before the closing instant; within the grace only for a draft begun before that instant."""
    ends = grace_ends_at(call)
    if call.closes_at is None or ends is None:
        return False
    return now < call.closes_at or (draft_begun_at < call.closes_at and now < ends)


__all__ = ["Closing", "Dated", "Moment", "Phase", "grace_ends_at", "moment", "phase", "received_in_time"]
