"""Strata: what differs between them is not booked as leniency, and nobody gains from their own."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.decisions.canonical import canonical, input_document
from app.decisions.written import input_of
from app.scoring.calibration import Calibration, Rating, calibrate
from app.scoring.methods import Method, Strata
from app.scoring.mixed_model import Matrix, Scores, Vector
from app.scoring.run import Rules, Sheet, run
from app.scoring.strata import are_mixed_up, effect, own_shares
from app.scoring.totals import Weighted
from tests.scoring.calls import call, fitted

TAU, UPS, OMEGA, SIGMA = 9.0, 6.0, 7.0, 8.0


def small() -> Scores:
    random = np.random.default_rng(4)
    application = np.repeat(np.arange(7), 3)
    return Scores(
        application=application,
        reviewer=np.concatenate([random.choice(5, 3, replace=False) for _ in range(7)]),
        value=random.normal(50, 12, 21),
        weight=random.choice([1.0, 0.5], 21),
        applications=7,
        reviewers=5,
        stratum=np.array([0, 0, 1, 1, 2, 2, 0]),
        strata=3,
    )


def normal(
    mean: Vector, design: Matrix, prior: Vector, noise: Matrix, value: Vector
) -> tuple[Vector, Matrix]:
    """Mean and covariance of effects with this prior precision, written out in full."""
    precision = design.T @ np.linalg.solve(noise, design) + np.diag(prior)
    covariance = np.linalg.inv(precision)
    return covariance @ (design.T @ np.linalg.solve(noise, value) + prior * mean), covariance


def test_the_solution_is_the_one_of_the_equations_written_out() -> None:
    """First b, g and mu with every covariance in full; then theta given b and mu, with the common prior."""
    scores = small()
    assert scores.stratum is not None
    solved = scores.solved((TAU / SIGMA) ** 2, (UPS / SIGMA) ** 2, (OMEGA / SIGMA) ** 2)
    own = np.eye(7)[scores.application]
    lenient = np.eye(5)[scores.reviewer]
    stratum = np.eye(3)[scores.stratum][scores.application]
    noise = SIGMA**2 * np.diag(1 / scores.weight)
    design = np.hstack([lenient, stratum, np.ones((21, 1))])
    prior = np.concatenate([np.full(5, UPS**-2), np.full(3, OMEGA**-2), [0.0]])
    within = noise + TAU**2 * own @ own.T
    effects, covariance = normal(np.zeros(9), design, prior, within, scores.value)
    assert solved.leniency == pytest.approx(effects[:5], abs=1e-9)
    assert solved.mean == pytest.approx(effects[-1], abs=1e-9)
    assert SIGMA**2 * solved.effects_covariance == pytest.approx(covariance, abs=1e-9)

    known = np.hstack([lenient, np.ones((21, 1))])
    keep = [*range(5), 8]
    common = np.full(7, 1 / (TAU**2 + OMEGA**2))
    given = scores.value - known @ effects[keep]
    quality, left = normal(np.zeros(7), own, common, noise, given)
    through = left @ own.T @ np.linalg.solve(noise, known)
    whole = left + through @ covariance[np.ix_(keep, keep)] @ through.T
    assert solved.quality == pytest.approx(quality, abs=1e-9)
    assert SIGMA**2 * solved.variance == pytest.approx(np.diag(whole), abs=1e-9)
    found = SIGMA**2 * (solved.loading @ solved.loading.T + np.diag(1 / solved.diagonal))
    assert found == pytest.approx(whole, abs=1e-9)
    # Of mu + theta, whose uncertainties are opposite to each other.
    with_mean = (
        whole + covariance[8, 8] - through @ covariance[keep, 8] - (through @ covariance[keep, 8])[:, None]
    )
    assert SIGMA**2 * solved.score_variance == pytest.approx(np.diag(with_mean), abs=1e-9)


def test_the_density_of_the_spreads_is_the_restricted_likelihood() -> None:
    scores = small()
    assert scores.stratum is not None
    own, lenient = np.eye(7)[scores.application], np.eye(5)[scores.reviewer]
    stratum = np.eye(3)[scores.stratum][scores.application]
    ones = np.ones(21)

    def written_out(tau: float, ups: float, omega: float, sigma: float) -> float:
        whole = (
            sigma**2 * np.diag(1 / scores.weight)
            + tau**2 * own @ own.T
            + ups**2 * lenient @ lenient.T
            + omega**2 * stratum @ stratum.T
        )
        inverse = np.linalg.inv(whole)
        total = float(inverse.sum())
        mean = ones @ inverse @ scores.value / total
        rest = scores.value - mean
        return float(-0.5 * (np.linalg.slogdet(whole)[1] + np.log(total) + rest @ inverse @ rest))

    def solved(tau: float, ups: float, omega: float, sigma: float) -> float:
        found = scores.solved((tau / sigma) ** 2, (ups / sigma) ** 2, (omega / sigma) ** 2)
        rest = float(found.log_determinant) + found.rest / sigma**2
        return -0.5 * (2 * scores.degrees * float(np.log(sigma)) + rest)

    first, other = (TAU, UPS, OMEGA, SIGMA), (14.0, 3.0, 2.0, 10.0)
    assert solved(*first) - solved(*other) == pytest.approx(
        written_out(*first) - written_out(*other), abs=1e-9
    )


def divided(seed: int) -> tuple[list[Rating], dict[str, str], dict[str, float]]:
    """Two strata, one 16 points better; each reviewer reads 90 % from one of them."""
    random = np.random.default_rng(seed)
    strata = {f"a{n:03}": "north" if n < 60 else "south" for n in range(120)}
    quality = {
        code: float(random.normal(58 if stratum == "north" else 42, 9)) for code, stratum in strata.items()
    }
    lenient = random.normal(0, 7, 24)
    ratings = []
    for number, code in enumerate(quality):
        home = [r for r in range(24) if (r < 12) == (strata[code] == "north")]
        away = [r for r in range(24) if r not in home]
        chosen = [*random.choice(home, 3, replace=False), random.choice(away if number % 2 else home)]
        ratings += [
            Rating(code, f"r{r:02}", float(quality[code] + lenient[r] + random.normal(0, 8)))
            for r in dict.fromkeys(chosen)
        ]
    return ratings, strata, quality


def test_a_better_stratum_is_not_taken_for_kinder_reviewers() -> None:
    """The plain model puts the better stratum too low; knowing the strata repairs nearly half of that."""
    ratings, strata, quality = divided(1)
    assert are_mixed_up([(each.reviewer, each.application) for each in ratings], strata)
    plain, aware = calibrate(ratings), calibrate(ratings, strata=strata)
    assert isinstance(plain, Calibration)
    assert isinstance(aware, Calibration)
    order = sorted(quality, key=lambda code: -quality[code])
    truth = {code: place for place, code in enumerate(order, start=1)}

    def bias(found: Calibration) -> float:
        north = [code for code in strata if strata[code] == "north"]
        return sum(found.expected_ranks[code] - truth[code] for code in north) / len(north)

    assert bias(plain) > 5
    assert abs(bias(aware)) < 0.6 * bias(plain)
    # Two strata tell little of how far strata differ, but qualities keep their measure.
    assert aware.tau == pytest.approx(float(np.std(list(quality.values()))), rel=0.2)
    assert sum(aware.expected_ranks.values()) == pytest.approx(120 * 121 / 2, abs=1e-9)


def test_names_of_strata_and_a_single_one_change_nothing() -> None:
    ratings, strata, _ = divided(2)
    plain = calibrate(ratings)
    one = calibrate(ratings, strata=dict.fromkeys(strata, "everywhere"))
    aware = calibrate(ratings, strata=strata)
    turned = calibrate(
        ratings, strata={code: "z" if each == "north" else "m" for code, each in strata.items()}
    )
    alike = calibrate(call(60, 12, 4), strata={f"a{n:03}": "xyz"[n % 3] for n in range(60)})
    assert isinstance(plain, Calibration) and isinstance(one, Calibration)
    assert isinstance(aware, Calibration) and isinstance(turned, Calibration)
    assert isinstance(alike, Calibration)
    # Where strata do not differ, knowing them costs nothing.
    assert alike.expected_ranks == pytest.approx(fitted(call(60, 12, 4)).expected_ranks, abs=0.2)
    assert one.expected_ranks == plain.expected_ranks
    assert turned.expected_ranks == pytest.approx(aware.expected_ranks, abs=1e-7)


def test_shares_are_of_the_stratum_that_is_read_most() -> None:
    strata = {"a": "x", "b": "x", "c": "y", "d": "y"}
    pairs = [("r", "a"), ("r", "b"), ("r", "c"), ("s", "c"), ("s", "a")]
    assert own_shares(pairs, strata) == {"r": pytest.approx(2 / 3), "s": 0.5}
    assert are_mixed_up(pairs, strata)
    assert not are_mixed_up([("r", "a"), ("r", "c"), ("s", "b"), ("s", "d")], strata)
    assert not are_mixed_up(pairs, dict.fromkeys(strata, "x"))


def test_what_knowing_the_strata_changes_is_told_and_survives_being_written_down() -> None:
    """The better stratum stood too low: known, it alone comes above the line. JSON changes nothing."""
    ratings, strata, _ = divided(1)
    sheets = [
        Sheet(each.application, each.reviewer, each.reviewer, {"q": min(100, max(0, round(each.value)))})
        for each in ratings
    ]
    rules = Rules(
        call="c", seed="s", method=Method.CALIBRATED, criteria=[Weighted("q", 100, 0, 100)], tie_order=["q"],
        lines=[60], strata=strata, sorted_by=Strata.THEME,
    )  # fmt: skip
    aware = run(list(strata), sheets, rules)
    known = effect(aware, 60)
    assert known is not None
    assert known.moved > 20
    assert {strata[code] for code in known.enter} == {"north"}
    assert {strata[code] for code in known.leave} == {"south"}
    plain = run(list(strata), sheets, replace(rules, strata=None, sorted_by=None))
    assert effect(plain, 60) is None
    document = json.loads(canonical(input_document(list(strata), sheets, rules)))
    again = run(*input_of(document))
    assert again.order == aware.order != plain.order
    written = input_document(list(strata), sheets, plain.rules)
    assert "strata" not in written and input_of(written)[2] == plain.rules
