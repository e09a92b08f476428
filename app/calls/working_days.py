"""Days on which people work: Monday to Friday. Holidays differ by year and decree, so none is counted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
CLOSES = time(18)
"""A due date ends when the help desk closes: never at midnight."""


def working_days_after(start: date, days: int) -> date:
    """The date that is so many working days later."""
    found = start
    while days > 0:
        found += timedelta(days=1)
        days -= found.weekday() < SATURDAY
    return found


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a due date ends, for those who read it in this zone."""
    return datetime.combine(day, CLOSES, zone).astimezone(UTC)
