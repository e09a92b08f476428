"""Forgetting what has ended."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from app.accounts.reminded import forget_reminded
from app.models.accounts import ApiToken, BrowserSession, Throttle
from app.models.calls import Call
from app.models.events import Event
from app.models.outbox import Mail, MailState
from app.models.people import (
    Attendee,
    Invitation,
    Presence,
    ReviewerInvitation,
    ReviewerProposal,
    SignIn,
    WalkIn,
)

SIGN_IN_KEPT = timedelta(days=1)
INVITATION_KEPT = timedelta(days=30)
PRESENCE_KEPT = timedelta(days=1)
AUDIENCE_KEPT = timedelta(days=30)


def forget_expired(session: Session, now: datetime) -> None:
    """Remove sessions, tokens and counters past their end, sign-ins a day after theirs, the addresses that
    were reminded of an opening, invited to a team or to review, who came to an evening, and who was at work
    where."""
    forget_reminded(session)
    _forget_invitations(session, now - INVITATION_KEPT)
    _forget_seats(session, now - INVITATION_KEPT)
    forget_audience(session, now)
    session.execute(delete(Presence).where(col(Presence.seen_at) <= now - PRESENCE_KEPT))
    session.execute(delete(BrowserSession).where(col(BrowserSession.expires_at) <= now))
    session.execute(delete(ApiToken).where(col(ApiToken.expires_at) <= now))
    session.execute(delete(Throttle).where(col(Throttle.window_ends_at) <= now))
    old = select(col(SignIn.id)).where(col(SignIn.expires_at) <= now - SIGN_IN_KEPT)
    done = or_(col(Mail.state) != MailState.QUEUED, col(Mail.not_before) <= now - SIGN_IN_KEPT)
    session.execute(delete(Mail).where(col(Mail.sign_in_id).in_(old), done))
    mailed = select(col(Mail.sign_in_id)).where(col(Mail.sign_in_id).is_not(None))
    session.execute(
        delete(SignIn).where(col(SignIn.expires_at) <= now - SIGN_IN_KEPT, col(SignIn.id).not_in(mailed))
    )


def forget_audience(session: Session, now: datetime) -> None:
    """Of an evening that is over only how many came stays: every name and address of its audience goes."""
    over = session.exec(
        select(Event).where(col(Event.starts_at) <= now - AUDIENCE_KEPT, col(Event.forgotten_at).is_(None))
    ).all()
    for event in over:
        guests = col(Attendee.round_id) == event.round_id
        came = select(func.count()).select_from(Attendee).where(guests, col(Attendee.came_at).is_not(None))
        walked = select(func.count()).select_from(WalkIn).where(col(WalkIn.round_id) == event.round_id)
        event.came = session.exec(came).one() + session.exec(walked).one()
        event.forgotten_at = now
        session.add(event)
        session.flush()
        session.execute(delete(Mail).where(col(Mail.attendee_id).in_(select(col(Attendee.id)).where(guests))))
        session.execute(delete(Attendee).where(guests))
        session.execute(delete(WalkIn).where(col(WalkIn.round_id) == event.round_id))


def _forget_invitations(session: Session, before: datetime) -> None:
    """An address that never joined is not kept; what came of the others stands in the team."""
    old = select(col(Invitation.id)).where(col(Invitation.expires_at) <= before)
    session.execute(delete(Mail).where(col(Mail.invitation_id).in_(old)))
    session.execute(delete(Invitation).where(col(Invitation.expires_at) <= before))


def _forget_seats(session: Session, before: datetime) -> None:
    """Who was asked to review in a call that is over; who did stands on its panel."""
    over = select(col(Call.id)).where(or_(col(Call.published_at) <= before, col(Call.cancelled_at) <= before))
    old = select(col(ReviewerInvitation.id)).where(col(ReviewerInvitation.call_id).in_(over))
    session.execute(delete(Mail).where(col(Mail.seat_id).in_(old)))
    for table in (ReviewerInvitation, ReviewerProposal):
        session.execute(delete(table).where(col(table.call_id).in_(over)))
