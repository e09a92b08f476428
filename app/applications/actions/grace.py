"""The grace after a deadline: whoever uses it, that is written down."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.due import due_of
from app.applications.members import Mine
from app.audit.record import record


def note_grace(session: Session, own: Mine, applicant: Applicant, act: str, now: datetime) -> None:
    """Write into the log that this act was received after the deadline, by how many whole seconds.

    Within the deadline there is nothing to write.
    """
    due = due_of(own.call, own.application)
    if due.closes_at is None or not due.in_grace(now):
        return
    record(
        session,
        "grace.use",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=own.application.ref,
        detail={"act": act, "seconds": int((now - due.closes_at).total_seconds())},
    )
