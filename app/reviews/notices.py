"""Mail to reviewers."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.outbox.enqueue import enqueue
from app.reviews.own_call import OWN_DUE


def notify_reviewers(session: Session, call_id: int, member_ids: Iterable[int], now: datetime) -> None:
    """Tell each of them that there is something to score: one mail a day at most, however much was assigned.

    It says only that; what and how many is counted when it is sent.
    """
    _enqueue(session, call_id, member_ids, "assignments_ready", f"{now:%Y-%m-%d}", now)


def notify_of_discussion(session: Session, call_id: int, member_ids: Iterable[int], now: datetime) -> None:
    """Tell each of them, once, that they may read the others' reasons."""
    _enqueue(session, call_id, member_ids, "discussion_opened", "once", now)


def notify_of_return(session: Session, call_id: int, member_id: int, now: datetime) -> None:
    """Tell a reviewer that a review came back: one mail a day at most. Which it was is on the site alone."""
    _enqueue(session, call_id, [member_id], "review_returned", f"{now:%Y-%m-%d}", now)


def _enqueue(
    session: Session, call_id: int, member_ids: Iterable[int], template: str, once: str, now: datetime
) -> None:
    wanted = sorted(set(member_ids))
    if not wanted:
        return
    slug = session.execute(select(col(Call.slug)).where(col(Call.id) == call_id)).scalar_one()
    people = select(col(PanelMember.code), col(PanelMember.person_id)).where(
        col(PanelMember.id).in_(wanted), col(PanelMember.removed_at).is_(None)
    )
    for code, person_id in session.execute(people).all():
        enqueue(
            session,
            template,
            dedupe_key=f"{template.replace('_', '-')}/{code}/{once}",
            now=now,
            person_id=person_id,
            params={"call": slug},
        )


class OwnNotice(BaseModel):
    """What a reviewer's mail may say: how many wait for them, and until when. No titles, no codes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Texts
    waiting: int
    due_at: datetime | None


def own_notice(session: Session, person_id: int, call: str) -> OwnNotice | None:
    """The notice for one reviewer of a call whose reviewing is open; None where there is nothing to say."""
    row = session.execute(
        select(col(Call.title), OWN_DUE, func.count(col(Assignment.id)))
        .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
        .join(Assignment, col(Assignment.member_id) == col(PanelMember.id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(
            col(Call.slug) == call,
            col(Call.reviewing_opened_at).is_not(None),
            col(Call.reviewing_closed_at).is_(None),
            col(PanelMember.person_id) == person_id,
            col(PanelMember.removed_at).is_(None),
            col(Assignment.withdrawn_at).is_(None),
            func.coalesce(Assignment.tie, Tie.NONE.value) != Tie.TIE.value,
            func.coalesce(Review.state, ReviewState.DRAFT.value) != ReviewState.SENT.value,
        )
        .group_by(col(Call.id), col(PanelMember.id))
    ).one_or_none()
    return OwnNotice(title=row[0], due_at=row[1], waiting=row[2]) if row else None


def reviewed_call(session: Session, person_id: int, call: str) -> Texts | None:
    """The title of a call in which this person reviews, while reviewing is open."""
    found: Texts | None = session.execute(
        select(col(Call.title))
        .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
        .where(
            col(Call.slug) == call,
            col(Call.reviewing_opened_at).is_not(None),
            col(Call.reviewing_closed_at).is_(None),
            col(PanelMember.person_id) == person_id,
            col(PanelMember.role) == PanelRole.REVIEWER,
            col(PanelMember.removed_at).is_(None),
        )
    ).scalar_one_or_none()
    return found
