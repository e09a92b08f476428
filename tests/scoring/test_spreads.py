"""The few points of the integration say what thousands of them would."""

from itertools import product

import numpy as np
import pytest

from app.scoring.calibration import SCALE, Calibration, Rating, calibrate, concluded, scores_of
from app.scoring.crossing import Vector
from app.scoring.spreads import Node, half_normal
from tests.scoring.calls import call, fitted


def brute_force(ratings: list[Rating], taus: Vector, upsilons: Vector, sigmas: Vector) -> Calibration:
    """Evenly spaced spreads, with the density as the model states it."""
    applications = sorted({each.application for each in ratings})
    reviewers = sorted({each.reviewer for each in ratings})
    scores = scores_of(ratings, applications, reviewers)
    prior = half_normal(SCALE / 4)
    found = []
    for tau, ups, sigma in product(taus, upsilons, sigmas):
        solved = scores.solved((tau / sigma) ** 2, (ups / sigma) ** 2)
        height = -0.5 * (2 * scores.degrees * np.log(sigma) + solved.log_determinant + solved.rest / sigma**2)
        height += sum(float(prior(np.array(each))) for each in (tau, ups, sigma))
        found.append((height, solved, float(sigma), float(tau), float(ups)))
    top = max(height for height, *_ in found)
    likely = [each for each in found if each[0] > top - 10]
    whole = sum(np.exp(height - top) for height, *_ in likely)
    nodes = [
        Node(float(np.exp(height - top) / whole), solved, sigma, tau, ups)
        for height, solved, sigma, tau, ups in likely
    ]
    return concluded(nodes, applications, reviewers)


def around(middle: float, reach: float) -> Vector:
    return np.linspace(middle * (1 - reach), middle * (1 + reach), 7)


def agree(few: Calibration, many: Calibration) -> None:
    """Ranks, scores and spreads."""
    for code in few.applications:
        assert few.expected_ranks[code] == pytest.approx(many.expected_ranks[code], abs=0.06)
        assert few.scores[code].value == pytest.approx(many.scores[code].value, abs=0.05)
        assert few.scores[code].deviation == pytest.approx(many.scores[code].deviation, rel=0.02)
    assert few.tau == pytest.approx(many.tau, rel=0.02)
    assert few.sigma == pytest.approx(many.sigma, rel=0.02)
    assert few.ups == pytest.approx(many.ups, rel=0.05)
    assert few.reliability == pytest.approx(many.reliability, abs=0.005)


def test_five_points_say_what_hundreds_say_where_the_density_is_a_normal_one() -> None:
    ratings = call(253, 51, 5, lenient=6)
    few = fitted(ratings)
    assert len(few.nodes) == 5
    agree(few, brute_force(ratings, around(few.tau, 0.2), around(few.ups, 0.5), around(few.sigma, 0.09)))


def test_the_grid_says_what_hundreds_say_where_no_leniency_is_the_likeliest() -> None:
    ratings = call(24, 6, 4, lenient=0, seed=3)
    few = fitted(ratings)
    assert len(few.nodes) > 15
    upsilons = (np.arange(24) + 0.5) * 12 / 24
    agree(few, brute_force(ratings, np.linspace(7, 30, 9), upsilons, np.linspace(6.5, 14, 9)))


def test_more_than_three_thousand_are_ordered_by_score_and_their_ranks_have_an_error() -> None:
    found = calibrate(call(3_001, 60, 2))
    assert isinstance(found, Calibration)
    assert not found.is_closed
    assert found.merits == {code: each.value for code, each in found.scores.items()}
    assert sum(found.expected_ranks.values()) == pytest.approx(3_001 * 3_002 / 2)
    assert 0 < found.rank_error < 25
    best = max(found.merits, key=lambda code: found.merits[code])
    assert found.expected_ranks[best] < 60
    assert fitted(call(30, 6, 2)).rank_error == 0
