"""Who is written to when an evening is near: the audience the day before, the jury on its morning.

Planned by the job worker again and again; each mail has one key, so that it is queued once, for each time at
which the evening begins.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.events.running_order import DAY_BEFORE
from app.models.calls import AwardRound, Call
from app.models.events import AttendeeState, Event
from app.models.jury import Juror
from app.models.outbox import Mail
from app.models.people import Attendee, JurorContact
from app.outbox.enqueue import Queued

TOMORROW, TODAY = "attend_tomorrow", "jury_today"
MORNING, AT_LEAST = time(8), timedelta(hours=2)
"""The jury hears at eight where the evening is, or two hours before an early one."""


def waiting_reminders(session: Session, now: datetime) -> list[Queued]:
    """All that are due and not queued yet. One statement where no evening is near."""
    near = session.execute(
        select_columns(col(Event.round_id), col(Event.starts_at), col(Call.timezone))
        .join(AwardRound, col(AwardRound.id) == col(Event.round_id))
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .where(
            col(Event.starts_at) > now,
            col(Event.starts_at) <= now + DAY_BEFORE,
            col(Call.cancelled_at).is_(None),
        )
    ).all()
    mails: list[Queued] = []
    for round_id, starts_at, timezone in near:
        mails += _to_audience(session, round_id, starts_at)
        if now >= morning_of(starts_at, timezone):
            mails += _to_jury(session, round_id, starts_at)
    if not mails:
        return []
    keys = [each.dedupe_key for each in mails]
    queued = set(
        session.exec(
            select(Mail.dedupe_key).where(
                col(Mail.template).in_((TOMORROW, TODAY)), col(Mail.dedupe_key).in_(keys)
            )
        )
    )
    return [each for each in mails if each.dedupe_key not in queued]


def morning_of(starts_at: datetime, timezone: str) -> datetime:
    """When a jury is reminded on the day of its evening."""
    zone = ZoneInfo(timezone)
    at_eight = datetime.combine(starts_at.astimezone(zone).date(), MORNING, zone)
    return min(at_eight, starts_at - AT_LEAST)


def _to_audience(session: Session, round_id: int, starts_at: datetime) -> list[Queued]:
    """Whoever has a place. Who took it within the last day has just read all this."""
    rows = session.exec(
        select(Attendee.id, Attendee.code).where(
            Attendee.round_id == round_id,
            Attendee.state == AttendeeState.CONFIRMED,
            col(Attendee.confirmed_at) <= starts_at - DAY_BEFORE,
        )
    )
    return [
        Queued(
            TOMORROW, f"attend-tomorrow-{code}-{starts_at:%Y%m%d%H%M}",
            params={"starts_at": starts_at.isoformat()}, attendee_id=key,
        )
        for key, code in rows
    ]  # fmt: skip


def _to_jury(session: Session, round_id: int, starts_at: datetime) -> list[Queued]:
    """Whoever has an address and a link that can be mailed."""
    rows = session.exec(
        select(Juror.id, Juror.code)
        .join(JurorContact, col(JurorContact.juror_id) == col(Juror.id))
        .where(
            Juror.round_id == round_id,
            col(Juror.removed_at).is_(None),
            col(Juror.link_hash).is_not(None),
            JurorContact.email != "",
            JurorContact.nonce != "",
        )
    )
    return [
        Queued(
            TODAY, f"jury-today-{code}-{starts_at:%Y%m%d%H%M}",
            params={"starts_at": starts_at.isoformat()}, juror_id=key,
        )
        for key, code in rows
    ]  # fmt: skip
