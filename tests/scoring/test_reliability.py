"""Coefficients of agreement against published tables."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.scoring.reliability import Level, concordance, intra_class, krippendorff, krippendorff_interval

GOLDEN = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "golden/reliability.json").read_text())
}


def test_intraclass_correlations_are_the_published_ones() -> None:
    case = GOLDEN["icc_wine_8x4"]
    found = intra_class(np.array(case["input"]["scores"]))
    names = {
        "ICC11": found.one_way,
        "ICC21": found.absolute,
        "ICC31": found.consistent,
        "ICC1k": found.one_way_mean,
        "ICC2k": found.absolute_mean,
        "ICC3k": found.consistent_mean,
    }
    for name, coefficient in names.items():
        assert coefficient.value == pytest.approx(case["expected"][name], abs=case["tolerance"]["ICC"])
        assert [coefficient.low, coefficient.high] == pytest.approx(
            case["expected"]["CI95"][name], abs=case["tolerance"]["CI95"]
        )


@pytest.mark.parametrize("level", Level)
def test_alpha_of_a_table_with_holes_is_the_published_one(level: Level) -> None:
    case = GOLDEN["krippendorff_wikipedia_3x15"]
    table = [list(unit) for unit in zip(*case["input"]["reliability_data"], strict=True)]
    assert krippendorff(table, level) == pytest.approx(case["expected"][level], abs=case["tolerance"])
    if level is Level.INTERVAL:
        interval = krippendorff_interval(table, level, resamples=200)
        assert interval is not None
        assert 0 < interval.low < 0.55 < interval.value < interval.high <= 1
        assert interval == krippendorff_interval(table, level, resamples=200)


def test_concordance_and_its_test_are_the_published_ones() -> None:
    case = GOLDEN["kendall_w_10projects_4judges"]
    found = concordance(np.array(case["input"]["ranks"], dtype=float).T)
    assert (found.w, found.chi_squared, found.p) == pytest.approx(
        (case["expected"]["W"], case["expected"]["chi2"], case["expected"]["p"]), abs=case["tolerance"]
    )
    assert found.degrees == case["expected"]["df"]
    case = GOLDEN["friedman_rounding_first_base"]
    found = concordance(np.array(case["input"]["times"]).T)
    assert found.chi_squared == pytest.approx(case["expected"]["chi2"], abs=case["tolerance"]["chi2"])
    assert found.p == pytest.approx(case["expected"]["p"], abs=case["tolerance"]["p"])


def test_where_nothing_differs_nothing_is_said() -> None:
    """No number is made up, and none is not a number."""
    assert krippendorff([[3, 3], [3, None], [3, 3]], Level.INTERVAL) is None
    assert krippendorff([[3, None], [None, 4]], Level.INTERVAL) is None
    assert krippendorff_interval([[3, None]], Level.ORDINAL) is None
    for refuse in (intra_class, concordance):
        with pytest.raises(ValueError, match=r"equal|tied"):
            refuse(np.full((4, 3), 2.0))
