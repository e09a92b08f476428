"""When the last review will be in, should reviewing go on as in the last days. Pure."""

from datetime import datetime, timedelta

WINDOW = timedelta(days=7)
"""The days that are looked back upon: long enough for a weekend, short enough to notice a change."""
AT_LEAST = timedelta(days=1)
"""Reviewing that began an hour ago has no pace yet that one could multiply by a day."""
FURTHEST = timedelta(days=366)


def recent_since(now: datetime) -> datetime:
    """Reviews sent after this instant say what the pace is."""
    return now - WINDOW


def observed(began_at: datetime, now: datetime) -> timedelta:
    """How long the pace has been looked at."""
    return min(WINDOW, max(AT_LEAST, now - began_at))


def expected_at(missing: int, recent: int, began_at: datetime | None, now: datetime) -> datetime | None:
    """When `missing` reviews will be in, `recent` of them having been sent within `WINDOW` before `now`.

    now + missing / (recent / days observed); the days since `began_at` are observed, at least one and at
    most `WINDOW`. None where nothing is missing, where there is no pace, or for more than a year ahead,
    which would be no forecast.
    """
    if not missing or not recent or began_at is None:
        return None
    left = observed(began_at, now) * missing / recent
    return now + left if left <= FURTHEST else None
