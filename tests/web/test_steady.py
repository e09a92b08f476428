"""The clock of a process is not set back, and what arrived in time is in time however long its body takes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from app.settings import Settings
from app.web.guard import Guard
from app.web.steady import SteadyClock

NOON = datetime(2026, 3, 18, 13, 0, tzinfo=UTC)


class Computer:
    """A computer whose clock somebody sets, and which counts seconds all the same."""

    def __init__(self) -> None:
        self.wall, self.counted = NOON, 1000.0

    def passes(self, seconds: float, *, set_by: timedelta = timedelta(0)) -> None:
        self.wall += timedelta(seconds=seconds) + set_by
        self.counted += seconds

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.counted)


def test_clock_that_is_set_back_does_not_bring_a_deadline_again() -> None:
    computer = Computer()
    clock = computer.clock()
    computer.passes(60)
    assert clock() == NOON + timedelta(seconds=60)
    computer.passes(1, set_by=-timedelta(hours=1))
    assert clock() == NOON + timedelta(seconds=61)
    computer.passes(0.000001)
    assert clock() == NOON + timedelta(seconds=61, microseconds=1)
    # Nobody asked for hours, and it counted on.
    computer.passes(3 * 3600)
    assert clock() == NOON + timedelta(hours=3, seconds=61, microseconds=1)
    # Set right again, it is followed at once.
    computer.passes(1, set_by=timedelta(hours=1, minutes=5))
    assert clock() == computer.wall


def test_clock_that_is_set_forward_is_followed_and_an_absurd_one_is_not_kept() -> None:
    computer = Computer()
    clock = computer.clock()
    computer.passes(1, set_by=timedelta(hours=2))
    assert clock() == NOON + timedelta(hours=2, seconds=1)
    computer.passes(1, set_by=timedelta(days=3650))
    assert clock() == computer.wall
    computer.passes(1, set_by=-timedelta(days=3650))
    assert clock() == computer.wall


def test_request_is_received_when_it_begins_not_when_its_body_comes() -> None:
    """The guard notes the instant before anything of the body is read."""
    received: list[datetime] = []
    body_asked_for: list[datetime] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        received.append(scope["state"]["received_at"])

    async def body() -> dict[str, Any]:
        body_asked_for.append(scope["state"]["received_at"])
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Any) -> None:
        raise AssertionError("nothing is answered here")

    scope: dict[str, Any] = {"type": "http", "method": "POST", "headers": [], "path": "/"}
    before = datetime.now(UTC)
    asyncio.run(Guard(app, Settings(_env_file=None))(scope, body, send))
    assert received == body_asked_for
    assert before - timedelta(milliseconds=1) <= received[0]
