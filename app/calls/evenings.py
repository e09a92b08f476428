"""Evenings that are set up, for everybody: when they are, and which are still to come."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import Event

LASTS = timedelta(hours=12)
"""So long after it has begun an evening may still go on."""


class EveningAhead(BaseModel):
    """An evening that is to come, or goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    round: str
    name: Texts
    call_title: Texts
    timezone: str
    starts_at: datetime
    place: Texts


_OF_CALL: Any = (
    select(col(AwardRound.code), col(Event.starts_at))
    .join(Event, col(Event.round_id) == col(AwardRound.id))
    .where(col(AwardRound.call_id) == bindparam("call"))
)
_AHEAD: Any = (
    select(
        col(Call.slug),
        col(AwardRound.code),
        col(AwardRound.event),
        col(AwardRound.name),
        col(Call.title),
        col(Call.timezone),
        col(Event.starts_at),
        col(Event.place),
    )
    .join_from(Event, AwardRound, col(AwardRound.id) == col(Event.round_id))
    .join(Call, col(Call.id) == col(AwardRound.call_id))
    .where(
        col(Event.starts_at) > bindparam("after"),
        col(Call.opened_at).is_not(None),
        col(Call.cancelled_at).is_(None),
        col(Call.published_at).is_(None),
    )
    .order_by(col(Event.starts_at), col(AwardRound.code))
)


def evenings_of(session: Session, call_id: int) -> dict[str, datetime]:
    """Round -> when its evening begins, of those that are set up."""
    return dict(session.execute(_OF_CALL, {"call": call_id}).all())


def evenings_ahead(session: Session, now: datetime) -> list[EveningAhead]:
    """The evenings of all calls that are still to come, the next first."""
    return [
        EveningAhead(
            call=slug,
            round=code,
            name=event or name,
            call_title=title,
            timezone=timezone,
            starts_at=starts_at,
            place=place,
        )
        for slug, code, event, name, title, timezone, starts_at, place in session.execute(
            _AHEAD, {"after": now - LASTS}
        )
    ]
