"""Taking mail out of the outbox: claimed with a lease, marked when it has left, tried again when not."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app.models.outbox import Mail, MailState

LEASE = timedelta(minutes=2)
ATTEMPTS = 6


def claim_mail(session: Session, now: datetime) -> Mail | None:
    """The next mail that is due, leased to this worker: no other claims it before the lease ends."""
    due = (
        select(col(Mail.id))
        .where(
            col(Mail.state) == MailState.QUEUED,
            col(Mail.not_before) <= now,
            or_(col(Mail.claimed_until).is_(None), col(Mail.claimed_until) < now),
        )
        .order_by(col(Mail.not_before), col(Mail.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Mail)
        .where(col(Mail.id) == due.scalar_subquery())
        .values(claimed_until=now + LEASE, attempts=col(Mail.attempts) + 1)
        .returning(Mail)
    )
    return session.scalars(statement).one_or_none()


def mark_sent(session: Session, mail_id: int, now: datetime) -> None:
    """It has left."""
    _mark(session, mail_id, state=MailState.SENT, sent_at=now, error="")


def mark_failed(session: Session, mail: Mail, error: str, now: datetime) -> None:
    """It could not be sent: again after 1, 2, 4, … minutes, and given up after six attempts."""
    if mail.attempts >= ATTEMPTS:
        _mark(session, mail.id, state=MailState.FAILED, error=error[:500])
    else:
        again = now + timedelta(minutes=2 ** (mail.attempts - 1))
        _mark(session, mail.id, not_before=again, claimed_until=None, error=error[:500])


def mark_postponed(session: Session, mail: Mail, again: datetime, why: str) -> None:
    """It may not leave yet: looked at again later, as if nobody had tried."""
    _mark(session, mail.id, not_before=again, claimed_until=None, attempts=mail.attempts - 1, error=why[:500])


def mark_cancelled(session: Session, mail_id: int | None, why: str) -> None:
    """There is nobody, or nothing any more, to send."""
    _mark(session, mail_id, state=MailState.CANCELLED, error=why)


def _mark(session: Session, mail_id: int | None, **values: object) -> None:
    session.execute(update(Mail).where(col(Mail.id) == mail_id).values(**values))
