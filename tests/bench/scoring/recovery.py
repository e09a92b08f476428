"""How much of the truth each way of ordering finds again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau, rankdata

from app.scoring.calibration import Calibration, calibrate
from app.scoring.strata import are_mixed_up
from tests.bench.scoring.calls import Kind, Numbers, Truth, simulated
from tests.bench.scoring.rivals import least_squares, raw_means, z_scores

BEST = 10
WAYS = ("raw means", "z-scores", "least squares", "ours")


@dataclass(frozen=True)
class Recovery:
    """Of one kind of call, one line for each simulated call and one column for each of `WAYS`.

    `tau`: Kendall's with the truth, a tied pair being half right; `recall`: the share of the truly best ten
    among the first ten, 0 to 1.
    `outer` and `inner`: the share of true places inside the 90 and the 50 % interval; `predicted` the recall
    that the engine expected.
    """

    kind: Kind
    tau: Numbers
    recall: Numbers
    outer: Numbers
    inner: Numbers
    predicted: Numbers

    @property
    def faults(self) -> Sequence[str]:
        """What should not be: below another way by more than chance, or intervals that are not what they say.

        More than chance is three standard errors of the difference, call by call, and 0.002 besides.
        """
        found = []
        for name, figures in (("tau", self.tau), ("recall", self.recall)):
            for way in range(len(WAYS) - 1):
                apart = figures[:, -1] - figures[:, way]
                error = float(apart.std(ddof=1)) / np.sqrt(len(apart))
                if apart.mean() < -3 * error - 0.002:
                    found.append(f"{self.kind.name}: {name} is {-apart.mean():.3f} below {WAYS[way]}")
        if not 0.88 <= self.outer.mean() <= 0.92:
            found.append(f"{self.kind.name}: the 90 % interval covers {self.outer.mean():.3f}")
        return found


def recovery(kind: Kind, calls: int) -> Recovery:
    """Simulate so many calls and order each in every way."""
    rows = [_one(simulated(kind, seed)) for seed in range(calls)]
    tau, recall, outer, inner, predicted = (np.array(each) for each in zip(*rows, strict=True))
    return Recovery(kind, tau, recall, outer, inner, predicted)


def _one(truth: Truth) -> tuple[list[float], list[float], float, float, float]:
    codes = sorted(truth.quality)
    quality = np.array([truth.quality[code] for code in codes])
    best = set(_first(truth.quality))
    ours = _calibrated(truth)
    orders = [
        raw_means(truth.ratings),
        z_scores(truth.ratings),
        least_squares(truth.ratings),
        ours.merits,
    ]
    tau = [_tau(quality, np.array([order[code] for code in codes])) for order in orders]
    recall = [len(best & set(_first(order))) / BEST for order in orders]
    places: dict[str, float] = dict(zip(codes, rankdata(-quality).tolist(), strict=True))

    def covered(which: str) -> float:
        ends: list[tuple[int, int]] = [getattr(ours.places[code], which) for code in codes]
        inside = [low <= places[code] <= high for code, (low, high) in zip(codes, ends, strict=True)]
        return sum(inside) / len(inside)

    return tau, recall, covered("outer"), covered("inner"), ours.hit_rate(_first(ours.merits))


def _tau(quality: Numbers, order: Numbers) -> float:
    """Pairs in the right order less those in the wrong one, of all: what is tied is half right.

    scipy leaves tied pairs out of all, which would favour an order that does not decide.
    """
    _, alike = np.unique(order, return_counts=True)
    pairs = len(order) * (len(order) - 1) / 2
    tied = float((alike * (alike - 1) / 2).sum())
    return float(kendalltau(quality, order).statistic) * float(np.sqrt(1 - tied / pairs))


def _calibrated(truth: Truth) -> Calibration:
    """As the engine proposes: with the strata where reviewers see mostly one of them."""
    pairs = [(each.reviewer, each.application) for each in truth.ratings]
    strata = truth.strata if truth.strata and are_mixed_up(pairs, truth.strata) else None
    found = calibrate(truth.ratings, strata=strata)
    assert isinstance(found, Calibration)
    return found


def _first(merits: Mapping[str, float]) -> list[str]:
    return sorted(merits, key=lambda code: (-merits[code], code))[:BEST]
