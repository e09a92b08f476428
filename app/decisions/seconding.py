"""Departures of awards from the order, and the second person who confirms each.

Where there is nobody who could, the one who decides is alone: the ledger says so when the decision is frozen,
and publishes the reason with the results.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import and_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import awarding, held_pot
from app.decisions.seconds import Persons, Seconded, confirm
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, Departure


class ConfirmInput(BaseModel):
    """The departure that is confirmed, with its reason as it was written at `decided_at`."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("hidden")]
    round: Annotated[str, Field(min_length=1, max_length=16), Ask("hidden")]
    decided_at: Annotated[AwareDatetime, Ask("hidden")]


class FullDeparture(Seconded):
    """One departure from the order. `raised`: it has an award of this round; else it is passed over."""

    round: str
    raised: bool


def departures(session: Session, coordinator: Coordinator) -> list[FullDeparture]:
    """Every departure of who is still in the call, by round and application."""
    rows = session.execute(
        select_columns(Departure, col(Application.code), col(AwardRound.code), col(Award.id))
        .join(AwardRound, col(AwardRound.id) == col(Departure.round_id))
        .join(Application, col(Application.id) == col(Departure.application_id))
        .outerjoin(
            Award,
            and_(
                col(Award.application_id) == col(Departure.application_id),
                col(Award.round_id) == col(Departure.round_id),
            ),
        )
        .where(col(AwardRound.call_id) == coordinator.call_id, col(Application.status) != Status.WITHDRAWN)
        .order_by(col(AwardRound.position), col(Application.code))
    ).all()
    if not rows:
        return []
    persons = Persons(session, coordinator)
    return [
        FullDeparture(round=pot, raised=award is not None, **persons.of(row, application))
        for row, application, pot, award in rows
    ]


def confirm_departure(session: Session, coordinator: Coordinator, given: ConfirmInput, now: datetime) -> None:
    """Confirm a reason that somebody else wrote; Stale where it was written anew since it was read."""
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, given.round)
    row = session.exec(
        select(Departure)
        .join(Application, col(Application.id) == col(Departure.application_id))
        .where(Departure.round_id == pot.id, Application.code == given.application)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    confirm(row, coordinator, given.decided_at, now)
    pot.version += 1
    session.add_all([row, pot])
    session.flush()
    record(
        session, "award.departure_confirm", now=now, person_id=coordinator.person_id,
        call_id=coordinator.call_id, subject=given.application, detail={"round": pot.code},
    )  # fmt: skip
