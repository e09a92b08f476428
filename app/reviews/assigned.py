"""The coordinator's list of assignments: who scores what and how far it is, never what was scored."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.models.applications import Application
from app.models.panel import Organisation, PanelMember
from app.models.reviews import Assignment, Review, Tie
from app.reviews.queries import Progress, progress_of


class FullAssignment(BaseModel):
    """One assignment that stands or has ended by a tie; by codes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    reviewer: str
    organisation: str
    tie: Tie | None
    progress: Progress


def assignments(
    session: Session, coordinator: Coordinator, *, limit: int, offset: int
) -> tuple[list[FullAssignment], int]:
    """One page of the assignments that were not taken back, and how many there are."""
    mine = (col(Assignment.call_id) == coordinator.call_id, col(Assignment.withdrawn_at).is_(None))
    total = session.execute(select(func.count()).select_from(Assignment).where(*mine)).scalar_one()
    rows = session.execute(
        select(
            col(Application.code).label("application"),
            col(PanelMember.code).label("reviewer"),
            col(Organisation.code).label("organisation"),
            col(Assignment.tie),
            col(Review.state),
        )
        .select_from(Assignment)
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(*mine)
        .order_by(col(Application.code), col(Organisation.code))
        .limit(limit)
        .offset(offset)
    ).all()
    items = [
        FullAssignment(
            application=row.application,
            reviewer=row.reviewer,
            organisation=row.organisation,
            tie=row.tie,
            progress=progress_of(row.tie, row.state),
        )
        for row in rows
    ]
    return items, total
