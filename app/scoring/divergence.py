"""Where two reviews of one application differ too much, and where one more review would decide most. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from scipy.special import ndtri

from app.scoring.apart import Gap
from app.scoring.calibration import Calibration, Rating

SURE = 2.0
"""How many standard deviations two adjusted reviews may differ by."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a call publishes: a difference of `points` of 100 or more is too much.

    With a `pass_mark`, two reviews on both sides of it differ too much as well, if by `points`; two that are
    both below it never do.
    """

    points: float = 30.0
    pass_mark: float | None = None

    def diverges(self, one: float, other: float) -> bool:
        """Whether a further review is due. Source: the Erasmus+ Guide for Experts, as summarised there."""
        if self.pass_mark is not None and max(one, other) < self.pass_mark:
            return False
        return abs(one - other) >= self.points


@dataclass(frozen=True, slots=True)
class Divergent:
    """Two reviews of one application that differ, in points as they were given and without leniency.

    `deviations`: the adjusted difference in standard deviations of what chance and leniency explain.
    `by_rule`: whether the published rule asks for a further review, on the adjusted scores.
    """

    application: str
    reviewers: tuple[str, str]
    raw: float
    adjusted: float
    deviations: float
    by_rule: bool


def divergent(ratings: Sequence[Rating], rule: Rule, calibration: Calibration) -> Sequence[Divergent]:
    """The pairs for which the rule holds, then those that chance hardly explains; the widest first.

    z = |(y_j - b_j) - (y_k - b_k)| / sqrt(2 sigma^2 + Var(b_j - b_k)); differences in points of 100. KeyError
    for a review that was not calibrated. Source: docs/scoring.md.
    """
    by_application: dict[str, list[Rating]] = defaultdict(list)
    for each in sorted(ratings, key=lambda each: (each.application, each.reviewer)):
        by_application[each.application].append(each)
    found = [
        pair
        for own in by_application.values()
        for one, other in combinations(own, 2)
        if (pair := _compared(one, other, rule, calibration)).by_rule or pair.deviations > SURE
    ]
    return sorted(
        found, key=lambda each: (not each.by_rule, -each.adjusted, each.application, each.reviewers)
    )


def diverging(ratings: Sequence[Rating], rule: Rule) -> Sequence[str]:
    """The applications for which the rule holds on the scores as given, where nothing is calibrated."""
    by_application: dict[str, list[float]] = defaultdict(list)
    for each in ratings:
        by_application[each.application].append(each.value)
    return sorted(
        application
        for application, values in by_application.items()
        if any(rule.diverges(one, other) for one, other in combinations(values, 2))
    )


def _compared(one: Rating, other: Rating, rule: Rule, calibration: Calibration) -> Divergent:
    first, second = calibration.adjusted(one), calibration.adjusted(other)
    adjusted = abs(first - second)
    return Divergent(
        application=one.application,
        reviewers=(one.reviewer, other.reviewer),
        raw=abs(one.value - other.value),
        adjusted=adjusted,
        deviations=adjusted / float(np.sqrt(_variance(calibration, one.reviewer, other.reviewer))),
        by_rule=rule.diverges(first, second),
    )


def _variance(calibration: Calibration, one: str, other: str) -> float:
    """2 sigma^2 + Var(b_one - b_other), in points squared."""
    j, k = calibration.reviewers.index(one), calibration.reviewers.index(other)
    return sum(
        node.weight * node.sigma**2 * float(2 + covariance[j, j] + covariance[k, k] - 2 * covariance[j, k])
        for node in calibration.nodes
        for covariance in [node.solved.effects_covariance]
    )


def apart_beyond_chance(ratings: Sequence[Rating], gap: Gap, calibration: Calibration) -> Sequence[str]:
    """The applications with two reviews that differ too much for leniency and for chance, by code.

    By the points of the published rule on the adjusted scores, and by more than a pair of reviews of one
    application does once in twenty calls of it: z > Phi^-1(1 - 0.025 / pairs) (Bonferroni). On scores as they
    were given most applications of a call differ that much, and two thirds of that is leniency. Without a
    rule on points, chance alone decides.
    """
    reviews = Counter(each.application for each in ratings)
    rule = Rule(0.0 if gap.points is None else float(gap.points))
    return sorted(
        {
            each.application
            for each in divergent(ratings, rule, calibration)
            if each.by_rule and each.deviations > ndtri(1 - 0.025 / comb(reviews[each.application], 2))
        }
    )


def decision_values(
    calibration: Calibration, places: int, read: Mapping[str, int] | None = None
) -> Mapping[str, float]:
    """How much one more review of each application could change who is chosen, from 0 to 1/4; code by code.

    V = P (1 - P) (1 - v+ / v) with P the chance to be among the best `places`, v the variance of the quality,
    and v+ = 1 / (1 / v + J) what it would be after one more review. `read` is how many reviews of it the
    organisation has given that has given fewest (0 without it). One that has given none adds
    J = 1 / (sigma^2 + Var b); the (n + 1)-th of an organisation shares its weight of one, and adds only that
    its leniency is known better: J = (n + 1) / ((n + 1) sigma^2 + Var b) - n / (n sigma^2 + Var b). Measured
    elsewhere, with J of the first: of the true best ten 100 further reviews by this value found 64 %, a
    further one of each of 253 found 58 %. Source: docs/scoring.md.
    """
    top = calibration.top(places)
    variance = np.sum([part.weight * part.variance for part in calibration.mixture], axis=0)
    leniency = float(np.mean([each.deviation**2 for each in calibration.leniencies.values()]))

    def told(reviews: int) -> float:
        return reviews / (reviews * calibration.sigma**2 + leniency) if reviews else 0.0

    found = {}
    for n, code in enumerate(calibration.applications):
        given = read.get(code, 0) if read else 0
        more = float(variance[n]) * (told(given + 1) - told(given))
        found[code] = top[code] * (1 - top[code]) * more / (1 + more)
    return found
