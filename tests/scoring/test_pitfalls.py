"""What goes wrong in other systems, one test for each: the situation, and what a correct engine does."""

from dataclasses import fields, replace
from fractions import Fraction

import numpy as np
import pytest

from app.scoring.bridging import bridges
from app.scoring.calibration import Calibration, Estimate, Place, Rating, Unranked, calibrate
from app.scoring.cautions import Caution, cautions
from app.scoring.connection import components
from app.scoring.diagnostics import habits
from app.scoring.leaving_out import leave_one_out
from app.scoring.methods import Method
from app.scoring.model_reliability import model_reliability
from app.scoring.moves import moves
from app.scoring.ranking import Line, rank
from app.scoring.run import Sheet, run
from app.scoring.strata import CROSSED, are_mixed_up, own_shares
from tests.scoring.calls import CRITERIA, call, codes, fitted, rules, sheets


def test_one_or_two_reviews_are_ranked_but_say_what_they_need_and_draw_no_hard_line() -> None:
    """Qualities that differ little, read by two: the intervals are wider than half the field."""
    few = sheets(24, 8, 2, spread=0.15)
    found = run([*codes(few), "unread"], [*few, Sheet("single", "r00", "o0", few[0].scores)][:-1], rules())
    said = cautions(found, few)
    assert isinstance(found.calibration, Calibration)
    assert sorted(found.order[Method.CALIBRATED]) == sorted([*codes(few), "unread"])
    assert said.width is not None
    assert said.width > 25 / 2
    assert said.to_confirm == [Caution.WIDE]
    assert said.needs == {**dict.fromkeys(codes(few), 1), "unread": 3}
    assert {each.complete for each in found.figures.values()} == {0, 2}, "how many reviews is never hidden"
    many = sheets(24, 8, 6)
    firm = cautions(run(codes(many), many, rules()), many)
    assert (firm.to_confirm, firm.needs) == ([], {})


def test_groups_without_a_common_application_are_named_bridged_and_confirmed() -> None:
    one = sheets(8, 3, 3)
    other = [
        replace(each, application=f"b{each.application}", reviewer=f"s{each.reviewer}")
        for each in sheets(6, 3, 3, seed=2)
    ]
    both = one + other
    said = cautions(run(codes(both), both, rules()), both)
    assert Caution.APART in said.to_confirm
    assert said.groups == [frozenset({"r00", "r01", "r02"}), frozenset({"sr00", "sr01", "sr02"})]
    pairs = {(each.reviewer, each.application) for each in both}
    possible = {
        (reviewer, application): 5.0 if reviewer == "r00" else 6.0
        for reviewer in {each.reviewer for each in both}
        for application in codes(both)
        if (reviewer, application) not in pairs
    }
    bridge = bridges(pairs, possible)
    assert bridge == [("r00", "ba000")]
    assert len(components(pairs | set(bridge))) == 1


def test_strata_mixed_up_with_reviewers_are_found_and_their_effect_is_counted() -> None:
    """Two panels that read their own lot and hardly the other's, one lot being better."""
    random = np.random.default_rng(3)
    strata = {f"a{n:03}": "north" if n < 20 else "south" for n in range(40)}
    ratings = [
        Rating(code, f"r{r}", float((60 if lot == "north" else 45) + 6 * (n % 5) + random.normal(0, 6)))
        for n, (code, lot) in enumerate(strata.items())
        for r in ([0, 1, 2, 3] if (lot == "north") == bool(n % 10) else [3, 4, 5, 6])
    ]
    pairs = [(each.reviewer, each.application) for each in ratings]
    assert are_mixed_up(pairs, strata)
    assert min(own_shares(pairs, strata).values()) < 1 - CROSSED < max(own_shares(pairs, strata).values())
    plain, aware = fitted(ratings), calibrate(ratings, strata=strata)
    assert isinstance(aware, Calibration)
    orders = [
        [code for _, code in sorted((-own, code) for code, own in each.merits.items())]
        for each in (plain, aware)
    ]
    moved = moves(orders[0], orders[1], 10)
    assert len(moved.places) > 0
    assert len(moved.enter) == len(moved.leave)


def test_a_missing_criterion_is_no_average_of_the_rest() -> None:
    given = sheets(8, 4, 3)
    lacking = replace(given[0], scores={"need": 5, "work_plan": 5, "budget": 5})
    found = run(codes(given), [lacking, *given[1:]], rules())
    said = cautions(found, [lacking, *given[1:]])
    assert found.incomplete == said.incomplete == [(lacking.application, lacking.reviewer)]
    assert Caution.INCOMPLETE in said.found
    assert all((each.application, each.reviewer) != found.incomplete[0] for each in found.ratings)
    assert found.figures[lacking.application].complete == 2
    without = run(codes(given), given[1:], rules())
    assert found.order[Method.CALIBRATED] == without.order[Method.CALIBRATED]


def test_a_constant_reviewer_is_flagged_and_tells_nothing_between_applications() -> None:
    ratings = call(12, 4, 3)
    same = [Rating(f"a{n:03}", "same", 60.0) for n in range(12)]
    before, after = fitted(ratings), fitted([*ratings, *same])
    flags = habits([*ratings, *same], after)
    assert [code for code, habit in flags.items() if habit.constant] == ["same"]
    assert flags["same"].slope == pytest.approx(0, abs=1e-9)
    assert np.isfinite([*after.expected_ranks.values(), after.leniencies["same"].value]).all()
    first, second = (sorted(each.merits, key=lambda code: -each.merits[code]) for each in (before, after))
    assert first[:2] == second[:2]
    assert {*first[-2:]} == {*second[-2:]}


def test_a_reviewer_with_one_review_keeps_a_leniency_near_nothing_and_a_wide_interval() -> None:
    ratings = [*call(40, 8, 4), Rating("a000", "new", 95.0)]
    found = fitted(ratings)
    known = [found.leniencies[f"r{n:02}"] for n in range(8)]
    new = found.leniencies["new"]
    low, high = new.interval
    assert low < 0 < high
    assert new.deviation > 1.5 * max(each.deviation for each in known)
    residual = 95.0 - found.scores["a000"].value
    assert abs(new.value) < 0.7 * abs(residual)
    habit = habits(ratings, found)["new"]
    assert (habit.slope, habit.noise, habit.noisy, habit.flat, habit.constant) == (
        None,
        None,
        False,
        False,
        False,
    )


def test_no_differences_in_leniency_crash_nothing_and_leave_raw_means_nearly_as_they_are() -> None:
    """Everybody reads everything, so there is no luck of the draw, and all are equally strict."""
    random = np.random.default_rng(2)
    quality = random.normal(50, 15, 15)
    ratings = [
        Rating(f"a{a:02}", f"r{r}", float(quality[a] + 3 * ((a + r) % 5 - 2)))
        for a in range(15)
        for r in range(5)
    ]
    found = fitted(ratings)
    raw = {
        code: np.mean([each.value for each in ratings if each.application == code])
        for code in found.applications
    }
    assert max(abs(each.value) for each in found.leniencies.values()) < 0.5
    assert sorted(raw, key=lambda code: -raw[code]) == sorted(raw, key=lambda code: -found.merits[code])
    assert all(abs(found.scores[code].value - raw[code]) < 2 for code in raw)
    assert 0 < found.ups < found.sigma


def test_nothing_to_rank_by_is_said_and_everybody_is_equal() -> None:
    for given in (
        [Sheet(a, r, r, dict.fromkeys(CRITERIA, 3)) for a in "ab" for r in "xyz"],
        [Sheet("a", r, r, dict.fromkeys(CRITERIA, n + 1)) for n, r in enumerate("xyz")],
        [Sheet("a", "x", "x", dict.fromkeys(CRITERIA, 2)), Sheet("b", "x", "x", dict.fromkeys(CRITERIA, 4))],
        [],
    ):
        found = run(["a", "b"], given, rules())
        assert isinstance(found.calibration, Unranked)
        rated = {each.application for each in found.ratings}
        merits = {found.figures[code].positions[Method.CALIBRATED].merit for code in rated}
        assert len(merits) <= 1
        assert Caution.UNRANKED in cautions(found, given).found


def test_many_scores_at_the_ceiling_are_warned_of() -> None:
    high = sheets(20, 6, 4, middle=4.6, spread=0.6)
    said = cautions(run(codes(high), high, rules()), high)
    assert said.ends[1] > 0.2
    assert Caution.PILED_UP in said.found
    assert Caution.PILED_UP not in said.to_confirm
    usual = sheets(20, 6, 4)
    assert Caution.PILED_UP not in cautions(run(codes(usual), usual, rules()), usual).found


def test_a_conflict_declared_after_scoring_leaves_old_and_new_order() -> None:
    given = sheets(12, 5, 4)
    before = run(codes(given), given, rules())
    tied = next(each for each in given if each.application == before.order[Method.CALIBRATED][2])
    after = run(codes(given), [each for each in given if each is not tied], rules())
    assert len(before.ratings) == len(after.ratings) + 1, "the old run stays as it was"
    moved = moves(before.order[Method.CALIBRATED], after.order[Method.CALIBRATED], 3)
    assert {*moved.enter} == {*after.order[Method.CALIBRATED][:3]} - {*before.order[Method.CALIBRATED][:3]}
    assert {*moved.leave} == {*before.order[Method.CALIBRATED][:3]} - {*after.order[Method.CALIBRATED][:3]}
    for code, (old, new) in moved.places.items():
        assert old == before.figures[code].positions[Method.CALIBRATED].place
        assert new == after.figures[code].positions[Method.CALIBRATED].place


def test_a_corrected_score_shows_whose_place_it_changes() -> None:
    given = sheets(10, 5, 4)
    before = run(codes(given), given, rules())
    last = before.order[Method.CALIBRATED][-1]
    better = [
        replace(each, scores=dict.fromkeys(CRITERIA, 5)) if each.application == last else each
        for each in given
    ]
    moved = moves(
        before.order[Method.CALIBRATED], run(codes(given), better, rules()).order[Method.CALIBRATED], 3
    )
    assert moved.places[last][0] == 10
    assert last in moved.enter
    assert moves(["a", "b"], ["a", "b"], 1).places == {}
    assert moves(["a", "b", "c"], ["c", "a"], 2).places == {"c": (3, 1), "a": (1, 2), "b": (2, None)}
    with pytest.raises(ValueError, match="no line"):
        moves(["a"], ["a"], 0)


def test_reliability_is_of_all_applications_because_among_the_best_it_goes_to_nothing() -> None:
    ratings = call(120, 12, 4)
    whole = fitted(ratings)
    best = sorted(whole.merits, key=lambda code: -whole.merits[code])[:20]
    among = fitted([each for each in ratings if each.application in best])
    found, cut = model_reliability(whole), model_reliability(among)
    assert found.final.value == pytest.approx(whole.reliability, abs=1e-9)
    assert cut.final.value < 0.6 < found.final.value
    for each in (found.single, found.adjusted, found.final):
        assert 0 < each.low < each.value < each.high < 1
    spread = (whole.tau**2, whole.ups**2, whole.sigma**2)
    assert found.single.value == pytest.approx(spread[0] / sum(spread), abs=0.02)
    assert found.adjusted.value == pytest.approx(spread[0] / (spread[0] + spread[2]), abs=0.02)
    assert found.single.value < found.adjusted.value < found.final.value


def test_runs_with_other_settings_are_other_runs_and_the_same_one_comes_out_again() -> None:
    given = sheets(10, 5, 3)
    first, again = run(codes(given), given, rules()), run(codes(given), given, rules())
    assert isinstance(first.calibration, Calibration)
    assert isinstance(again.calibration, Calibration)
    assert first.calibration.expected_ranks == again.calibration.expected_ranks
    assert [(n.weight, n.sigma, n.tau) for n in first.calibration.nodes] == [
        (n.weight, n.sigma, n.tau) for n in again.calibration.nodes
    ]
    assert (first.order, first.figures) == (again.order, again.figures)
    other = run(codes(given), given, rules(Method.MEDIAN))
    assert other.rules != first.rules
    assert other.order == first.order, "every method is computed; the published one decides which counts"


def test_a_tie_at_the_line_goes_by_the_published_rules_then_by_the_draw_and_never_by_name() -> None:
    """The twins come first as often as their copies do, whatever they are called."""
    twin = [
        Sheet(code, f"r{n}", f"o{n}", dict.fromkeys(CRITERIA, 4 + n % 2)) for n in range(3) for code in "AZ"
    ]
    rest = [Sheet("M", f"r{n}", f"o{n}", dict.fromkeys(CRITERIA, 2 + n % 2)) for n in range(3)]
    winners = set()
    for seed in map(str, range(12)):
        found = run(["A", "M", "Z"], twin + rest, rules(line=1, seed=seed))
        first = found.figures[found.order[Method.CALIBRATED][0]].positions[Method.CALIBRATED]
        assert (first.label, first.decided_by) == ("1", "draw")
        winners.add(found.order[Method.CALIBRATED][0])
    assert winners == {"A", "Z"}
    equal = [Line(code, Fraction(70), {"need": Fraction(need)}) for code, need in (("A", 3), ("Z", 4))]
    assert [each.code for each in rank(equal, tie_order=["need"], seed="s", call="c")] == ["Z", "A"]


def test_a_malicious_reviewer_stands_out_and_the_places_that_hang_on_them_are_listed() -> None:
    """All ones and one five: their friend comes in, and leaves again without them."""
    given = sheets(16, 5, 5, seed=4)
    order = run(codes(given), given, rules()).order[Method.CALIBRATED]
    friend = order[4]
    bad = [
        replace(each, scores=dict.fromkeys(CRITERIA, 5 if each.application == friend else 1))
        if each.reviewer == "r03"
        else each
        for each in given
    ]
    found = run(codes(given), bad, rules())
    assert isinstance(found.calibration, Calibration)
    flags = habits(found.ratings, found.calibration)
    assert [code for code, habit in flags.items() if habit.flat or habit.noisy] == ["r03"]
    assert friend in found.order[Method.CALIBRATED][:3]
    out = leave_one_out(found, bad, 3).reviewers
    changed = out["r03"]
    assert changed is not None
    assert friend in changed.leave


def test_nothing_is_rounded_before_it_is_ranked() -> None:
    close = [
        Line("A", Fraction(200, 3), {}),
        Line("B", Fraction(200, 3) + Fraction(1, 10**12), {}),
    ]
    assert [each.code for each in rank(close, tie_order=[], seed="s", call="c")] == ["B", "A"]
    given = [
        Sheet(code, f"r{n}", f"o{n}", dict.fromkeys(CRITERIA, 3 + n % 2)) for n in range(3) for code in "ABC"
    ]
    given[1] = replace(given[1], scores={**given[1].scores, "need": 4})
    found = run(["A", "B", "C"], given, rules(Method.MEAN_OF_MEANS))
    position = found.figures["B"].positions[Method.MEAN_OF_MEANS]
    # One step on one of four criteria by one of three: a twelfth of 25 points above the others' 175 / 3.
    assert position.total == Fraction(175, 3) + Fraction(25, 12)
    assert (position.place, position.decided_by) == (1, "total")


def test_no_estimate_comes_without_its_interval() -> None:
    """A score, a leniency or a place of the model cannot even be made without saying how firm it is."""
    assert [each.name for each in fields(Estimate)] == ["value", "deviation"]
    assert [each.name for each in fields(Place)] == ["score", "expected_rank", "inner", "outer"]
    found = fitted(call(10, 4, 3))
    for each in [*found.scores.values(), *found.leniencies.values()]:
        assert each.interval[0] < each.value < each.interval[1]
    for place in found.places.values():
        assert place.outer[0] <= place.inner[0] <= place.inner[1] <= place.outer[1]
