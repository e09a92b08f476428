"""Which application somebody means who types a code, a reference, or words of its title."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.search import folded
from app.applications.typed_codes import meant as meant_code
from app.errors import Invalid
from app.models.applications import Application, Packet, Sending

MOST_FOUND = 10
"""So many applications are offered for what was typed of a title."""


class FoundApplication(BaseModel):
    """An application as it is shown before a tie hides it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: str
    title: str
    language: str


def find_applications(session: Session, coordinator: Coordinator, typed: str) -> list[FoundApplication]:
    """The application with this code or reference, or those in whose title these words stand.

    Invalid where there is none, or more than can be told apart at a glance.
    """
    rows = session.execute(
        select(
            col(Application.code).label("application"),
            col(Application.ref),
            col(Packet.title),
            col(Packet.language),
        )
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == coordinator.call_id)
        .order_by(col(Application.code))
    ).all()
    code, words = meant_code(typed), folded(typed)
    found = [row for row in rows if code in {row.application, row.ref}]
    found = found or [row for row in rows if words and words in folded(row.title)]
    if not found:
        raise Invalid({"application": "assignment.unknown_application"})
    if len(found) > MOST_FOUND:
        raise Invalid({"application": ("tie.many_titles", {"count": len(found)})})
    return [
        FoundApplication(application=row.application, title=row.title, language=row.language) for row in found
    ]


def application_named(session: Session, coordinator: Coordinator, typed: str) -> tuple[int, str]:
    """Key and spoken code; what is behind the wall is as unknown as what does not exist."""
    row = session.execute(
        select(col(Application.id), col(Application.code)).where(
            col(Application.call_id) == coordinator.call_id,
            (col(Application.code) == typed) | (col(Application.ref) == typed),
            col(Application.counts_number).is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise Invalid({"application": "assignment.unknown_application"})
    return row.id, row.code
