"""Written reasons for departing from the order: who is raised above the line, who is passed over."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import awarding, held_pot
from app.decisions.pitch_order import refuse_unpitched
from app.errors import Invalid, NotFound
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.decisions import Departure, RankingEntry
from app.models.keys import key_of

SHORTEST_REASON = 20


class DepartureInput(BaseModel):
    """Why an application above the line is passed over, or one below it raised."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=2000), Ask("textarea")]


def explain_departure(
    session: Session, coordinator: Coordinator, round_code: str, given: DepartureInput, now: datetime
) -> None:
    """Put on record why one application departs from the order in this round; a later reason replaces it."""
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    refuse_unpitched(session, pot)
    key = _ranked(session, coordinator, given.application)
    keep_departure(session, coordinator, pot, (key, given.application), departing_reason(given.reason), now)


def take_back_departure(
    session: Session, coordinator: Coordinator, round_code: str, application: str, now: datetime
) -> None:
    """The application stands in the order again; its reason stays in the log alone."""
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    if not drop_departure(session, _ranked(session, coordinator, application), pot):
        raise NotFound
    record(
        session, "award.departure_withdraw", now=now, person_id=coordinator.person_id,
        call_id=coordinator.call_id, subject=application, detail={"round": pot.code},
    )  # fmt: skip


def departing_reason(typed: str) -> str:
    """The reason without the space around it; Invalid below 20 characters."""
    reason = typed.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("award.departure_needs_reason", {"least": SHORTEST_REASON})})
    return reason


def keep_departure(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    application: tuple[int, str],
    reason: str,
    now: datetime,
) -> None:
    """Store a reason for (key, code) in a pot that is locked."""
    key, code = application
    session.merge(
        Departure(
            application_id=key,
            round_id=key_of(pot.id),
            reason=reason,
            decided_by=coordinator.person_id,
            decided_at=now,
        )
    )
    pot.version += 1
    session.add(pot)
    session.flush()
    record(
        session, "award.departure", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=code, detail={"round": pot.code, "reason": reason},
    )  # fmt: skip


def drop_departure(session: Session, application_id: int, pot: AwardRound) -> bool:
    """Remove a reason from a pot that is locked; whether there was one."""
    found = session.get(Departure, (application_id, pot.id))
    if found is None:
        return False
    session.delete(found)
    pot.version += 1
    session.add(pot)
    session.flush()
    return True


def _ranked(session: Session, coordinator: Coordinator, code: str) -> int:
    key = session.exec(
        select(RankingEntry.application_id)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(RankingEntry.call_id == coordinator.call_id, Application.code == code)
    ).one_or_none()
    if key is None:
        raise NotFound
    return key
