"""How firm each place is: expected ranks in closed form, rank intervals, chances to be on top. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from app.scoring.crossing import Matrix, Vector
from app.scoring.mixed_model import Solved

SEED = 20190413
"""Draws show how firm a place is and never make one; the same seed shows the same firmness."""
MOST_DRAWS, LEAST_DRAWS = 20_000, 2_000
DRAWN = 2_000_000
"""How many numbers are drawn: applications times draws, within the limits above."""
CLOSED = 3_000
"""With more applications than this, comparing each with each costs too much: draws stand in for it."""
BLOCK = 500_000
"""So many pairs of applications are compared at once."""

Places = NDArray[np.int32]


class Part(Protocol):
    """One Gaussian of a mixture: its `weight` (all sum to 1) and the means (I).

    What is uncertain for several at once comes through `loading` (I x m), what is each one's own through
    `own` (I, a variance): the covariance is loading loading' + diag(own), and `variance` its diagonal.
    """

    @property
    def weight(self) -> float: ...
    @property
    def means(self) -> Vector: ...
    @property
    def loading(self) -> Matrix: ...
    @property
    def own(self) -> Vector: ...
    @property
    def variance(self) -> Vector: ...
    def drawn(self, order: NDArray[np.int64], count: int, generator: np.random.Generator) -> Matrix:
        """count x I draws, the applications in this order: which number meets which depends on no name."""
        ...


@dataclass(frozen=True)
class Posterior:
    """A part that is written out."""

    weight: float
    means: Vector
    loading: Matrix
    own: Vector

    @cached_property
    def variance(self) -> Vector:
        """Of each application."""
        whole: Vector = self.own + np.einsum("ij,ij->i", self.loading, self.loading)
        return whole

    def drawn(self, order: NDArray[np.int64], count: int, generator: np.random.Generator) -> Matrix:
        """See `Part`."""
        common = generator.standard_normal((count, self.loading.shape[1])) @ self.loading[order].T
        own = generator.standard_normal((count, len(order))) * np.sqrt(self.own[order])
        found: Matrix = self.means[order] + common + own
        return found


@dataclass(frozen=True)
class Fitted:
    """A part that a fit left, with this sigma: nothing of size I x J is made before somebody asks for it."""

    weight: float
    solved: Solved
    sigma: float

    @property
    def means(self) -> Vector:
        """theta, in points."""
        return self.solved.quality

    @cached_property
    def loading(self) -> Matrix:
        """See `Part`."""
        return self.sigma * self.solved.loading

    @cached_property
    def own(self) -> Vector:
        """See `Part`."""
        return self.sigma**2 / self.solved.diagonal

    @cached_property
    def variance(self) -> Vector:
        """Of each application."""
        return self.sigma**2 * self.solved.variance

    def drawn(self, order: NDArray[np.int64], count: int, generator: np.random.Generator) -> Matrix:
        """See `Part`: first the effects, then each quality given them."""
        effects = self.sigma * self.solved.drawn(generator.standard_normal((count, len(self.solved.effects))))
        found = self.solved.quality_given(effects)[:, order]
        found += generator.standard_normal((count, len(order))) * np.sqrt(self.own[order])
        return found


def expected_ranks(mixture: Sequence[Part]) -> Vector:
    """ER_i = 1 + sum over k of P(k is better than i), from 1 to I; the sum is I (I + 1) / 2.

    P(k better than i) = Phi((m_k - m_i) / sqrt(v_i + v_k - 2 c_ik)), and one half where both are the same.
    Source: Laird and Louis, "Empirical Bayes ranking methods" (1989).
    """
    size = len(mixture[0].means)
    total = np.zeros(size)
    height = max(1, BLOCK // size)
    for part in mixture:
        for start in range(0, size, height):
            rows = slice(start, min(start + height, size))
            total += part.weight * better(part, rows).sum(axis=0)
    # Each is compared with itself too, where neither is better: that half is taken off.
    return total + 0.5


def better(part: Part, rows: slice) -> Matrix:
    """rows x I: how probable it is that row is better than column, 0 to 1; one half where both are one.

    Phi((m_row - m_column) / sqrt(v_row + v_column - 2 c)); 0, one half or 1 where nothing is uncertain.
    """
    means, variance, loading = part.means, part.variance, part.loading
    apart: Matrix = means[rows, None] - means[None, :]
    spread: Matrix = loading[rows] @ (-2 * loading.T)
    spread += variance[rows, None]
    spread += variance[None, :]
    known = spread <= 1e-12 * max(1.0, float(variance.max(initial=0.0)))
    own = np.arange(len(means))[rows]
    known[np.arange(len(own)), own] = True
    sure = np.where(apart > 0, 1.0, np.where(apart < 0, 0.0, 0.5))[known]
    spread[known] = 1.0
    np.sqrt(spread, out=spread)
    found: Matrix = ndtr(np.divide(apart, spread, out=apart))
    found[known] = sure
    return found


@dataclass(frozen=True)
class Firmness:
    """Where each application may truly stand.

    `inner` and `outer` (I x 2) hold the first and last place of the 50 and of the 90 % interval; `places`
    (I x draws) the place of each in each draw, from 1 to I, and `qualities` what it follows from, in points.
    """

    inner: NDArray[np.int64]
    outer: NDArray[np.int64]
    places: Places
    qualities: NDArray[np.float32]

    def top(self, places: int) -> Vector:
        """P(truly among the best `places`), for each; sums to `places`, or to I if that is less."""
        return np.asarray((self.places <= places).mean(axis=1))

    def margins(self, places: int) -> Matrix:
        """I x 3, in points: how far the quality of each is above the line of the best `places`.

        In each draw the quality less that of the last of the best `places` among all others: above 0 just
        where it is among them itself, so that the chance of that is P(margin > 0). The columns are the ends
        of what is left without a tenth on each side, with the middle between them: the first is above 0
        where that chance is above 9/10, the last is not where it is below 1/10. ValueError unless
        1 <= places < I. Source: docs/decisions/0057.
        """
        size, number = self.places.shape
        if not 1 <= places < size:
            raise ValueError(f"no line for {places} of {size}")
        last_in, first_out = (
            self.qualities[np.argmax(self.places == place, axis=0), np.arange(number)]
            for place in (places, places + 1)
        )
        inside = self.places <= places
        found = self.qualities - np.where(inside, first_out, last_in)
        # What is kept of a quality has seven digits: two that agree in them are still on their two sides.
        np.maximum(found, np.finfo(np.float32).tiny, out=found, where=inside)
        np.minimum(found, 0, out=found, where=~inside)
        # Whole numbers: nine tenths of so many draws are not quite 0.9 times them to a machine.
        at = [-(-number // 10) - 1, (number - 1) // 2, 9 * number // 10]
        ends: Matrix = np.partition(found, at, axis=1)[:, at].astype(np.float64)
        return ends

    @cached_property
    def expected(self) -> Vector:
        """The mean place of each, from 1 to I."""
        return np.asarray(self.places.mean(axis=1))

    @cached_property
    def error(self) -> float:
        """The greatest standard error of those means."""
        return float(self.places.std(axis=1).max() / np.sqrt(self.places.shape[1]))


def firmness(mixture: Sequence[Part], order: NDArray[np.int64], draws: int | None = None) -> Firmness:
    """Ranks over draws from the posterior, from a fixed seed; `order` has the applications, the best first.

    In the intervals a quantile is the least place that so large a share of the draws does not exceed; places
    are from 1 to I. Each part of the mixture gets draws by its weight, the largest remainders first, and the
    seed is fixed: 2,000 to 20,000 draws leave an error of at most 0.011 of a chance. Source: Heyard et al.
    (2022).
    """
    size = len(order)
    number = _number(size, draws)
    found = np.empty((size, number), dtype=np.int32)
    qualities = np.empty((size, number), dtype=np.float32)
    for done, drawn in _drawn(mixture, order, number):
        found[order, done : done + len(drawn)] = _ranks_of(drawn).T
        qualities[order, done : done + len(drawn)] = drawn.T
    ordered = np.sort(found, axis=1)
    at = [max(0, int(np.ceil(share * number)) - 1) for share in (0.05, 0.25, 0.75, 0.95)]
    quantiles = ordered[:, at].astype(np.int64)
    return Firmness(inner=quantiles[:, [1, 2]], outer=quantiles[:, [0, 3]], places=found, qualities=qualities)


def _number(size: int, draws: int | None) -> int:
    """How many draws there are."""
    return draws or min(MOST_DRAWS, max(LEAST_DRAWS, DRAWN // max(size, 1)))


def _drawn(mixture: Sequence[Part], order: NDArray[np.int64], number: int) -> Iterator[tuple[int, Matrix]]:
    """The draws in blocks, draws x I in this order, each with how many came before it."""
    size, done = len(order), 0
    for part, count, generator in zip(
        mixture, _shares(mixture, number), _generators(len(mixture)), strict=True
    ):
        for start in range(0, count, max(1, DRAWN // size)):
            some = min(max(1, DRAWN // size), count - start)
            yield done, part.drawn(order, some, generator)
            done += some


def _generators(number: int) -> list[np.random.Generator]:
    return [np.random.default_rng(each) for each in np.random.SeedSequence(SEED).spawn(number)]


def _shares(mixture: Sequence[Part], number: int) -> list[int]:
    """How many draws each part gets: by weight, the largest remainders first."""
    exact = np.array([part.weight * number for part in mixture])
    whole = np.floor(exact).astype(int)
    for place in np.argsort(-(exact - whole), kind="stable")[: number - int(whole.sum())]:
        whole[place] += 1
    return [int(each) for each in whole]


def _ranks_of(drawn: Matrix) -> Places:
    """The places within each row, the highest first."""
    best = np.argsort(-drawn, axis=1)
    places = np.empty(best.shape, dtype=np.int32)
    every = np.arange(1, best.shape[1] + 1, dtype=np.int32)
    places[np.arange(len(best))[:, None], best] = every
    return places
