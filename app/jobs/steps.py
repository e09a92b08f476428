"""Taking the steps that were left to the clock, each in a unit of its own."""

from datetime import datetime

import structlog
from sqlalchemy import Engine

from app.database import session_on
from app.errors import DomainError
from app.reviews.planning import due_steps, step_refused, take_step

log = structlog.get_logger()


def take_due_steps(engine: Engine, now: datetime) -> int:
    """Take every step whose time has come; how many that were.

    What is refused stays planned with its reason: corrections may be awaited that are over tomorrow.
    """
    with session_on(engine, reading=True) as session, session.begin():
        due = due_steps(session, now)
    taken = 0
    for each in due:
        try:
            with session_on(engine) as session, session.begin():
                take_step(session, each, now)
            taken += 1
        except DomainError as refusal:
            with session_on(engine) as session, session.begin():
                step_refused(session, each, refusal.code)
            log.warning("planned step refused", step=str(each.step), code=refusal.code)
    return taken
