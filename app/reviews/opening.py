"""Opening a call's reviewing."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.extended import running_extensions
from app.applications.notices import tell_teams
from app.applications.redaction import count_uncleared
from app.applications.refusals import ExtensionsRun
from app.applications.status import EDGES, Move
from app.audit.record import record
from app.models.applications import Application, History
from app.models.calls import Call, Phase
from app.models.corrections import Correction
from app.models.keys import key_of
from app.models.reviews import Assignment
from app.reviews.call_state import phase_held
from app.reviews.notices import notify_reviewers
from app.reviews.refusals import CorrectionsAwaited, NotCleared, ReviewingNotReady
from app.wall import refuse_while, wall_of, whole_call

_AT: Any = History.at


@whole_call
def open_reviewing(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """Let reviewers begin, once and after the call has closed; every application that counts moves along.

    A draft that was taken back is reviewed as it was last sent. Returns how many applications there are,
    of those that whoever opens may know of.
    ExtensionsRun while one of them still has a later deadline of its own; NotCleared while a coordinator has
    not cleared all of them.
    """
    if phase_held(session, coordinator.call_id, now) is not Phase.CLOSED:
        raise ReviewingNotReady
    refuse_while(session, lambda: running_extensions(session, coordinator.call_id, now), ExtensionsRun)
    _close_corrections(session, coordinator, now)
    refuse_while(session, lambda: count_uncleared(session, coordinator.call_id), NotCleared)
    moved = _start_reviews(session, coordinator, now)
    session.execute(
        update(Call)
        .where(col(Call.id) == coordinator.call_id)
        .values(reviewing_opened_at=now, version=Call.version + 1)
    )
    assigned = select(col(Assignment.member_id)).where(
        col(Assignment.call_id) == coordinator.call_id, col(Assignment.withdrawn_at).is_(None)
    )
    notify_reviewers(session, coordinator.call_id, session.scalars(assigned.distinct()).all(), now)
    record(
        session,
        "reviewing.open",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"applications": len(moved)},
    )
    return len(set(moved) - wall_of(session).keys)


def _close_corrections(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse while an applicant still has time to correct something; what is overdue is over now."""
    of_call = select(col(Application.id)).where(col(Application.call_id) == coordinator.call_id)
    awaited = (
        col(Correction.application_id).in_(of_call),
        col(Correction.answered_at).is_(None),
        col(Correction.closed_at).is_(None),
    )
    in_time = select(func.count()).select_from(Correction).where(*awaited, col(Correction.due_at) > now)
    refuse_while(session, lambda: int(session.execute(in_time).scalar_one()), CorrectionsAwaited)
    session.execute(
        update(Correction)
        .where(*awaited)
        .values(closed_at=now, version=Correction.version + 1)
        .execution_options(synchronize_session=False)
    )


def _start_reviews(session: Session, coordinator: Coordinator, now: datetime) -> list[int]:
    """The applications that move along."""
    edge = EDGES[Move.START_REVIEW]
    counted = (
        col(Application.call_id) == coordinator.call_id,
        col(Application.counts_number).is_not(None),
        col(Application.status).in_(sorted(edge.sources)),
    )
    session.execute(
        insert(History).from_select(
            ["application_id", "move", "at", "by", "note"],
            select(
                col(Application.id),
                literal(Move.START_REVIEW.value),
                literal(now, type_=_AT.type),
                literal(coordinator.person_id),
                literal(""),
            ).where(*counted),
        )
    )
    rows = session.execute(select(col(Application.id), col(Application.ref)).where(*counted)).all()
    tell_teams(session, "application_in_review", [(key, ref) for key, ref in rows], now)
    session.execute(
        update(Application)
        .where(*counted)
        .values(status=edge.target, version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )
    return [key_of(key) for key, _ in rows]
