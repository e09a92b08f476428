"""Writing to the log of acts, in the transaction of the act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from app.models.audit import AuditEntry


def record(
    session: Session,
    action: str,
    *,
    now: datetime,
    person_id: int | None,
    call_id: int | None = None,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append one act. `action` is `noun.verb`; `subject` and `detail` hold codes and numbers, no names."""
    session.execute(
        _APPENDED,
        {
            "action": action,
            "at": now,
            "person_id": person_id,
            "call_id": call_id,
            "subject": subject,
            "detail": dict(detail or {}),
        },
    )


# The table's own statement: the session needs no object of what nobody reads again.
_ENTRY: Any = AuditEntry
_APPENDED = insert(_ENTRY.__table__)
