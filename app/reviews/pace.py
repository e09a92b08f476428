"""How a reviewer's work divides over the days left: what is enough for today, and how long it takes."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

MINUTES = 8
"""What one review takes, reading and writing: 42 of them are five and a half hours."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`today` is how many more are enough today; 0 where today's share is done or nothing waits.

    `days` counts those that are left, today included; 0 where there is no due date or it has passed.
    """

    waiting: int
    today: int
    days: int

    @property
    def minutes_left(self) -> int:
        """For all that waits."""
        return self.waiting * MINUTES

    @property
    def minutes_today(self) -> int:
        """For today's share."""
        return self.today * MINUTES


def pace(waiting: int, sent_today: int, due_at: datetime | None, timezone: str, now: datetime) -> Pace:
    """Equal shares, the last one smaller; who has done more today than that owes nothing until tomorrow.

    Without a due date, or after it, no share is named: then all that waits is late or free.
    """
    if due_at is None or due_at <= now:
        return Pace(waiting, 0, 0)
    zone = ZoneInfo(timezone)
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days + 1
    share = -(-(waiting + sent_today) // days)
    return Pace(waiting, min(waiting, max(0, share - sent_today)), days)
