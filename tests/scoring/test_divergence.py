"""Where a further review is due, where it would decide most, and what stands out in how somebody scores."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.scoring.apart import Gap
from app.scoring.calibration import Calibration, Rating, calibrate
from app.scoring.diagnostics import habits
from app.scoring.divergence import Rule, apart_beyond_chance, decision_values, divergent, diverging

GOLDEN = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "golden/reliability.json").read_text())
}


def fitted(ratings: list[Rating]) -> Calibration:
    found = calibrate(ratings)
    assert isinstance(found, Calibration)
    return found


def everybody(lenient: dict[str, float], *, noise: float = 4.0, seed: int = 3) -> list[Rating]:
    """Thirty applications, each read by everybody."""
    random = np.random.default_rng(seed)
    quality = random.normal(50, 12, 30)
    return [
        Rating(f"a{a:02}", reviewer, float(quality[a] + more + random.normal(0, noise)))
        for a in range(30)
        for reviewer, more in lenient.items()
    ]


def test_the_published_rule_asks_for_a_third_review() -> None:
    case = GOLDEN["third_review_30_points"]
    rule = Rule(points=case["input"]["threshold"], pass_mark=case["input"]["pass_mark"])
    assert [rule.diverges(*pair) for pair in case["input"]["pairs"]] == case["expected"]["third_review"]
    ratings = [
        Rating(f"a{n}", f"r{m}", value)
        for n, pair in enumerate(case["input"]["pairs"])
        for m, value in enumerate(pair)
    ]
    assert diverging(ratings, rule) == [
        f"a{n}" for n, due in enumerate(case["expected"]["third_review"]) if due
    ]


def test_a_strict_and_a_generous_reviewer_do_not_diverge() -> None:
    """Forty points apart on everything is leniency; one application where it turns round is not."""
    ratings = everybody({"strict": -20, "generous": 20, "middle": 0})
    assert len(diverging(ratings, Rule())) > 25
    found = divergent(ratings, Rule(), fitted(ratings))
    assert [each for each in found if each.by_rule] == []
    assert len(found) <= 5, "of 90 pairs one in twenty may be two deviations apart by chance"
    odd = [
        Rating(each.application, each.reviewer, 80.0 if each.reviewer == "strict" else 40.0)
        if each.application == "a07"
        else each
        for each in ratings
    ]
    found = divergent(odd, Rule(), fitted(odd))
    assert {each.application for each in found if each.by_rule} == {"a07"}
    assert found[0].reviewers == ("generous", "strict")
    assert found[0].raw == 40
    assert found[0].adjusted > 60
    assert found[0].deviations > 2


def test_one_more_review_decides_most_at_the_line() -> None:
    ratings = everybody({"x": 0, "y": 3, "z": -3}, noise=8)
    calibration = fitted(ratings)
    values, top = decision_values(calibration, 10), calibration.top(10)
    assert all(0 <= value <= 0.25 for value in values.values())
    most = max(values, key=lambda each: values[each])
    assert 0.2 < top[most] < 0.8
    assert values[max(top, key=lambda each: top[each])] < values[most]


def test_a_second_review_of_an_organisation_is_worth_what_its_weight_is() -> None:
    """An organisation counts once: where each has read all, one more review tells of leniency alone."""
    calibration = fitted(everybody({"x": 0, "y": 3, "z": -3}, noise=8))
    whole = decision_values(calibration, 10)
    shared = decision_values(calibration, 10, dict.fromkeys(whole, 1))
    assert decision_values(calibration, 10, dict.fromkeys(whole, 0)) == whole
    assert all(0 <= shared[code] < value / 3 for code, value in whole.items() if value > 1e-6)
    thirds = decision_values(calibration, 10, dict.fromkeys(whole, 2))
    assert all(thirds[code] <= value for code, value in shared.items())


def test_apart_is_what_neither_leniency_nor_chance_explains() -> None:
    ratings = everybody({"strict": -20, "generous": 20, "middle": 0})
    gap = Gap(30, 2)
    assert apart_beyond_chance(ratings, gap, fitted(ratings)) == []
    odd = [
        Rating(each.application, each.reviewer, 80.0 if each.reviewer == "strict" else 40.0)
        if each.application == "a07"
        else each
        for each in ratings
    ]
    assert apart_beyond_chance(odd, gap, fitted(odd)) == ["a07"]
    assert apart_beyond_chance(odd, Gap(None, 2), fitted(odd)) == ["a07"]
    assert apart_beyond_chance(odd, Gap(95, None), fitted(odd)) == []


def test_who_always_says_the_same_or_tosses_a_coin_stands_out() -> None:
    random = np.random.default_rng(5)
    ratings = [
        *everybody({"a": 0, "b": 4, "c": -4, "d": 1}),
        *(Rating(f"a{n:02}", "same", 60.0) for n in range(30)),
        *(Rating(f"a{n:02}", "coin", float(random.uniform(0, 100))) for n in range(30)),
        Rating("a00", "new", 50.0),
    ]
    found = habits(ratings, fitted(ratings))
    assert [code for code, habit in found.items() if habit.constant] == ["same"]
    assert found["same"].slope == pytest.approx(0, abs=1e-9)
    assert [code for code, habit in found.items() if habit.noisy] == ["coin"]
    assert (found["same"].flat, found["a"].flat, found["new"].flat) == (True, False, False)
    slope = found["a"].slope
    assert slope is not None
    assert slope > 0.7
    assert (found["new"].slope, found["new"].noise, found["new"].noisy) == (None, None, False)
    assert found["new"].reviews == 1
    low, high = found["new"].leniency.interval
    assert low < 0 < high
