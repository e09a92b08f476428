"""What happens to an open request for a correction when its application goes another way."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from app.applications.actions.typing_corrections import forget_typed
from app.models.corrections import Correction


def answered_by_sending(session: Session, application_id: int, number: int, now: datetime) -> None:
    """The team took it back and sent all of it again: that is the answer."""
    _settle(session, application_id, answered_at=now, answered_number=number)


def close_open(session: Session, application_id: int, now: datetime) -> None:
    """It was withdrawn: nothing is awaited any more."""
    _settle(session, application_id, closed_at=now)


def _settle(session: Session, application_id: int, **values: object) -> None:
    session.execute(
        update(Correction)
        .where(
            col(Correction.application_id) == application_id,
            col(Correction.answered_at).is_(None),
            col(Correction.closed_at).is_(None),
        )
        .values(version=Correction.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    forget_typed(session, application_id)
