"""What a team has typed in answer to a request for a correction, before it is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.applications.sent_answers import Answers, only
from app.models.people import CorrectionDraft
from app.sections.catalogue import CATALOGUE
from app.sections.retyped import retyped
from app.sections.rows import REMOVED

FIRST = 1
"""The version of answers that nobody has touched yet: what counts, as if it had just been typed."""


@dataclass(frozen=True, slots=True)
class TypedCorrection:
    """The named answers as they stand in the form; `saved_at` is None where nothing was typed."""

    answers: Answers
    version: int
    saved_at: datetime | None

    @property
    def shown(self) -> Answers:
        """The answers alone, without what they remember for "Undo"."""
        return {
            code: {name: value for name, value in answers.items() if name != REMOVED}
            for code, answers in self.answers.items()
        }

    @property
    def removed(self) -> dict[str, int]:
        """`<section>.<table>` -> the place of its row that was removed last."""
        last = {code: answers[REMOVED] for code, answers in self.answers.items() if answers.get(REMOVED)}
        return {f"{code}.{each['table']}": each["place"] for code, each in last.items()}


def typed_correction(
    session: Session, correction_id: int, fields: Iterable[str], counted: Answers
) -> TypedCorrection:
    """What stands in the open fields now; `counted` are the answers of the sending that counts."""
    row = session.execute(_newest(), {"correction": correction_id}).scalar_one_or_none()
    if row is None:
        return TypedCorrection(untouched(fields, counted), FIRST, None)
    return TypedCorrection(row.data, row.version, row.saved_at)


def earlier_typed(
    session: Session, correction_id: int, version: int, fields: Iterable[str], counted: Answers
) -> Answers | None:
    """What stood in them at an earlier version; None where that is kept no longer."""
    if version == FIRST:
        return untouched(fields, counted)
    row = session.get(CorrectionDraft, (correction_id, version))
    return None if row is None else row.data


def untouched(fields: Iterable[str], counted: Answers) -> Answers:
    """What was sent, in the shape in which it is typed."""
    return {code: dict(retyped(CATALOGUE[code], sent)) for code, sent in only(counted, fields).items()}


def over(stored: Mapping[str, Mapping[str, Any]], given: Mapping[str, Mapping[str, Any]]) -> Answers:
    """Answers in the place of those that were there, section by section."""
    return {code: {**answers, **given.get(code, {})} for code, answers in stored.items()}


@cache
def _newest() -> Any:
    return (
        select(CorrectionDraft)
        .where(col(CorrectionDraft.correction_id) == bindparam("correction"))
        .order_by(col(CorrectionDraft.version).desc())
        .limit(1)
    )
