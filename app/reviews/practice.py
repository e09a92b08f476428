"""Two invented proposals to practise on, with what an experienced panel gave them and why.

Nothing of it is stored: what somebody gives here counts nowhere and is known to nobody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.errors import NotFound
from app.messages.answers import in_language
from app.models.calls import Call
from app.models.columns import Texts
from app.reviews.completeness import whole
from app.reviews.inputs import ReviewInput, ScoreInput
from app.reviews.rubric import Rubric, rubric_of
from app.sections.catalogue import CATALOGUE

FILE = Path(__file__).parent / "practice.json"
_CALL = select(col(Call.title), col(Call.version), col(Call.frozen_hash)).where(
    col(Call.id) == bindparam("call_id")
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What the panel gave on one criterion, and why."""

    score: int
    reason: Texts


@dataclass(frozen=True, slots=True)
class Practice:
    """One invented proposal in one language, as reviewers read one; `references` by criterion code."""

    number: int
    title: str
    summary: str
    sections: Mapping[str, Mapping[str, Any]]
    references: Mapping[str, Reference]


@dataclass(frozen=True, slots=True)
class OwnPractice:
    """A proposal with the call's criteria; `following` is the number of the next one, or None."""

    call: Texts
    rubric: Rubric
    proposal: Practice
    following: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion: what one gave oneself, what the panel gave and why."""

    criterion: str
    title: Texts
    own: int | None
    cannot_judge: bool
    panel: int
    reason: Texts


def own_practice(session: Session, reviewer: Reviewer, number: int, language: str) -> OwnPractice:
    """One proposal for whoever reviews in a call that scores as its references do; NotFound elsewhere."""
    call = session.execute(_CALL, {"call_id": reviewer.call_id}).one()
    rubric = rubric_of(session, reviewer.call_id, call.version, call.frozen_hash)
    if not can_practise(rubric) or not 1 <= number <= len(_read()):
        raise NotFound
    following = number + 1 if number < len(_read()) else None
    return OwnPractice(call.title, rubric, proposal(language, number), following)


def own_practices(session: Session, reviewer: Reviewer, language: str) -> list[Practice]:
    """Every proposal for whoever reviews in such a call; none elsewhere."""
    call = session.execute(_CALL, {"call_id": reviewer.call_id}).one()
    if not can_practise(rubric_of(session, reviewer.call_id, call.version, call.frozen_hash)):
        return []
    return [proposal(language, number) for number in range(1, 1 + len(_read()))]


def compared(own: OwnPractice, given: Mapping[str, ScoreInput]) -> list[Compared]:
    """What was given beside what the panel gave, by criterion; nothing until something was given.

    Invalid for what no criterion of the call asks, or no score of its scale.
    """
    cells = whole(own.rubric, ReviewInput(scores=given)).scores
    if not any(cell.cannot_judge or cell.score is not None for cell in cells.values()):
        return []
    return [
        Compared(
            criterion=each.code,
            title=each.title,
            own=cells[each.code].score,
            cannot_judge=cells[each.code].cannot_judge,
            panel=own.proposal.references[each.code].score,
            reason=own.proposal.references[each.code].reason,
        )
        for each in own.rubric
    ]


def can_practise(rubric: Rubric) -> bool:
    """Whether the call asks what the references answer, on the scale on which they do."""
    known = _read()[0]["reference"]
    return {each.code for each in rubric} == set(known) and all(
        (each.scale_min, each.scale_max) == (1, 5) for each in rubric
    )


@cache
def proposal(language: str, number: int) -> Practice:
    """A proposal in the reader's own language, judged by the form's own models."""
    read = _read()[number - 1]
    return Practice(
        number=number,
        title=in_language(language, read["title"]),
        summary=in_language(language, read["summary"]),
        sections={
            section: CATALOGUE[section].model.model_validate(_said(language, answers)).model_dump(mode="json")
            for section, answers in read["sections"].items()
        },
        references={
            code: Reference(each["score"], each["reason"]) for code, each in read["reference"].items()
        },
    )


@cache
def _read() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def _said(language: str, value: Any) -> Any:
    """The same answers in one language: a text in three is a mapping of the languages."""
    if isinstance(value, list):
        return [_said(language, each) for each in value]
    if isinstance(value, dict):
        if value.keys() == {"kk", "ru", "en"}:
            return value[language]
        return {name: _said(language, each) for name, each in value.items()}
    return value
