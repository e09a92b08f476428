"""From scores to totals on a scale of 0 to 100, in exact fractions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

Scores = Mapping[str, int]
"""Criterion code -> score. A criterion that was not scored, or could not be judged, is absent."""

Middle = Callable[[Sequence[Fraction | int]], Fraction]
"""What stands for several organisations: their mean, or their median. One value at least."""


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
    return _total(tuple([scores.get(each.code) for each in criteria]), tuple(criteria))


@lru_cache(maxsize=10_000)
def _total(scores: tuple[int | None, ...], criteria: tuple[Weighted, ...]) -> Fraction | None:
    """Of ten thousands of reviews most say what another one said."""
    given = {each.code: score for each, score in zip(criteria, scores, strict=True) if score is not None}
    return _weighted(given, criteria)


def mean(values: Sequence[Fraction | int]) -> Fraction:
    """Their sum by their number, exactly."""
    if len(values) == 1:
        only = values[0]
        return only if isinstance(only, Fraction) else _as_fraction(only)
    whole, below = common(values)
    return Fraction(sum(whole), below * len(whole))


@lru_cache(maxsize=10_000)
def _as_fraction(whole: int) -> Fraction:
    """Most organisations send one review: their mean is one of the few numbers of a scale."""
    return Fraction(whole)


def median(values: Sequence[Fraction | int]) -> Fraction:
    """The middle one, or the mean of the two in the middle, exactly."""
    whole, below = common(values)
    ordered = sorted(whole)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[half], below)
    return Fraction(ordered[half - 1] + ordered[half], 2 * below)


def common(values: Sequence[Fraction | int]) -> tuple[Sequence[int], int]:
    """The numerators over one common denominator, and that: whole numbers add and compare much faster."""
    below = lcm(*[each.denominator for each in values])
    if below == 1:
        return [each.numerator for each in values], 1
    return [each.numerator * (below // each.denominator) for each in values], below


def application_total(
    reviews: Sequence[Scored], criteria: Sequence[Weighted], middle: Middle = mean
) -> ApplicationTotal:
    """The mean (or median) of the organisations' means: an organisation counts once, whatever its reviewers.

    Per criterion, first the mean over an organisation's reviewers who scored it, then over organisations, on
    the criterion's own scale; the total, 0 to 100, weighs those as `review_total` does. ValueError for a
    score outside its scale.
    """
    return application_totals(reviews, criteria, [middle])[0]


def application_totals(
    reviews: Sequence[Scored], criteria: Sequence[Weighted], middles: Sequence[Middle]
) -> Sequence[ApplicationTotal]:
    """The same with each of several ways to stand for the organisations, which share all the rest."""
    organisations = _organisations(reviews, criteria)
    totals = [total for review in reviews if (total := review_total(review.scores, criteria)) is not None]
    spread = max(totals) - min(totals) if len(totals) > 1 else None
    judged = [
        (each.code, values)
        for each in criteria
        if (values := [own[each.code] for own in organisations.values() if each.code in own])
    ]
    found = []
    for middle in middles:
        means = {code: middle(values) for code, values in judged}
        found.append(ApplicationTotal(_weighted(means, criteria), means, organisations, spread, len(reviews)))
    return found


def _organisations(
    reviews: Sequence[Scored], criteria: Sequence[Weighted]
) -> Mapping[str, Mapping[str, Fraction]]:
    by_organisation: dict[str, list[Scores]] = {}
    for review in reviews:
        by_organisation.setdefault(review.organisation, []).append(review.scores)
    return {
        organisation: {
            each.code: mean(values)
            for each in criteria
            if (values := [scores[each.code] for scores in own if each.code in scores])
        }
        for organisation, own in sorted(by_organisation.items())
    }


def _weighted(values: Mapping[str, Fraction | int], criteria: Sequence[Weighted]) -> Fraction | None:
    shares = sum(each.weight for each in criteria)
    if shares <= 0 or any(each.weight and each.code not in values for each in criteria):
        return None
    above, below = 0, 1
    for each in criteria:
        value = values.get(each.code)
        if value is None:
            continue
        one, whole = value.numerator, value.denominator
        if not each.minimum * whole <= one <= each.maximum * whole:
            raise ValueError(f"{each.code}: {value} is outside {each.minimum} to {each.maximum}")
        part, of = each.weight * (one - each.minimum * whole), whole * (each.maximum - each.minimum)
        above, below = (above + part, below) if of == below else (above * of + part * below, below * of)
    return Fraction(100 * above, below * shares)
