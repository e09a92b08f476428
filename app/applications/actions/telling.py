"""Telling coordinators by mail that something waits for them: one mail a person, a call and a day at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, bindparam, cast, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.tied import wall_for
from app.models.applications import Application
from app.models.calls import Call
from app.models.outbox import Mail, MailState
from app.models.panel import PanelMember, PanelRole
from app.models.screening import Flag
from app.outbox.enqueue import enqueue

SOON = timedelta(minutes=30)
"""What else comes in one sitting stands in the same mail."""
MORNING = 9
"""The hour at which a day's mail leaves where another one left the day before."""

LOOKED_BACK = timedelta(days=2)
"""How old a reviewer's flag may be for somebody to be told of it still."""


def tell_coordinators(
    session: Session, call_id: int, application_id: int, people: Iterable[int], now: datetime
) -> None:
    """Queue a mail to each of these people; it says how much waits for them when it leaves, and nothing else.

    Who has a tie with the application gets none because of it.
    """
    call = session.exec(select(Call).where(Call.id == call_id)).one()
    today = now.astimezone(ZoneInfo(call.timezone)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    for person_id in people:
        if application_id in wall_for(session, person_id, call_id).keys:
            continue
        keys = [
            f"desk-waits/{call_id}/{person_id}/{day.date()}" for day in (today, today + timedelta(days=1))
        ]
        left = session.exec(select(Mail.state).where(Mail.dedupe_key == keys[0])).one_or_none()
        again = left not in {None, MailState.QUEUED}
        enqueue(
            session,
            "desk_waits",
            dedupe_key=keys[again],
            now=now,
            person_id=person_id,
            params={"call": call.slug},
            not_before=(today + timedelta(days=1)).astimezone(now.tzinfo) if again else now + SOON,
        )


@dataclass(frozen=True, slots=True)
class Untold:
    """Somebody who coordinates a call and has not been told of a reviewer's flag."""

    call_id: int
    application_id: int
    person_id: int


def untold_flags(session: Session, now: datetime) -> list[Untold]:
    """Whom nobody has told yet: a reviewer's own request knows nobody's address, nor who has a tie."""
    found = session.execute(_untold(), {"since": now - LOOKED_BACK}).all()
    walls = {(call, who): wall_for(session, who, call).keys for call, _, who in found}
    return [
        Untold(call, application, who)
        for call, application, who in found
        if application not in walls[call, who]
    ]


def tell_of_flags(session: Session, untold: Iterable[Untold], now: datetime) -> None:
    """Tell each of them, in the mail that tells of all that waits."""
    for each in untold:
        tell_coordinators(session, each.call_id, each.application_id, [each.person_id], now)


@cache
def _untold() -> Any:
    """Without those whose mail has not left yet, or has left since: it says how much waits by then."""
    coordinator, reviewer = aliased(PanelMember), aliased(PanelMember)
    told = (
        select(col(Mail.id))
        .where(
            col(Mail.person_id) == col(coordinator.person_id),
            col(Mail.template) == "desk_waits",
            col(Mail.dedupe_key).startswith("desk-waits/" + cast(col(Application.call_id), String) + "/"),
            or_(
                col(Mail.state) == MailState.QUEUED,
                func.coalesce(col(Mail.sent_at), col(Mail.not_before)) >= col(Flag.raised_at),
            ),
        )
        .exists()
    )
    return (
        select(col(Application.call_id), col(Flag.application_id), col(coordinator.person_id))
        .distinct()
        .select_from(Flag)
        .join(Application, col(Application.id) == col(Flag.application_id))
        .join(reviewer, col(reviewer.id) == col(Flag.raised_by))
        .join(coordinator, col(coordinator.call_id) == col(Application.call_id))
        .where(
            col(Flag.resolved_at).is_(None),
            col(Flag.raised_at) > bindparam("since"),
            col(reviewer.role) == PanelRole.REVIEWER,
            col(coordinator.role) == PanelRole.COORDINATOR,
            col(coordinator.removed_at).is_(None),
            ~told,
        )
        .order_by(col(Application.call_id), col(Flag.application_id), col(coordinator.person_id))
    )


def other_coordinators(session: Session, call_id: int, person_id: int) -> list[int]:
    """Everybody else who coordinates the call now."""
    return list(
        session.exec(
            select(PanelMember.person_id)
            .where(
                PanelMember.call_id == call_id,
                PanelMember.role == PanelRole.COORDINATOR,
                col(PanelMember.removed_at).is_(None),
                PanelMember.person_id != person_id,
            )
            .order_by(col(PanelMember.id))
        )
    )
