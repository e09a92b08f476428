"""Integration over how far applications, reviewers and chance spread: no sampling, no random numbers. Pure.

The posterior of (tau, ups, sigma) is integrated on a grid of log ratios, u = log(tau / sigma) and
v = log(ups / sigma), with sigma inside; what the grid has to cover is found from the density itself. The
trapezoid rule on the whole line converges geometrically for such densities (Trefethen and Weideman 2014).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.mixed_model import Scores, Solved, Vector

LogDensity = Callable[[Vector], Vector]
"""The logarithm of a prior density of a standard deviation, in points; -inf where it cannot be."""

LOWEST, HIGHEST = -7.0, 5.0
"""Ratios of standard deviations from a thousandth to 150 are looked at."""
DROP = 12.5
"""The grid ends where the density, through its top, has fallen to a quarter-millionth of its height."""
POINTS = 9
SIGMA_POINTS = 25
LEAST_WEIGHT = 3e-5


@dataclass(frozen=True, slots=True)
class Priors:
    """What is known of the three standard deviations before any score."""

    applications: LogDensity
    reviewers: LogDensity
    noise: LogDensity


@dataclass(frozen=True)
class Node:
    """One point of the integration: its `weight` (all sum to 1), the solution there, and sigma in points."""

    weight: float
    solved: Solved
    sigma: float
    tau: float
    ups: float


def half_normal(scale: float) -> LogDensity:
    """A half-normal prior with this scale, in points."""
    return lambda spread: -0.5 * (spread / scale) ** 2


def integrated(scores: Scores, priors: Priors) -> Sequence[Node]:
    """The nodes of the posterior of the spreads, the weightiest first; at least two degrees of freedom.

    ValueError below that, and ArithmeticError where the scores leave nothing to be estimated.
    """
    if scores.degrees < 2:
        raise ValueError("fewer than two degrees of freedom")
    density = _Density(scores, priors)
    top = _top(density)
    axes = [_axis(density, top, which) for which in (0, 1)]
    found = []
    for u in axes[0]:
        for v in axes[1]:
            height, solved, sigmas = density.at(u, v)
            found.append((height, u, v, solved, sigmas))
    highest = max(height for height, *_ in found)
    total = sum(float(np.exp(height - highest)) for height, *_ in found)
    nodes = [
        Node(
            weight=share * float(np.exp(height - highest)) / total,
            solved=solved,
            sigma=sigma,
            tau=sigma * float(np.exp(u)),
            ups=sigma * float(np.exp(v)),
        )
        for height, u, v, solved, sigmas in found
        if np.exp(height - highest) / total > LEAST_WEIGHT
        for share, sigma in sigmas
    ]
    kept = sum(node.weight for node in nodes)
    return sorted(
        (Node(node.weight / kept, node.solved, node.sigma, node.tau, node.ups) for node in nodes),
        key=lambda node: -node.weight,
    )


class _Density:
    """The logarithm of the posterior density of (u, v), sigma integrated out."""

    def __init__(self, scores: Scores, priors: Priors) -> None:
        self.scores = scores
        self.priors = priors

    def __call__(self, u: float, v: float) -> float:
        return self.at(u, v)[0]

    def at(self, u: float, v: float) -> tuple[float, Solved, Sequence[tuple[float, float]]]:
        """The log density, the solution, and three values of sigma with their shares.

        The shares are those of Gauss and Hermite, which keep mean and variance of log sigma.
        """
        solved = self.scores.solved(float(np.exp(2 * u)), float(np.exp(2 * v)))
        degrees = self.scores.degrees
        width = 5 / np.sqrt(2 * degrees)
        middle = 0.5 * np.log(max(solved.rest, 1e-12) / degrees)
        logs = middle + np.linspace(-width - 0.5, width + 0.5, SIGMA_POINTS)
        sigma = np.exp(logs)
        heights = (
            -degrees * logs
            - 0.5 * solved.rest / sigma**2
            + self.priors.noise(sigma)
            + self.priors.applications(sigma * np.exp(u))
            + self.priors.reviewers(sigma * np.exp(v))
            + 3 * logs
            + u
            + v
        )
        highest = float(heights.max())
        shares = np.exp(heights - highest)
        height = highest + float(np.log(shares.sum() * (logs[1] - logs[0]))) - 0.5 * solved.log_determinant
        shares /= shares.sum()
        mean = float(shares @ logs)
        deviation = float(np.sqrt(shares @ (logs - mean) ** 2))
        reach = deviation * np.sqrt(3)
        return (
            height,
            solved,
            [(2 / 3, float(np.exp(mean)))]
            + [(1 / 6, float(np.exp(mean + side * reach))) for side in (-1, 1)],
        )


def _top(density: _Density) -> tuple[float, float]:
    """Where the density is highest: a coarse look, then Newton's method on a stencil."""
    start = max(
        ((u, v) for u in np.arange(-3.0, 2.1, 1.0) for v in np.arange(-3.0, 2.1, 1.0)),
        key=lambda at: density(*at),
    )
    u, v = start
    step = 1e-3
    for _ in range(40):
        here, east, west = density(u, v), density(u + step, v), density(u - step, v)
        north, south = density(u, v + step), density(u, v - step)
        corner = density(u + step, v + step)
        slope = np.array([east - west, north - south]) / (2 * step)
        across = (corner - east - north + here) / step**2
        bend = np.array(
            [[(east - 2 * here + west) / step**2, across], [across, (north - 2 * here + south) / step**2]]
        )
        values, vectors = np.linalg.eigh(bend)
        values = np.minimum(values, -0.05)
        move = -vectors @ ((vectors.T @ slope) / values)
        move *= min(1.0, 1.0 / max(1e-12, float(np.abs(move).max())))
        while density(u + move[0], v + move[1]) < here - 1e-9 and np.abs(move).max() > 1e-10:
            move = move / 2
        u, v = (float(np.clip(at, LOWEST, HIGHEST)) for at in (u + move[0], v + move[1]))
        if np.abs(move).max() < 1e-9:
            break
    return u, v


def _axis(density: _Density, top: tuple[float, float], which: int) -> Vector:
    """Evenly spaced points along one log ratio, between where the density has dropped far enough."""

    def drop(at: float) -> float:
        place = (at, top[1]) if which == 0 else (top[0], at)
        return density(*top) - density(*place)

    ends = []
    for limit in (LOWEST, HIGHEST):
        inside, outside = top[which], limit
        if drop(outside) > DROP:
            for _ in range(40):
                middle = (inside + outside) / 2
                inside, outside = (middle, outside) if drop(middle) <= DROP else (inside, middle)
        ends.append(outside)
    return np.linspace(ends[0], ends[1], POINTS)
