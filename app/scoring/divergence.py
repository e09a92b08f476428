"""Where two reviews of one application differ too much, and where one more review would decide most. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

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

    z = |(y_j - b_j) - (y_k - b_k)| / sqrt(2 sigma^2 + Var(b_j - b_k)).
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


def decision_values(calibration: Calibration, places: int) -> Mapping[str, float]:
    """How much one more review of each application could change who is chosen, from 0 to 1/4; code by code.

    V = P (1 - P) (1 - v+ / v) with P the chance to be among the best `places`, v the variance of the quality,
    and v+ = 1 / (1 / v + 1 / (sigma^2 + Var b)) what it would be after one more review by anybody.
    """
    top = calibration.top(places)
    variance = sum(
        part.weight * (part.own + np.einsum("ij,ij->i", part.loading, part.loading))
        for part in calibration.mixture
    )
    another = calibration.sigma**2 + float(
        np.mean([each.deviation**2 for each in calibration.leniencies.values()])
    )
    return {
        code: top[code] * (1 - top[code]) * (1 - another / (another + float(variance[n])))
        for n, code in enumerate(calibration.applications)
    }
