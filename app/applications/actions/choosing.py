"""Two versions of a section met: its writer says of each answer which one stays, and none is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.actions.drafting import Saved, store, writable
from app.errors import Stale
from app.sections.drafts import typed_answers
from app.sections.merging import merged


def choose_answers(
    session: Session,
    applicant: Applicant,
    ref: str,
    section: str,
    given: Mapping[str, Any],
    chosen: Mapping[str, str],
    *,
    version: int,
    now: datetime,
) -> Saved:
    """Save `given`, but of each answer what was chosen: `mine` (also where nothing was), `theirs` or `both`.

    What is stored and what was typed are both kept as versions wherever they did not stay. Stale if
    somebody saved again since `version`, which is what the writer saw.
    """
    own, row, known = writable(session, applicant, ref, section, now)
    mine = typed_answers(known, given)
    if version != row.version:
        raise Stale(current=row.data, version=row.version)
    theirs = dict(row.data)
    result = {**theirs, **merged(known, mine, theirs, chosen)}
    saved = store(session, own, row, {**theirs, **mine}, version, now, applicant, chosen=True)
    if saved.data == result:
        return saved
    session.refresh(row)
    return store(session, own, row, result, saved.version, now, applicant, chosen=True)
