"""Holes: an application that an organisation was to score and did not.

The programme promises that every organisation takes part. The holes are stored when reviewing closes;
a decision is refused while one stands open, unless it was excused in writing, cell by cell.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, bindparam, delete, exists, func, insert, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.held import held_call
from app.decisions.refusals import ReviewingNotClosed
from app.errors import Invalid, NotFound, Problem
from app.models.applications import Application, Status
from app.models.calls import Call
from app.models.decisions import MissingReview, RankingEntry
from app.models.panel import CallOrganisation, Organisation
from app.models.reviews import Assignment, Review

SHORTEST_REASON = 10

Cell = tuple[str, str]
"""An application's code and an organisation's code."""


class Hole(BaseModel):
    """An application (its code) that an organisation (its code) did not score; `reason` once excused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    organisation: str
    reason: str


def holes(
    session: Session, coordinator: Coordinator, *, limit: int | None = None, offset: int = 0
) -> list[Hole]:
    """The holes of the call, excused or not, in the order of the ranking. Who withdrew has none."""
    rows = session.execute(
        select_columns(col(Application.code), col(Organisation.code), col(MissingReview.reason))
        .select_from(MissingReview)
        .join(Application, col(Application.id) == col(MissingReview.application_id))
        .join(Organisation, col(Organisation.id) == col(MissingReview.organisation_id))
        .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
        .where(
            col(MissingReview.call_id) == coordinator.call_id,
            col(Application.status) != Status.WITHDRAWN,
        )
        .order_by(col(RankingEntry.place), col(Organisation.code))
        .limit(limit)
        .offset(offset)
    )
    return [
        Hole(application=application, organisation=organisation, reason=reason)
        for application, organisation, reason in rows
    ]


_COUNT = (
    select(func.count())
    .select_from(MissingReview)
    .join(Application, col(Application.id) == col(MissingReview.application_id))
    .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
    .where(
        col(MissingReview.call_id) == bindparam("call_id"),
        col(Application.status) != Status.WITHDRAWN,
    )
)
_COUNT_OPEN = _COUNT.where(col(MissingReview.reason) == "")
OPEN_HOLES = _COUNT_OPEN.scalar_subquery()
"""How many of the call `call_id` are not excused, as a value in a statement."""


def count_holes(session: Session, coordinator: Coordinator, *, only_open: bool = True) -> int:
    """How many holes there are: those not excused, or all."""
    counted = session.execute(_COUNT_OPEN if only_open else _COUNT, {"call_id": coordinator.call_id})
    found: int = counted.scalar_one()
    return found


def store_holes(session: Session, call: Call) -> int:
    """Store what is missing now, after the order was stored; how many holes that were.

    Where the call asks every organisation, each ranked application needs each of them; where it asks
    k different ones, what was assigned is what is needed. An excuse of an earlier closing stays.
    """
    scored = _scored()
    session.execute(
        delete(MissingReview)
        .where(
            col(MissingReview.call_id) == call.id,
            (col(MissingReview.reason) == "")
            | scored.where(
                col(Assignment.application_id) == col(MissingReview.application_id),
                col(Assignment.organisation_id) == col(MissingReview.organisation_id),
            ).exists(),
        )
        .execution_options(synchronize_session=False)
    )
    needed = (_every_cell(call) if call.reviews_per_application is None else _assigned(call)).subquery()
    kept = exists().where(
        col(MissingReview.application_id) == needed.c.application_id,
        col(MissingReview.organisation_id) == needed.c.organisation_id,
    )
    done = scored.where(
        col(Assignment.application_id) == needed.c.application_id,
        col(Assignment.organisation_id) == needed.c.organisation_id,
    ).exists()
    missing = select_columns(
        needed.c.application_id, needed.c.organisation_id, literal(call.id), literal("")
    ).where(~done, ~kept)
    session.execute(
        insert(MissingReview).from_select(["application_id", "organisation_id", "call_id", "reason"], missing)
    )
    return session.exec(select(func.count()).where(MissingReview.call_id == call.id)).one()


def _every_cell(call: Call) -> Select[int, int]:
    return (
        select_columns(col(RankingEntry.application_id), col(CallOrganisation.organisation_id))
        .join(CallOrganisation, col(CallOrganisation.call_id) == col(RankingEntry.call_id))
        .where(col(RankingEntry.call_id) == call.id)
    )


def _assigned(call: Call) -> Select[int, int]:
    return (
        select_columns(col(Assignment.application_id), col(Assignment.organisation_id))
        .join(RankingEntry, col(RankingEntry.application_id) == col(Assignment.application_id))
        .where(col(Assignment.call_id) == call.id, col(Assignment.withdrawn_at).is_(None))
        .distinct()
    )


def _scored() -> Select[int | None]:
    """Assignments whose review counts; the caller says for which application and organisation.

    The call is not named again: SQLite would look through all of its assignments for each application.
    """
    return (
        select_columns(col(Assignment.id))
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(*IS_COUNTED_REVIEW)
    )


def excuse_holes(
    session: Session, coordinator: Coordinator, reasons: Mapping[Cell, str], now: datetime
) -> int:
    """Excuse cells in writing: (application code, organisation code) -> a reason of ten characters or more.

    Gives how many that changed: a reason already on record is left alone. Invalid names each cell whose
    reason is too short by `application.organisation`; NotFound for a cell that is no hole.
    """
    call = held_call(session, coordinator)
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    short: dict[str, str | Problem] = {
        f"{application}.{organisation}": ("hole.reason_too_short", {"least": SHORTEST_REASON})
        for (application, organisation), reason in reasons.items()
        if len(reason.strip()) < SHORTEST_REASON
    }
    if short:
        raise Invalid(short)
    missing = _missing(session, call, {application for application, _ in reasons})
    if not reasons.keys() <= missing.keys():
        raise NotFound
    changed = 0
    for cell, typed in reasons.items():
        row, reason = missing[cell], typed.strip()
        if row.reason == reason:
            continue
        changed += 1
        row.reason, row.excused_by, row.excused_at = reason, coordinator.person_id, now
        session.add(row)
        application, organisation = cell
        record(
            session, "hole.excuse", now=now, person_id=coordinator.person_id, call_id=call.id,
            subject=application, detail={"organisation": organisation, "reason": reason},
        )  # fmt: skip
    return changed


def _missing(session: Session, call: Call, applications: set[str]) -> dict[Cell, MissingReview]:
    rows = session.exec(
        select(MissingReview, Application.code, Organisation.code)
        .join(Application, col(Application.id) == col(MissingReview.application_id))
        .join(Organisation, col(Organisation.id) == col(MissingReview.organisation_id))
        .where(
            MissingReview.call_id == call.id,
            Application.status != Status.WITHDRAWN,
            col(Application.code).in_(applications),
        )
    )
    return {(application, organisation): row for row, application, organisation in rows}
