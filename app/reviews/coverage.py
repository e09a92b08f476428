"""How many reviews the applications have: counted against the assignments that stand, never what they say."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.models.applications import Application
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review
from app.reviews.progress import STANDS
from app.reviews.tallies import COUNTS, IS_SENT


class Covered(BaseModel):
    """So many `applications` have `sent` reviews out of `assigned`, by `organisations` different ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    assigned: int
    sent: int
    organisations: int
    applications: int

    def owed(self, wanted: int) -> int:
        """How many reviews there are to be, where `wanted` organisations score each."""
        return self.assigned + max(0, wanted - self.organisations)


def coverage(session: Session, coordinator: Coordinator) -> list[Covered]:
    """Those with the fewest reviews first; one query. An application without any assignment has 0 of 0."""
    stands = and_(col(Assignment.id).is_not(None), STANDS)
    organisations = func.count(func.distinct(case((stands, col(Assignment.organisation_id)))))
    each = (
        select(
            organisations.label("organisations"),
            func.count(case((stands, 1))).label("assigned"),
            func.count(case((and_(stands, IS_SENT), 1))).label("sent"),
        )
        .select_from(Application)
        .outerjoin(Assignment, col(Assignment.application_id) == col(Application.id))
        .outerjoin(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Application.call_id) == coordinator.call_id, COUNTS)
        .group_by(col(Application.id))
        .subquery()
    )
    rows = session.execute(
        select(each.c.assigned, each.c.sent, each.c.organisations, func.count().label("applications"))
        .group_by(each.c.assigned, each.c.sent, each.c.organisations)
        .order_by(each.c.sent, each.c.assigned.desc(), each.c.organisations)
    )
    return [Covered.model_validate(row, from_attributes=True) for row in rows]
