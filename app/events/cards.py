"""Copying finalists to where everybody may see them. Until a `PitchCard` exists nobody finds one."""

from sqlalchemy import func, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.applications.counted import IS_COUNTED_SENDING
from app.models.applications import Application, Packet, Sending
from app.models.events import Finalist, PitchCard
from app.models.people import Identity

COPIED = ("application_id", "round_id", "slot", "title", "team", "language", "summary")


def make_cards(session: Session, round_id: int, only: int | None = None) -> None:
    """A card for each finalist of a round that has a slot, or for one of them."""
    rows = (
        select_columns(
            col(Finalist.application_id),
            col(Finalist.round_id),
            col(Finalist.slot),
            col(Packet.title),
            func.coalesce(Identity.display_name, "").label("team"),
            col(Packet.language),
            col(Packet.summary),
        )
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .join(Identity, col(Identity.sending_id) == Sending.id, isouter=True)
        .where(col(Finalist.round_id) == round_id, col(Finalist.slot).is_not(None))
    )
    if only is not None:
        rows = rows.where(col(Finalist.application_id) == only)
    session.execute(insert(PitchCard).from_select(COPIED, rows))
