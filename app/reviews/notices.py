"""Mail to reviewers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.calls import Call
from app.models.panel import PanelMember
from app.outbox.enqueue import enqueue


def notify_reviewers(session: Session, call_id: int, member_ids: Iterable[int], now: datetime) -> None:
    """Tell each of them that there is something to score: one mail a day at most, however much was assigned.

    It says only that; what and how many is counted when it is sent.
    """
    wanted = sorted(set(member_ids))
    if not wanted:
        return
    slug = session.execute(select(col(Call.slug)).where(col(Call.id) == call_id)).scalar_one()
    people = select(col(PanelMember.code), col(PanelMember.person_id)).where(col(PanelMember.id).in_(wanted))
    for code, person_id in session.execute(people).all():
        enqueue(
            session,
            "assignments_ready",
            dedupe_key=f"assignments-ready/{code}/{now:%Y-%m-%d}",
            now=now,
            person_id=person_id,
            params={"call": slug},
        )
