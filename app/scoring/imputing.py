"""What a review would say of a criterion that was not judged in it: an estimate, with less weight. Pure.

Off unless a call publishes it. The scores of the other criteria alone would be a mean of what is left: who
could not judge where everybody is strict would then count as generous.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.scoring.criteria import Sheet
from app.scoring.totals import Weighted, review_total

Key = tuple[str, str]
"""An application and a reviewer."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A review with its total of 0 to 100, which part of its criteria was judged (0 to 1), and the estimates.

    `estimates` are by criterion, each on its own scale.
    """

    total: Fraction
    judged: Fraction
    estimates: Mapping[str, Fraction]


def completed(sheets: Sequence[Sheet], criteria: Sequence[Weighted]) -> Mapping[Key, Completed]:
    """The reviews that lack a criterion with weight, but not all, each with what it would say of those.

    On scales of 0 to 1, from the complete reviews: a score is the review's own mean, plus how the criterion
    lies to the others, plus how this reviewer's scores of it lie besides (0 for who has no complete review);
    never beyond the scale. Nothing is estimated where no review is complete. ValueError for a score outside
    its scale. Source: docs/scoring.md.
    """
    weighted = [each for each in criteria if each.weight]
    whole = [each for each in sheets if review_total(each.scores, weighted) is not None]
    parts = [
        each
        for each in sheets
        if any(one.code in each.scores for one in weighted)
        and not all(one.code in each.scores for one in weighted)
    ]
    if not whole or not parts:
        return {}
    offsets = _offsets(whole, weighted)
    return {(each.application, each.reviewer): _completed(each, weighted, offsets) for each in parts}


class _Offsets:
    """How each criterion lies to a review's mean: for everybody, and for one reviewer besides."""

    def __init__(self, common: Mapping[str, Fraction], own: Mapping[Key, Fraction]) -> None:
        self.common, self.own = common, own

    def __call__(self, reviewer: str, criterion: str) -> Fraction:
        return self.common[criterion] + self.own.get((reviewer, criterion), Fraction(0))


def _offsets(whole: Sequence[Sheet], criteria: Sequence[Weighted]) -> _Offsets:
    apart: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for each in whole:
        shares = {one.code: _share(one, each.scores[one.code]) for one in criteria}
        middle = sum(shares.values(), Fraction(0)) / len(shares)
        for code, share in shares.items():
            apart[code].append((each.reviewer, share - middle))
    common = {code: _mean([value for _, value in rows]) for code, rows in apart.items()}
    own: dict[Key, list[Fraction]] = defaultdict(list)
    for code, rows in apart.items():
        for reviewer, value in rows:
            own[reviewer, code].append(value - common[code])
    return _Offsets(common, {key: _mean(values) for key, values in own.items()})


def _completed(sheet: Sheet, criteria: Sequence[Weighted], offsets: _Offsets) -> Completed:
    given = {one.code: _share(one, sheet.scores[one.code]) for one in criteria if one.code in sheet.scores}
    level = _mean([share - offsets(sheet.reviewer, code) for code, share in given.items()])
    shares = {
        one.code: given[one.code]
        if one.code in given
        else min(Fraction(1), max(Fraction(0), level + offsets(sheet.reviewer, one.code)))
        for one in criteria
    }
    total = sum((one.weight * shares[one.code] for one in criteria), Fraction(0))
    return Completed(
        total=100 * total / sum(one.weight for one in criteria),
        judged=Fraction(len(given), len(criteria)),
        estimates={
            one.code: one.minimum + shares[one.code] * (one.maximum - one.minimum)
            for one in criteria
            if one.code not in given
        },
    )


def _share(criterion: Weighted, score: int) -> Fraction:
    if not criterion.minimum <= score <= criterion.maximum:
        raise ValueError(f"{score} is outside the scale of {criterion.code}")
    return Fraction(score - criterion.minimum, criterion.maximum - criterion.minimum)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
