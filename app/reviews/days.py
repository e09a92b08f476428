"""Reviews sent day by day, for the chart of a call's progress."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.models.applications import Application
from app.models.calls import Call
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review
from app.reviews.progress import STANDS
from app.reviews.tallies import COUNTS, IS_SENT

DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """How many reviews were sent on a day of the call's zone."""

    day: date
    sent: int


def sent_by_day(session: Session, coordinator: Coordinator, now: datetime) -> list[Day]:
    """The last fourteen days, today included, however long reviewing has been open: two queries."""
    zone = ZoneInfo(
        session.execute(select(col(Call.timezone)).where(col(Call.id) == coordinator.call_id)).scalar_one()
    )
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    edges = [datetime.combine(day, time(), zone) for day in [*days, today + timedelta(days=1)]]
    counts = [
        func.count(case((and_(col(Review.sent_at) >= begins, col(Review.sent_at) < ends), 1)))
        for begins, ends in pairwise(edges)
    ]
    row = session.execute(
        select(*counts)
        .select_from(Assignment)
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == coordinator.call_id, STANDS, COUNTS, IS_SENT)
    ).one()
    return [Day(day, sent) for day, sent in zip(days, row, strict=True)]
