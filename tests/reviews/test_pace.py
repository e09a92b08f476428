"""How the work divides over the days that are left."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reviews.pace import MINUTES, Pace, pace

ZONE = "Asia/Almaty"
NOW = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 31, 13, 0, tzinfo=UTC)


def test_pace_divides_what_waits_over_the_days_left_today_included() -> None:
    assert pace(12, 0, DUE, ZONE, NOW) == Pace(12, 3, 5)
    assert pace(11, 1, DUE, ZONE, NOW) == Pace(11, 2, 5)
    assert pace(9, 3, DUE, ZONE, NOW) == Pace(9, 0, 5)
    assert pace(2, 0, DUE, ZONE, DUE - timedelta(hours=1)) == Pace(2, 2, 1)
    # 20:00 in UTC is the next day in Almaty, where one day less is left.
    assert pace(12, 0, DUE, ZONE, NOW + timedelta(hours=14)).days == 4


def test_pace_names_no_share_without_a_due_date_or_after_it() -> None:
    assert pace(4, 0, None, ZONE, NOW) == pace(4, 0, NOW, ZONE, NOW) == Pace(4, 0, 0)
    assert pace(4, 0, None, ZONE, NOW).minutes_left == 4 * MINUTES


@given(st.integers(0, 300), st.integers(1, 40))
def test_whoever_does_each_days_share_is_done_on_the_last_day(total: int, days: int) -> None:
    waiting, due = total, NOW + timedelta(days=days - 1, hours=1)
    for day in range(days):
        today = pace(waiting, 0, due, ZONE, NOW + timedelta(days=day))
        assert pace(waiting - today.today, today.today, due, ZONE, NOW + timedelta(days=day)).today == 0
        waiting -= today.today
    assert waiting == 0
