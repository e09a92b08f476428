"""Reviewers' own orders: who stands above whom, without a common scale, and where that says nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kendalltau

from app.scoring.calibration import Rating
from app.scoring.pairwise import NoOrder, OwnOrders, bradley_terry, comparisons, own_orders

GOLDEN = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "golden/ordering.json").read_text())
}


def test_abilities_of_those_compared_are_the_published_ones() -> None:
    case = GOLDEN["bradley_terry_baseball_1987"]
    items, table = case["input"]["items"], case["input"]["wins"]
    wins = {
        (one, other): table[n][m] for n, one in enumerate(items) for m, other in enumerate(items) if n != m
    }
    found = bradley_terry(wins, shrinkage=0)
    last = found["Baltimore"]
    assert [found[each] - last for each in items] == pytest.approx(
        case["expected"]["log_ability"], abs=case["tolerance"]
    )
    assert sum(found.values()) == pytest.approx(0, abs=1e-9)
    shrunk = bradley_terry(wins, shrinkage=5)
    assert 0 < shrunk["Milwaukee"] < found["Milwaukee"]


def test_comparisons_that_say_too_little_give_no_extreme_answer() -> None:
    chain = {("a", "b"): 1.0, ("b", "c"): 1.0}
    with pytest.raises(ValueError, match="no greatest likelihood"):
        bradley_terry(chain, shrinkage=0)
    found = bradley_terry(chain)
    assert 20 > found["a"] > found["b"] > found["c"] > -20
    with pytest.raises(ValueError, match="fewer than two"):
        bradley_terry({})


def ratings(scale: Callable[[int, float], float] = lambda reviewer, value: value) -> list[Rating]:
    """Ten applications, a03 the third best; each of six reviewers reads five of them."""
    random = np.random.default_rng(5)
    return [
        Rating(f"a{place:02}", f"r{reviewer}", scale(reviewer, 100.0 - 7 * place))
        for reviewer in range(6)
        for place in sorted(random.choice(10, 5, replace=False))
    ]


def places(found: OwnOrders | NoOrder) -> dict[str, int]:
    assert isinstance(found, OwnOrders)
    return dict(found.places)


def test_only_who_is_above_whom_counts_and_no_scale() -> None:
    found = places(own_orders(ratings()))
    assert sorted(found, key=lambda code: found[code])[0] == "a00"
    assert kendalltau([found[code] for code in sorted(found)], range(len(found))).statistic > 0.95
    # A reviewer may be stricter, use half of the scale, or bend it: the order is the same.
    bent = ratings(lambda reviewer, value: value**2 / 200 - 10 * reviewer)
    assert places(own_orders(bent)) == found
    # Neither does it matter in which order reviews come, nor what a distance is.
    assert places(own_orders(ratings()[::-1])) == found


def test_equal_scores_are_half_each_and_equal_ones_share_their_place() -> None:
    same = [Rating(code, "r", value) for code, value in (("a", 80.0), ("b", 80.0), ("c", 20.0))]
    assert comparisons(same) == {
        ("a", "b"): 0.5, ("b", "a"): 0.5, ("a", "c"): 1.0, ("c", "a"): 0.0, ("b", "c"): 1.0, ("c", "b"): 0.0,
    }  # fmt: skip
    assert places(own_orders(same)) == {"a": 1, "b": 1, "c": 3}


def test_where_orders_are_not_connected_there_is_a_hole() -> None:
    apart = [Rating(code, reviewer, value) for code, reviewer, value in (
        ("a", "r", 80.0), ("b", "r", 60.0), ("c", "s", 90.0), ("d", "s", 10.0),
    )]  # fmt: skip
    assert own_orders(apart) is NoOrder.NOT_CONNECTED
    bridged = [*apart, Rating("b", "s", 50.0)]
    assert sorted(places(own_orders(bridged))) == ["a", "b", "c", "d"]
    # Whom nobody compares is left out, and stands in nobody's way.
    lonely = own_orders([*bridged, Rating("e", "t", 100.0)])
    assert isinstance(lonely, OwnOrders)
    assert (lonely.left_out, "e" in lonely.places) == (("e",), False)
    assert own_orders([Rating("a", "r", 1.0), Rating("b", "s", 2.0)]) is NoOrder.TOO_FEW
    assert own_orders([]) is NoOrder.TOO_FEW


def test_so_many_that_it_takes_too_long_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Rating(f"a{n}", "r", float(n)) for n in range(12)]
    assert len(places(own_orders(many))) == 12
    monkeypatch.setattr("app.scoring.pairwise.MOST", 11)
    assert own_orders(many) is NoOrder.TOO_MANY
