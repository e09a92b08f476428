"""A criterion that a review lacks: left out, or by a published rule estimated, marked and weighed less."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.imputing import completed
from app.scoring.methods import Method
from app.scoring.run import Sheet, ratings_of, run
from app.scoring.totals import Weighted
from tests.scoring.calls import CRITERIA, codes, rules, sheets

TWO = [Weighted("ease", 50), Weighted("use", 50)]


def test_the_estimate_is_the_additive_one() -> None:
    """One criterion lies a step above the other for one reviewer, and three for who is keen."""
    given = [
        Sheet("a", "plain", "p", {"ease": 2, "use": 3}),
        Sheet("b", "plain", "p", {"ease": 3, "use": 4}),
        Sheet("a", "keen", "k", {"ease": 1, "use": 4}),
        Sheet("c", "keen", "k", {"ease": 2}),
        Sheet("c", "plain", "p", {"use": 4}),
        Sheet("c", "new", "n", {"ease": 5}),
        Sheet("c", "blank", "b", {}),
    ]
    found = completed(given, TWO)
    assert set(found) == {("c", "keen"), ("c", "plain"), ("c", "new")}
    assert found["c", "keen"].estimates == {"use": 5}
    assert found["c", "plain"].estimates == {"ease": 3}
    # Who has no complete review is taken for an average one; nobody leaves the scale.
    assert found["c", "new"].estimates == {"use": 5}
    assert found["c", "plain"].total == Fraction(100 * (2 + 3), 8)
    assert {each.judged for each in found.values()} == {Fraction(1, 2)}
    assert completed([each for each in given if len(each.scores) < 2], TWO) == {}
    with pytest.raises(ValueError, match="outside"):
        completed([*given, Sheet("c", "off", "o", {"ease": 9})], TWO)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 23), st.sampled_from(CRITERIA), st.randoms())
def test_an_estimated_review_is_marked_weighs_less_and_hardly_moves_anybody(
    seed: int, which: int, lacks: str, order: Random
) -> None:
    whole = sheets(8, 4, 3, seed=seed)
    one = whole[which]
    part = replace(one, scores={code: score for code, score in one.scores.items() if code != lacks})
    given = [part if each is one else each for each in whole]
    order.shuffle(given)
    key = (one.application, one.reviewer)
    plain = run(codes(given), given, rules())
    told = run(codes(given), given, replace(rules(), impute=True))
    assert (plain.incomplete, plain.imputed) == ([key], [])
    assert (told.incomplete, told.imputed) == ([], [key])
    own = {(each.application, each.reviewer): each for each in told.ratings}
    every = {(each.application, each.reviewer): each for each in ratings_of(whole, rules().criteria)}
    assert own[key].weight == pytest.approx(0.75 * every[key].weight)
    assert 0 <= own[key].value <= 100
    others = own.keys() - {key}
    assert {own[each] for each in others} == {every[each] for each in others}
    # Means and the median take such a review as it is, whatever calibration does.
    assert told.order[Method.MEAN_OF_MEANS] == plain.order[Method.MEAN_OF_MEANS]
    assert told.order[Method.MEDIAN] == plain.order[Method.MEDIAN]


def test_where_all_is_judged_nothing_changes() -> None:
    whole = sheets(10, 4, 3)
    plain, told = (run(codes(whole), whole, replace(rules(), impute=each)) for each in (False, True))
    assert (plain.order, plain.figures, plain.ratings) == (told.order, told.figures, told.ratings)
