"""The model behind calibration, solved for given spreads. Pure; arrays in, arrays out.

score = mu + theta (the application) + b (the reviewer) + noise, all three Gaussian: theta ~ N(0, tau^2),
b ~ N(0, ups^2), noise ~ N(0, sigma^2 / weight). mu has a flat prior, or is given. With the ratios
r_t = tau^2 / sigma^2 and r_b = ups^2 / sigma^2 fixed, everything else is closed form: the applications are
eliminated exactly, and one Cholesky factor of (reviewers + 1) rows is left.

With strata, theta = g (of the stratum) + u, g ~ N(0, omega^2), u ~ N(0, tau^2): what is known of b and mu
comes from that fit, so that a real difference between strata is not booked as leniency. Then theta is read
from the scores, given b and mu, with the prior N(0, omega^2 + tau^2) that is the same for everybody: no
application gains from its stratum (a "cut" posterior: Plummer 2015).

Source: Heyard, Ott, Salanti and Egger, "Rethinking the funding line at the Swiss National Science Foundation"
(2022); Henderson's mixed model equations (1975).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dtrtrs

from app.scoring.crossing import Index, Matrix, Table, Vector

__all__ = ["Index", "Matrix", "Scores", "Solved", "Vector"]


@dataclass(frozen=True)
class Scores:
    """Who gave what to whom: N scores of I applications by J reviewers.

    `application` and `reviewer` are indexes, `value` the scores in points, `weight` what each counts (> 0).
    `mean` is the given mu; None when it is to be estimated. `stratum` is an index for each application, of
    `strata` many; None where there are none.
    """

    application: Index
    reviewer: Index
    value: Vector
    weight: Vector
    applications: int
    reviewers: int
    mean: float | None = None
    stratum: Index | None = None
    strata: int = 0

    @cached_property
    def centre(self) -> float:
        """What is taken off every score, so that small differences keep their digits."""
        return self.mean if self.mean is not None else float(np.average(self.value, weights=self.weight))

    @cached_property
    def sizes(self) -> Vector:
        """n_i: what the scores of each application weigh together."""
        return np.bincount(self.application, self.weight, self.applications).astype(np.float64, copy=False)

    @cached_property
    def sums(self) -> Vector:
        """t_i: the weighted scores of each application, less the centre."""
        weighted = self.weight * (self.value - self.centre)
        return np.bincount(self.application, weighted, self.applications).astype(np.float64, copy=False)

    @cached_property
    def degrees(self) -> int:
        """Scores less what is estimated without a prior."""
        return len(self.value) - (self.mean is None)

    @cached_property
    def columns(self) -> int:
        """Reviewers, then strata, then mu where it is estimated."""
        return self.reviewers + self.strata + (self.mean is None)

    @cached_property
    def effects(self) -> Table:
        """What each application's scores share with the reviewers, with its stratum, and with mu."""
        return self._table(with_strata=True)

    @cached_property
    def known(self) -> Table:
        """The same without the strata: what is taken off a score to read the quality."""
        return self._table(with_strata=False) if self.strata else self.effects

    def _table(self, *, with_strata: bool) -> Table:
        every = np.arange(self.applications)
        rows, columns, values = [self.application], [self.reviewer], [self.weight]
        if with_strata and self.stratum is not None:
            rows, columns = [*rows, every], [*columns, self.reviewers + self.stratum]
            values = [*values, self.sizes]
        if self.mean is None:
            rows, columns = [*rows, every], [*columns, np.full(self.applications, self.columns - 1)]
            values = [*values, self.sizes]
        return Table(
            rows=self.applications,
            columns=self.columns,
            row=np.concatenate(rows),
            column=np.concatenate(columns),
            value=np.concatenate(values),
        )

    @cached_property
    def _fixed(self) -> tuple[Matrix, Vector, float]:
        """What depends on no ratio: the effects' own part of the equations, their right side, y'y."""
        belongs = [self.reviewer]
        if self.stratum is not None:
            belongs.append(self.reviewers + self.stratum[self.application])
        if self.mean is None:
            belongs.append(np.full(len(self.value), self.columns - 1))
        own = np.zeros((self.columns, self.columns))
        for one in belongs:
            for other in belongs:
                np.add.at(own, (one, other), self.weight)
        centred = self.value - self.centre
        right = np.zeros(self.columns)
        for one in belongs:
            right += np.bincount(one, self.weight * centred, self.columns)
        return own, right, float((self.weight * centred) @ centred)

    def solved(self, ratio_t: float, ratio_b: float, ratio_g: float = 0.0) -> "Solved":
        """Everything that follows from the ratios (> 0; `ratio_g` = omega^2 / sigma^2 only with strata).

        ArithmeticError where the scores leave the equations without a solution.
        """
        own, right, square = self._fixed
        table, sums = self.effects, self.sums
        inverse = 1 / (self.sizes + 1 / ratio_t)
        system = own - table.inner(inverse)
        places = np.arange(self.reviewers + self.strata)
        system[places, places] += np.repeat(
            [1 / ratio_b, 1 / ratio_g if self.strata else 0.0], [self.reviewers, self.strata]
        )
        factor, failed = dpotrf(system, lower=1, clean=1)
        if failed:
            raise ArithmeticError("the equations have no solution")
        half, _ = dtrtrs(factor, right - table.turned(sums * inverse), lower=1)
        determinant = 2 * np.log(np.diag(factor)).sum() - np.log(inverse).sum()
        return Solved(
            scores=self,
            prior=ratio_t + (ratio_g if self.strata else 0.0),
            system=system,
            factor=factor,
            half=half,
            rest=max(square - float(sums @ (sums * inverse)) - float(half @ half), 0.0),
            log_determinant=float(determinant)
            + self.applications * float(np.log(ratio_t))
            + self.reviewers * float(np.log(ratio_b))
            + (self.strata * float(np.log(ratio_g)) if self.strata else 0.0),
        )


@dataclass(frozen=True)
class Solved:
    """The posterior for given ratios.

    `rest` is the quadratic form Q, in points squared; covariances below are to be multiplied by sigma^2.
    `prior` is the variance of quality before any score, in sigma^2; `system` and `factor` are the equations
    of the effects and their Cholesky factor.
    """

    scores: Scores
    prior: float
    system: Matrix
    factor: Matrix
    half: Vector
    rest: float
    log_determinant: float

    @cached_property
    def effects(self) -> Vector:
        """The reviewers' leniencies, then the strata, then mu where it is estimated."""
        found: Vector = dtrtrs(self.factor, self.half, lower=1, trans=1)[0]
        return found

    @cached_property
    def diagonal(self) -> Vector:
        """The precision of each quality once the effects are known."""
        return self.scores.sizes + 1 / self.prior

    @cached_property
    def quality(self) -> Vector:
        """theta (I, points)."""
        return (self.scores.sums - self.scores.known.times(self.effects)) / self.diagonal

    @property
    def leniency(self) -> Vector:
        """b, of each reviewer: points given more than colleagues would."""
        return self.effects[: self.scores.reviewers]

    @property
    def mean(self) -> float:
        """mu in points."""
        return self.scores.centre + (float(self.effects[-1]) if self.scores.mean is None else 0.0)

    @cached_property
    def effects_covariance(self) -> Matrix:
        """Of the effects."""
        inverse, _ = dpotri(self.factor, lower=1)
        whole: Matrix = np.tril(inverse) + np.tril(inverse, -1).T
        return whole

    @cached_property
    def loading(self) -> Matrix:
        """I x effects: how the uncertainty of the effects comes into theta.

        The covariance of theta is loading loading' + diag(1 / diagonal).
        """
        scaled = self.scores.known.dense / self.diagonal[:, None]
        spread: Matrix = dtrtrs(self.factor, scaled.T, lower=1)[0].T
        return spread

    @cached_property
    def variance(self) -> Vector:
        """Of theta, each application."""
        through = self.scores.known.quadratic(self.effects_covariance)
        return 1 / self.diagonal + through / self.diagonal**2

    @cached_property
    def score_variance(self) -> Vector:
        """Of mu + theta, each application."""
        if self.scores.mean is not None:
            return self.variance
        column = self.effects_covariance[:, -1]
        with_mean = self.scores.known.times(column) / self.diagonal
        found: Vector = np.maximum(self.variance + column[-1] - 2 * with_mean, 0.0)
        return found

    def quality_given(self, effects: Matrix) -> Matrix:
        """What theta would be for each row of effects, given as differences from their estimate."""
        moved: Matrix = (self.scores.known.sparse @ effects.T).T
        qualities: Matrix = self.quality - moved / self.diagonal
        return qualities

    def drawn(self, normal: Matrix) -> Matrix:
        """Differences of the effects from their estimate, for sigma = 1, one row for each of normals.

        The effects are taken in the order of their size: which number meets whom depends on no name.
        """
        order = np.argsort(self.effects, kind="stable")
        factor, _ = dpotrf(self.system[np.ix_(order, order)], lower=1, clean=1)
        found = np.empty_like(normal)
        found[:, order] = dtrtrs(factor, normal.T, lower=1, trans=1)[0].T
        return found
