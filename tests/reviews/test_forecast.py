"""The forecast: exact at a known pace, silent where there is none."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reviews.forecast import FURTHEST, WINDOW, expected_at

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_so_many_a_day_take_so_many_days() -> None:
    assert expected_at(30, 21, NOW - 20 * DAY, NOW) == NOW + 10 * DAY
    # Two days of reviewing are two days, not seven; an hour of it counts as one.
    assert expected_at(30, 6, NOW - 2 * DAY, NOW) == NOW + 10 * DAY
    assert expected_at(30, 6, NOW - timedelta(hours=1), NOW) == NOW + 5 * DAY


def test_there_is_no_forecast_without_a_pace() -> None:
    assert expected_at(0, 21, NOW - 20 * DAY, NOW) is None
    assert expected_at(30, 0, NOW - 20 * DAY, NOW) is None
    assert expected_at(30, 21, None, NOW) is None
    assert expected_at(1000, 1, NOW - 20 * DAY, NOW) is None


@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 400))
def test_a_faster_pace_is_never_later(missing: int, recent: int, days: int) -> None:
    slow, fast = (expected_at(missing, each, NOW - days * DAY, NOW) for each in (recent, recent + 1))
    assert fast is None or NOW < fast <= NOW + FURTHEST
    assert slow is None or (fast is not None and fast <= slow)
    assert WINDOW <= FURTHEST
