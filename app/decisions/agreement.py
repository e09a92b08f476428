"""How far the reviewers agree, criterion by criterion: once reviewing has closed, never before."""

from itertools import combinations

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.decisions.refusals import ReviewingNotClosed
from app.models.calls import Call
from app.models.reviews import Assignment
from app.reviews.counted import Sheet, counted_cells, sheets_of
from app.reviews.rubric import RubricCriterion, rubric_of


class CriterionAgreement(BaseModel):
    """One criterion over all applications.

    `pairs` are two reviews of one application that both judged it; `equal` gave the same score, `near` the
    same or one step from it. `alpha` is Krippendorff's for ordered scores: 1 is full agreement, 0 what chance
    would give; None where nothing can be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    criterion: str
    pairs: int
    equal: int
    near: int
    alpha: float | None


class Agreement(BaseModel):
    """All criteria in their published order, over so many applications with two reviews or more."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    applications: int
    reviews: int
    criteria: list[CriterionAgreement]


_CALL = select(col(Call.version), col(Call.frozen_hash), col(Call.reviewing_closed_at)).where(
    col(Call.id) == bindparam("call_id")
)
_CELLS = counted_cells(col(Assignment.call_id) == bindparam("call_id"))


def agreement(session: Session, coordinator: Coordinator) -> Agreement:
    """From every review that counts, two queries; ReviewingNotClosed while a score could follow from it."""
    key = {"call_id": coordinator.call_id}
    call = session.execute(_CALL, key).one()
    if call.reviewing_closed_at is None:
        raise ReviewingNotClosed
    rubric = rubric_of(session, coordinator.call_id, call.version, call.frozen_hash)
    sheets = list(sheets_of(session.execute(_CELLS, key), rubric).values())
    return Agreement(
        applications=sum(len(reviews) > 1 for reviews in sheets),
        reviews=sum(map(len, sheets)),
        criteria=[_criterion(each, sheets) for each in rubric],
    )


def _criterion(criterion: RubricCriterion, sheets: list[list[Sheet]]) -> CriterionAgreement:
    # The arithmetic brings a large library along, which only who asks for this page should load.
    from app.scoring.reliability import Level, krippendorff

    given = [
        [each.scores[criterion.code] for each in reviews if criterion.code in each.scores]
        for reviews in sheets
    ]
    apart = [abs(one - other) for scores in given for one, other in combinations(scores, 2)]
    return CriterionAgreement(
        criterion=criterion.code,
        pairs=len(apart),
        equal=sum(steps == 0 for steps in apart),
        near=sum(steps <= 1 for steps in apart),
        alpha=krippendorff(given, Level.ORDINAL),
    )
