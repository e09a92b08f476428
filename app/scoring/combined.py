"""Written and pitch scores together, by the weight that the call published. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.scoring.calibration import TIED, Calibration, Estimate, Place, settled
from app.scoring.crossing import Matrix, Vector
from app.scoring.firmness import Firmness, Posterior, expected_ranks, firmness


@dataclass(frozen=True)
class Combined:
    """The finalists by both, the best first.

    `places` are among the finalists, from 1; their scores are (1 - share) written + share pitch, in points of
    100. Who has only one of the two is not among the `finalists`.
    """

    order: Sequence[str]
    places: Mapping[str, Place]
    firm: Firmness
    finalists: Sequence[str]

    def top(self, places: int) -> Mapping[str, float]:
        """The chance of each finalist to be truly among the best `places` of them, 0 to 1."""
        return dict(zip(self.finalists, self.firm.top(places).tolist(), strict=True))

    @property
    def merits(self) -> Mapping[str, Fraction]:
        """What orders, higher first: less the expected rank, without its last digits; one for all that are
        within the tolerance of the first, so that the tie rules part them."""
        ranks, equal = {code: each.expected_rank for code, each in self.places.items()}, {}
        first, merit = float("-inf"), Fraction(0)
        for code in sorted(ranks, key=lambda each: (ranks[each], each)):
            if ranks[code] - first > TIED:
                first, merit = ranks[code], settled(-ranks[code])
            equal[code] = merit
        return equal


def combined_total(written: Fraction, pitch: Fraction, share: Fraction) -> Fraction:
    """(1 - share) written + share pitch, exactly; all of 100 but the share, which is from 0 to 1.

    ValueError for another share.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share is from 0 to 1, not {share}")
    return (1 - share) * written + share * pitch


def combined(written: Calibration, pitch: Calibration, share: float) -> Combined:
    """Rank those whom both calibrations know by (1 - share) written + share pitch.

    Each posterior stands in as one normal distribution with the mean and covariance that its nodes have
    together; the two are independent, because other people judged. Expected ranks come from the formula,
    intervals from draws, as for the written scores alone. A juror who could not judge somebody is a missing
    review, which the pitch's calibration handles. Points of 100; `share` is the published weight of the
    pitch, 0 to 1 (ValueError for another). ValueError where fewer than two have both.
    Source: docs/scoring.md.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share is from 0 to 1, not {share}")
    finalists = sorted({*written.applications} & {*pitch.applications})
    if len(finalists) < 2:
        raise ValueError("fewer than two have both scores")
    first, its = _normal(written, finalists)
    second, other = _normal(pitch, finalists)
    covariance = (1 - share) ** 2 * its + share**2 * other
    part = Posterior(
        weight=1.0,
        means=(1 - share) * first + share * second,
        loading=_root(covariance),
        own=np.zeros(len(finalists)),
    )
    ranks = expected_ranks([part])
    order = np.argsort(ranks, kind="stable")
    firm = firmness([part], order)
    deviations = [
        float(np.hypot((1 - share) * written.scores[code].deviation, share * pitch.scores[code].deviation))
        for code in finalists
    ]
    values = [
        (1 - share) * written.scores[code].value + share * pitch.scores[code].value for code in finalists
    ]
    inner, outer = firm.inner.tolist(), firm.outer.tolist()
    return Combined(
        order=[finalists[n] for n in order],
        places={
            code: Place(
                score=Estimate(values[n], deviations[n]),
                expected_rank=float(ranks[n]),
                inner=(inner[n][0], inner[n][1]),
                outer=(outer[n][0], outer[n][1]),
            )
            for n, code in enumerate(finalists)
        },
        firm=firm,
        finalists=finalists,
    )


def _normal(calibration: Calibration, codes: Sequence[str]) -> tuple[Vector, Matrix]:
    """Mean and covariance of the qualities of some, over all nodes."""
    place = {code: n for n, code in enumerate(calibration.applications)}
    rows = np.array([place[code] for code in codes])
    mean = np.zeros(len(codes))
    square = np.zeros((len(codes), len(codes)))
    for part in calibration.mixture:
        means, loading = part.means[rows], part.loading[rows]
        mean += part.weight * means
        square += part.weight * (loading @ loading.T + np.diag(part.own[rows]) + np.outer(means, means))
    return mean, square - np.outer(mean, mean)


def _root(covariance: Matrix) -> Matrix:
    """A matrix whose product with itself turned is the covariance."""
    values, vectors = np.linalg.eigh(covariance)
    found: Matrix = vectors * np.sqrt(np.maximum(values, 0))
    return found
