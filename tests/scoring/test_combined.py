"""Written and pitch scores together, and what hangs on one person or organisation."""

from fractions import Fraction

import numpy as np
import pytest

from app.scoring.calibration import Calibration, Rating
from app.scoring.combined import combined, combined_total
from app.scoring.crossing import Matrix
from app.scoring.leaving_out import leave_one_out
from app.scoring.methods import Method
from app.scoring.moves import moves
from app.scoring.run import run
from tests.scoring.calls import call, codes, fitted, rules, sheets


def pitched(finalists: list[str]) -> Calibration:
    """Five jurors score everybody, the worst of the written ones best; one could not judge the first."""
    random = np.random.default_rng(8)
    return fitted(
        [
            Rating(code, f"j{juror}", 40.0 + 5 * place + 4 * juror + float(random.normal(0, 4)))
            for place, code in enumerate(finalists)
            for juror in range(5)
            if (place, juror) != (0, 2)
        ]
    )


def draws(calibration: Calibration, codes: list[str]) -> Matrix:
    """20,000 qualities of each, from every node by its weight."""
    random = np.random.default_rng(len(codes))
    rows = [calibration.applications.index(code) for code in codes]
    found = [
        part.means[rows]
        + random.normal(size=(round(20_000 * part.weight), part.loading.shape[1])) @ part.loading[rows].T
        + random.normal(size=(round(20_000 * part.weight), len(rows))) * np.sqrt(part.own[rows])
        for part in calibration.mixture
    ]
    return np.resize(random.permutation(np.concatenate(found)), (19_500, len(rows)))


def test_the_published_weight_leads_from_the_written_order_to_that_of_the_pitch() -> None:
    written = fitted(call(40, 8, 4))
    order = sorted(written.merits, key=lambda code: -written.merits[code])
    finalists = order[:8]
    pitch = pitched(finalists)
    assert combined(written, pitch, 0.0).order == finalists
    assert combined(written, pitch, 1.0).order == sorted(finalists, key=lambda code: -pitch.merits[code])
    half = combined(written, pitch, 0.5)
    assert half.finalists == sorted(finalists)
    assert sum(each.expected_rank for each in half.places.values()) == pytest.approx(8 * 9 / 2, abs=1e-9)
    assert sum(half.top(3).values()) == pytest.approx(3, abs=1e-9)
    for code in finalists:
        place = half.places[code]
        both = [each.scores[code] for each in (written, pitch)]
        assert place.score.value == pytest.approx((both[0].value + both[1].value) / 2)
        assert place.score.deviation == pytest.approx(np.hypot(both[0].deviation, both[1].deviation) / 2)
        assert place.outer[0] <= place.inner[0] <= place.inner[1] <= place.outer[1]
    drawn = 0.75 * draws(written, finalists) + 0.25 * draws(pitch, finalists)
    ranks = 1 + (drawn[:, None, :] > drawn[:, :, None]).sum(axis=2).mean(axis=0)
    quarter = combined(written, pitch, 0.25)
    assert [quarter.places[code].expected_rank for code in finalists] == pytest.approx(ranks, abs=0.05)
    again = combined(written, pitch, 0.5)
    assert (half.order, half.places) == (again.order, again.places)
    for share in (-0.1, 1.1):
        with pytest.raises(ValueError, match="a share"):
            combined(written, pitch, share)
        with pytest.raises(ValueError, match="a share"):
            combined_total(Fraction(1), Fraction(1), Fraction(share))
    with pytest.raises(ValueError, match="fewer than two"):
        combined(written, pitched(["x", "y", "z"]), 0.5)


def test_totals_are_combined_exactly() -> None:
    assert combined_total(Fraction(200, 3), Fraction(50), Fraction(1, 4)) == Fraction(125, 2)


@pytest.mark.parametrize("method", Method)
def test_leaving_somebody_out_is_the_run_without_their_sheets(method: Method) -> None:
    given = sheets(10, 6, 5, seed=6)
    found = run(codes(given), given, rules(method))
    out = leave_one_out(found, given, 4)
    assert list(out.reviewers) == [f"r{n:02}" for n in range(6)]
    assert list(out.organisations) == ["o0", "o1", "o2", "o3", "o4"]
    for kind, code, moved in (
        ("reviewer", "r02", out.reviewers["r02"]),
        ("organisation", "o0", out.organisations["o0"]),
    ):
        rest = [each for each in given if getattr(each, kind) != code]
        again = run(codes(given), rest, rules(method)).order[method]
        assert moved is not None
        assert moved == moves(found.order[method], again, 4)


def test_without_the_only_reviewer_nothing_is_ranked() -> None:
    given = sheets(4, 1, 1)
    for method in Method:
        found = run(codes(given), given, rules(method))
        assert leave_one_out(found, given, 2).reviewers == {"r00": None}
