"""Abilities from who was preferred to whom: for juries that compare instead of scoring. Pure."""

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

from app.scoring.calibration import Estimate
from app.scoring.crossing import Matrix

STEPS = 100


def bradley_terry(wins: Mapping[tuple[str, str], float], shrinkage: float = 0.1) -> Mapping[str, Estimate]:
    """P(i is preferred to j) = 1 / (1 + exp(a_j - a_i)): the abilities a, by code; their mean is 0.

    `wins` has how often the first of a pair was preferred to the second. `shrinkage` >= 0 takes
    shrinkage / 2 * sum a^2 off the likelihood, so that few comparisons give no extreme answer; at 0 it is
    the plain one of greatest likelihood, which does not exist unless everybody was preferred to everybody
    along some chain. In units of log odds; deviations from the curvature at the top.

    ValueError for fewer than two codes, somebody compared with themselves, a negative number, or no greatest
    likelihood. Source: Bradley and Terry (1952); the condition is Ford's (1957).
    """
    codes = sorted({code for pair in wins for code in pair})
    if len(codes) < 2:
        raise ValueError("fewer than two are compared")
    if any(one == other or number < 0 for (one, other), number in wins.items()):
        raise ValueError("nobody is preferred to themselves, nor less than never")
    place = {code: n for n, code in enumerate(codes)}
    table = np.zeros((len(codes), len(codes)))
    for (one, other), number in wins.items():
        table[place[one], place[other]] += number
    if shrinkage <= 0 and connected_components(csr_array(table), connection="strong")[0] > 1:
        raise ValueError("somebody was never preferred, or always: there is no greatest likelihood")
    abilities, covariance = _top(table, max(shrinkage, 0.0))
    deviations = np.sqrt(np.diag(covariance))
    return {code: Estimate(float(abilities[n]), float(deviations[n])) for code, n in place.items()}


def _top(wins: Matrix, shrinkage: float) -> tuple[Matrix, Matrix]:
    """Newton's method; the likelihood is concave. Without shrinkage the mean is held at 0."""
    size = len(wins)
    both = wins + wins.T
    held = np.full((size, size), 1 / size)
    abilities, covariance = np.zeros(size), held
    for _ in range(STEPS):
        chance = expit(abilities[:, None] - abilities[None, :])
        slope = wins.sum(axis=1) - (both * chance).sum(axis=1) - shrinkage * abilities
        bend = -both * chance * (1 - chance)
        np.fill_diagonal(bend, -bend.sum(axis=1))
        covariance = np.linalg.inv(bend + shrinkage * np.eye(size) + held)
        step = covariance @ slope
        # No step longer than two: far from the top the curvature says little.
        abilities = abilities + step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-12))
        abilities -= abilities.mean()
        if np.abs(step).max() < 1e-12:
            break
    # What was added to hold the mean is nobody's uncertainty.
    return abilities, covariance - np.full((size, size), 1 / size) / (1 + shrinkage)
