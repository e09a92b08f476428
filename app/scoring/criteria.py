"""What an average reviewer would give each application on each criterion. Pure.

Each criterion is calibrated by itself, on its own scale: who is strict on budgets need not be on plans. These
means part equal places and fill the table of criteria; they never make an order of their own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.scoring.calibration import Calibration
from app.scoring.crossing import Index
from app.scoring.mixed_model import Scores as Arrays
from app.scoring.spreads import Priors, half_normal, integrated
from app.scoring.totals import Scores, Weighted


@dataclass(frozen=True, slots=True)
class Sheet:
    """One review that counts: who reviewed what for whom, and the scores. All by code."""

    application: str
    reviewer: str
    organisation: str
    scores: Scores


def criterion_means(
    sheets: Sequence[Sheet],
    criteria: Sequence[Weighted],
    total: Calibration,
    strata: Mapping[str, str] | None = None,
) -> Mapping[str, Mapping[str, float]]:
    """Application -> criterion -> its calibrated mean; absent where a criterion cannot be calibrated.

    All sheets that scored a criterion count; those of one organisation weigh one together. The search for the
    spreads starts where that of the `total` ended, which only shortens it. Each mean is on its criterion's
    own scale; `strata` as in `calibrate`. Source: the model of `calibrate`, once for each criterion.
    """
    ordered = sorted(sheets, key=lambda each: (each.application, each.reviewer))
    applications, row = _indexed([each.application for each in ordered])
    _, column = _indexed([each.reviewer for each in ordered])
    organisations, speaks = _indexed([each.organisation for each in ordered])
    kind = None if strata is None else _indexed([strata[each] for each in applications])[1]
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for criterion in criteria:
        values = np.array([each.scores.get(criterion.code, np.nan) for each in ordered], dtype=np.float64)
        told = ~np.isnan(values)
        cell = row[told] * len(organisations) + speaks[told]
        _, at, number = np.unique(cell, return_inverse=True, return_counts=True)
        scale = criterion.maximum - criterion.minimum
        means = _means(row[told], column[told], values[told], 1 / number[at], scale, total, kind)
        for n, value in means.items():
            found[applications[n]][criterion.code] = value
    return found


def _indexed(codes: Sequence[str]) -> tuple[Sequence[str], Index]:
    different = sorted(set(codes))
    place = {code: n for n, code in enumerate(different)}
    return different, np.array([place[code] for code in codes], dtype=np.int64)


def _means(
    row: Index,
    column: Index,
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    scale: float,
    total: Calibration,
    kind: Index | None,
) -> Mapping[int, float]:
    """Row -> calibrated mean, on the scale of the values; empty where nothing can be told apart."""
    rows, application = np.unique(row, return_inverse=True)
    if len(rows) < 2 or len(values) < 3 or values.min() == values.max():
        return {}
    columns, reviewer = np.unique(column, return_inverse=True)
    scores = Arrays(application, reviewer, values, weights, len(rows), len(columns))
    if kind is not None:
        kinds, stratum = np.unique(kind[rows], return_inverse=True)
        if len(kinds) > 1:
            scores = replace(scores, stratum=stratum, strata=len(kinds))
    prior = half_normal(scale / 4)
    nodes = integrated(scores, Priors(prior, prior, prior), total.start)
    means = sum(
        (node.weight * (node.solved.mean + node.solved.quality) for node in nodes), np.zeros(len(rows))
    )
    return dict(zip(rows.tolist(), means.tolist(), strict=True))
