"""From scores to totals on a scale of 0 to 100, in exact fractions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Scores = Mapping[str, int]
"""Criterion code -> score. A criterion that was not scored, or could not be judged, is absent."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A criterion: its share (any non-negative number; only the proportions matter) and its scale."""

    code: str
    weight: int
    minimum: int = 1
    maximum: int = 5


@dataclass(frozen=True, slots=True)
class Scored:
    """One review: the organisation it speaks for, and its scores."""

    organisation: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class ApplicationTotal:
    """What all reviews of one application say.

    `total` (0 to 100) exists only where every criterion has a mean; `means` are on each criterion's own
    scale; `organisations` holds each organisation's mean per criterion; `spread` is the distance between
    the highest and the lowest complete review, in points of 100, and exists from two reviews on.
    """

    total: Fraction | None
    means: Mapping[str, Fraction]
    organisations: Mapping[str, Mapping[str, Fraction]]
    spread: Fraction | None
    reviews: int


def review_total(scores: Scores, criteria: Sequence[Weighted]) -> Fraction | None:
    """100 * sum w (s - min) / (max - min) / sum w; None while a criterion with weight is unscored.

    Raises ValueError for a score outside its scale. Source: SNSF-style rescaling of each criterion to 0..1.
    """
    return _weighted({code: Fraction(score) for code, score in scores.items()}, criteria)


def application_total(reviews: Sequence[Scored], criteria: Sequence[Weighted]) -> ApplicationTotal:
    """The mean of the organisations' means: an organisation counts once, however many reviewers it has.

    Per criterion, first the mean over an organisation's reviewers who scored it, then over organisations.
    """
    organisations: dict[str, dict[str, Fraction]] = {}
    for organisation in sorted({review.organisation for review in reviews}):
        own = [review.scores for review in reviews if review.organisation == organisation]
        organisations[organisation] = {
            each.code: _mean([scores[each.code] for scores in own if each.code in scores])
            for each in criteria
            if any(each.code in scores for scores in own)
        }
    means = {
        each.code: _mean([own[each.code] for own in organisations.values() if each.code in own])
        for each in criteria
        if any(each.code in own for own in organisations.values())
    }
    totals = [total for review in reviews if (total := review_total(review.scores, criteria)) is not None]
    return ApplicationTotal(
        total=_weighted(means, criteria),
        means=means,
        organisations=organisations,
        spread=max(totals) - min(totals) if len(totals) > 1 else None,
        reviews=len(reviews),
    )


def _weighted(values: Mapping[str, Fraction], criteria: Sequence[Weighted]) -> Fraction | None:
    shares = sum(each.weight for each in criteria)
    if shares <= 0 or any(each.weight and each.code not in values for each in criteria):
        return None
    total = Fraction(0)
    for each in criteria:
        value = values.get(each.code)
        if value is None:
            continue
        if not each.minimum <= value <= each.maximum:
            raise ValueError(f"{each.code}: {value} is outside {each.minimum} to {each.maximum}")
        total += each.weight * (value - each.minimum) / Fraction(each.maximum - each.minimum)
    return 100 * total / shares


def _mean(values: Sequence[Fraction | int]) -> Fraction:
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)
