"""Totals are exact, absence is never zero, and an organisation counts once."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.totals import Scored, Weighted, application_total, review_total

FOUR = tuple(Weighted(code, 25) for code in ("need", "work_plan", "budget", "sustainability"))


def scores(*values: int | None) -> dict[str, int]:
    return {each.code: value for each, value in zip(FOUR, values, strict=True) if value is not None}


@pytest.mark.parametrize(
    ("given_scores", "total"),
    [((5, 5, 5, 5), 100), ((1, 1, 1, 1), 0), ((3, 3, 3, 3), 50), ((4, 3, 5, 2), Fraction(125, 2))],
)
def test_review_total_is_exact(given_scores: tuple[int, ...], total: Fraction | int) -> None:
    assert review_total(scores(*given_scores), FOUR) == total


def test_review_total_uses_the_weights() -> None:
    criteria = (Weighted("need", 60), Weighted("budget", 40))
    assert review_total({"need": 5, "budget": 1}, criteria) == 60


def test_review_total_without_a_criterion_is_no_total() -> None:
    assert review_total(scores(5, None, 5, 5), FOUR) is None


def test_review_total_outside_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 1 to 5"):
        review_total(scores(6, 1, 1, 1), FOUR)


def test_organisation_counts_once_whatever_its_number_of_reviewers() -> None:
    reviews = [
        Scored("A", scores(5, 5, 5, 5)),
        Scored("B", scores(1, 1, 1, 1)),
        Scored("B", scores(1, 1, 1, 1)),
    ]
    assert application_total(reviews, FOUR).total == 50


def test_cannot_judge_leaves_out_that_cell_only() -> None:
    reviews = [Scored("A", scores(5, None, 3, 3)), Scored("B", scores(1, 5, 3, 3))]
    result = application_total(reviews, FOUR)
    assert result.means == {"need": 3, "work_plan": 5, "budget": 3, "sustainability": 3}
    assert result.total == Fraction(125, 2)
    assert result.spread is None


def test_application_without_any_score_on_a_criterion_has_no_total() -> None:
    result = application_total([Scored("A", scores(5, None, 3, 3))], FOUR)
    assert result.total is None
    assert "work_plan" not in result.means


def test_no_reviews_is_no_total_and_not_zero() -> None:
    result = application_total([], FOUR)
    assert (result.total, result.means, result.spread, result.reviews) == (None, {}, None, 0)


def test_spread_is_between_highest_and_lowest_review() -> None:
    reviews = [
        Scored("A", scores(5, 5, 5, 5)),
        Scored("B", scores(3, 3, 3, 3)),
        Scored("C", scores(4, 4, 4, 4)),
    ]
    assert application_total(reviews, FOUR).spread == 50


score = st.integers(1, 5)
review = st.builds(
    Scored,
    st.sampled_from("ABCD"),
    st.fixed_dictionaries({each.code: score for each in FOUR}),
)


@given(st.lists(review, min_size=1, max_size=8))
def test_total_is_between_zero_and_a_hundred_and_order_does_not_matter(reviews: list[Scored]) -> None:
    total = application_total(reviews, FOUR).total
    assert total is not None
    assert 0 <= total <= 100
    assert application_total(list(reversed(reviews)), FOUR).total == total


@given(st.lists(review, min_size=1, max_size=8), st.integers(0, 7))
def test_a_better_score_never_lowers_the_total(reviews: list[Scored], which: int) -> None:
    index = which % len(reviews)
    better = {**reviews[index].scores, "need": 5}
    raised = [*reviews[:index], Scored(reviews[index].organisation, better), *reviews[index + 1 :]]
    before, after = application_total(reviews, FOUR).total, application_total(raised, FOUR).total
    assert before is not None
    assert after is not None
    assert after >= before
