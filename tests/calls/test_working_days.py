"""A due date counts Monday to Friday, and ends when the help desk closes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.calls.working_days import end_of_day, working_days_after


def test_a_weekend_does_not_count_and_the_day_ends_at_six() -> None:
    thursday = date(2026, 3, 12)
    assert working_days_after(thursday, 1) == date(2026, 3, 13)
    assert working_days_after(thursday, 2) == date(2026, 3, 16)
    assert working_days_after(date(2026, 3, 14), 5) == date(2026, 3, 20)
    assert end_of_day(thursday, ZoneInfo("Asia/Almaty")) == datetime(2026, 3, 12, 13, tzinfo=UTC)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_a_due_date_is_a_working_day_with_as_many_before_it(start: date, days: int) -> None:
    due = working_days_after(start, days)
    between = (date.fromordinal(each) for each in range(start.toordinal() + 1, due.toordinal() + 1))
    assert due.weekday() < 5
    assert sum(each.weekday() < 5 for each in between) == days
