"""The second person: any other coordinator of the call; for what is decided of one application, one without
a tie to it.

An act on the whole call waits for them. So does a departure from an order, of awards, of finalists or of a
reserve list: it holds once another has confirmed its reason. Whoever coordinates alone acts alone, with a
written reason, and the call's public ledger says so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.refusals import ConfirmedAlready, SecondPersonNeeded
from app.errors import Invalid, Stale
from app.models.panel import PanelMember, PanelRole
from app.reviews.known_ties import standing_ties
from app.wall import taken_down

SHORTEST_REASON = 20
_COORDINATORS = select(col(PanelMember.person_id), col(PanelMember.code), col(PanelMember.removed_at)).where(
    col(PanelMember.call_id) == bindparam("call_id"), col(PanelMember.role) == PanelRole.COORDINATOR
)


class Written(Protocol):
    """A row with a reason that waits for a second person, or has been confirmed by one."""

    reason: str
    decided_by: int
    decided_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None


class Seconded(BaseModel):
    """A reason, who wrote it and who confirmed it, by the codes of their memberships.

    `waits` for a second person; `mine`: whoever reads this wrote it, and so cannot confirm it; `alone`: there
    is nobody who could.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    reason: str
    decided_by: str
    decided_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    waits: bool
    mine: bool
    alone: bool


class Seconds:
    """Application -> the coordinators without a tie to it."""

    def __init__(self, seated: Sequence[int], tied: Mapping[str, set[int]]) -> None:
        self.seated, self.tied = frozenset(seated), tied

    def __call__(self, application: str) -> frozenset[int]:
        return self.seated - self.tied.get(application, set())


class Persons:
    """Who coordinates a call, and who of them could second what is decided of an application."""

    def __init__(self, session: Session, coordinator: Coordinator) -> None:
        self.reader, self.codes = coordinator.person_id, members_of(session, coordinator)
        self.others = seconds(session, coordinator)

    def of(self, row: Written, application: str) -> dict[str, Any]:
        """The fields of `Seconded` for one row."""
        alone = not self.others(application) - {row.decided_by}
        return {
            "application": application,
            "reason": row.reason,
            "decided_by": self.codes.get(row.decided_by, ""),
            "decided_at": row.decided_at,
            "confirmed_by": self.codes.get(row.confirmed_by or 0, ""),
            "confirmed_at": row.confirmed_at,
            "waits": row.confirmed_at is None and not alone,
            "mine": row.decided_by == self.reader,
            "alone": alone,
        }


def confirm(row: Written, coordinator: Coordinator, seen: datetime, now: datetime) -> None:
    """Confirm a reason that somebody else wrote; Stale where it was written anew since `seen`."""
    if row.decided_at != seen:
        raise Stale
    if row.confirmed_at is not None:
        raise ConfirmedAlready
    if row.decided_by == coordinator.person_id:
        raise SecondPersonNeeded
    row.confirmed_by, row.confirmed_at = coordinator.person_id, now


def tell_alone(
    session: Session, coordinator: Coordinator, departures: Iterable[tuple[str, str]], now: datetime
) -> None:
    """The ledger says of what one person decided alone, of (application, reason), that it was so, and later
    why."""
    for application, reason in departures:
        record(
            session, "ledger.departed_alone", now=now, person_id=coordinator.person_id,
            call_id=coordinator.call_id, subject=application, detail={"reason": reason},
        )  # fmt: skip


def is_alone(session: Session, coordinator: Coordinator) -> bool:
    """Whether nobody else coordinates the call."""
    rows = session.execute(_COORDINATORS, {"call_id": coordinator.call_id})
    return not any(removed is None and person != coordinator.person_id for person, _, removed in rows)


def members_of(session: Session, coordinator: Coordinator) -> Mapping[int, str]:
    """Person -> code of the membership, of all who coordinate the call or did."""
    rows = session.execute(_COORDINATORS, {"call_id": coordinator.call_id})
    return {person: code for person, code, _ in rows}


def can_second(session: Session, coordinator: Coordinator, application: str) -> bool:
    """Whether there is somebody else who could confirm what this coordinator decides of an application."""
    return others_can_second(session, coordinator)(application)


def others_can_second(session: Session, coordinator: Coordinator) -> Callable[[str], bool]:
    """The same for many applications, asked for once."""
    others = seconds(session, coordinator)
    return lambda application: bool(others(application) - {coordinator.person_id})


def seconds(session: Session, coordinator: Coordinator) -> Seconds:
    """Who could be the second person for what is decided of an application."""
    rows = session.execute(_COORDINATORS, {"call_id": coordinator.call_id})
    seated = [person for person, _, removed in rows if removed is None]
    tied: dict[str, set[int]] = defaultdict(set)
    if len(seated) > 1:
        with taken_down(session):
            for tie in standing_ties(session, coordinator):
                tied[tie.application].add(tie.person_id)
    return Seconds(seated, tied)


def reason_alone(typed: str) -> str:
    """The reason without the space around it; Invalid below 20 characters."""
    reason = typed.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("alone.needs_reason", {"least": SHORTEST_REASON})})
    return reason
