"""Calibrated quality and leniency: what the applications are worth to an average reviewer. Pure.

Codes and points in, codes and points out; the same input gives the same numbers, whatever its order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtri

from app.scoring.firmness import Firmness, Posterior, better, expected_ranks, firmness
from app.scoring.mixed_model import Scores, Vector
from app.scoring.spreads import Node, Priors, half_normal, integrated


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


@dataclass(frozen=True)
class Calibration:
    """What the model says of all applications and reviewers at once.

    `tau`, `ups`, `sigma`: how far applications, leniencies and chance spread, posterior means in points.
    `places` and `leniencies` are by code; `reliability` is that of the final scores, 0 to 1.
    """

    applications: Sequence[str]
    reviewers: Sequence[str]
    places: Mapping[str, Place]
    leniencies: Mapping[str, Estimate]
    mean: float
    tau: float
    ups: float
    sigma: float
    reliability: float
    mixture: Sequence[Posterior]
    nodes: Sequence[Node]
    firm: Firmness

    def top(self, places: int) -> Mapping[str, float]:
        """The chance of each application to be truly among the best `places`; they sum to `places`."""
        return dict(zip(self.applications, map(float, self.firm.top(places)), strict=True))

    def hit_rate(self, chosen: Sequence[str]) -> float:
        """How many of the chosen are expected to be among the best as many, from 0 to 1."""
        chances = self.top(len(chosen))
        return sum(chances[each] for each in chosen) / len(chosen) if chosen else 0.0

    def beats(self, one: str, other: str) -> float:
        """The probability that `one` is truly better than `other`."""
        at = [self.applications.index(one), self.applications.index(other)]
        return sum(
            part.weight
            * float(
                better(part.means[at], part.loading[at] @ part.loading[at].T + np.diag(part.own[at]))[0, 1]
            )
            for part in self.mixture
        )

    def adjusted(self, rating: Rating) -> float:
        """A review without its reviewer's leniency, in points."""
        return rating.value - self.leniencies[rating.reviewer].value


SCALE = 100.0
DEFAULT = Priors(half_normal(SCALE / 4), half_normal(SCALE / 4), half_normal(SCALE / 4))
"""Weak: a standard deviation of a quarter of the scale is likely, one of the whole scale is not."""


def calibrate(ratings: Sequence[Rating], priors: Priors = DEFAULT) -> Calibration | Unranked:
    """Fit score = mu + quality + leniency + noise and say how firm everything is.

    Source: Heyard et al. (2022) for the model; SCORING.md 1.2 and 1.3 for the solution without sampling.
    """
    applications, reviewers = _codes(ratings)
    if len(applications) < 2:
        return Unranked.TOO_FEW_APPLICATIONS
    if len(ratings) < 3:
        return Unranked.TOO_FEW_SCORES
    if len({each.value for each in ratings}) == 1:
        return Unranked.ALL_EQUAL
    scores = scores_of(ratings, applications, reviewers)
    return concluded(integrated(scores, priors), applications, reviewers)


def _codes(ratings: Sequence[Rating]) -> tuple[Sequence[str], Sequence[str]]:
    return sorted({each.application for each in ratings}), sorted({each.reviewer for each in ratings})


def scores_of(
    ratings: Sequence[Rating],
    applications: Sequence[str],
    reviewers: Sequence[str],
    mean: float | None = None,
) -> Scores:
    """Ratings as arrays, in an order that does not depend on theirs."""
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
    )


def concluded(nodes: Sequence[Node], applications: Sequence[str], reviewers: Sequence[str]) -> Calibration:
    """Everything that is said of a fit."""
    mixture = [
        Posterior(
            weight=node.weight,
            means=node.solved.quality,
            loading=node.sigma * node.solved.loading,
            own=node.sigma**2 / node.solved.diagonal,
        )
        for node in nodes
    ]
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
    ranks, firm = expected_ranks(mixture), firmness(mixture)
    tau, ups, sigma = (
        sum(node.weight * getattr(node, name) for node in nodes) for name in ("tau", "ups", "sigma")
    )
    reliability = sum(
        part.weight
        * (1 - float(np.mean(part.own + np.einsum("ij,ij->i", part.loading, part.loading))) / node.tau**2)
        for part, node in zip(mixture, nodes, strict=True)
    )
    return Calibration(
        applications=applications,
        reviewers=reviewers,
        places={
            code: Place(
                score=Estimate(float(score[n]), float(deviation[n])),
                expected_rank=float(ranks[n]),
                inner=(int(firm.inner[n, 0]), int(firm.inner[n, 1])),
                outer=(int(firm.outer[n, 0]), int(firm.outer[n, 1])),
            )
            for n, code in enumerate(applications)
        },
        leniencies={code: Estimate(float(lenient[n]), float(unsure[n])) for n, code in enumerate(reviewers)},
        mean=sum(node.weight * node.solved.mean for node in nodes),
        tau=tau,
        ups=ups,
        sigma=sigma,
        reliability=max(0.0, reliability),
        mixture=mixture,
        nodes=nodes,
        firm=firm,
    )


def _moments(parts: Sequence[tuple[float, Vector, Vector]]) -> tuple[Vector, Vector]:
    """Mean and standard deviation of a mixture, from the parts' weights, means and variances."""
    mean = sum((weight * means for weight, means, _ in parts), np.zeros_like(parts[0][1]))
    square = sum(
        (weight * (variance + (means - mean) ** 2) for weight, means, variance in parts),
        np.zeros_like(mean),
    )
    return mean, np.sqrt(np.maximum(square, 0))
