"""One e-mail on the day a call opens, for whoever left an address before. It can be stopped by a link."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.accounts.actions import Email
from app.accounts.reminded import keep_address, remove_address
from app.accounts.throttle import count_try
from app.asking import Ask
from app.calls.phase import phase
from app.calls.public import storable
from app.calls.setup_view import PHASE, columns_of
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call, Phase
from app.outbox.enqueue import enqueue

AGREEMENT_VERSION = "2026-11"
"""Which wording of `reminder.agreed` was shown; a change of the words changes this."""
HOUR = timedelta(hours=1)


class NotWaiting(Conflict):
    """The call has opened already, or will never."""

    code = "reminder.not_waiting"


class ReminderInput(BaseModel):
    """An address, and the box that agrees to its being kept."""

    email: Annotated[Email, Ask("email", autocomplete="email", spellcheck=False)]
    agreed: Annotated[bool, Ask("checkboxes")] = False


def ask_to_be_reminded(
    session: Session, call: str, given: ReminderInput, *, language: str, client: str, now: datetime
) -> None:
    """Keep the address, confirm it by e-mail, and queue another for the instant of opening.

    An address that is kept already is answered the same and gets nothing more, so that nobody learns who
    waits and nobody is flooded. The confirmation has the link that stops it: others can type an address.
    """
    count_try(session, "reminder client", client, limit=20, window=HOUR, now=now)
    row = session.execute(
        columns_of(Call, ("id", *PHASE)).where(col(Call.slug) == storable(call))
    ).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    if phase(row, now) is not Phase.SCHEDULED:
        raise NotWaiting
    if not given.agreed:
        raise Invalid({"agreed": "reminder.agreement_needed"})
    kept = keep_address(
        session, row.id, given.email, language=language, text_version=AGREEMENT_VERSION, now=now
    )
    if kept is not None:
        for template, when in (("reminder_kept", now), ("call_opens", row.opens_at)):
            enqueue(
                session,
                template,
                dedupe_key=f"{template}-{kept}",
                now=now,
                reminder_id=kept,
                params={"call": call},
                not_before=when,
            )


def stop_reminder(session: Session, call: str, code: str) -> None:
    """Delete the address and its e-mail. A code that is gone already, or never was, is answered the same."""
    call_id = session.exec(select(col(Call.id)).where(col(Call.slug) == storable(call))).one_or_none()
    if call_id is None:
        raise NotFound
    remove_address(session, call_id, code)
