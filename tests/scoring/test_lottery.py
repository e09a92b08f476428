"""A draw can be repeated by anybody, gives each its chance, and has its price beside it."""

import hmac
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.calibration import Estimate, Place
from app.scoring.draw import draw_ticket, drawn_by_chance, drawn_order
from app.scoring.lottery import price, swiss_groups
from app.scoring.merit import consistent, merit
from tests.scoring.calls import call, fitted

GOLDEN = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "golden/ordering.json").read_text())
}


def test_tickets_and_winners_are_the_published_ones() -> None:
    case = GOLDEN["verifiable_draw_hmac"]
    given, expected = case["input"], case["expected"]
    for each in given["rfc4231"]:
        key = bytes.fromhex(each["key_hex"])
        assert hmac.digest(key, each["data"].encode(), "sha256").hex() == each["hmac_sha256"]
    seed, name = given["seed"], given["call_id"]
    assert {code: draw_ticket(seed, name, code) for code in given["applications"]} == expected["tickets"]
    order = drawn_order(given["applications"], seed=seed, call=name)
    assert order == expected["order"]
    assert order[: given["awards"]] == expected["winners"]
    assert drawn_order([*reversed(given["applications"])], seed=seed, call=name) == order


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=12), st.text(max_size=5))
def test_unequal_chances_choose_just_as_many_as_they_sum_to(parts: list[float], seed: str) -> None:
    rest = np.ceil(sum(parts)) - sum(parts)
    chances = {f"a{n}": part for n, part in enumerate([*parts, rest])}
    found = drawn_by_chance(chances, seed=seed, call="c")
    assert len(found) == len({*found}) == round(sum(chances.values()))
    assert all(chances[code] > 0 for code in found)
    assert {code for code, chance in chances.items() if chance == 1} <= {*found}


def test_unequal_chances_come_true_over_many_seeds() -> None:
    chances = {"a": 1.0, "b": 0.7, "c": 0.2, "d": 0.1, "e": 0.0}
    times = 600
    count = dict.fromkeys(chances, 0)
    for seed in range(times):
        for code in drawn_by_chance(chances, seed=str(seed), call="c"):
            count[code] += 1
    for code, chance in chances.items():
        assert count[code] / times == pytest.approx(chance, abs=0.06)
    for wrong in ({"a": 1.2, "b": 0.8}, {"a": 0.4, "b": 0.4}):
        with pytest.raises(ValueError, match="chance"):
            drawn_by_chance(wrong, seed="s", call="c")


def placed(*given: tuple[float, tuple[int, int]]) -> dict[str, Place]:
    return {
        f"a{n:02}": Place(score=Estimate(0, 1), expected_rank=rank, inner=inner, outer=inner)
        for n, (rank, inner) in enumerate(given)
    }


def test_only_those_whom_the_reviews_cannot_tell_from_the_line_draw() -> None:
    places = placed((1.5, (1, 2)), (2.4, (2, 3)), (3.2, (2, 4)), (3.5, (3, 4)), (4.9, (5, 6)), (5.5, (5, 6)))
    found = swiss_groups(places, 3)
    assert (found.accepted, found.drawing, found.rejected, found.left) == (
        ["a00", "a01"],
        ["a02", "a03"],
        ["a04", "a05"],
        1,
    )
    assert found.chances == {"a00": 1, "a01": 1, "a02": 0.5, "a03": 0.5, "a04": 0, "a05": 0}
    chosen = found.chosen(seed="s", call="c")
    assert len(chosen) == 3
    assert chosen[2] == min(("a02", "a03"), key=lambda code: draw_ticket("s", "c", code))
    enough = swiss_groups(places, 4)
    assert (enough.left, sum(enough.chances.values())) == (0, 4)
    for line in (0, 7):
        with pytest.raises(ValueError, match="no line"):
            swiss_groups(places, line)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 4), st.integers(0, 4)), min_size=1), st.data())
def test_there_are_always_enough_for_the_places(
    given: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    places = placed(*((each / 2, (each // 2 - less, each // 2 + more)) for each, less, more in given))
    line = data.draw(st.integers(1, len(places)))
    found = swiss_groups(places, line)
    assert len({*found.accepted, *found.drawing}) >= line
    assert len(found.accepted) <= line
    assert sum(found.chances.values()) == pytest.approx(line)
    assert found.chances.keys() == places.keys()


def test_a_lottery_costs_accuracy_and_says_how_much() -> None:
    found = fitted(call(40, 10, 3, noise=14))
    groups = swiss_groups(found.places, 6)
    assert len(groups.accepted) + len(groups.drawing) >= 6
    assert sum(groups.chances.values()) == pytest.approx(6)
    cost = price(found, groups.chances, 6)
    first = sorted(found.merits, key=lambda code: -found.merits[code])[:6]
    assert cost.hit_rate == pytest.approx(found.hit_rate(first))
    assert cost.hit_rate_drawn < cost.hit_rate
    assert cost.quality_drawn < cost.quality
    same = price(found, dict.fromkeys(first, 1.0), 6)
    assert (same.hit_rate, same.quality) == (same.hit_rate_drawn, same.quality_drawn)
    with pytest.raises(ValueError, match="not calibrated"):
        price(found, {"unknown": 1.0}, 6)


@pytest.mark.parametrize("name", ["merit_small_6_k2", "merit_small_6_k3"])
def test_the_chances_that_promise_most_are_the_ones_of_the_enumeration(name: str) -> None:
    case = GOLDEN[name]
    intervals = {f"{n}": (low, high) for n, (low, high) in enumerate(case["input"]["intervals"])}
    found = merit(intervals, case["input"]["k"])
    assert found.worst == pytest.approx(
        case["expected"]["worst_case_expected_top_k"], abs=case["tolerance"]["worst_case"]
    )
    assert list(found.chances.values()) == pytest.approx(
        case["expected"]["p_min_norm"], abs=case["tolerance"]["p"]
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)), min_size=2, max_size=8), st.integers(1, 7))
def test_nobody_has_a_smaller_chance_than_somebody_who_lies_wholly_below(
    drawn: list[tuple[int, int]], places: int
) -> None:
    places = min(places, len(drawn))
    intervals = {f"a{n}": (float(low), float(low + width)) for n, (low, width) in enumerate(drawn)}
    found = merit(intervals, places)
    assert sum(found.chances.values()) == pytest.approx(places, abs=1e-6)
    assert all(-1e-9 <= chance <= 1 + 1e-9 for chance in found.chances.values())
    for one, other in combinations(intervals, 2):
        if intervals[one] == intervals[other]:
            assert found.chances[one] == pytest.approx(found.chances[other], abs=1e-5)
        for above, below in ((one, other), (other, one)):
            if intervals[above][0] > intervals[below][1]:
                assert found.chances[above] >= found.chances[below] - 1e-6
    sets = [
        chosen
        for chosen in combinations(intervals, places)
        if not any(
            intervals[out][0] > intervals[inside][1]
            for inside in chosen
            for out in intervals.keys() - {*chosen}
        )
    ]
    worst = min(sum(found.chances[code] for code in chosen) for chosen in sets)
    assert found.worst == pytest.approx(worst, abs=1e-6)
    chosen = consistent(drawn_by_chance(found.chances, seed="s", call="c"), intervals)
    assert tuple(sorted(chosen)) in {tuple(sorted(each)) for each in sets}


def test_a_call_of_253_is_drawn_in_a_moment_and_wrong_questions_are_refused() -> None:
    found = fitted(call(253, 51, 4, noise=14))
    intervals = {code: each.interval for code, each in found.scores.items()}
    chances = merit(intervals, 10)
    assert sum(chances.chances.values()) == pytest.approx(10)
    assert 0 < chances.worst < 10
    for wrong, places in (
        ({"a": (2.0, 1.0), "b": (0.0, 1.0)}, 1),
        ({"a": (0.0, 1.0)}, 2),
        ({"a": (0.0, 1.0)}, 0),
    ):
        with pytest.raises(ValueError, match=r"before it begins|cannot be chosen"):
            merit(wrong, places)
