"""What drawing at the line costs, before a call opens: simulated calls, by the order and by lot. Pure.

No simulated number decides anything about a real application.
"""

from dataclasses import dataclass

import numpy as np

from app.scoring.crossing import Index, Matrix
from app.scoring.mixed_model import Scores
from app.scoring.planning import SEED, USUAL, Spread, calibrated, first, normal, who_reads

CALLS, DRAWS = 150, 200
DRAWN = 40_000
"""So many applications are simulated at the most, but for ten calls at the least."""
LEAST_CALLS = 10


@dataclass(frozen=True, slots=True)
class PlannedPrice:
    """How many of the chosen are truly among as many best: by the order alone, and with the draw at its line.

    `drawing`: how many draw, on average.
    """

    order: float
    drawn: float
    drawing: float


def planned_price(
    *,
    applications: int,
    chosen: int,
    reviewers: int,
    reviews: int,
    spread: Spread = USUAL,
    seed: int = SEED,
) -> PlannedPrice:
    """Means over simulated calls, as `planning.plan` plays them through; the draw by `lottery.swiss_groups`.

    Expected ranks and 50 % intervals come from 200 draws of what the reviews leave open. 253 applications
    with five reviews each take about half a second; the same question has the same answer.

    ValueError unless 1 <= chosen < applications and 1 <= reviews <= reviewers. Source: docs/scoring.md.
    """
    if not 1 <= chosen < applications or not 1 <= reviews <= reviewers:
        raise ValueError(f"{chosen} of {applications}, {reviews} reviews by {reviewers}")
    calls = min(CALLS, max(LEAST_CALLS, DRAWN // applications))
    quality = spread.quality * normal(seed, 0, (applications, calls))
    leniency = spread.leniency * normal(seed, 1, (reviewers, calls))
    reads = who_reads(applications, reviewers, reviews, seed)
    scores = np.stack(
        [
            quality + leniency[reads[:, n]] + spread.noise * normal(seed, 2 + n, (applications, calls))
            for n in range(reviews)
        ],
        axis=1,
    )
    found = calibrated(scores, reads, reviewers, spread)
    left_open = _left_open(reads, reviewers, spread, seed)
    best = first(quality, chosen)
    by_order = first(found, chosen)
    order = drawn = drawing = 0.0
    for call in range(calls):
        truly = np.zeros(applications, dtype=bool)
        truly[best[:, call]] = True
        order += float(truly[by_order[:, call]].sum())
        chances, lots = _chances(found[:, call], left_open, chosen)
        drawn += float(chances[truly].sum())
        drawing += lots
    return PlannedPrice(order / calls, drawn / calls, drawing / calls)


def _left_open(reads: Index, reviewers: int, spread: Spread, seed: int) -> Matrix:
    """draws x applications: how far each quality may be from what the reviews make of it."""
    applications, number = reads.shape
    solved = Scores(
        application=np.repeat(np.arange(applications), number),
        reviewer=reads.ravel(),
        value=np.zeros(applications * number),
        weight=np.ones(applications * number),
        applications=applications,
        reviewers=reviewers,
    ).solved((spread.quality / spread.noise) ** 2, (spread.leniency / spread.noise) ** 2)
    effects = spread.noise * solved.drawn(normal(seed, 2**33, (DRAWS, len(solved.effects))))
    own = normal(seed, 2**33 + 1, (DRAWS, applications)) * spread.noise / np.sqrt(solved.diagonal)
    found: Matrix = solved.quality_given(effects) + own
    return found


def _chances(found: Matrix, left_open: Matrix, chosen: int) -> tuple[Matrix, int]:
    """The chance of each in one call, and how many draw."""
    ranks = np.argsort(np.argsort(-(found + left_open), axis=1), axis=1) + 1
    low, high = np.quantile(ranks, (0.25, 0.75), axis=0, method="inverted_cdf")
    expected = ranks.mean(axis=0)
    at = np.sort(expected)[chosen - 1]
    lots = ((low <= at) & (at <= high)) | (expected == at)
    chances = ((high < at) & ~lots).astype(np.float64)
    left = chosen - float(chances.sum())
    chances[lots] = min(1.0, left / max(1, int(lots.sum())))
    return chances, int(lots.sum()) if left < lots.sum() else 0
