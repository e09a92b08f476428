"""Carrying out what people asked for about their data, when it is due or ordered."""

import smtplib
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.queries import programme
from app.database import session_on
from app.jobs.rendering import Letter, letter
from app.jobs.transport import deliver
from app.messages.answers import in_language
from app.models.keys import key_of
from app.privacy.carrying_out import Erased, carry_out, due_erasure, put_off
from app.settings import Settings

log = structlog.get_logger()
TRIES = 3


def erase_next(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Carry out one request, in one unit, then tell the person for the last time.

    One that cannot be carried out waits an hour, so that mail goes on meanwhile.
    """
    number = 0
    try:
        with session_on(engine) as session, session.begin():
            row = due_erasure(session, now)
            if row is None:
                return False
            number = key_of(row.id)
            told = carry_out(session, row, settings.audit_years, now)
            farewell = _farewell(session, told) if told else None
    except Exception:
        log.exception("a request to be erased was not carried out", request=number)
        with session_on(engine) as session, session.begin():
            put_off(session, number, now)
        return True
    if told is not None and told.email is not None and farewell is not None:
        _tell(engine, settings, told.request_id, told.email, farewell, now)
    return True


def _farewell(session: Session, told: Erased) -> Letter:
    row = programme(session)
    brand = in_language(told.language, row.name) if row else "Baige"
    help_line = in_language(told.language, row.help) if row else ""
    funder = in_language(told.language, row.funder or {}) if row else ""
    return letter(told.language, "erasure_done", name=told.name, brand=brand, help=help_line, funder=funder)


def _tell(
    engine: Engine, settings: Settings, request_id: int, email: str, farewell: Letter, now: datetime
) -> None:
    """The address is known nowhere but here: a mail that cannot leave is not kept to be tried again."""
    for attempt in range(1, TRIES + 1):
        try:
            # Not a mail of the outbox, whose numbers are positive.
            deliver(engine, settings, -request_id, email, farewell, now)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("farewell not sent", request=request_id, attempt=attempt, error=type(error).__name__)
        else:
            return
