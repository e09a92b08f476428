"""A review as a whole: what fits into it, what is missing, and what it adds up to."""

from fractions import Fraction

from app.errors import Invalid, Problem
from app.reviews.inputs import ReviewInput, ScoreInput
from app.reviews.rubric import Rubric
from app.scoring.totals import review_total

REMARKS = ("convinced", "stronger", "panel_note", "private_note", "confidence")
"""What a review says of the whole project, by the names of its columns."""

LEAST_CHANGE = 10
"""Characters that say why a review which was sent is changed."""

LEAST_REASON = 30
"""Characters of a reason where one is needed."""

CRITERION = "criterion"
"""The parameter that names the criterion by its code; pages put its title in place."""


def whole(rubric: Rubric, given: ReviewInput) -> ReviewInput:
    """The review with a cell for every criterion, in the rubric's order; Invalid for what fits no cell."""
    problems: dict[str, Problem] = {}
    for code, cell in given.scores.items():
        criterion = rubric.get(code)
        if criterion is None:
            problems[f"scores.{code}"] = ("review.unknown_criterion", {})
        elif cell.score is not None and not criterion.scale_min <= cell.score <= criterion.scale_max:
            scale: dict[str, object] = {"least": criterion.scale_min, "most": criterion.scale_max}
            problems[f"scores.{code}.score"] = ("review.outside_scale", scale)
    if problems:
        raise Invalid(problems)
    empty = ScoreInput()
    return ReviewInput.model_construct(
        scores={criterion.code: _plain(given.scores.get(criterion.code, empty)) for criterion in rubric},
        **{name: getattr(given, name) for name in REMARKS},
    )


def _plain(cell: ScoreInput) -> ScoreInput:
    return ScoreInput.model_construct(score=cell.score, cannot_judge=cell.cannot_judge, reason=cell.reason)


def missing_in(rubric: Rubric, given: ReviewInput) -> dict[str, Problem]:
    """Every gap of a whole review, by field name and in the rubric's order."""
    problems: dict[str, Problem] = {}
    for criterion in rubric:
        cell = given.scores[criterion.code]
        if cell.score is None and not cell.cannot_judge:
            problems[f"scores.{criterion.code}.score"] = (
                "review.score_missing",
                {CRITERION: criterion.code},
            )
        elif criterion.needs_reason(cell.score) and len(cell.reason) < LEAST_REASON:
            code = "review.reason_of_score" if cell.score is not None else "review.reason_of_cannot_judge"
            problems[f"scores.{criterion.code}.reason"] = (
                code,
                {CRITERION: criterion.code, "least": LEAST_REASON, "score": cell.score},
            )
    return problems


def refuse_incomplete(rubric: Rubric, given: ReviewInput) -> None:
    """Invalid with every gap."""
    problems = missing_in(rubric, given)
    if problems:
        raise Invalid(problems)


def refuse_unexplained(given: ReviewInput) -> None:
    """A review that was sent changes for a reason, which is kept beside what it said before."""
    if len(given.change_reason) < LEAST_CHANGE:
        raise Invalid({"change_reason": ("review.change_unexplained", {"least": LEAST_CHANGE})})


def total_of(review: ReviewInput, rubric: Rubric) -> Fraction | None:
    """The review's own total out of 100, exact; None until everything is scored."""
    scores = {code: cell.score for code, cell in review.scores.items() if cell.score is not None}
    return review_total(scores, rubric.weighted)
