"""The demo's coordinator clears what was sent: most of it at once, the rest one by one."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.actions.redacting import (
    DecisionsInput,
    TextDecision,
    clear_application,
    clear_plain,
    decide_redaction,
)
from app.applications.coverings import FileHow, TextHow
from app.applications.redaction import (
    RedactionState,
    full_redaction,
    redaction_counts,
    redaction_list,
)

MOST = 1000


def clear_all(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """What is surely a name is covered, what only may be one is left; every file is good."""
    clear_plain(session, coordinator, redaction_counts(session, coordinator.call_id).plain, now)
    waiting = redaction_list(session, coordinator, state=RedactionState.FOUND, limit=MOST)
    for line in waiting.lines:
        found = full_redaction(session, coordinator, line.ref)
        given = DecisionsInput(
            number=found.number,
            texts={
                each.place: TextDecision(
                    how=TextHow.COVERED if any(span.sure for span in each.spans) else TextHow.KEPT
                )
                for each in found.texts
                if each.spans
            },
            files={each.number: FileHow.CLEARED for each in found.files},
        )
        version = decide_redaction(session, coordinator, line.ref, given, found.version, now)
        clear_application(session, coordinator, line.ref, number=found.number, seen=version, now=now)
