"""The call in which one reviews: where it stands, and by when one is asked to finish."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.calls.phase import phase
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.panel import PanelMember
from app.reviews.call_state import DATED

OWN_DUE = func.coalesce(col(PanelMember.due_at), col(Call.reviews_due_at))
"""A reviewer's own date, where one was given them, before the call's."""

_CALL = (
    select(col(Call.title), col(Call.timezone), OWN_DUE.label("due_at"), *DATED)
    .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
    .where(col(PanelMember.id) == bindparam("member_id"))
)


@dataclass(frozen=True, slots=True)
class OwnCallNow:
    """The call as one reviewer of it sees it."""

    title: Texts
    zone: ZoneInfo
    phase: Phase
    due_at: datetime | None


def own_call(session: Session, reviewer: Reviewer, now: datetime) -> OwnCallNow:
    """The reviewer's call at `now`."""
    row = session.execute(_CALL, {"member_id": reviewer.member_id}).one()
    return OwnCallNow(title=row.title, zone=ZoneInfo(row.timezone), phase=phase(row, now), due_at=row.due_at)
