"""A clock that is not set back: a deadline that has passed does not come again because somebody set the time.

While the process lives, an hour that the computer measured is an hour. A clock that is put forward is
followed (a machine that slept has missed time); one that is put back is not, until it has caught up, unless
by more than a day: then it was wrong before, and following it is the smaller harm.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

import structlog

log = structlog.get_logger()
MOST = timedelta(days=1)
SAID = timedelta(seconds=1)


class SteadyClock:
    """Gives the instant; `wall` is the computer's clock, `monotonic` counts seconds and is never set."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._lock = Lock()
        self._last, self._counted = wall(), monotonic()
        self._behind = False

    def __call__(self) -> datetime:
        """Now: the computer's clock, or what was counted since it was asked last, whichever is later."""
        with self._lock:
            now, counted = self._wall(), self._monotonic()
            steady = self._last + timedelta(seconds=counted - self._counted)
            behind = steady - now
            if timedelta(0) < behind <= MOST:
                self._say(behind)
                now = steady
            else:
                self._behind = False
            self._last, self._counted = now, counted
            return now

    def _say(self, behind: timedelta) -> None:
        """Once for each time that it happens; clocks differ by microseconds all the time."""
        if behind > SAID and not self._behind:
            self._behind = True
            log.warning("the clock was set back and is not followed", seconds=int(behind.total_seconds()))


steady_now = SteadyClock()
"""The clock of this process."""
