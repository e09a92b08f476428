"""The model behind calibration, solved for given spreads. Pure; arrays in, arrays out.

score = mu + theta (the application) + b (the reviewer) + noise, all three Gaussian: theta ~ N(0, tau^2),
b ~ N(0, ups^2), noise ~ N(0, sigma^2 / weight). mu has a flat prior, or is given. With the ratios
r_t = tau^2 / sigma^2 and r_b = ups^2 / sigma^2 fixed, everything else is closed form: the applications are
eliminated exactly, and one Cholesky factor of (reviewers + 1) rows is left.

Source: Heyard, Ott, Salanti and Egger, "Rethinking the funding line at the Swiss National Science Foundation"
(2022); Henderson's mixed model equations (1975).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Who gave what to whom: N scores of I applications by J reviewers.

    `application` and `reviewer` are indexes, `value` the scores in points, `weight` what each counts (> 0).
    `mean` is the given mu; None when it is to be estimated.
    """

    application: NDArray[np.int64]
    reviewer: NDArray[np.int64]
    value: Vector
    weight: Vector
    applications: int
    reviewers: int
    mean: float | None = None

    @cached_property
    def _centre(self) -> float:
        """What is taken off every score, so that small differences keep their digits."""
        return self.mean if self.mean is not None else float(np.average(self.value, weights=self.weight))

    @cached_property
    def _centred(self) -> Vector:
        return self.value - self._centre

    @cached_property
    def weights(self) -> Matrix:
        """I x J: what the scores of one reviewer for one application count together."""
        table = np.zeros((self.applications, self.reviewers))
        np.add.at(table, (self.application, self.reviewer), self.weight)
        return table

    @cached_property
    def _sums(self) -> tuple[Vector, Vector, float]:
        weighted = self.weight * self._centred
        return (
            np.bincount(self.application, weighted, self.applications).astype(np.float64),
            np.bincount(self.reviewer, weighted, self.reviewers).astype(np.float64),
            float(weighted @ self._centred),
        )

    @cached_property
    def degrees(self) -> int:
        """Scores less what is estimated without a prior."""
        return len(self.value) - (self.mean is None)

    def solved(self, ratio_t: float, ratio_b: float) -> "Solved":
        """Everything that follows from the two ratios (both > 0)."""
        of_application, of_reviewer, square = self._sums
        size, number = self.weights.sum(axis=1), self.weights.sum(axis=0)
        diagonal = size + 1 / ratio_t
        across = self.weights
        own = np.diag(number + 1 / ratio_b)
        right = of_reviewer
        if self.mean is None:
            across = np.column_stack([self.weights, size])
            own = np.block([[own, number[:, None]], [number[None, :], np.array([[size.sum()]])]])
            right = np.append(of_reviewer, of_reviewer.sum())
        scaled = across / diagonal[:, None]
        factor = cholesky(own - across.T @ scaled, lower=True)
        right = right - scaled.T @ of_application
        half = solve_triangular(factor, right, lower=True)
        effects = solve_triangular(factor.T, half, lower=False)
        rest = square - float(of_application @ (of_application / diagonal)) - float(half @ half)
        determinant = float(np.log(diagonal).sum() + 2 * np.log(np.diag(factor)).sum())
        return Solved(
            effects=effects,
            quality=(of_application - across @ effects) / diagonal,
            centre=self._centre,
            diagonal=diagonal,
            scaled=scaled,
            factor=factor,
            rest=max(rest, 0.0),
            log_determinant=determinant
            + self.applications * float(np.log(ratio_t))
            + self.reviewers * float(np.log(ratio_b)),
            reviewers=self.reviewers,
        )


@dataclass(frozen=True)
class Solved:
    """The posterior for given ratios. `effects` are the reviewers' leniencies, then mu where it is estimated.

    `quality` is theta (I, points); `rest` is the quadratic form Q, in points squared; covariances below are
    to be multiplied by sigma^2.
    """

    effects: Vector
    quality: Vector
    centre: float
    diagonal: Vector
    scaled: Matrix
    factor: Matrix
    rest: float
    log_determinant: float
    reviewers: int

    @property
    def leniency(self) -> Vector:
        """b, of each reviewer: points given more than colleagues would."""
        return self.effects[: self.reviewers]

    @property
    def mean(self) -> float:
        """mu in points."""
        return self.centre + float(self.effects[self.reviewers :].sum())

    @cached_property
    def loading(self) -> Matrix:
        """I x (reviewers + 1): how the uncertainty of the effects comes into theta.

        The covariance of theta is loading loading' + diag(1 / diagonal).
        """
        spread: Matrix = solve_triangular(self.factor, self.scaled.T, lower=True).T
        return spread

    @cached_property
    def score_variance(self) -> Vector:
        """Of mu + theta, each application."""
        towards = -self.scaled.copy()
        if len(self.effects) > self.reviewers:
            towards[:, -1] += 1
        half = solve_triangular(self.factor, towards.T, lower=True)
        return np.asarray(1 / self.diagonal + np.einsum("ki,ki->i", half, half))

    @cached_property
    def effects_covariance(self) -> Matrix:
        """Of the effects."""
        inverse: Matrix = cho_solve((self.factor, True), np.eye(len(self.effects)))
        return inverse
