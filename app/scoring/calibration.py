"""Calibrated quality and leniency: what the applications are worth to an average reviewer. Pure.

Codes and points in, codes and points out; the same input gives the same numbers, whatever its order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri

from app.scoring.crossing import Index, Vector
from app.scoring.firmness import CLOSED, Firmness, Fitted, Part, better, expected_ranks, firmness
from app.scoring.mixed_model import Scores
from app.scoring.spreads import Node, Priors, half_normal, integrated

TIED = 1e-9
"""Expected ranks no further apart than this are equal: what differs is the rounding of the arithmetic."""
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Rating:
    """One complete review: `value` on 0 to 100, and what it weighs (> 0, finite).

    A review of an organisation that has n of an application weighs 1 / n: an organisation counts once.
    """

    application: str
    reviewer: str
    value: float
    weight: float = 1.0


class Unranked(StrEnum):
    """Why nothing can be ranked."""

    TOO_FEW_APPLICATIONS = "too_few_applications"  # fewer than two
    TOO_FEW_SCORES = "too_few_scores"  # fewer than three reviews
    ALL_EQUAL = "all_equal"  # every review says the same


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number in points with its standard deviation, and between which values it lies with 95 %."""

    value: float
    deviation: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval."""
        reach = float(ndtri(0.975)) * self.deviation
        return self.value - reach, self.value + reach


@dataclass(frozen=True, slots=True)
class Place:
    """One application: its calibrated score and how firm its place is.

    `expected_rank` is from 1 to I; `inner` and `outer` the places of the 50 and of the 90 % interval.
    """

    score: Estimate
    expected_rank: float
    inner: tuple[int, int]
    outer: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the quality of one application is above a line, in points of 100; below it where negative.

    Eight times out of ten between `low` and `high`. `low` > 0 just where the chance to be above the line is
    over nine in ten, and `high` <= 0 where it is under one in ten.
    """

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """What the model says of all applications and reviewers at once.

    `tau`, `ups`, `sigma`: how far applications, leniencies and chance spread, posterior means in points.
    `scores`, `expected_ranks`, `places` and `leniencies` are by code; `reliability` is that of the final
    scores, 0 to 1. How firm the places are is only worked out for who asks: it takes most of the time.
    """

    applications: Sequence[str]
    reviewers: Sequence[str]
    scores: Mapping[str, Estimate]
    leniencies: Mapping[str, Estimate]
    mean: float
    tau: float
    ups: float
    sigma: float
    reliability: float
    mixture: Sequence[Part]
    nodes: Sequence[Node]

    @property
    def start(self) -> tuple[float, float]:
        """Where a fit of nearly the same reviews begins to search for the spreads: logarithms of ratios."""
        first = self.nodes[0]
        return float(np.log(first.tau / first.sigma)), float(np.log(first.ups / first.sigma))

    @property
    def is_closed(self) -> bool:
        """Whether expected ranks come from the formula; from draws, with `rank_error`, for too many."""
        return len(self.applications) <= CLOSED

    @cached_property
    def _closed_ranks(self) -> Vector:
        return expected_ranks(self.mixture)

    @cached_property
    def merits(self) -> Mapping[str, float]:
        """What orders, higher first: less the expected rank where it is exact, else the score in points."""
        if self.is_closed:
            return {code: -rank for code, rank in self.expected_ranks.items()}
        return {code: each.value for code, each in self.scores.items()}

    @cached_property
    def settled(self) -> Mapping[str, Fraction]:
        """The merits without their last digits; one for all that are within the tolerance of the first."""
        found, equal = self.merits, {}
        first, merit = float("inf"), Fraction(0)
        for code in sorted(found, key=lambda each: (-found[each], each)):
            if first - found[code] > TIED:
                first, merit = found[code], settled(found[code])
            equal[code] = merit
        return equal

    @cached_property
    def _best_first(self) -> Index:
        if self.is_closed:
            return np.argsort(self._closed_ranks, kind="stable")
        scores = np.array([self.scores[code].value for code in self.applications])
        return np.argsort(-scores, kind="stable")

    @cached_property
    def firm(self) -> Firmness:
        """The intervals and chances of all places, in the order of `applications`."""
        return firmness(self.mixture, self._best_first)

    @cached_property
    def expected_ranks(self) -> Mapping[str, float]:
        """The expected rank of each application, from 1 to I."""
        ranks = self._closed_ranks if self.is_closed else self.firm.expected
        return dict(zip(self.applications, ranks.tolist(), strict=True))

    @property
    def rank_error(self) -> float:
        """The greatest standard error of an expected rank, in places; 0 where they are exact."""
        return 0.0 if self.is_closed else self.firm.error

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Score, expected rank and intervals of each application."""
        inner, outer = self.firm.inner.tolist(), self.firm.outer.tolist()
        return {
            code: Place(
                score=self.scores[code],
                expected_rank=self.expected_ranks[code],
                inner=(inner[n][0], inner[n][1]),
                outer=(outer[n][0], outer[n][1]),
            )
            for n, code in enumerate(self.applications)
        }

    def percentile(self, code: str) -> float:
        """PCER = 100 (ER - 1/2) / I: how many of a hundred are better, 0 to 100; KeyError for others.

        Source: Lockwood, Louis and McCaffrey (2002).
        """
        return 100 * (self.expected_ranks[code] - 0.5) / len(self.applications)

    def outranked(self, code: str) -> float:
        """SUCRA = (I - ER) / (I - 1): the share of the others it is better than, 0 to 1; KeyError for others.

        Source: Salanti, Ades and Ioannidis (2011).
        """
        return (len(self.applications) - self.expected_ranks[code]) / (len(self.applications) - 1)

    def above(self, mark: float) -> Mapping[str, float]:
        """The chance, 0 to 1, that the quality of each reaches a mark in points: a published threshold.

        sum over the nodes of weight x Phi((mu + theta - mark) / deviation).
        """
        chances = np.zeros(len(self.applications))
        for node in self.nodes:
            means = node.solved.mean + node.solved.quality
            spread = node.sigma * np.sqrt(np.maximum(node.solved.score_variance, 1e-18))
            chances += node.weight * ndtr((means - mark) / spread)
        return dict(zip(self.applications, chances.tolist(), strict=True))

    def top(self, places: int) -> Mapping[str, float]:
        """The chance of each application to be truly among the best `places`; they sum to `places`."""
        return dict(zip(self.applications, self.firm.top(places).tolist(), strict=True))

    def margins(self, places: int) -> Mapping[str, Margin]:
        """How far each is above the line for the best `places`; empty where there are no more than these.

        Nothing that all share is in it: what nobody knows of the level of the whole call moves no place.
        """
        if not 1 <= places < len(self.applications):
            return {}
        ends = self.firm.margins(places).tolist()
        return {code: Margin(*own) for code, own in zip(self.applications, ends, strict=True)}

    def hit_rate(self, chosen: Sequence[str]) -> float:
        """How many of the chosen are expected to be among the best as many, from 0 to 1."""
        chances = self.top(len(chosen))
        return sum(chances[each] for each in chosen) / len(chosen) if chosen else 0.0

    def beats(self, one: str, other: str) -> float:
        """The probability that `one` is truly better than `other`."""
        first, second = self.applications.index(one), self.applications.index(other)
        return sum(
            part.weight * float(better(part, slice(first, first + 1))[0, second]) for part in self.mixture
        )

    def adjusted(self, rating: Rating) -> float:
        """A review without its reviewer's leniency, in points."""
        return rating.value - self.leniencies[rating.reviewer].value


SCALE = 100.0
DEFAULT = Priors(half_normal(SCALE / 4), half_normal(SCALE / 4), half_normal(SCALE / 4))
"""Weak: a standard deviation of a quarter of the scale is likely, one of the whole scale is not."""


def calibrate(
    ratings: Sequence[Rating],
    priors: Priors = DEFAULT,
    *,
    strata: Mapping[str, str] | None = None,
    start: tuple[float, float] | None = None,
) -> Calibration | Unranked:
    """Fit score = mu + quality + leniency + noise and say how firm everything is. All in points of 100.

    `strata`: of each application a group (a lot, a country) whose real differences are not to be booked as
    leniency, and from which no application gains; fewer than two groups are none. `start` is that of a
    calibration that is likely to be near, and saves time only. KeyError for an application without a
    stratum. Source: Heyard et al. (2022) for the model; docs/scoring.md for the solution without
    sampling.
    """
    applications, reviewers = _codes(ratings)
    if len(applications) < 2:
        return Unranked.TOO_FEW_APPLICATIONS
    if len(ratings) < 3:
        return Unranked.TOO_FEW_SCORES
    if len({each.value for each in ratings}) == 1:
        return Unranked.ALL_EQUAL
    scores = scores_of(ratings, applications, reviewers, strata=strata)
    return concluded(integrated(scores, priors, start), applications, reviewers)


def _codes(ratings: Sequence[Rating]) -> tuple[Sequence[str], Sequence[str]]:
    return sorted({each.application for each in ratings}), sorted({each.reviewer for each in ratings})


def scores_of(
    ratings: Sequence[Rating],
    applications: Sequence[str],
    reviewers: Sequence[str],
    mean: float | None = None,
    strata: Mapping[str, str] | None = None,
) -> Scores:
    """Ratings as arrays, in an order that does not depend on theirs."""
    groups = [] if strata is None else sorted({strata[each] for each in applications})
    if len(groups) < 2:
        groups = []
    row = {code: n for n, code in enumerate(applications)}
    column = {code: n for n, code in enumerate(reviewers)}
    ordered = sorted(ratings, key=lambda each: (each.application, each.reviewer, each.value))
    return Scores(
        application=np.array([row[each.application] for each in ordered], dtype=np.int64),
        reviewer=np.array([column[each.reviewer] for each in ordered], dtype=np.int64),
        value=np.array([each.value for each in ordered], dtype=np.float64),
        weight=np.array([each.weight for each in ordered], dtype=np.float64),
        applications=len(applications),
        reviewers=len(reviewers),
        mean=mean,
        stratum=np.array([groups.index(strata[each]) for each in applications], dtype=np.int64)
        if strata is not None and groups
        else None,
        strata=len(groups),
    )


def concluded(nodes: Sequence[Node], applications: Sequence[str], reviewers: Sequence[str]) -> Calibration:
    """Everything that is said of a fit."""
    mixture = [Fitted(weight=node.weight, solved=node.solved, sigma=node.sigma) for node in nodes]
    score, deviation = _moments(
        [(n.weight, n.solved.mean + n.solved.quality, n.sigma**2 * n.solved.score_variance) for n in nodes]
    )
    lenient, unsure = _moments(
        [
            (
                n.weight,
                n.solved.leniency,
                n.sigma**2 * np.diag(n.solved.effects_covariance)[: len(reviewers)],
            )
            for n in nodes
        ]
    )
    tau, ups, sigma = (
        sum(node.weight * getattr(node, name) for node in nodes) for name in ("tau", "ups", "sigma")
    )
    reliability = sum(
        part.weight * (1 - float(np.mean(part.variance)) / node.tau**2)
        for part, node in zip(mixture, nodes, strict=True)
    )
    return Calibration(
        applications=applications,
        reviewers=reviewers,
        scores=_estimates(applications, score, deviation),
        leniencies=_estimates(reviewers, lenient, unsure),
        mean=sum(node.weight * node.solved.mean for node in nodes),
        tau=tau,
        ups=ups,
        sigma=sigma,
        reliability=max(0.0, reliability),
        mixture=mixture,
        nodes=nodes,
    )


def settled(value: float) -> Fraction:
    """A number without the last digits, in which machines may differ."""
    # Five times faster than a fraction made of the whole text, which is searched by a pattern.
    digits, _, exponent = f"{value:.{DIGITS - 1}e}".partition("e")
    number, shift = int(digits.replace(".", "")), int(exponent) - DIGITS + 1
    return Fraction(number * 10**shift) if shift >= 0 else Fraction(number, 10**-shift)


def _estimates(codes: Sequence[str], values: Vector, deviations: Vector) -> dict[str, Estimate]:
    return {
        code: Estimate(value, deviation)
        for code, value, deviation in zip(codes, values.tolist(), deviations.tolist(), strict=True)
    }


def _moments(parts: Sequence[tuple[float, Vector, Vector]]) -> tuple[Vector, Vector]:
    """Mean and standard deviation of a mixture, from the parts' weights, means and variances."""
    mean = sum((weight * means for weight, means, _ in parts), np.zeros_like(parts[0][1]))
    square = sum(
        (weight * (variance + (means - mean) ** 2) for weight, means, variance in parts),
        np.zeros_like(mean),
    )
    return mean, np.sqrt(np.maximum(square, 0))
