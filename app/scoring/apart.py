"""Whether two reviews of one application differ by more than the call's published rule allows. Pure, exact.

Of scores as they were given: the rule is checked while reviewing runs, before anything can be calibrated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.scoring.totals import Scores, Weighted, review_total


@dataclass(frozen=True, slots=True)
class Gap:
    """From which difference on: `points` of the total, out of 100, or `steps` on one criterion.

    None where that difference is never too much.
    """

    points: int | None
    steps: int | None


def are_apart(one: Scores, other: Scores, criteria: Sequence[Weighted], gap: Gap) -> bool:
    """Whether these two differ too much. What one of them could not judge is not compared.

    |total - total| >= points, in points of 100, or |score - score| >= steps on one criterion. ValueError for
    a score outside its scale. Source: the practice of European programmes, as each call publishes it.
    """
    if gap.steps is not None:
        both = one.keys() & other.keys()
        if any(abs(one[code] - other[code]) >= gap.steps for code in both):
            return True
    if gap.points is None:
        return False
    first, second = review_total(one, criteria), review_total(other, criteria)
    return first is not None and second is not None and abs(first - second) >= gap.points


def pairs_apart(
    reviews: Sequence[Scores], criteria: Sequence[Weighted], gap: Gap
) -> Iterator[tuple[int, int]]:
    """Every pair of reviews of one application that differs too much, by their places."""
    for one, other in combinations(range(len(reviews)), 2):
        if are_apart(reviews[one], reviews[other], criteria, gap):
            yield one, other
