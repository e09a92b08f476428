"""One run orders by every method at once, and nothing about the order of its input shows."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.calibration import Calibration, Unranked, calibrate
from app.scoring.leaving_out import leave_one_out
from app.scoring.methods import Method
from app.scoring.moves import moves
from app.scoring.run import Rules, Run, Sheet, run
from app.scoring.totals import Weighted

CRITERIA = ("need", "work_plan")
ORGANISATIONS = ("council", "city", "university")


def rules(method: Method = Method.MEAN_OF_MEANS) -> Rules:
    return Rules(
        call="call",
        seed="seed",
        method=method,
        criteria=[Weighted(code, 50) for code in CRITERIA],
        tie_order=CRITERIA,
        lines=[3],
    )


def sheet(application: str, reviewer: str, organisation: str, *scores: int | None) -> Sheet:
    given = {code: score for code, score in zip(CRITERIA, scores, strict=True) if score is not None}
    return Sheet(application, reviewer, organisation, given)


def everybody(application: str, *pairs: tuple[int | None, int | None]) -> list[Sheet]:
    """One review of each organisation."""
    return [
        sheet(application, f"r-{organisation}", organisation, *pair)
        for organisation, pair in zip(ORGANISATIONS, pairs, strict=False)
    ]


def random_sheets(seed: int) -> tuple[list[str], list[Sheet]]:
    random = np.random.default_rng(seed)
    codes = [f"a{number:02}" for number in range(9)]
    sheets = [
        sheet(code, f"r{reviewer}", ORGANISATIONS[reviewer % 3], *map(int, random.integers(1, 6, 2)))
        for code in codes
        for reviewer in random.choice(5, 3, replace=False)
    ]
    return codes, sheets


def test_mean_and_median_part_where_one_organisation_stands_alone() -> None:
    sheets = everybody("steady", (4, 4), (4, 4), (4, 4)) + everybody("torn", (5, 5), (5, 5), (1, 1))
    found = run(["steady", "torn"], sheets, rules())
    assert {code: each.positions[Method.MEAN_OF_MEANS].total for code, each in found.figures.items()} == {
        "steady": 75,
        "torn": Fraction(200, 3),
    }
    assert {code: each.positions[Method.MEDIAN].total for code, each in found.figures.items()} == {
        "steady": 75,
        "torn": 100,
    }
    assert found.order[Method.MEAN_OF_MEANS] == ["steady", "torn"]
    assert found.order[Method.MEDIAN] == ["torn", "steady"]


def test_calibration_takes_a_harsh_reviewer_out() -> None:
    """Two of equal quality, one of which met the harsh reviewer: raw puts it below, calibrated does not."""
    codes = [f"a{number}" for number in range(10)]
    sheets = []
    for number, code in enumerate(codes):
        quality = 3 + number % 2
        sheets.append(sheet(code, "kind", "city", quality + 1, quality + 1))
        second = ("harsh", quality - 2) if number < 5 else ("fair", quality)
        sheets.append(sheet(code, second[0], "council", max(1, second[1]), max(1, second[1])))
    found = run(codes, sheets, rules(Method.CALIBRATED))
    assert isinstance(found.calibration, Calibration)
    raw = {code: each.positions[Method.MEAN_OF_MEANS].place for code, each in found.figures.items()}
    calibrated = {code: each.positions[Method.CALIBRATED].place for code, each in found.figures.items()}
    assert raw["a1"] > raw["a5"]
    assert abs(calibrated["a1"] - calibrated["a5"]) < abs(raw["a1"] - raw["a5"])
    assert found.calibration.leniencies["harsh"].value < found.calibration.leniencies["fair"].value


def test_what_could_not_be_judged_is_left_out_of_calibration_alone_and_named() -> None:
    sheets = everybody("a", (4, None), (4, 5), (2, 3)) + everybody("b", (3, 3), (4, 4), (2, 2))
    found = run(["a", "b", "unscored"], sheets, rules(Method.CALIBRATED))
    assert found.incomplete == [("a", "r-council")]
    assert found.figures["a"].complete == 2
    assert found.figures["a"].positions[Method.MEAN_OF_MEANS].means["need"] == Fraction(10, 3)
    last = found.figures["unscored"].positions[Method.CALIBRATED]
    assert (last.place, last.label, last.merit, last.total) == (3, "", None, None)


def test_the_reviews_of_one_organisation_weigh_one_together() -> None:
    sheets = [sheet("a", f"r{n}", "city", 5, 5) for n in range(4)] + [sheet("a", "r9", "council", 1, 1)]
    found = run(["a", "b"], [*sheets, *everybody("b", (3, 3), (3, 3), (3, 2))], rules())
    assert sum(each.weight for each in found.ratings if each.application == "a") == 2


def test_one_criterion_alone_is_calibrated_like_the_total() -> None:
    """The same model on its own scale, reviews of one organisation weighing one together there too."""
    codes, sheets = random_sheets(5)
    sheets += [replace(each, reviewer=f"{each.reviewer}b") for each in sheets[::4]]
    alone = replace(rules(), criteria=[Weighted("need", 100)], tie_order=["need"])
    found = run(codes, [replace(each, scores={"need": each.scores["need"]}) for each in sheets], alone)
    for code in codes:
        position = found.figures[code].positions[Method.CALIBRATED]
        assert position.total is not None
        assert float(position.means["need"]) == pytest.approx(1 + float(position.total) / 25, abs=1e-4)


def test_published_strata_are_known_to_every_fit() -> None:
    """To that of the totals, to that of each criterion, and to those without one reviewer."""
    random = np.random.default_rng(9)
    strata = {f"a{n:02}": "north" if n < 8 else "south" for n in range(16)}
    sheets = [
        sheet(code, f"r{r}", ORGANISATIONS[r % 3], *[int(np.clip(base + random.integers(-1, 2), 1, 5))] * 2)
        for n, (code, stratum) in enumerate(strata.items())
        for base in [4 if stratum == "north" else 2]
        for r in ([0, 1, 2] if stratum == "north" else [3, 4, 5 if n % 3 else 2])
    ]
    published = replace(rules(Method.CALIBRATED), strata=strata)
    found, plain = run(list(strata), sheets, published), run(list(strata), sheets, rules())
    expected = calibrate(found.ratings, strata=strata)
    assert isinstance(found.calibration, Calibration)
    assert isinstance(expected, Calibration)
    assert found.calibration.scores == expected.scores
    for code in strata:
        position = found.figures[code].positions[Method.CALIBRATED]
        assert position.total is not None
        assert float(position.means["need"]) == pytest.approx(1 + float(position.total) / 25, abs=1e-4)
        assert position.means != plain.figures[code].positions[Method.CALIBRATED].means
    rest = [each for each in sheets if each.reviewer != "r2"]
    again = run(list(strata), rest, published).order[Method.CALIBRATED]
    assert leave_one_out(found, sheets, 4).reviewers["r2"] == moves(found.order[Method.CALIBRATED], again, 4)


def test_where_nothing_can_be_told_apart_the_published_rules_decide() -> None:
    sheets = everybody("a", (3, 3), (3, 3)) + everybody("b", (3, 3), (3, 3))
    found = run(["a", "b"], sheets, rules(Method.CALIBRATED))
    assert found.calibration is Unranked.ALL_EQUAL
    places = [found.figures[code].positions[Method.CALIBRATED] for code in found.order[Method.CALIBRATED]]
    assert [(each.label, each.decided_by) for each in places] == [("1", "draw"), ("1", "total")]
    assert found.order[Method.CALIBRATED] == found.order[Method.MEAN_OF_MEANS] == found.order[Method.MEDIAN]


def test_equal_reviews_are_tied_exactly_in_every_method() -> None:
    sheets = everybody("a", (4, 3), (5, 4), (3, 3)) + everybody("b", (4, 3), (5, 4), (3, 3))
    found = run(["a", "b", "c"], [*sheets, *everybody("c", (2, 2), (3, 1), (1, 2))], rules())
    for method in Method:
        one, other = (found.figures[code].positions[method] for code in "ab")
        assert (one.label, other.label) == ("1", "1")
        assert one.merit == other.merit


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_what_was_written_as_json_and_read_again_gives_the_same_run(seed: int) -> None:
    codes, sheets = random_sheets(seed)
    written = json.loads(json.dumps([asdict(each) for each in sheets]))
    found, again = run(codes, sheets, rules()), run(codes, [Sheet(**each) for each in written], rules())
    assert (found.order, found.figures) == (again.order, again.figures)
    assert isinstance(found.calibration, Calibration)
    assert isinstance(again.calibration, Calibration)
    assert found.calibration.expected_ranks == again.calibration.expected_ranks


def places(found: Run) -> dict[str, dict[Method, int]]:
    return {
        code: {method: each.positions[method].place for method in Method}
        for code, each in found.figures.items()
    }


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.randoms())
def test_the_order_of_the_sheets_decides_nothing(seed: int, order: Any) -> None:
    codes, sheets = random_sheets(seed)
    before = run(codes, sheets, rules())
    order.shuffle(sheets)
    order.shuffle(codes)
    again = run(codes, sheets, rules())
    assert (places(again), again.order, again.incomplete) == (
        places(before),
        before.order,
        before.incomplete,
    )
    for method in Method:
        assert sorted(each[method] for each in places(before).values()) == list(range(1, 10))


def test_sums_are_not_divided_by_the_number_of_cores() -> None:
    """Whoever imports the application computes in one thread, and gets the same last digits everywhere."""
    asked = (
        "import app.scoring.run, numpy, os; numpy.ones((900, 900)) @ numpy.ones((900, 900));"
        "print(len(os.listdir('/proc/self/task')) if os.path.exists('/proc/self/task') else 1)"
    )
    environment = {name: each for name, each in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
