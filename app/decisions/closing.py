"""Closing reviewing, and the order that follows from it.

Nothing of a score leaves the server for a coordinator before this act. The order and its holes are
computed here, once, and stored: nothing recomputes them silently afterwards.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, func, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.notices import tell_teams
from app.audit.record import record
from app.calls.lifting import end_lift
from app.calls.phase import Phase, phase
from app.decisions.fallen import keep_fallen
from app.decisions.held import call_of, held_call
from app.decisions.holes import store_holes
from app.decisions.ordering import store_order
from app.decisions.refusals import AwardsExist, FinalistsStand, ReviewingNotClosed, ReviewingNotOpen
from app.decisions.resting import AWARDED, INVITED
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import Departure, RankingEntry
from app.models.keys import key_of
from app.models.meeting import PanelCase
from app.random_codes import random_token
from app.wall import whole_call


@whole_call
def close_reviewing(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """End reviewing, publish the draw's seed, and store the order; the call's new version."""
    call = held_call(session, coordinator)
    if phase(call, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    call.reviewing_closed_at = now
    call.draw_seed = call.draw_seed or random_token()
    call.version += 1
    session.add(call)
    session.flush()
    stored = store_order(session, coordinator, call, now)
    holes = store_holes(session, call)
    _tell_applicants(session, coordinator, now)
    record(
        session,
        "reviewing.close",
        now=now,
        person_id=coordinator.person_id,
        call_id=call.id,
        detail={"seed": call.draw_seed, "applications": len(stored.order), "holes": holes},
    )
    return call.version


def _tell_applicants(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Every team hears once that the scoring is over, and nothing else: there is no score in it."""
    scored = select(Application.id, Application.ref).where(
        Application.call_id == coordinator.call_id, Application.status == Status.IN_REVIEW
    )
    rows = [(key_of(key), ref) for key, ref in session.exec(scored)]
    tell_teams(session, "application_scored", rows, now)


class Falls(BaseModel):
    """What falls away when reviewing is opened again: decided cases, and written departures."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    cases: int
    departures: int


def falls_by_reopening(session: Session, coordinator: Coordinator, now: datetime) -> Falls:
    """Counted before the press, of what the coordinator may know; refused as the press itself would be."""
    reopening_reviewing(session, coordinator, now)
    cases = select(func.count()).where(
        PanelCase.call_id == coordinator.call_id, col(PanelCase.outcome).is_not(None)
    )
    departures = (
        select(func.count())
        .select_from(Departure)
        .join(AwardRound, col(AwardRound.id) == col(Departure.round_id))
        .where(AwardRound.call_id == coordinator.call_id)
    )
    return Falls(cases=session.exec(cases).one(), departures=session.exec(departures).one())


@whole_call
def reopen_reviewing(session: Session, coordinator: Coordinator, reason: str, now: datetime) -> int:
    """Let reviewers go on; the stored order, and what was decided on it, are thrown away, and stay on record.

    What was excused in writing stays excused if the review is still missing at the next closing. Gives the
    call's new version.
    """
    call = held_call(session, coordinator)
    _refuse_to_reopen(session, call, now)
    call.reviewing_closed_at = None
    call.version += 1
    session.add(call)
    end_lift(session, coordinator.call_id, now)
    keep_fallen(session, coordinator, now)
    session.execute(delete(RankingEntry).where(col(RankingEntry.call_id) == call.id))
    session.execute(
        delete(Departure).where(
            col(Departure.round_id).in_(select(AwardRound.id).where(AwardRound.call_id == call.id))
        )
    )
    # What the panel decided rests on that order too; what was said stays.
    session.execute(
        update(PanelCase)
        .where(col(PanelCase.call_id) == call.id)
        .values(outcome=None, reason="", round_id=None, version=col(PanelCase.version) + 1)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        "reviewing.reopen",
        now=now,
        person_id=coordinator.person_id,
        call_id=call.id,
        detail={"reason": reason},
    )
    return call.version


@whole_call
def reopening_reviewing(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse whoever is about to say why, as opening reviewing again itself would."""
    _refuse_to_reopen(session, call_of(session, coordinator), now)


def _refuse_to_reopen(session: Session, call: Call, now: datetime) -> None:
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    awarded, invited = session.execute(select_columns(AWARDED, INVITED).where(col(Call.id) == call.id)).one()
    if awarded:
        raise AwardsExist
    if invited:
        raise FinalistsStand
