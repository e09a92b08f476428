"""One place says until when an application is received: to the microsecond, in every zone, moved or not."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.applications.due import due_of
from tests.world import ALMATY, CLOSES, OPENS

TICK = timedelta(microseconds=1)
GRACE = timedelta(minutes=15)
ZONES = ("UTC", "Asia/Almaty", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu")
INSTANTS = st.datetimes(datetime(2023, 6, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@dataclass(frozen=True)
class Row:
    """The columns of a call and of an application that a deadline is made of."""

    closes_at: datetime | None = CLOSES
    grace_minutes: int = 15
    reviewing_opened_at: datetime | None = None
    cancelled_at: datetime | None = None
    created_at: datetime = OPENS
    extended_to: datetime | None = None


def receives(row: Row, now: datetime) -> bool:
    return due_of(row, row).receives(now)


def test_due_and_its_grace_end_to_the_microsecond() -> None:
    row = Row()
    at = {CLOSES - TICK: (True, False), CLOSES: (True, True), CLOSES + GRACE - TICK: (True, True)}
    at |= {CLOSES + GRACE: (False, False), CLOSES + GRACE + TICK: (False, False)}
    due = due_of(row, row)
    assert {now: (due.receives(now), due.in_grace(now)) for now in at} == at
    assert due.waits(CLOSES - TICK) and not due.waits(CLOSES)
    assert not receives(Row(grace_minutes=0), CLOSES)
    assert receives(Row(grace_minutes=0), CLOSES - TICK)
    assert not receives(replace(row, created_at=CLOSES), CLOSES), "begun in the grace"
    assert not receives(Row(closes_at=None), OPENS)


def test_due_of_one_application_moves_with_the_same_grace() -> None:
    later = CLOSES + timedelta(days=2)
    row = Row(extended_to=later)
    due = due_of(row, row)
    assert (due.closes_at, due.ends_at) == (later, later + GRACE)
    assert due.waits(later - TICK)
    assert due.in_grace(later) and due.receives(later + GRACE - TICK) and not due.receives(later + GRACE)
    # Everybody's closing may be moved beyond it; it never shortens.
    assert due_of(replace(row, closes_at=later + TICK), row).closes_at == later + TICK
    assert due_of(Row(), Row(extended_to=OPENS)).closes_at == CLOSES


def test_nothing_is_received_once_reviewers_read_or_the_call_has_ended() -> None:
    row = Row(extended_to=CLOSES + timedelta(days=2))
    assert not receives(replace(row, reviewing_opened_at=CLOSES + GRACE), CLOSES + timedelta(days=1))
    assert not receives(replace(row, cancelled_at=OPENS), OPENS + TICK)


@given(now=INSTANTS, zone=st.sampled_from(ZONES), extended=st.none() | INSTANTS)
def test_due_does_not_depend_on_the_zone_of_any_clock(
    now: datetime, zone: str, extended: datetime | None
) -> None:
    row = Row(extended_to=extended)
    there = ZoneInfo(zone)
    moved = replace(
        row,
        closes_at=CLOSES.astimezone(there),
        extended_to=extended.astimezone(there) if extended else None,
    )
    assert receives(row, now) is receives(moved, now.astimezone(there))


@given(now=INSTANTS, more=st.timedeltas(timedelta(0), timedelta(days=400)), extended=st.none() | INSTANTS)
def test_due_that_has_passed_never_comes_again(
    now: datetime, more: timedelta, extended: datetime | None
) -> None:
    row = Row(extended_to=extended)
    if not receives(row, now):
        assert not receives(row, now + more)


def test_due_across_the_change_of_the_zone_in_2024() -> None:
    """On 1 March 2024 clocks in Almaty went from UTC+6 back to UTC+5: 23:30 came twice."""
    first = datetime(2024, 2, 29, 23, 30, tzinfo=ALMATY, fold=0)
    second = datetime(2024, 2, 29, 23, 30, tzinfo=ALMATY, fold=1)
    assert (first.astimezone(UTC), second.astimezone(UTC)) == (
        datetime(2024, 2, 29, 17, 30, tzinfo=UTC),
        datetime(2024, 2, 29, 18, 30, tzinfo=UTC),
    )
    begun = datetime(2024, 2, 1, tzinfo=UTC)
    for typed in (first, second):
        closes = typed.astimezone(UTC)
        row = Row(closes_at=closes, grace_minutes=0, created_at=begun)
        assert receives(row, (closes - TICK).astimezone(ALMATY))
        assert not receives(row, closes.astimezone(ALMATY))
    # The grace is fifteen minutes that pass, not what a clock on the wall says.
    before = datetime(2024, 2, 29, 17, 50, tzinfo=UTC)
    row = Row(closes_at=before, created_at=begun)
    assert receives(row, before + GRACE - TICK) and not receives(row, before + GRACE)
