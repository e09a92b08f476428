"""The phases of a call, and what is received in time."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calls.phase import Phase, grace_ends_at, moment, phase, received_in_time

ALMATY = ZoneInfo("Asia/Almaty")
OPENS = datetime(2026, 3, 1, tzinfo=ALMATY)
CLOSES = datetime(2026, 3, 18, 18, 0, tzinfo=ALMATY)
SECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Dates:
    """The columns that a phase is made of."""

    opens_at: datetime | None = OPENS
    closes_at: datetime | None = CLOSES
    grace_minutes: int = 15
    opened_at: datetime | None = OPENS - timedelta(days=30)
    reviewing_opened_at: datetime | None = None
    reviewing_closed_at: datetime | None = None
    decided_at: datetime | None = None
    published_at: datetime | None = None
    cancelled_at: datetime | None = None


LATER = CLOSES + timedelta(days=1)


@pytest.mark.parametrize(
    ("call", "now", "expected"),
    [
        (Dates(opened_at=None), CLOSES, Phase.PREPARING),
        (Dates(), OPENS - SECOND, Phase.SCHEDULED),
        (Dates(), OPENS, Phase.OPEN),
        (Dates(), CLOSES - SECOND, Phase.OPEN),
        (Dates(), CLOSES, Phase.GRACE),
        (Dates(), CLOSES + timedelta(minutes=15) - SECOND, Phase.GRACE),
        (Dates(), CLOSES + timedelta(minutes=15), Phase.CLOSED),
        (Dates(grace_minutes=0), CLOSES, Phase.CLOSED),
        (Dates(reviewing_opened_at=LATER), LATER, Phase.REVIEWING),
        (Dates(reviewing_opened_at=LATER, reviewing_closed_at=LATER), LATER, Phase.REVIEWED),
        (Dates(reviewing_closed_at=LATER, decided_at=LATER), LATER, Phase.DECIDED),
        (Dates(decided_at=LATER, published_at=LATER), LATER, Phase.PUBLISHED),
        (Dates(cancelled_at=OPENS), OPENS, Phase.CANCELLED),
        (Dates(opened_at=None, cancelled_at=OPENS), OPENS, Phase.CANCELLED),
    ],
)
def test_phase(call: Dates, now: datetime, expected: Phase) -> None:
    assert phase(call, now) is expected


def test_phase_of_an_opened_call_without_dates_waits() -> None:
    assert phase(Dates(opens_at=None, closes_at=None), CLOSES) is Phase.SCHEDULED


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ACTS = (
    "opened_at",
    "reviewing_opened_at",
    "reviewing_closed_at",
    "decided_at",
    "published_at",
    "cancelled_at",
)
ORDER = list(Phase)


@given(
    opens=INSTANTS,
    lasts=st.timedeltas(timedelta(minutes=1), timedelta(days=400)),
    grace=st.integers(0, 600),
    moments=st.lists(INSTANTS, min_size=2, max_size=10),
    done=st.integers(0, len(ACTS)),
)
def test_phase_only_moves_forward(
    opens: datetime, lasts: timedelta, grace: int, moments: list[datetime], done: int
) -> None:
    """As time passes and as act follows act, no phase comes back."""
    call = Dates(opens_at=opens, closes_at=opens + lasts, grace_minutes=grace, opened_at=None)
    reached = -1
    acts = list(ACTS[:done])
    for when in sorted(moments):
        now_reached = ORDER.index(phase(call, when))
        assert now_reached >= reached
        reached = now_reached
        if acts:
            call = replace(call, **{acts.pop(0): when})  # type: ignore[arg-type]


@given(instant=INSTANTS, zone=st.sampled_from(["UTC", "Asia/Almaty", "Asia/Tokyo", "America/New_York"]))
def test_phase_does_not_depend_on_the_zone_of_the_clock(instant: datetime, zone: str) -> None:
    assert phase(Dates(), instant) is phase(Dates(), instant.astimezone(ZoneInfo(zone)))


def test_deadline_is_one_instant_on_both_sides_of_the_change_of_the_zone() -> None:
    """Almaty was UTC+6 until 1 March 2024 and is UTC+5 since: the same wall clock, two offsets."""
    before = Dates(closes_at=datetime(2024, 2, 29, 18, 0, tzinfo=ALMATY))
    after = Dates(closes_at=datetime(2024, 3, 1, 18, 0, tzinfo=ALMATY))
    begun = datetime(2024, 3, 1, 18, 0, tzinfo=UTC)
    assert received_in_time(before, begun, datetime(2024, 2, 29, 11, 59, 59, tzinfo=UTC))
    assert not received_in_time(before, begun, datetime(2024, 2, 29, 12, 0, tzinfo=UTC))
    assert received_in_time(after, begun, datetime(2024, 3, 1, 12, 59, 59, tzinfo=UTC))
    assert not received_in_time(after, begun, datetime(2024, 3, 1, 13, 0, tzinfo=UTC))


def test_received_in_time_grace_is_for_drafts_begun_before_the_closing() -> None:
    call = Dates()
    late = CLOSES + timedelta(minutes=14)
    assert received_in_time(call, CLOSES - SECOND, late)
    assert not received_in_time(call, CLOSES, late)
    assert not received_in_time(call, CLOSES - SECOND, CLOSES + timedelta(minutes=15))
    assert not received_in_time(Dates(closes_at=None), OPENS, OPENS)


@given(begun=INSTANTS, now=INSTANTS)
def test_received_in_time_says_no_for_good(begun: datetime, now: datetime) -> None:
    """Once too late, always too late."""
    call = Dates()
    if not received_in_time(call, begun, now):
        assert not received_in_time(call, begun, now + timedelta(days=1))
    ends = grace_ends_at(call)
    assert ends is not None
    assert not received_in_time(call, begun, max(now, ends))


@given(st.integers(-20 * 24 * 3600, 24 * 3600), st.floats(0, 0.99))
def test_what_the_clock_makes_of_a_call_is_true_until_it_says(seconds: int, part: float) -> None:
    """A page kept until then says nothing that has become untrue."""
    call = Dates()
    now = CLOSES + timedelta(seconds=seconds)
    first = moment(call, "Asia/Almaty", now)
    if first.until is None:
        assert first.phase is Phase.CLOSED
        return
    assert first.until >= now
    assert moment(call, "Asia/Almaty", now + (first.until - now) * part) == first
    left = CLOSES - now
    assert first.closing_soon == (timedelta(0) < left <= timedelta(hours=48))
    if first.hours_left is not None:
        assert timedelta(hours=first.hours_left) <= left < timedelta(hours=first.hours_left + 1)
