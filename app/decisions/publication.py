"""Publishing by two persons: one counts what it will do, another finds the same and does it.

Who coordinates alone does it alone, with a written reason, and the ledger says so.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.announce import Announcement, announcement, publish
from app.decisions.held import call_of, decision_version, held_call
from app.decisions.refusals import PublicationAsked, PublicationNotAsked, PublicationSecondPerson
from app.decisions.seconds import is_alone, members_of, reason_alone
from app.errors import Stale
from app.models.decisions import Publication
from app.wall import taken_down

NO_HOLD = timedelta(0)


class Asked(BaseModel):
    """Who counted, by the code of the membership, and when. `mine`: whoever reads this did."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    by: str
    at: datetime
    mine: bool


class Publishing(BaseModel):
    """What publishing will do and who has counted. `alone`: there is no second coordinator.

    `asked` is None where nobody has, or what was counted has changed since.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    announcement: Announcement
    alone: bool
    asked: Asked | None


def publishing(session: Session, coordinator: Coordinator, now: datetime) -> Publishing:
    """The counts and how far the publication is; refused like publishing itself."""
    counted = announcement(session, coordinator, now)
    row = standing_publication(session, coordinator)
    members = members_of(session, coordinator)
    return Publishing(
        announcement=counted,
        alone=is_alone(session, coordinator),
        asked=Asked(
            by=members.get(row.asked_by, ""),
            at=row.asked_at,
            mine=row.asked_by == coordinator.person_id,
        )
        if row is not None and row.decision_version == counted.version
        else None,
    )


def ask_publication(
    session: Session,
    coordinator: Coordinator,
    seen_version: int,
    reason: str,
    now: datetime,
    hold: timedelta = NO_HOLD,
) -> bool:
    """Confirm the counts as the first person, or publish where there is no second; whether it is public."""
    counts = _counts(session, coordinator, seen_version, now)
    row = standing_publication(session, coordinator)
    if row is not None and row.decision_version == seen_version:
        raise PublicationAsked
    if row is not None:
        row.dropped_at = now
        session.add(row)
    alone = is_alone(session, coordinator)
    why = reason_alone(reason) if alone else ""
    made = Publication(
        call_id=coordinator.call_id,
        decision_version=seen_version,
        counts=counts,
        asked_by=coordinator.person_id,
        asked_at=now,
        reason=why,
    )
    session.add(made)
    if not alone:
        _told(session, coordinator, "results.ask", now)
        return False
    record(
        session, "ledger.published_alone", now=now, person_id=coordinator.person_id,
        call_id=coordinator.call_id, detail={"reason": why},
    )  # fmt: skip
    _publish(session, coordinator, made, now, hold)
    return True


def confirm_publication(
    session: Session, coordinator: Coordinator, seen_version: int, now: datetime, hold: timedelta = NO_HOLD
) -> None:
    """Publish as the second person what another has counted, if it is so still."""
    counts = _counts(session, coordinator, seen_version, now)
    row = standing_publication(session, coordinator)
    if row is None:
        raise PublicationNotAsked
    if row.decision_version != seen_version or row.counts != counts:
        raise Stale(version=seen_version)
    if row.asked_by == coordinator.person_id:
        raise PublicationSecondPerson
    row.confirmed_by = coordinator.person_id
    _publish(session, coordinator, row, now, hold)


def drop_publication(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Take the count back, or refuse it: nothing is published."""
    held_call(session, coordinator)
    row = standing_publication(session, coordinator)
    if row is None:
        raise PublicationNotAsked
    row.dropped_at = now
    session.add(row)
    _told(session, coordinator, "results.turn_down", now)


def standing_publication(session: Session, coordinator: Coordinator) -> Publication | None:
    """The count that waits for a second person."""
    return session.exec(
        select(Publication)
        .where(
            Publication.call_id == coordinator.call_id,
            col(Publication.dropped_at).is_(None),
            col(Publication.confirmed_at).is_(None),
        )
        .order_by(col(Publication.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def waiting_publication(session: Session, coordinator: Coordinator) -> int | None:
    """Who has counted what publishing will do and waits for a second person; None where nobody does.

    A count of a decision that has changed since waits for nobody: it is to be made again.
    """
    row = standing_publication(session, coordinator)
    if row is None or row.decision_version != decision_version(session, call_of(session, coordinator)):
        return None
    return row.asked_by


def done_publication(session: Session, coordinator: Coordinator) -> Publication | None:
    """By which the coordinator's call was published."""
    return publication_of(session, coordinator.call_id)


def publication_of(session: Session, call_id: int) -> Publication | None:
    """By which a call was published; None where that was before there were such."""
    return session.exec(
        select(Publication)
        .where(Publication.call_id == call_id, col(Publication.confirmed_at).is_not(None))
        .order_by(col(Publication.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def _counts(
    session: Session, coordinator: Coordinator, seen_version: int, now: datetime
) -> dict[str, object]:
    """All of them, whoever counts: that two see the same is about the whole call."""
    call = held_call(session, coordinator)
    with taken_down(session):
        counted = announcement(session, coordinator, now)
    current = decision_version(session, call)
    if current != seen_version:
        raise Stale(version=current)
    return counted.model_dump(mode="json", exclude={"lacking"})


def _publish(
    session: Session, coordinator: Coordinator, row: Publication, now: datetime, hold: timedelta
) -> None:
    publish(session, coordinator, row.decision_version, now, hold)
    row.confirmed_at, row.letters_from = now, now + hold
    session.add(row)
    session.flush()


def _told(session: Session, coordinator: Coordinator, action: str, now: datetime) -> None:
    session.flush()
    record(session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id)
