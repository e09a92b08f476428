"""How far reviewers agree: coefficients for complete tables and for tables with holes. Pure.

Always over all applications, never over a shortlist: among the best alone every coefficient goes to nothing
by the restriction of range (Erosheva, Martinkova and Lee 2021).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import chi2, f, rankdata

from app.scoring.mixed_model import Matrix, Vector

Table = Sequence[Sequence[float | None]]
"""Rows of applications, columns of reviewers; None is a hole."""


class Level(StrEnum):
    """How far apart two scores are: any difference, by rank, by distance, or by proportion."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its 95 % interval; 1 is perfect agreement."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IntraClass:
    """Intraclass correlations of a complete table.

    One score and the mean of all k: `one_way` (1,1), `absolute` (A,1), where leniency counts as disagreement,
    and `consistent` (C,1), where it does not; the mean ones are of k reviewers.
    """

    one_way: Coefficient
    absolute: Coefficient
    consistent: Coefficient
    one_way_mean: Coefficient
    absolute_mean: Coefficient
    consistent_mean: Coefficient


def intra_class(scores: Matrix) -> IntraClass:
    """ICC of a complete table, n applications x k reviewers (both at least 2).

    Sources: Shrout and Fleiss (1979) for the coefficients, McGraw and Wong (1996) for the intervals.
    ValueError for a table that is smaller, or in which nothing differs.
    """
    n, k = scores.shape
    if n < 2 or k < 2:
        raise ValueError("a table of two by two is the least")
    grand = scores.mean()
    between = k * ((scores.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    judges = n * ((scores.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    total = ((scores - grand) ** 2).sum()
    if total == 0:
        raise ValueError("all scores are equal")
    within = (total - between * (n - 1)) / (n * (k - 1))
    error = (total - between * (n - 1) - judges * (k - 1)) / ((n - 1) * (k - 1))
    one = (between - within) / (between + (k - 1) * within)
    absolute = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    consistent = (between - error) / (between + (k - 1) * error)
    low_1, high_1 = _f_interval(between / within, n - 1, n * (k - 1), k)
    low_c, high_c = _f_interval(between / error, n - 1, (n - 1) * (k - 1), k)
    low_a, high_a = _absolute_interval(between, judges, error, n, k, absolute)
    return IntraClass(
        one_way=Coefficient(one, low_1, high_1),
        absolute=Coefficient(absolute, low_a, high_a),
        consistent=Coefficient(consistent, low_c, high_c),
        one_way_mean=Coefficient(1 - within / between, _stepped(low_1, k), _stepped(high_1, k)),
        absolute_mean=Coefficient(
            (between - error) / (between + (judges - error) / n), _stepped(low_a, k), _stepped(high_a, k)
        ),
        consistent_mean=Coefficient(1 - error / between, _stepped(low_c, k), _stepped(high_c, k)),
    )


def _stepped(single: float, k: int) -> float:
    """What k scores together reach where one reaches `single` (Spearman and Brown)."""
    return k * single / (1 + (k - 1) * single)


def _f_interval(ratio: float, over: int, under: int, k: int) -> tuple[float, float]:
    low = ratio / f.ppf(0.975, over, under)
    high = ratio * f.ppf(0.975, under, over)
    return float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1))


def _absolute_interval(
    between: float, judges: float, error: float, n: int, k: int, value: float
) -> tuple[float, float]:
    """McGraw and Wong's interval for (A,1), with Satterthwaite's degrees of freedom."""
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    free = (a * judges + b * error) ** 2 / (
        (a * judges) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    over, under = f.ppf(0.975, n - 1, free), f.ppf(0.975, free, n - 1)
    rest = k * judges + (k * n - k - n) * error
    return (
        float(n * (between - over * error) / (over * rest + n * between)),
        float(n * (under * between - error) / (rest + n * under * between)),
    )


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W, 0 to 1, with Friedman's test of no agreement at all."""

    w: float
    chi_squared: float
    degrees: int
    p: float


def concordance(scores: Matrix) -> Concordance:
    """Kendall's W of a complete table, n applications x m reviewers, corrected for ties; W is NaN-free.

    W = 12 S / (m^2 (n^3 - n) - m T), chi^2 = m (n - 1) W. ValueError where somebody gave everybody the same
    and nobody else differs. Source: Kendall and Babington Smith (1939); Friedman (1937).
    """
    n, m = scores.shape
    ranks = np.apply_along_axis(rankdata, 0, scores)
    sums = ranks.sum(axis=1)
    square = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(
        float((counts**3 - counts).sum())
        for column in ranks.T
        for counts in [np.unique(column, return_counts=True)[1]]
    )
    below = m**2 * (n**3 - n) - m * ties
    if below <= 0:
        raise ValueError("all scores are tied")
    w = 12 * square / below
    statistic = m * (n - 1) * w
    return Concordance(w, statistic, n - 1, float(chi2.sf(statistic, n - 1)))


def krippendorff(table: Table, level: Level) -> float | None:
    """Krippendorff's alpha, at most 1; holes are left out. None where nothing can be compared.

    alpha = 1 - observed / expected disagreement, over the pairs within applications with two scores or more;
    0 is what chance gives, below 0 is worse.
    Source: Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), from the coincidence matrix.
    """
    counted = _counted(table)
    if counted is None:
        return None
    values, together = counted
    return _alpha(values, np.asarray(together.sum(axis=0)), level)


def _counted(table: Table) -> tuple[Vector, csr_array] | None:
    """All values, and for each row with two scores or more how often each two of them meet, in one line.

    None where there are no two different values.
    """
    units = [[value for value in row if value is not None] for row in table]
    units = [row for row in units if len(row) > 1]
    values = sorted({value for row in units for value in row})
    if len(values) < 2:
        return None
    place = {value: n for n, value in enumerate(values)}
    unit, cell, share = [], [], []
    for number, row in enumerate(units):
        codes = [place[value] for value in row]
        for one, first in enumerate(codes):
            for other, second in enumerate(codes):
                if one != other:
                    unit.append(number)
                    cell.append(first * len(values) + second)
                    share.append(1 / (len(row) - 1))
    together = csr_array((share, (unit, cell)), shape=(len(units), len(values) ** 2))
    return np.array(values, dtype=np.float64), together


def _alpha(values: Vector, line: Vector, level: Level) -> float | None:
    """From how often each two values met, over all rows; None where all are one value."""
    together = line.reshape(len(values), len(values))
    margins = together.sum(axis=1)
    apart = _distances(values, margins, level)
    expected = float(margins @ apart @ margins) / (float(margins.sum()) - 1)
    return None if expected <= 0 else 1 - float((together * apart).sum()) / expected


def _distances(values: Vector, margins: Vector, level: Level) -> Matrix:
    apart = values[:, None] - values[None, :]
    if level is Level.NOMINAL:
        same: Matrix = (apart != 0).astype(np.float64)
        return same
    if level is Level.ORDINAL:
        below = np.cumsum(margins) - margins / 2
        return np.square(below[:, None] - below[None, :])
    if level is Level.RATIO:
        total = values[:, None] + values[None, :]
        return np.square(np.where(total == 0, 0.0, apart / np.where(total == 0, 1.0, total)))
    return np.square(apart)


RESAMPLES = 1000
SEED = 20190413


def krippendorff_interval(table: Table, level: Level, resamples: int = RESAMPLES) -> Coefficient | None:
    """Alpha with a 95 % interval from resampled applications; the seed is fixed. None as for alpha itself.

    Those with two scores or more are drawn anew, as many as there are, and the 2.5 and 97.5 % quantiles of
    the alphas are taken. Source: Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapter 13.
    """
    counted, value = _counted(table), krippendorff(table, level)
    if counted is None or value is None:
        return None
    values, together = counted
    rows = together.shape[0]
    generator = np.random.default_rng(SEED)
    found = []
    for _ in range(resamples):
        times = np.bincount(generator.integers(0, rows, rows), minlength=rows).astype(np.float64)
        again = _alpha(values, np.asarray(times @ together), level)
        if again is not None:
            found.append(again)
    low, high = np.quantile(found, [0.025, 0.975])
    return Coefficient(value, float(low), float(high))
