"""What is done elsewhere: raw means, z-scores by reviewer, least squares of applications and reviewers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

from app.scoring.calibration import Rating


def raw_means(ratings: Sequence[Rating]) -> Mapping[str, float]:
    """The mean of the scores of each application."""
    own: dict[str, list[float]] = defaultdict(list)
    for each in ratings:
        own[each.application].append(each.value)
    return {code: float(np.mean(values)) for code, values in own.items()}


def z_scores(ratings: Sequence[Rating]) -> Mapping[str, float]:
    """The mean of the scores, each less its reviewer's mean and divided by their standard deviation."""
    own: dict[str, list[float]] = defaultdict(list)
    for each in ratings:
        own[each.reviewer].append(each.value)
    scales = {code: (np.mean(values), np.std(values, ddof=1) or 1.0) for code, values in own.items()}
    return raw_means(
        [
            Rating(each.application, each.reviewer, float((each.value - middle) / width))
            for each in ratings
            for middle, width in [scales[each.reviewer]]
        ]
    )


def least_squares(ratings: Sequence[Rating]) -> Mapping[str, float]:
    """The applications' part of score = application + reviewer; the shortest solution of many."""
    applications = sorted({each.application for each in ratings})
    reviewers = sorted({each.reviewer for each in ratings})
    row = {code: n for n, code in enumerate(applications)}
    column = {code: len(row) + n for n, code in enumerate(reviewers)}
    places = np.arange(len(ratings))
    both = np.concatenate(
        [[row[each.application] for each in ratings], [column[each.reviewer] for each in ratings]]
    )
    design = csr_array(
        (np.ones(2 * len(ratings)), (np.concatenate([places, places]), both)),
        shape=(len(ratings), len(row) + len(column)),
    )
    values = np.array([each.value for each in ratings])
    found = lsqr(design, values - values.mean(), atol=1e-10, btol=1e-10, iter_lim=2000)[0]
    return dict(zip(applications, found[: len(row)].tolist(), strict=True))
