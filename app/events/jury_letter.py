"""What a mail to a juror says: which evening, where and when, and the personal link. Never the code."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.accounts.codes import hashed
from app.events.jury_access import juror_key
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import Event
from app.models.jury import Juror
from app.models.people import JurorContact


class JurorLink(BaseModel):
    """One juror's link, and the evening that it is for; `starts_at` is None before the evening is set up."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    name: Texts
    timezone: str
    starts_at: datetime | None
    place: Texts
    key: str


def link_of(session: Session, juror_id: int | None, secret: str) -> JurorLink | None:
    """The link that works now; None for who has none, or is on the jury no more."""
    row = session.execute(
        select_columns(Juror, JurorContact, AwardRound, col(Call.timezone), Event)
        .join(JurorContact, col(JurorContact.juror_id) == col(Juror.id))
        .join(AwardRound, col(AwardRound.id) == col(Juror.round_id))
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .outerjoin(Event, col(Event.round_id) == col(AwardRound.id))
        .where(col(Juror.id) == juror_id, col(Juror.removed_at).is_(None), col(Call.cancelled_at).is_(None))
    ).one_or_none()
    if row is None:
        return None
    juror, contact, pot, timezone, event = row
    key = juror_key(secret, juror.code, contact.nonce)
    # A link of another secret key, or of a card before, opens nothing.
    if not contact.nonce or juror.link_hash != hashed(key):
        return None
    return JurorLink(
        round=pot.code,
        name=pot.event or pot.name,
        timezone=timezone,
        starts_at=event.starts_at if event else None,
        place=event.place if event else {},
        key=key,
    )
