"""What a coordinator is told before a call opens is what simulated calls were found to give."""

from functools import partial
from itertools import pairwise

import pytest

from app.scoring.planning import USUAL, Planned, Spread, plan


def five_reviews(reviewers: int, spread: Spread) -> Planned:
    return plan(applications=253, chosen=10, reviewers=reviewers, reviews=[5], spread=spread)[0]


def test_the_hit_rates_are_those_of_the_recovery_table() -> None:
    """Recall of the true ten out of 253, calibrated and raw, as 200 simulated calls gave it elsewhere."""
    table = [(51, USUAL, 0.624, 0.603), (51, Spread(12, 12, 12), 0.616, 0.522)]
    for reviewers, spread, calibrated, raw in table:
        found = five_reviews(reviewers, spread)
        # Three standard errors of the difference: ours is 0.005, theirs 0.009.
        assert found.hit_rate == pytest.approx(calibrated, abs=0.03)
        assert found.raw_hit_rate == pytest.approx(raw, abs=0.03)
        assert (found.total, found.load) == (1265, 25)
        assert found.hits[0] < 10 * found.hit_rate < found.hits[1]
        assert found.error < 0.006


def test_more_reviews_find_more_of_the_best_and_the_answer_stays_the_same() -> None:
    asked = partial(plan, applications=66, chosen=6, reviewers=7, reviews=[1, 3, 5, 7])
    found = asked()
    assert found == asked()
    assert found != asked(seed=7)
    for less, more in pairwise(found):
        assert less.hit_rate < more.hit_rate
        assert less.reliability < more.reliability
        assert less.best_chosen < more.best_chosen
    # Where everybody reads everything leniency is the same for all, and raw means order as well.
    assert found[-1].hit_rate == pytest.approx(found[-1].raw_hit_rate, abs=1e-12)
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
