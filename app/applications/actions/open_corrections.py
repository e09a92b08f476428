"""What happens to an open request for a correction when its application goes another way."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from app.applications.actions.typing_corrections import forget_typed
from app.models.corrections import Correction


def answered_by_sending(session: Session, application_id: int, number: int, now: datetime) -> None:
    """The team took it back and sent all of it again: that is the answer."""
    session.execute(_ANSWERED, {"application": application_id, "now": now, "sending": number})
    forget_typed(session, application_id)


def close_open(session: Session, application_id: int, now: datetime) -> None:
    """It was withdrawn: nothing is awaited any more."""
    session.execute(_CLOSED, {"application": application_id, "now": now})
    forget_typed(session, application_id)


_OPEN = (
    update(Correction)
    .where(
        col(Correction.application_id) == bindparam("application"),
        col(Correction.answered_at).is_(None),
        col(Correction.closed_at).is_(None),
    )
    .values(version=Correction.version + 1)
    .execution_options(synchronize_session=False)
)
_ANSWERED = _OPEN.values(answered_at=bindparam("now"), answered_number=bindparam("sending"))
_CLOSED = _OPEN.values(closed_at=bindparam("now"))
