"""When each member of a call's panel was last on the site; for its coordinators."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.models.accounts import BrowserSession
from app.models.panel import PanelMember


def last_seen(session: Session, coordinator: Coordinator) -> dict[str, datetime]:
    """Member code -> the last visit that a session still tells of; nobody who has signed out everywhere."""
    rows = session.exec(
        select(col(PanelMember.code), func.max(col(BrowserSession.last_seen_at)))
        .join(BrowserSession, col(BrowserSession.person_id) == col(PanelMember.person_id))
        .where(col(PanelMember.call_id) == coordinator.call_id)
        .group_by(col(PanelMember.code))
    )
    return dict(rows.all())
