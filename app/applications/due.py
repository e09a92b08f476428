"""Until when one application is received: its call's closing, or the later instant it was given. Pure.

The one place that says so: writing, sending, pages, letters, reminders and the API all ask here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.calls.phase import Phase, grace_ends_at, received_in_time
from app.models.applications import Status


class Call(Protocol):
    """The columns of a call that say until when it receives, and whether it still does."""

    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def grace_minutes(self) -> int: ...
    @property
    def reviewing_opened_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


class Begun(Protocol):
    """The columns of an application that move its deadline."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def extended_to(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Due:
    """The deadline of one application (`closes_at`) and the grace after it, which is the same for everybody.

    `shut` are a call that was cancelled and one whose applications are read already: nothing comes in there.
    """

    closes_at: datetime | None
    grace_minutes: int
    begun_at: datetime
    shut: bool

    @property
    def ends_at(self) -> datetime | None:
        """The instant from which it is not received any more; None before the call has a closing."""
        return grace_ends_at(self)

    def receives(self, now: datetime) -> bool:
        """Whether what arrives at `now` is in time."""
        return not self.shut and received_in_time(self, self.begun_at, now)

    def in_grace(self, now: datetime) -> bool:
        """Whether it is received at `now` by grace alone."""
        return self.closes_at is not None and now >= self.closes_at and self.receives(now)

    def waits(self, now: datetime) -> bool:
        """Whether its deadline still lies ahead."""
        return self.closes_at is not None and now < self.closes_at and self.receives(now)


def due_of(call: Call, application: Begun) -> Due:
    """The later one of the call's closing and of the application's own instant is its deadline."""
    closes_at = call.closes_at
    if closes_at is not None and application.extended_to is not None:
        closes_at = max(closes_at, application.extended_to)
    shut = call.cancelled_at is not None or call.reviewing_opened_at is not None
    return Due(closes_at, call.grace_minutes, application.created_at, shut)


RECEIVING = frozenset({Phase.OPEN, Phase.GRACE, Phase.CLOSED})
OPEN_STATUS = frozenset({Status.DRAFT, Status.SENT})


def extendable(reached: Phase, status: Status) -> bool:
    """Whether the deadline of one application may be moved: from opening until reviewers begin."""
    return reached in RECEIVING and status in OPEN_STATUS
