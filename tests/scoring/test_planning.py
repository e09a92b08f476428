"""What a coordinator is told before a call opens is what simulated calls were found to give."""

from functools import partial
from itertools import pairwise

import pytest

from app.scoring.methods import Method
from app.scoring.planning import USUAL, Planned, Spread, plan


def five_reviews(reviewers: int, spread: Spread) -> Planned:
    return plan(applications=253, chosen=10, reviewers=reviewers, reviews=[5], spread=spread)[0]


def test_the_hit_rates_are_those_of_the_recovery_table() -> None:
    """Recall of the true ten out of 253, calibrated and raw, as 200 simulated calls gave it elsewhere."""
    table = [(51, USUAL, 0.624, 0.603), (51, Spread(12, 12, 12), 0.616, 0.522)]
    for reviewers, spread, calibrated, raw in table:
        found = five_reviews(reviewers, spread)
        # Three standard errors of the difference: ours is 0.005, theirs 0.009.
        by_model, by_means = found.found[Method.CALIBRATED], found.found[Method.MEAN_OF_MEANS]
        assert by_model.hit_rate == pytest.approx(calibrated, abs=0.03)
        assert by_means.hit_rate == pytest.approx(raw, abs=0.03)
        assert (found.total, found.load) == (1265, 25)
        for each in found.found.values():
            assert each.hits[0] < 10 * each.hit_rate < each.hits[1]
            assert each.error < 0.006
        # With reviews that err normally the middle one tells less than the mean of all.
        assert found.found[Method.MEDIAN].hit_rate < by_means.hit_rate


def test_more_reviews_find_more_of_the_best_and_the_answer_stays_the_same() -> None:
    asked = partial(plan, applications=66, chosen=6, reviewers=7, reviews=[1, 3, 5, 7])
    found = asked()
    assert found == asked()
    assert found != asked(seed=7)
    for less, more in pairwise(found):
        assert all(less.found[each].hit_rate < more.found[each].hit_rate for each in Method)
        assert less.reliability < more.reliability
        assert less.best_chosen < more.best_chosen
    # Where everybody reads everything leniency is the same for all, and raw means order as well.
    last = found[-1].found
    assert last[Method.CALIBRATED].hit_rate == pytest.approx(last[Method.MEAN_OF_MEANS].hit_rate, abs=1e-12)
    # Of one review, of two, mean and median are the same.
    once = found[0].found
    assert once[Method.MEDIAN] == once[Method.MEAN_OF_MEANS]
    assert found[-1].load == 66


def test_spreads_come_from_shares_and_give_them_back() -> None:
    spread = Spread.of(0.4, 0.2)
    assert spread.reliability == pytest.approx(0.4)
    assert spread.leniency**2 == pytest.approx(0.2 * 400)
    assert USUAL.reliability == pytest.approx(0.459, abs=0.001)


def test_what_cannot_be_is_refused() -> None:
    for shares in [(0, 0.2), (0.5, 0.5), (0.4, 0)]:
        with pytest.raises(ValueError, match="no shares"):
            Spread.of(*shares)
    with pytest.raises(ValueError, match="above 0"):
        Spread(1, 0, 1)
    for chosen, reviews in [(0, 3), (253, 3), (10, 0), (10, 52)]:
        with pytest.raises(ValueError, match="cannot"):
            plan(applications=253, chosen=chosen, reviewers=51, reviews=[reviews])
