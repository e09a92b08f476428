"""Reminding reviewers: one digest a person, over all calls, on Mondays and three days before a due date;
and whenever a coordinator presses for it, once a day at most.

Planned by the job worker again and again; each mail has one key, so that it is queued once, however often
and by however many workers it is planned.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.accounts.digests import digests_stopped
from app.audit.record import record
from app.errors import Invalid
from app.models.calls import Call, Phase
from app.models.outbox import Mail
from app.models.panel import PanelMember
from app.outbox.enqueue import Queued, enqueue_all
from app.reviews.call_state import phase_held
from app.reviews.digest import BEING_REVIEWED, counted_reviews
from app.reviews.refusals import ReviewingNotOpen

MORNING = time(9)
BEFORE_DUE = timedelta(days=3)
WITHIN = timedelta(days=1)
"""Where no worker ran at the hour, a digest may still leave within this time."""


class RemindInput(BaseModel):
    """Whom to remind: everybody for whom something waits, who has not begun, who has; or one reviewer."""

    model_config = ConfigDict(extra="forbid")
    to: Literal["waiting", "idle", "begun"] = "waiting"
    reviewer: Annotated[str, Field(max_length=16)] = ""


def remind_reviewers(session: Session, coordinator: Coordinator, given: RemindInput, now: datetime) -> int:
    """Send them a digest of what waits, once a day at most; how many will get one now.

    Invalid for somebody for whom nothing waits, ReviewingNotOpen outside reviewing.
    """
    if phase_held(session, coordinator.call_id, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    rows = session.execute(
        counted_reviews(col(PanelMember.code), col(PanelMember.person_id))
        .where(col(PanelMember.call_id) == coordinator.call_id)
        .group_by(col(PanelMember.id))
    ).all()
    if given.reviewer and given.reviewer not in {row.code for row in rows}:
        raise Invalid({"reviewer": "reminding.nothing_waits"})
    mails = [
        Queued("review_digest", f"review-reminder/{row.code}/{now:%Y-%m-%d}", row.person_id)
        for row in rows
        if _meant(given, row)
    ]
    fresh = _not_queued(session, mails)
    enqueue_all(session, fresh, now)
    record(
        session,
        "reviewers.remind",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=given.reviewer or given.to,
        detail={"mails": len(fresh)},
    )
    return len(fresh)


def _meant(given: RemindInput, row: Any) -> bool:
    if given.reviewer:
        return bool(row.code == given.reviewer)
    at_work = bool(row.begun or row.sent)
    return given.to == "waiting" or at_work == (given.to == "begun")


def waiting_digests(session: Session, now: datetime) -> list[Queued]:
    """All digests that are due and not queued yet. Reads only; one statement on a day without any."""
    columns: Any = (Call.id, Call.reviewing_opened_at, Call.reviews_due_at, Call.timezone)
    calls = session.execute(select(*columns).where(BEING_REVIEWED)).all()
    days = {row.id: day for row in calls if (day := _day(row, now)) is not None}
    if not days:
        return []
    rows = session.execute(
        counted_reviews(col(PanelMember.person_id), col(PanelMember.call_id))
        .where(col(PanelMember.call_id).in_(days))
        .group_by(col(PanelMember.id))
    ).all()
    stopped = digests_stopped(session, {row.person_id for row in rows})
    keys = {
        (row.person_id, day)
        for row in rows
        for day, weekly in [days[row.call_id]]
        if not (weekly and row.person_id in stopped)
    }
    mails = [
        Queued("review_digest", f"review-digest/{person_id}/{day}", person_id)
        for person_id, day in sorted(keys)
    ]
    return _not_queued(session, mails)


def _day(call: Any, now: datetime) -> tuple[date, bool] | None:
    """The day whose digest is due now, and whether it is only the weekly one; None at other times."""
    zone = ZoneInfo(call.timezone)
    monday = datetime.combine(_monday(now.astimezone(zone).date()), MORNING, zone)
    times = [(monday, True)]
    if call.reviews_due_at is not None:
        times.insert(0, (call.reviews_due_at - BEFORE_DUE, False))
    for at, weekly in times:
        if call.reviewing_opened_at < at <= now < at + WITHIN:
            return at.astimezone(zone).date(), weekly
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _not_queued(session: Session, mails: list[Queued]) -> list[Queued]:
    if not mails:
        return []
    known = select(col(Mail.dedupe_key)).where(col(Mail.dedupe_key).in_([each.dedupe_key for each in mails]))
    queued = set(session.execute(known).scalars())
    return [each for each in mails if each.dedupe_key not in queued]
