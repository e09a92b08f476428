"""Integration over how far applications, reviewers and chance spread: no sampling, no random numbers. Pure.

The posterior of (tau, ups, sigma) is integrated over the log ratios u = log(tau / sigma) and
v = log(ups / sigma), with sigma inside. Newton's method finds the top; then five points on the principal axes
of a normal density there, each corrected by what the density really is (Rue, Martino and Chopin 2009, 6.5).
Where the density is no normal one, a grid takes their place that covers all that matters: the trapezoid rule
on the whole line converges geometrically for such densities (Trefethen and Weideman 2014).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from app.scoring.crossing import Matrix, Vector
from app.scoring.mixed_model import Scores, Solved

LogDensity = Callable[[Vector], Vector]
"""The logarithm of a prior density of a standard deviation, in points; -inf where it cannot be."""

LOWEST, HIGHEST = -7.0, 5.0
"""Ratios of standard deviations from a thousandth to 150 are looked at."""
DROP = 12.5
"""The grid ends where the density, through its top, has fallen to a quarter-millionth of its height."""
POINTS = 9
KEPT = 300
"""The solutions at all points are kept up to so many columns: above it they would take gigabytes."""
LEAST_WEIGHT = 1e-4
SIGMA_POINTS = 25
SURE = 1000
"""With so many scores one value of sigma stands for all: its own error of 2 % moves no place."""
REACH = 1.5
"""How many standard deviations from the top the four outer points are; 2/9 each makes the variance right."""
NORMAL = float(np.log(1.15))
"""A point whose density is off by more than 15 % shows that five points will not do: with a factor of three
instead, expected ranks of 253 were off by up to 0.8 of a place, and with this one by 0.04."""
STEP = 0.02
"""Of the stencil. The top is found for it and not for the smooth density: any point near the top will do."""
STEPS = 25
BEND = 0.3
"""Ratios far below it lie evenly on the grid, ratios far above it as their logarithms."""


@dataclass(frozen=True, slots=True)
class Priors:
    """What is known of the three standard deviations before any score."""

    applications: LogDensity
    reviewers: LogDensity
    noise: LogDensity


@dataclass(frozen=True)
class Node:
    """One point of the integration: its `weight` (all sum to 1), the solution there, and sigma in points.

    `tau` is the spread of the applications in points, that between strata included.
    """

    weight: float
    solved: Solved
    sigma: float
    tau: float
    ups: float


def half_normal(scale: float) -> LogDensity:
    """A half-normal prior with this scale, in points."""
    return lambda spread: -0.5 * (spread / scale) ** 2


def integrated(scores: Scores, priors: Priors, start: tuple[float, float] | None = None) -> Sequence[Node]:
    """The nodes of the posterior of the spreads, the weightiest first; at least two degrees of freedom.

    `start`: log ratios where the search for the top begins, if some are known to be near. With strata, the
    spread between them stays at its most probable value. ValueError below two degrees of freedom, and
    ArithmeticError where the scores leave nothing to be estimated.
    """
    if scores.degrees < 2:
        raise ValueError("fewer than two degrees of freedom")
    density = _Density(scores, priors)
    begin = _start(scores)
    if start is not None:
        begin[:2] = np.clip(start, -2.5, 2.5)
    top, bend = _top(density, begin)
    between = tuple(top[2:])
    points = _five(density, top, bend[:2, :2]) or _grid(density, top, bend)
    found = [(share, at, *density.spread(*at, *between)) for share, at in points]
    nodes = [
        Node(
            weight=share * part,
            solved=solved,
            sigma=sigma,
            tau=sigma * float(np.sqrt(solved.prior)),
            ups=sigma * float(np.exp(at[1])),
        )
        for share, at, solved, sigmas in found
        for part, sigma in sigmas
    ]
    return sorted(nodes, key=lambda node: -node.weight)


def _start(scores: Scores) -> Vector:
    """Log ratios from the method of moments: what is within, between applications, between reviewers."""
    centred = scores.value - scores.centre
    theta = scores.sums / (scores.sizes + 1)
    left = centred - theta[scores.application]
    number = np.bincount(scores.reviewer, scores.weight, scores.reviewers)
    b = np.bincount(scores.reviewer, scores.weight * left, scores.reviewers) / (number + 1)
    noise = max(float(np.var(left - b[scores.reviewer])), 1e-9 * float(np.var(centred)), 1e-12)
    ratios = [float(np.var(theta)) / noise, float(np.var(b)) / noise]
    if scores.strata:
        ratios.append(ratios[0] / 4)
    logs: Vector = 0.5 * np.log(np.clip(ratios, 0.01, 25.0))
    return logs


class _Density:
    """The logarithm of the posterior density of the log ratios, sigma integrated out.

    The log ratios are those of applications, of reviewers, and of strata where there are any. Of strata there
    are few, and the density of their log ratio has its top far too high; so for them it is the density of
    the ratio, which is only searched for its top.
    """

    def __init__(self, scores: Scores, priors: Priors) -> None:
        self.scores = scores
        self.priors = priors
        self.dimensions = 3 if scores.strata else 2
        self._known: dict[tuple[float, ...], float] = {}
        self._solved: dict[tuple[float, ...], Solved] = {}
        degrees = scores.degrees
        width = 5 / np.sqrt(2 * degrees) + 0.5
        self._around = np.linspace(-width, width, SIGMA_POINTS)

    def __call__(self, *at: float) -> float:
        """The log density, up to a constant; each point is worked out once."""
        if at not in self._known:
            solved = self._at(at)
            logs, heights = self._of_sigma(solved, at)
            highest = float(heights.max())
            inside = highest + float(np.log(np.exp(heights - highest).sum() * (logs[1] - logs[0])))
            self._known[at] = inside - 0.5 * solved.log_determinant
        return self._known[at]

    def _at(self, at: tuple[float, ...]) -> Solved:
        """The solution there; large ones are not kept, since there are dozens of them."""
        if at in self._solved:
            return self._solved[at]
        solved = self.scores.solved(*np.exp(2 * np.array(at)))
        if self.scores.columns <= KEPT:
            self._solved[at] = solved
        return solved

    def _of_sigma(self, solved: Solved, at: Sequence[float]) -> tuple[Vector, Vector]:
        """Log sigma on a grid around its most probable value, and the log density of each."""
        degrees = self.scores.degrees
        logs = 0.5 * np.log(max(solved.rest, 1e-12) / degrees) + self._around
        sigma = np.exp(logs)
        heights = (
            (1 + len(at) - degrees) * logs
            - 0.5 * solved.rest / sigma**2
            + self.priors.noise(sigma)
            + self.priors.applications(sigma * np.exp(at[0]))
            + self.priors.reviewers(sigma * np.exp(at[1]))
            + sum(at[:2])
        )
        if len(at) > 2:
            heights = heights + self.priors.applications(sigma * np.exp(at[2]))
        return logs, heights

    def spread(self, *at: float) -> tuple[Solved, Sequence[tuple[float, float]]]:
        """The solution, and values of sigma with their shares: three, or one where sigma is well known.

        The shares are those of Gauss and Hermite, which keep mean and variance of log sigma.
        """
        solved = self._at(at)
        logs, heights = self._of_sigma(solved, at)
        shares = np.exp(heights - heights.max())
        shares /= shares.sum()
        mean = float(shares @ logs)
        if self.scores.degrees >= SURE:
            return solved, [(1.0, float(np.exp(mean)))]
        reach = float(np.sqrt(3 * (shares @ (logs - mean) ** 2)))
        return solved, [
            (2 / 3, float(np.exp(mean))),
            *((1 / 6, float(np.exp(mean + side * reach))) for side in (-1, 1)),
        ]


def _top(density: _Density, start: Vector) -> tuple[Vector, Matrix]:
    """Where the density is highest, and how it bends there: Newton's method on a stencil."""
    top = start
    slope, bend = _stencil(density, top)
    for _ in range(STEPS):
        here = density(*top)
        values, vectors = np.linalg.eigh(bend)
        move = -vectors @ ((vectors.T @ slope) / np.minimum(values, -0.2))
        move *= min(1.0, 1.0 / max(1e-12, float(np.abs(move).max())))
        while density(*_inside(top + move)) < here - 1e-9 and np.abs(move).max() > 1e-6:
            move = move / 2
        moved = _inside(top + move) - top
        top = top + moved
        slope, bend = _stencil(density, top)
        # What is still missing shrinks with the square of the last step: a thousandth leaves a millionth.
        if np.abs(moved).max() < 1e-3:
            break
    return top, bend


def _inside(at: Vector) -> Vector:
    return np.clip(at, LOWEST, HIGHEST)


def _stencil(density: _Density, at: Vector) -> tuple[Vector, Matrix]:
    """Slope and second derivatives, from points one step away."""
    size = density.dimensions
    steps = STEP * np.eye(size)
    here = density(*at)
    ahead = np.array([density(*(at + step)) for step in steps])
    behind = np.array([density(*(at - step)) for step in steps])
    bend = np.diag((ahead - 2 * here + behind) / STEP**2)
    for one in range(size):
        for other in range(one):
            corner = density(*(at + steps[one] + steps[other]))
            bend[one, other] = bend[other, one] = (corner - ahead[one] - ahead[other] + here) / STEP**2
    return (ahead - behind) / (2 * STEP), bend


Points = Sequence[tuple[float, tuple[float, float]]]
"""Shares, which sum to 1, of points (u, v)."""


def _five(density: _Density, top: Vector, bend: Matrix) -> Points | None:
    """The top and four points around it; None where the density is not like a normal one."""
    values, vectors = np.linalg.eigh(bend)
    if values.max() > -0.2:
        return None
    between = tuple(top[2:])
    reaches = [side * REACH * vectors[:, n] / np.sqrt(-values[n]) for n in (0, 1) for side in (-1, 1)]
    places = [tuple(map(float, top[:2] + reach)) for reach in reaches]
    if any(not LOWEST <= each <= HIGHEST for place in places for each in place):
        return None
    here = density(*top)
    off = np.array([density(*place, *between) - here + REACH**2 / 2 for place in places])
    if np.abs(off).max() > NORMAL:
        return None
    shares = np.append(1 / 9, 2 / 9 * np.exp(off))
    shares /= shares.sum()
    return [
        (float(share), (float(u), float(v)))
        for share, (u, v) in zip(shares, [tuple(top[:2]), *places], strict=True)
    ]


def _grid(density: _Density, top: Vector, bend: Matrix) -> Points:
    """Evenly spaced points, on a stretched scale, wherever there is density."""
    between = tuple(top[2:])
    axes = [_axis(density, top, which, float(bend[which, which])) for which in (0, 1)]
    places = [(float(u), float(v)) for u, v in product(*axes)]
    heights = np.array(
        [density(*place, *between) + _stretched(place[0]) + _stretched(place[1]) for place in places]
    )
    shares = np.exp(heights - heights.max())
    shares /= shares.sum()
    kept = np.where(shares > LEAST_WEIGHT, shares, 0.0)
    kept /= kept.sum()
    return [(float(share), place) for share, place in zip(kept, places, strict=True) if share > 0]


def _stretched(log_ratio: float) -> float:
    """log(du / dt) where the ratio exp(u) is BEND sinh(t).

    The density is an even function of t, so that the rule holds up to a ratio of nothing, where log ratios
    would never end; large ratios are stretched like logarithms.
    """
    return float(np.log(np.sqrt(np.exp(2 * log_ratio) + BEND**2)) - log_ratio)


def _axis(density: _Density, top: Vector, which: int, bend: float) -> Vector:
    """Log ratios, evenly spaced in t, between where the density of t has dropped far enough."""

    def height(t: float) -> float:
        at = top.copy()
        at[which] = np.clip(np.log(BEND * np.sinh(t)), LOWEST, HIGHEST)
        return density(*at) + _stretched(float(at[which]))

    middle = float(np.arcsinh(np.exp(top[which]) / BEND))
    here = height(middle)
    # du = coth(t) dt turns the width of a normal density in log ratios into one in t.
    width = np.sqrt(2 * DROP / max(-bend, 0.2)) * np.tanh(middle)
    ends = []
    for side, limit in ((-1, 0.0), (1, float(np.arcsinh(np.exp(HIGHEST) / BEND)))):
        farthest, reach = abs(limit - middle), float(width)
        for _ in range(4):
            if reach >= farthest:
                # Nearer to the limit than this there is nothing new to learn.
                reach = 0.98 * farthest
                if here - height(middle + side * reach) <= DROP:
                    reach = farthest
                    break
            drop = here - height(middle + side * reach)
            # As if it fell with the square of the distance, which it nearly does.
            reach *= float(np.clip(np.sqrt(DROP / max(drop, 1e-3)), 0.3, 3.0))
        ends.append(middle + side * min(reach, farthest))
    low, high = max(ends[0], 0.0), ends[1]
    # From nothing on, the first point is half a step away: the other half lies on the other side.
    t = high * (np.arange(POINTS) + 0.5) / POINTS if low <= 0 else np.linspace(low, high, POINTS)
    return np.log(BEND * np.sinh(t))
