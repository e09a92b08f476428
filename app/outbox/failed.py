"""Letters of a call that were given up after every attempt: somebody must be told that they never came."""

from typing import Any

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from app.models.applications import Application
from app.models.calls import Call
from app.models.outbox import Mail, MailState

MOST_LOOKED_AT = 1000
# A literal: with a parameter the index of these few would not be found.
_FAILED = (
    col(Mail.state) == literal_column(f"'{MailState.FAILED.value}'"),
    col(Mail.person_id).is_not(None),
)


def any_failed() -> Any:
    """Whether there is any at all, as a value in a statement: hardly ever."""
    return select(col(Mail.id)).where(*_FAILED).exists()


def count_failed(session: Session, call_id: int) -> int:
    """How many letters about this call, or about an application in it, could not be sent.

    What a letter is about stands in its parameters. Of more than a thousand failed ones a part is counted:
    the mail as a whole is broken then.
    """
    failed = session.exec(
        select(Mail.params).where(*_FAILED).order_by(col(Mail.id).desc()).limit(MOST_LOOKED_AT)
    ).all()
    if not failed:
        return 0
    slug = session.exec(select(Call.slug).where(Call.id == call_id)).one()
    named = {str(params["ref"]) for params in failed if "ref" in params}
    here = select(Application.ref).where(Application.call_id == call_id, col(Application.ref).in_(named))
    refs = set(session.exec(here))
    return sum(params.get("call") == slug or params.get("ref") in refs for params in failed)
