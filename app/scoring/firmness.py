"""How firm each place is: expected ranks in closed form, rank intervals, chances to be on top. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from app.scoring.mixed_model import Matrix, Vector

SEED = 20190413
"""Draws show how firm a place is and never make one; the same seed shows the same firmness."""
MOST_DRAWS = 20_000
DRAWN = 2_000_000
"""How many numbers are drawn at most: applications times draws."""


@dataclass(frozen=True)
class Posterior:
    """One Gaussian of a mixture: its `weight` (all sum to 1) and the means (I).

    What is uncertain for several at once comes through `loading` (I x m), what is each one's own through
    `own` (I, a variance): the covariance is loading loading' + diag(own).
    """

    weight: float
    means: Vector
    loading: Matrix
    own: Vector

    @property
    def covariance(self) -> Matrix:
        """I x I."""
        return self.loading @ self.loading.T + np.diag(self.own)


def expected_ranks(mixture: Sequence[Posterior]) -> Vector:
    """ER_i = 1 + sum over k of P(k is better than i), from 1 to I; the sum is I (I + 1) / 2.

    P(k better than i) = Phi((m_k - m_i) / sqrt(v_i + v_k - 2 c_ik)), and one half where both are the same.
    Source: Laird and Louis, "Empirical Bayes ranking methods" (1989).
    """
    total = np.zeros(len(mixture[0].means))
    for part in mixture:
        total += part.weight * better(part.means, part.covariance).sum(axis=0)
    # Each is compared with itself too, where neither is better: that half is taken off.
    return total + 0.5


def better(means: Vector, covariance: Matrix) -> Matrix:
    """I x I: how probable it is that row is better than column; one half on the diagonal."""
    variance = np.diag(covariance)
    apart = means[:, None] - means[None, :]
    spread = variance[:, None] + variance[None, :] - 2 * covariance
    known = spread <= 1e-12 * max(1.0, float(variance.max(initial=0.0)))
    sure = np.where(apart > 0, 1.0, np.where(apart < 0, 0.0, 0.5))
    return np.where(known, sure, ndtr(apart / np.sqrt(np.where(known, 1.0, spread))))


@dataclass(frozen=True)
class Firmness:
    """Where each application may truly stand.

    `inner` and `outer` (I x 2) hold the first and last place of the 50 and of the 90 % interval; `at_most`
    (I x I) is the chance to be among the best K, for K from 1 to I in its columns.
    """

    inner: NDArray[np.int64]
    outer: NDArray[np.int64]
    at_most: Matrix

    def top(self, places: int) -> Vector:
        """P(truly among the best `places`), for each; sums to `places`."""
        if places <= 0:
            return np.zeros(len(self.at_most))
        return self.at_most[:, min(places, self.at_most.shape[1]) - 1]


def firmness(mixture: Sequence[Posterior], draws: int | None = None) -> Firmness:
    """Ranks over draws from the posterior, from a fixed seed, in the order of the expected ranks.

    Which draw meets which application so depends on no name and no order of rows.
    """
    ranks = expected_ranks(mixture)
    order = np.argsort(ranks, kind="stable")
    size = len(order)
    number = draws or min(MOST_DRAWS, max(1, DRAWN // max(size, 1)))
    places = np.concatenate(
        [
            _ranks_of(part, order, count, generator)
            for part, count, generator in zip(
                mixture, _shares(mixture, number), _generators(len(mixture)), strict=True
            )
            if count
        ]
    )
    quantiles = np.quantile(places, [0.05, 0.25, 0.75, 0.95], axis=0, method="inverted_cdf")
    counts = np.zeros((size, size))
    for place in range(size):
        counts[:, place] = (places == place + 1).sum(axis=0)
    back = np.argsort(order, kind="stable")
    whole = quantiles.astype(np.int64).T[back]
    return Firmness(
        inner=whole[:, [1, 2]],
        outer=whole[:, [0, 3]],
        at_most=(np.cumsum(counts, axis=1) / len(places))[back],
    )


def _generators(number: int) -> list[np.random.Generator]:
    return [np.random.default_rng(each) for each in np.random.SeedSequence(SEED).spawn(number)]


def _shares(mixture: Sequence[Posterior], number: int) -> list[int]:
    """How many draws each part gets: by weight, the largest remainders first."""
    exact = np.array([part.weight * number for part in mixture])
    whole = np.floor(exact).astype(int)
    for place in np.argsort(-(exact - whole), kind="stable")[: number - int(whole.sum())]:
        whole[place] += 1
    return [int(each) for each in whole]


def _ranks_of(
    part: Posterior, order: NDArray[np.int64], count: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """count x I: the places of one set of draws; equal draws share a place by their order, which is rare."""
    common = generator.standard_normal((count, part.loading.shape[1])) @ part.loading[order].T
    own = generator.standard_normal((count, len(order))) * np.sqrt(part.own[order])
    drawn = part.means[order] + common + own
    best = np.argsort(-drawn, axis=1, kind="stable")
    places = np.empty_like(best)
    np.put_along_axis(places, best, np.arange(1, len(order) + 1)[None, :], axis=1)
    return places
