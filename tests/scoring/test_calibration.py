"""Calibration against published and recomputed references, and what holds for any scores."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata

from app.scoring.calibration import Calibration, Rating, Unranked, calibrate, concluded, scores_of
from app.scoring.firmness import Posterior, expected_ranks, firmness
from app.scoring.lottery import swiss_groups
from app.scoring.spreads import Node, Priors, half_normal

GOLDEN = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "golden/calibration.json").read_text())
}


def fitted(ratings: list[Rating]) -> Calibration:
    found = calibrate(ratings)
    assert isinstance(found, Calibration)
    return found


def call(applications: int, reviewers: int, each: int, *, seed: int = 1) -> list[Rating]:
    """A simulated call: ratings of `each` reviewers for every application."""
    random = np.random.default_rng(seed)
    quality, lenient = random.normal(55, 12, applications), random.normal(0, 8, reviewers)
    return [
        Rating(f"a{a:03}", f"r{r:02}", float(quality[a] + lenient[r] + random.normal(0, 9)))
        for a in range(applications)
        for r in random.choice(reviewers, each, replace=False)
    ]


def test_expected_ranks_in_closed_form_are_those_of_two_million_draws() -> None:
    case = GOLDEN["expected_rank_closed_form"]
    mean, covariance = np.array(case["input"]["mean"]), np.array(case["input"]["cov"])
    mixture = [Posterior(1.0, mean, np.linalg.cholesky(covariance), np.zeros(len(mean)))]
    assert expected_ranks(mixture) == pytest.approx(case["expected"]["expected_rank"], abs=1e-6)
    firm = firmness(mixture, np.argsort(expected_ranks(mixture)))
    # The reference has an error of 0.005 itself; 20,000 draws have one of 0.0035.
    assert firm.top(1) == pytest.approx(case["expected"]["prob_rank1"], abs=0.01)
    assert firm.top(2) == pytest.approx(case["expected"]["prob_top2"], abs=0.01)


def snsf_nodes(case: dict[str, Any]) -> tuple[list[Node], list[str], list[str]]:
    """The published priors: leniency sd 0.5, the others uniform up to 2, of which the noise has two."""
    table = np.array(case["input"]["scores"], dtype=float)
    applications = [f"{n:02}" for n in range(len(table))]
    reviewers = [f"{n}" for n in range(table.shape[1])]
    ratings = [Rating(applications[a], reviewers[r], float(table[a, r])) for a, r in np.ndindex(table.shape)]
    scores = scores_of(ratings, applications, reviewers, mean=float(table.mean(axis=1).mean()))
    found = []
    for tau in np.linspace(0.02, 2, 60):
        for sigma in np.linspace(0.2, 2.8, 60):
            solved = scores.solved((tau / sigma) ** 2, (0.5 / sigma) ** 2)
            height = -0.5 * (
                scores.degrees * np.log(sigma**2) + solved.log_determinant + solved.rest / sigma**2
            )
            angle = np.pi / 2 - (2 * np.arccos(2 / sigma) if sigma > 2 else 0)
            found.append((height + np.log(sigma * max(angle, 1e-9)), solved, sigma, tau))
    top = max(height for height, *_ in found)
    total = sum(np.exp(height - top) for height, *_ in found)
    nodes = [
        Node(float(np.exp(height - top) / total), solved, sigma, tau, 0.5)
        for height, solved, sigma, tau in found
        if np.exp(height - top) / total > 1e-5
    ]
    kept = sum(node.weight for node in nodes)
    return (
        [Node(node.weight / kept, node.solved, node.sigma, node.tau, node.ups) for node in nodes],
        applications,
        reviewers,
    )


@pytest.mark.parametrize("panel", ["snsf_bayesian_ranking_mock_panel2", "snsf_bayesian_ranking_mock_panel3"])
def test_the_swiss_ranking_is_reached_without_sampling(panel: str) -> None:
    case = GOLDEN[panel]
    expected, tolerance = case["expected"], case["tolerance"]
    nodes, applications, reviewers = snsf_nodes(case)
    found = concluded(nodes, applications, reviewers)
    places = [found.places[each] for each in applications]
    assert [each.expected_rank for each in places] == pytest.approx(
        expected["expected_rank"], abs=tolerance["expected_rank"]
    )
    for name, own in (("pcer", found.percentile), ("sucra", found.outranked)):
        assert [own(each) for each in applications] == pytest.approx(expected[name], abs=tolerance[name])
    line = expected["groups_inner50"]
    groups = swiss_groups(found.places, case["input"]["number_fundable"])
    for name, group in (
        ("accepted", groups.accepted),
        ("random_selection", groups.drawing),
        ("rejected", groups.rejected),
    ):
        assert [int(code) for code in sorted(group)] == line[name]
    assert groups.left == line["awards_left_to_draw"]
    assert list(found.top(5).values()) == pytest.approx(
        expected["prob_rank_le_5"], abs=tolerance["prob_rank_le_5"]
    )
    assert [found.leniencies[each].value for each in reviewers] == pytest.approx(
        expected["assessor_leniency_nu_mean"], abs=tolerance["assessor_leniency_nu_mean"]
    )
    quantiles = [(each.outer[0], each.inner[0], each.inner[1], each.outer[1]) for each in places]
    assert np.abs(np.array(quantiles) - np.array(expected["rank_quantiles_05_25_75_95"])).max() <= 1


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 24), st.integers(2, 4))
def test_sums_that_have_to_hold_hold(seed: int, size: int, each: int) -> None:
    found = fitted(call(size, 5, each, seed=seed))
    total = size * (size + 1) / 2
    assert sum(place.expected_rank for place in found.places.values()) == pytest.approx(total, abs=1e-9)
    tops = [found.top(places) for places in range(1, size + 1)]
    for places, top in enumerate(tops, 1):
        assert sum(top.values()) == pytest.approx(places, abs=1e-9)
    for code in found.applications:
        chances = [top[code] for top in tops]
        assert chances == sorted(chances)
        place = found.places[code]
        assert place.outer[0] <= place.inner[0] <= place.inner[1] <= place.outer[1]


def test_what_is_said_of_single_applications_fits_together() -> None:
    found = fitted(call(40, 8, 4))
    passing = found.above(55.0)
    assert all(0 < each < 1 for each in passing.values())
    assert all(
        (passing[code] > 0.5) == (each.value > 55.0)
        for code, each in found.scores.items()
        if abs(each.value - 55) > 1
    )
    best = min(found.applications, key=lambda each: found.places[each].expected_rank)
    worst = max(found.applications, key=lambda each: found.places[each].expected_rank)
    assert found.beats(best, worst) > 0.95
    assert found.beats(best, worst) + found.beats(worst, best) == pytest.approx(1)
    assert 0 < found.hit_rate([best]) <= 1
    assert 0 < found.reliability < 1


def ranks(ratings: list[Rating]) -> dict[str, float]:
    return dict(fitted(ratings).expected_ranks)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.randoms())
def test_names_order_and_scale_decide_nothing(seed: int, order: Any) -> None:
    ratings = call(14, 5, 3, seed=seed)
    before = ranks(ratings)
    shuffled = list(ratings)
    order.shuffle(shuffled)
    assert ranks(shuffled) == before
    names = {f"r{n:02}": f"s{(n * 3) % 5}" for n in range(5)} | {
        f"a{n:03}": f"b{(n * 5) % 14}" for n in range(14)
    }
    renamed = ranks([Rating(names[each.application], names[each.reviewer], each.value) for each in ratings])
    assert {code: renamed[names[code]] for code in before} == pytest.approx(before, abs=1e-9)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.floats(-40, 40), st.sampled_from([0.02, 0.5, 3.0, 40.0]))
def test_another_scale_changes_no_rank(seed: int, more: float, times: float) -> None:
    """Points that begin elsewhere or are worth less: the weak prior moves with the scale it is weak on."""
    ratings = call(14, 5, 3, seed=seed)
    moved = [Rating(each.application, each.reviewer, more + times * each.value) for each in ratings]
    prior = half_normal(25 * times)
    found = calibrate(moved, Priors(prior, prior, prior))
    assert isinstance(found, Calibration)
    assert found.expected_ranks == pytest.approx(ranks(ratings), abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(-30, 30))
def test_a_strict_reviewer_moves_hardly_anybody(seed: int, more: float) -> None:
    """Points added to all of one reviewer's scores move no expected rank by more than 2 % of the field."""
    ratings = call(60, 6, 4, seed=seed)
    before = ranks(ratings)
    after = ranks(
        [
            Rating(each.application, each.reviewer, each.value + (more if each.reviewer == "r03" else 0))
            for each in ratings
        ]
    )
    assert max(abs(after[code] - before[code]) for code in before) <= 0.02 * 60


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 31), st.floats(0.5, 30))
def test_a_better_score_never_costs_a_place_in_a_balanced_design(seed: int, which: int, more: float) -> None:
    ratings = call(8, 4, 4, seed=seed)
    one = ratings[which]
    better = [replace(each, value=each.value + more) if each is one else each for each in ratings]
    assert ranks(better)[one.application] <= ranks(ratings)[one.application] + 1e-9


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 9), st.randoms())
def test_equal_data_have_equal_expected_ranks(seed: int, size: int, order: Any) -> None:
    """Every application has a twin; wherever they stand among the reviews, no digit tells them apart."""
    own = call(size, 4, 3, seed=seed)
    ratings = own + [replace(each, application=f"b{each.application}") for each in own]
    order.shuffle(ratings)
    found = ranks(ratings)
    for code in {each.application for each in own}:
        assert found[code] == pytest.approx(found[f"b{code}"], abs=1e-9)


def test_what_cannot_be_ranked_is_not_ranked() -> None:
    assert calibrate([]) is Unranked.TOO_FEW_APPLICATIONS
    assert calibrate([Rating("a", "r", 1), Rating("a", "s", 3), Rating("a", "t", 4)]) is (
        Unranked.TOO_FEW_APPLICATIONS
    )
    assert calibrate([Rating("a", "r", 1), Rating("b", "r", 3)]) is Unranked.TOO_FEW_SCORES
    assert calibrate([Rating(a, r, 50) for a in "abcd" for r in "xyz"]) is Unranked.ALL_EQUAL


def test_a_reviewer_who_gives_everybody_the_same_breaks_nothing() -> None:
    ratings = [*call(12, 4, 3), *(Rating(f"a{n:03}", "same", 60.0) for n in range(12))]
    found = fitted(ratings)
    assert all(np.isfinite(place.expected_rank) for place in found.places.values())
    assert np.isfinite(found.leniencies["same"].value)


def test_the_truth_is_found_again_and_lies_in_the_intervals_as_often_as_they_say() -> None:
    """Twelve small calls whose truth is known, with reviewers of very different strictness."""
    inside, ours, theirs = {"inner": 0, "outer": 0}, 0.0, 0.0
    for seed in range(12):
        random = np.random.default_rng([seed, 5])
        quality, lenient = random.normal(55, 12, 50), random.normal(0, 12, 10)
        ratings = [
            Rating(f"a{a:02}", f"r{r}", float(quality[a] + lenient[r] + random.normal(0, 12)))
            for a in range(50)
            for r in random.choice(10, 3, replace=False)
        ]
        found = fitted(ratings)
        raw = [np.mean([each.value for each in ratings if each.application == code]) for code in found.scores]
        truth = rankdata(-quality)
        for which in inside:
            ends = [getattr(found.places[code], which) for code in found.applications]
            inside[which] += sum(low <= place <= high for place, (low, high) in zip(truth, ends, strict=True))
        ours += float(kendalltau(list(found.merits.values()), quality).statistic) / 12
        theirs += float(kendalltau(raw, quality).statistic) / 12
    # Among fifty the places at both ends of an interval, which belong to it, are a part of it that counts.
    assert 0.88 < inside["outer"] / 600 < 0.96
    assert 0.46 < inside["inner"] / 600 < 0.62
    assert ours > theirs + 0.05
