"""How many reviews find how many of the best: what a coordinator asks before a call opens. Pure.

Calls are simulated as the model has them, score = quality + leniency + noise, and read as this site reads
them. No simulated number decides anything about a real application.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve
from scipy.sparse import csr_array
from scipy.special import ndtri

from app.scoring.crossing import Index, Matrix
from app.scoring.methods import Method
from app.scoring.mixed_model import Scores

SEED = 20190413
"""The same seed and question give the same answer, on any machine."""
DRAWN = 150_000
LEAST_CALLS, MOST_CALLS = 60, 600
"""So many calls are simulated: as many as make `DRAWN` applications, within these limits."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far qualities, leniencies and chance spread: standard deviations in points, all above 0.

    Those of an earlier call are `Spread(found.tau, found.ups, found.sigma)` of its `Calibration`. ValueError
    for others.
    """

    quality: float
    leniency: float
    noise: float

    def __post_init__(self) -> None:
        if not all(0 < each < np.inf for each in (self.quality, self.leniency, self.noise)):
            raise ValueError("every spread is above 0")

    @classmethod
    def of(cls, reliability: float, leniency: float) -> "Spread":
        """From shares of the variance of one review's score: that of quality, and that of leniency.

        Both above 0, together below 1 (the rest is chance); in points of a scale on which a score has a
        standard deviation of 20. ValueError otherwise.
        """
        if not (reliability > 0 and leniency > 0 and reliability + leniency < 1):
            raise ValueError(f"{reliability} and {leniency} are no shares of one whole")
        quality, lenient, noise = (
            20 * float(np.sqrt(share)) for share in (reliability, leniency, 1 - reliability - leniency)
        )
        return cls(quality, lenient, noise)

    @property
    def reliability(self) -> float:
        """tau^2 / (tau^2 + ups^2 + sigma^2): how well one review alone tells the quality, 0 to 1."""
        whole = self.quality**2 + self.leniency**2 + self.noise**2
        return self.quality**2 / whole


USUAL = Spread.of(1.278 / 2.786, 0.240 / 2.786)
"""What the reviews of a large conference were found to be: variances of 1.278, 0.240 and 1.268.

Source: Lawrence, "Reviewer calibration for NIPS" (2014). Close to what the Swiss science foundation found.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What one method finds. `hit_rate`, 0 to 1: the share of the chosen that are truly among as many best
    ones, on average, with its standard `error`; `hits`: between how many of them it is nine times in ten."""

    hit_rate: float
    error: float
    hits: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What so many `reviews` of each application give.

    `total`: reviews in all; `load`: the most that one reviewer reads. `found`: what is found by each method
    that a call may publish. `best_chosen`, 0 to 1: how often the truly best one is among those whom
    calibrated scores choose. `reliability`, 0 to 1: the squared correlation of these with the qualities.
    """

    reviews: int
    total: int
    load: int
    found: Mapping[Method, Found]
    best_chosen: float
    reliability: float


def plan(
    *,
    applications: int,
    chosen: int,
    reviewers: int,
    reviews: Sequence[int],
    spread: Spread = USUAL,
    seed: int = SEED,
) -> Sequence[Planned]:
    """For each number of reviews an application gets: which hit rate for the best `chosen` of all.

    Each application is read by different reviewers, loads differ by one at most, and who reads what is
    chance. The spreads are taken as known, which in a real call they are not: with 50 reviewers or more that
    costs less than 0.01. Scores in few whole steps cost 0.02 to 0.03 more. Every number of reviews meets the
    same applications, reviewers and accidents, so that differences are firmer than `error` says. 253
    applications with 3, 4, 5, 6 and 7 reviews take about half a second.

    ValueError unless 1 <= chosen < applications, and 1 <= each of `reviews` <= reviewers, and the seed is
    from 0 to 2^64 - 1. Source: docs/scoring.md.
    """
    if not 1 <= chosen < applications:
        raise ValueError(f"{chosen} of {applications} cannot be chosen")
    if any(not 1 <= each <= reviewers for each in reviews):
        raise ValueError(f"{reviewers} reviewers cannot give {list(reviews)} reviews each")
    calls = min(MOST_CALLS, max(LEAST_CALLS, DRAWN // applications))
    quality = spread.quality * normal(seed, 0, (applications, calls))
    leniency = spread.leniency * normal(seed, 1, (reviewers, calls))
    best = first(quality, chosen)
    return [_planned(number, quality, leniency, best, chosen, spread, seed) for number in reviews]


def _planned(
    number: int, quality: Matrix, leniency: Matrix, best: Index, chosen: int, spread: Spread, seed: int
) -> Planned:
    applications, calls = quality.shape
    reads = who_reads(applications, len(leniency), number, seed)
    scores = np.stack(
        [
            quality + leniency[reads[:, n]] + spread.noise * normal(seed, 2 + n, (applications, calls))
            for n in range(number)
        ],
        axis=1,
    )
    found = calibrated(scores, reads, len(leniency), spread)
    merits = {
        Method.MEAN_OF_MEANS: scores.mean(axis=1),
        Method.MEDIAN: np.median(scores, axis=1),
        Method.CALIBRATED: found,
    }
    taken = {method: first(merit, chosen) for method, merit in merits.items()}
    winner = quality.argmax(axis=0)
    return Planned(
        reviews=number,
        total=number * applications,
        load=int(np.bincount(reads.ravel()).max()),
        found={method: _found(_in_both(own, best), chosen) for method, own in taken.items()},
        best_chosen=float(np.mean((taken[Method.CALIBRATED] == winner).any(axis=0))),
        reliability=float(np.mean(_correlations(found, quality) ** 2)),
    )


def _found(hits: Index, chosen: int) -> Found:
    """From how many of the best were chosen in each call."""
    calls = len(hits)
    low, high = np.sort(hits)[[int(np.ceil(share * calls)) - 1 for share in (0.05, 0.95)]]
    return Found(
        hit_rate=float(hits.mean()) / chosen,
        error=float(hits.std()) / chosen / float(np.sqrt(calls)),
        hits=(int(low), int(high)),
    )


def normal(seed: int, stream: int, shape: tuple[int, int]) -> Matrix:
    """Standard normal numbers, counted off and not drawn: the n-th of a stream is always the same."""
    whole = np.random.Philox(key=[seed, stream]).random_raw(shape[0] * shape[1])
    found: Matrix = ndtri((whole >> 11) * 2.0**-53 + 2.0**-54).reshape(shape)
    return found


def who_reads(applications: int, reviewers: int, number: int, seed: int) -> Index:
    """applications x number reviewers: those who read least so far; among equals chance decides."""
    chance = normal(seed, 2**32, (applications, reviewers)) / 100
    loads = np.zeros(reviewers)
    found = np.empty((applications, number), dtype=np.int64)
    for row in range(applications):
        # Chance stays below a tenth, so that a smaller load always goes first.
        found[row] = np.argsort(loads + chance[row], kind="stable")[:number]
        loads[found[row]] += 1
    return found


def calibrated(scores: Matrix, reads: Index, reviewers: int, spread: Spread) -> Matrix:
    """What the model makes of each simulated call: applications x calls, up to a constant."""
    applications, number, calls = scores.shape
    model = Scores(
        application=np.repeat(np.arange(applications), number),
        reviewer=reads.ravel(),
        value=np.zeros(applications * number),
        weight=np.ones(applications * number),
        applications=applications,
        reviewers=reviewers,
    )
    solved = model.solved((spread.quality / spread.noise) ** 2, (spread.leniency / spread.noise) ** 2)
    given = scores.reshape(applications * number, calls)
    own = csr_array((model.weight, (model.reviewer, np.arange(len(given)))), shape=(reviewers, len(given)))
    sums = scores.sum(axis=1)
    inverse = 1 / solved.diagonal[:, None]
    right = np.vstack([np.asarray(own @ given), sums.sum(axis=0)]) - model.known.sparse.T @ (sums * inverse)
    effects = cho_solve((solved.factor, True), right)
    found: Matrix = (sums - model.known.sparse @ effects) * inverse
    return found


def first(values: Matrix, number: int) -> Index:
    """number x calls: which are the highest of each column."""
    return np.argpartition(-values, number - 1, axis=0)[:number]


def _in_both(some: Index, others: Index) -> Index:
    """How many each two columns have in common."""
    both = np.sort(np.concatenate([some, others]), axis=0)
    return np.asarray((both[1:] == both[:-1]).sum(axis=0))


def _correlations(some: Matrix, others: Matrix) -> Matrix:
    one, other = some - some.mean(axis=0), others - others.mean(axis=0)
    found: Matrix = (one * other).sum(axis=0) / np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    return found
