"""A coordinator's right to one draft that is typed in for its owner: what is done with it, and its end."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.members import Mine
from app.audit.record import record
from app.models.people import Assistance


def note_assistance(
    session: Session, own: Mine, applicant: Applicant, act: str, now: datetime, **detail: object
) -> None:
    """Write into the log what a coordinator changed on somebody's behalf; nothing where its team wrote."""
    if not own.assists:
        return
    record(
        session,
        "assistance.write",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=own.application.ref,
        detail={"act": act, "on_behalf": True, **detail},
    )


def end_assistance(session: Session, application_id: int, now: datetime) -> bool:
    """Nobody types it in any more: the next request of who did finds nothing. Whether somebody did."""
    done = session.execute(_ENDED, {"application": application_id, "now": now})
    return bool(getattr(done, "rowcount", 0))


_ENDED = (
    update(Assistance)
    .where(col(Assistance.application_id) == bindparam("application"), col(Assistance.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)
