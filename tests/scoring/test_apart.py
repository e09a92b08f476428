"""The published rule for reviews that differ too much."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.scoring.apart import Gap, are_apart, pairs_apart
from app.scoring.totals import Weighted, review_total

CRITERIA = [Weighted(code, 25) for code in ("need", "plan", "budget", "stays")]
SCORES = st.dictionaries(st.sampled_from([each.code for each in CRITERIA]), st.integers(1, 5))


def sheet(*scores: int | None) -> dict[str, int]:
    return {each.code: score for each, score in zip(CRITERIA, scores, strict=True) if score is not None}


def test_the_rule_holds_from_its_own_number_on() -> None:
    gap = Gap(points=30, steps=2)
    assert not are_apart(sheet(4, 4, 4, 4), sheet(3, 3, 3, 3), CRITERIA, gap)  # 25 points, one step each
    assert are_apart(sheet(4, 4, 4, 4), sheet(4, 4, 4, 2), CRITERIA, gap)  # two steps
    only_points = Gap(points=25, steps=None)
    assert are_apart(sheet(4, 4, 4, 4), sheet(3, 3, 3, 3), CRITERIA, only_points)
    assert not are_apart(sheet(4, 4, 4, 4), sheet(3, 3, 3, 4), CRITERIA, only_points)
    assert not are_apart(sheet(5, 5, 5, 5), sheet(1, 1, 1, 1), CRITERIA, Gap(None, None))


def test_what_could_not_be_judged_is_not_compared() -> None:
    """Absence is never zero: neither a step nor a total comes from it."""
    assert not are_apart(sheet(5, None, 4, 4), sheet(4, 1, 4, 4), CRITERIA, Gap(points=1, steps=2))


@given(st.lists(SCORES, max_size=4), st.integers(1, 100), st.integers(1, 4))
def test_a_pair_is_apart_exactly_where_the_published_words_say_so(
    reviews: list[dict[str, int]], points: int, steps: int
) -> None:
    found = set(pairs_apart(reviews, CRITERIA, Gap(points, steps)))
    for one in range(len(reviews)):
        for other in range(one + 1, len(reviews)):
            a, b = reviews[one], reviews[other]
            totals = [review_total(each, CRITERIA) for each in (a, b)]
            far = None not in totals and abs(Fraction(totals[0] or 0) - Fraction(totals[1] or 0)) >= points
            stepped = any(abs(a[code] - b[code]) >= steps for code in a if code in b)
            assert ((one, other) in found) == (far or stepped)
