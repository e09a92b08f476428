"""What opening reviewing, or the discussion, will do: for whoever is about to press."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.corrections import count_awaited
from app.applications.members import count_team_letters
from app.applications.refusals import ExtensionsRun
from app.applications.screened import desk_waiting
from app.applications.status import EDGES, Move
from app.models.calls import Phase
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review
from app.reviews.counted import COUNTED
from app.reviews.progress import desk_progress
from app.reviews.refusals import (
    DiscussionNotMeant,
    DiscussionOpen,
    ReviewingNotOpen,
    ReviewingNotReady,
)
from app.reviews.stands import stands_of


class Ahead(BaseModel):
    """Counts that somebody reads before they press."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def seen(self) -> str:
        """Another one as soon as any of it has changed."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:32]


class OpeningAhead(Ahead):
    """Opening reviewing. `uncleared` applications and `awaited` corrections keep it shut.

    `holes` are reviews that nobody is to write yet; `reviewers` and `teams` are letters that leave.
    """

    applications: int
    unchecked: int
    proposed: int
    suspected: int
    uncleared: int
    awaited: int
    assigned: int
    holes: int
    reviewers: int
    teams: int

    @property
    def shut(self) -> bool:
        """Whether something has to be settled first."""
        return bool(self.uncleared or self.awaited)


class DiscussionAhead(Ahead):
    """Opening the discussion: who is told, and how many reviews are not in yet."""

    sent: int
    unsent: int
    reviewers: int


_TOLD: Any = (
    select(func.count(), func.count(func.distinct(col(Assignment.member_id))))
    .select_from(Assignment)
    .join(Review, col(Review.assignment_id) == col(Assignment.id))
    .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
    .where(col(Assignment.call_id) == bindparam("call_id"), col(PanelMember.removed_at).is_(None), *COUNTED)
)


def opening_ahead(session: Session, coordinator: Coordinator, now: datetime) -> OpeningAhead:
    """Refused like opening itself where the call has not closed or something may still come in."""
    progress = desk_progress(session, coordinator, now)
    if progress.phase is not Phase.CLOSED:
        raise ReviewingNotReady
    if progress.extended:
        raise ExtensionsRun(count=progress.extended)
    desk = desk_waiting(session, coordinator, progress.phase)
    awaited, _ = count_awaited(session, coordinator.call_id, now)
    return OpeningAhead(
        applications=progress.applications,
        unchecked=desk.to_check,
        proposed=desk.proposed,
        suspected=desk.suspected,
        uncleared=desk.uncleared,
        awaited=awaited,
        assigned=progress.assigned,
        holes=progress.holes,
        reviewers=sum(1 for each in progress.reviewers if each.assigned and not each.removed),
        teams=count_team_letters(session, coordinator.call_id, EDGES[Move.START_REVIEW].sources),
    )


def discussion_ahead(session: Session, coordinator: Coordinator, now: datetime) -> DiscussionAhead:
    """Refused like opening the discussion itself."""
    stands = stands_of(session, coordinator, now)
    if stands.phase is not Phase.REVIEWING:
        raise ReviewingNotOpen
    if not stands.discussion:
        raise DiscussionNotMeant
    if stands.discussing:
        raise DiscussionOpen
    sent, reviewers = session.execute(_TOLD, {"call_id": coordinator.call_id}).one()
    return DiscussionAhead(sent=sent, unsent=stands.unsent, reviewers=reviewers)
