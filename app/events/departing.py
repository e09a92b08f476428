"""Written reasons for inviting somebody below the line, or for not inviting somebody above it.

As for an award: another coordinator confirms each, where there is one without a tie to it.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.departures import SHORTEST_REASON, departing_reason
from app.decisions.held import awarding, held_pot
from app.decisions.seconds import Persons, Seconded, confirm
from app.errors import NotFound
from app.events.refusals import AlreadyAnnounced, NoFinal
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import RankingEntry
from app.models.events import Event, FinalistDeparture
from app.models.keys import key_of


class DepartingInput(BaseModel):
    """Whether an application is invited against the order (`raised`), or passed over, and why."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    raised: Annotated[bool, Ask("yesno")]
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=2000), Ask("textarea")]


class DepartingConfirm(BaseModel):
    """The departure that is confirmed, with its reason as it was written at `decided_at`."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("hidden")]
    decided_at: Annotated[AwareDatetime, Ask("hidden")]


class Departing(Seconded):
    """One departure: invited against the order (`raised`), or passed over."""

    title: str
    raised: bool


def departing(session: Session, coordinator: Coordinator, pot: AwardRound) -> list[Departing]:
    """Every departure of a round of who is still in the call, by application."""
    rows = session.execute(
        select_columns(FinalistDeparture, col(Application.code), col(RankingEntry.shown))
        .join(Application, col(Application.id) == col(FinalistDeparture.application_id))
        .join(RankingEntry, col(RankingEntry.application_id) == col(FinalistDeparture.application_id))
        .where(col(FinalistDeparture.round_id) == pot.id, col(Application.status) != Status.WITHDRAWN)
        .order_by(col(Application.code))
    ).all()
    if not rows:
        return []
    persons = Persons(session, coordinator)
    return [
        Departing(title=shown["title"], raised=row.raised, **persons.of(row, application))
        for row, application, shown in rows
    ]


def waiting_departures(session: Session, coordinator: Coordinator, pot: AwardRound) -> list[str]:
    """The applications whose departure nobody has confirmed yet, though somebody could."""
    return [each.application for each in departing(session, coordinator, pot) if each.waits]


def raised_and_passed(session: Session, pot: AwardRound) -> tuple[set[int], set[int]]:
    """The applications that are invited against the order, and those that are passed over."""
    rows = session.exec(
        select(FinalistDeparture.application_id, FinalistDeparture.raised).where(
            FinalistDeparture.round_id == pot.id
        )
    ).all()
    return {key for key, raised in rows if raised}, {key for key, raised in rows if not raised}


def depart(
    session: Session, coordinator: Coordinator, round_code: str, given: DepartingInput, now: datetime
) -> None:
    """Put on record why one departs from the order; a later reason replaces it, and is confirmed anew."""
    pot = _pot(session, coordinator, round_code, now)
    key = _ranked(session, coordinator, given.application)
    reason = departing_reason(given.reason)
    session.merge(
        FinalistDeparture(
            application_id=key,
            round_id=key_of(pot.id),
            raised=given.raised,
            reason=reason,
            decided_by=coordinator.person_id,
            decided_at=now,
            confirmed_by=None,
            confirmed_at=None,
        )
    )
    session.flush()
    _note(session, coordinator, "finalists.depart", pot, given.application, reason, now)


def confirm_departing(
    session: Session, coordinator: Coordinator, round_code: str, given: DepartingConfirm, now: datetime
) -> None:
    """Confirm a reason that somebody else wrote; Stale where it was written anew since it was read."""
    pot = _pot(session, coordinator, round_code, now)
    row = session.get(
        FinalistDeparture, (_ranked(session, coordinator, given.application), pot.id), populate_existing=True
    )
    if row is None:
        raise NotFound
    confirm(row, coordinator, given.decided_at, now)
    session.add(row)
    session.flush()
    _note(session, coordinator, "finalists.depart_confirm", pot, given.application, "", now)


def take_back_departing(
    session: Session, coordinator: Coordinator, round_code: str, application: str, now: datetime
) -> None:
    """The application stands in the order again; its reason stays in the log alone."""
    pot = _pot(session, coordinator, round_code, now)
    row = session.get(FinalistDeparture, (_ranked(session, coordinator, application), pot.id))
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    _note(session, coordinator, "finalists.depart_withdraw", pot, application, "", now)


def _pot(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> AwardRound:
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    if pot.finalists is None:
        raise NoFinal
    event = session.get(Event, pot.id)
    if event is not None and event.announced_at is not None:
        raise AlreadyAnnounced
    return pot


def _ranked(session: Session, coordinator: Coordinator, code: str) -> int:
    key = session.exec(
        select(RankingEntry.application_id)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(
            RankingEntry.call_id == coordinator.call_id,
            Application.code == code,
            col(RankingEntry.total).is_not(None),
        )
    ).one_or_none()
    if key is None:
        raise NotFound
    return key


def _note(
    session: Session,
    coordinator: Coordinator,
    action: str,
    pot: AwardRound,
    application: str,
    reason: str,
    now: datetime,
) -> None:
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail={"round": pot.code, "reason": reason},
    )  # fmt: skip
