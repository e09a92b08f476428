"""Holes: an application that an organisation was to score and did not.

The programme promises that every organisation takes part. A decision is refused while a hole stands
open, unless it was excused in writing, cell by cell.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.ranking import ReviewingNotClosed
from app.errors import Invalid, NotFound, Problem
from app.models.applications import Application
from app.models.calls import Call
from app.models.decisions import ExcusedHole, RankingEntry
from app.models.panel import CallOrganisation, Organisation
from app.models.reviews import Assignment, Review, ReviewState, Tie

SHORTEST_REASON = 10


class Hole(BaseModel):
    """An application (its code) that an organisation (its code) did not score; `reason` once excused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    organisation: str
    reason: str


def holes(session: Session, coordinator: Coordinator) -> list[Hole]:
    """Every hole of the call, excused or not, in the order of the ranking.

    Where the call asks every organisation, each ranked application needs each of them; where it asks
    k different ones, what was assigned is what is needed.
    """
    reviews_wanted = session.exec(
        select(Call.reviews_per_application).where(Call.id == coordinator.call_id)
    ).one()
    needed = _every_cell(session, coordinator) if reviews_wanted is None else _assigned(session, coordinator)
    sent = set(_sent(session, coordinator))
    excused = dict(_excused(session, coordinator))
    return [
        Hole(
            application=application,
            organisation=organisation,
            reason=excused.get((application, organisation), ""),
        )
        for application, organisation in needed
        if (application, organisation) not in sent
    ]


Cell = tuple[str, str]


def _every_cell(session: Session, coordinator: Coordinator) -> list[Cell]:
    applications = session.exec(
        select(Application.code)
        .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
        .where(RankingEntry.call_id == coordinator.call_id)
        .order_by(col(RankingEntry.place))
    ).all()
    organisations = session.exec(
        select(Organisation.code)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == Organisation.id)
        .where(CallOrganisation.call_id == coordinator.call_id)
        .order_by(col(CallOrganisation.position))
    ).all()
    return [(application, organisation) for application in applications for organisation in organisations]


def _assigned(session: Session, coordinator: Coordinator) -> list[Cell]:
    rows = session.exec(
        select(Application.code, Organisation.code)
        .join(Assignment, col(Assignment.application_id) == Application.id)
        .join(Organisation, col(Organisation.id) == Assignment.organisation_id)
        .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
        .where(Assignment.call_id == coordinator.call_id, col(Assignment.withdrawn_at).is_(None))
        .order_by(col(RankingEntry.place), col(Organisation.code))
    )
    return list(dict.fromkeys((application, organisation) for application, organisation in rows))


def _sent(session: Session, coordinator: Coordinator) -> list[Cell]:
    rows = session.exec(
        select(Application.code, Organisation.code)
        .join(Assignment, col(Assignment.application_id) == Application.id)
        .join(Organisation, col(Organisation.id) == Assignment.organisation_id)
        .join(Review, col(Review.assignment_id) == Assignment.id)
        .where(
            Assignment.call_id == coordinator.call_id,
            col(Assignment.withdrawn_at).is_(None),
            func.coalesce(Assignment.tie, Tie.NONE.value) != Tie.TIE.value,
            Review.state == ReviewState.SENT,
        )
    )
    return [(application, organisation) for application, organisation in rows]


def _excused(session: Session, coordinator: Coordinator) -> list[tuple[Cell, str]]:
    rows = session.exec(
        select(Application.code, Organisation.code, ExcusedHole.reason)
        .join(Application, col(Application.id) == ExcusedHole.application_id)
        .join(Organisation, col(Organisation.id) == ExcusedHole.organisation_id)
        .where(Application.call_id == coordinator.call_id)
    )
    return [((application, organisation), reason) for application, organisation, reason in rows]


def excuse_holes(
    session: Session, coordinator: Coordinator, reasons: Mapping[Cell, str], now: datetime
) -> None:
    """Excuse cells in writing: (application code, organisation code) -> a reason of ten characters or more.

    Invalid names each cell whose reason is too short by `application.organisation`.
    """
    call = session.exec(select(Call).where(Call.id == coordinator.call_id).with_for_update()).one()
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    short: dict[str, str | Problem] = {
        f"{application}.{organisation}": ("hole.reason_too_short", {"least": SHORTEST_REASON})
        for (application, organisation), reason in reasons.items()
        if len(reason.strip()) < SHORTEST_REASON
    }
    if short:
        raise Invalid(short)
    applications = _keys(session, {application for application, _ in reasons}, coordinator)
    rows = session.exec(select(Organisation.code, Organisation.id))
    organisations = {code: key for code, key in rows if key is not None}
    for (application, organisation), reason in reasons.items():
        if application not in applications or organisation not in organisations:
            raise NotFound
        session.merge(
            ExcusedHole(
                application_id=applications[application],
                organisation_id=organisations[organisation],
                reason=reason.strip(),
                excused_by=coordinator.person_id,
                excused_at=now,
            )
        )
        record(
            session,
            "hole.excuse",
            now=now,
            person_id=coordinator.person_id,
            call_id=call.id,
            subject=application,
            detail={"organisation": organisation, "reason": reason.strip()},
        )


def _keys(session: Session, codes: set[str], coordinator: Coordinator) -> dict[str, int]:
    rows = session.exec(
        select(Application.code, Application.id).where(
            Application.call_id == coordinator.call_id, col(Application.code).in_(codes)
        )
    )
    return {code: key for code, key in rows if key is not None}
