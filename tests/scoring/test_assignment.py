"""The exact assignment: published references, brute force over small panels, and what holds for any panel."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.assignment import assign
from app.scoring.connection import components, connectivity
from app.scoring.reading import Need, Pair, Problem, Reader, Way, in_order
from app.scoring.shortage import Relaxation, explain

GOLDEN = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "golden/assignment.json").read_text())
}


def chance(reviewer: str, application: str) -> str:
    return hashlib.sha256(f"{reviewer}\n{application}".encode()).hexdigest()


def of_table(table: list[list[Any]]) -> Iterator[tuple[Pair, Any]]:
    """Reviewers x applications -> ((reviewer, application), value)."""
    for reviewer, row in enumerate(table):
        for application, value in enumerate(row):
            yield (f"r{reviewer}", f"a{application}"), value


def golden(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return GOLDEN[name]["input"], GOLDEN[name]["expected"]


@pytest.mark.parametrize(
    "name", ["assignment_ortools_linear", "assignment_ortools_teams", "assignment_openreview_conflicts"]
)
def test_the_published_least_costs_are_reached(name: str) -> None:
    of, expected = golden(name)
    costs = dict(of_table(of["cost"]))
    groups = {f"r{reviewer}": f"g{n}" for n, group in enumerate(of.get("groups", [])) for reviewer in group}
    demand = int(of.get("demand_per_task") or of["demand_per_paper"])
    problem = Problem(
        readers={
            f"r{n}": Reader(
                organisation=groups.get(f"r{n}", f"r{n}"), most=of["max_load"], least=of.get("min_load", 0)
            )
            for n in range(len(of["cost"]))
        },
        needs=[Need(application=f"a{n}", number=demand) for n in range(len(of["cost"][0]))],
        barred={pair for pair, conflict in of_table(of.get("conflict", [])) if conflict},
        fits={pair: -cost for pair, cost in costs.items()},
        organisation_most=dict.fromkeys(groups.values(), of.get("max_total_per_group", 0)),
    )
    found = assign(problem, chance, worst_first=False)
    assert found is not None
    assert sum(costs[pair] for pair in found.pairs) == expected["total_cost"]


def test_the_worst_served_application_is_served_as_well_as_can_be() -> None:
    of, expected = golden("assignment_pr4a_example1_maximin")
    fits = dict(of_table(of["similarity"]))
    problem = Problem(
        readers={f"r{n}": Reader(organisation=f"r{n}", most=of["max_load"]) for n in range(3)},
        needs=[Need(application=f"a{n}") for n in range(3)],
        fits=fits,
    )
    found = assign(problem, chance)
    assert found is not None
    assert min(fits[pair] for pair in found.pairs) == expected["max_min_paper_similarity"]


def test_where_everybody_is_barred_every_application_is_named() -> None:
    of, expected = golden("assignment_openreview_impossible")
    readers = {
        f"r{n}": Reader(organisation=f"r{n}", most=of["max_load"], least=of["min_load"])
        for n in range(of["reviewers"])
    }
    applications = [f"a{n:02}" for n in range(of["papers"])]
    problem = Problem(
        readers=readers,
        needs=[Need(application=each, number=of["demand_per_paper"]) for each in applications],
        barred=set(product(readers, applications)),
    )
    assert assign(problem, chance) is None
    found = explain(problem)
    assert found is not None
    assert found.possible == expected["max_reviews_possible"]
    assert list(found.missing) == [f"a{n:02}" for n in expected["must_list"]]
    assert found.idle == dict.fromkeys(readers, of["min_load"])
    assert [(each.needs[0].application, each.able) for each in found.starving] == [
        (each, []) for each in applications
    ]


def test_what_starves_is_explained_by_the_least_set() -> None:
    of, expected = golden("assignment_infeasible_explained")
    problem = Problem(
        readers={f"r{n}": Reader(organisation=f"r{n}", most=most) for n, most in enumerate(of["max_load"])},
        needs=[Need(application=f"a{n}", number=number) for n, number in enumerate(of["demand"])],
        barred={
            (f"r{reviewer}", f"a{application}")
            for application, row in enumerate(of["conflict"])
            for reviewer, conflict in enumerate(row)
            if conflict
        },
    )
    assert assign(problem, chance) is None
    found = explain(problem)
    assert found is not None
    assert found.possible == expected["max_reviews_possible"]
    assert found.missing == {f"a{n}": number for n, number in expected["shortfall"].items()}
    assert [
        ([each.application for each in set_.needs], set_.able, set_.wanted, set_.possible)
        for set_ in found.starving
    ] == [(["a0"], ["r0"], 2, 1), (["a1"], ["r0"], 2, 1)]


def test_a_limit_below_what_is_given_out_is_passed_by_all_of_it() -> None:
    problem = Problem(
        readers={"r": Reader(organisation="o", most=1), "s": Reader(organisation="p")},
        needs=[
            *(Need(application=f"a{n}", organisation="o") for n in range(3)),
            Need(application="a2", organisation="p"),
        ],
        pinned={("r", "a0"), ("r", "a1"), ("s", "a2")},
        organisation_most={"o": 1},
    )
    found = explain(problem)
    assert found is not None
    assert [each.able for each in found.starving] == [["r"]], (
        "who reads it for another organisation is not asked"
    )
    more, of_all = found.relaxations
    assert (more, of_all) == (
        Relaxation(Way.MORE, "r", "", 2), Relaxation(Way.ORGANISATION_MORE, "o", "", 2),
    )  # fmt: skip
    readers = {**problem.readers, "r": Reader(organisation="o", most=1 + more.number)}
    assert explain(replace(problem, readers=readers, organisation_most={"o": 1 + of_all.number})) is None


def test_the_cheapest_way_out_is_shared_out_and_asks_for_the_unwanted_last() -> None:
    applications = [f"a{n}" for n in range(8)]
    problem = Problem(
        readers={f"r{n}": Reader(organisation="o", most=2) for n in range(3)}
        | {"other": Reader(organisation="p", most=9)},
        needs=[Need(application=each, organisation="o") for each in applications]
        + [Need(application="a0", organisation="p")],
        unwanted={("other", "a0"), ("other", "a1")},
    )
    found = explain(problem)
    assert found is not None
    assert (found.wanted, found.possible) == (9, 6)
    assert sorted(found.relaxations, key=lambda each: (each.way, each.who)) == [
        Relaxation(Way.MORE, found.relaxations[0].who, "", 1),
        Relaxation(Way.MORE, found.relaxations[1].who, "", 1),
        Relaxation(Way.UNWANTED, "other", "a0", 1),
    ]
    assert found.relaxations[0].who != found.relaxations[1].who
    eased = Problem(
        readers={
            code: Reader(
                organisation=each.organisation,
                most=(each.most or 0)
                + sum(one.number for one in found.relaxations if one.who == code and not one.application),
            )
            for code, each in problem.readers.items()
        },
        needs=problem.needs,
    )
    assert assign(eased, chance) is not None


def test_a_programme_of_four_organisations_is_covered_evenly() -> None:
    """253 applications, 4 organisations, 20 reviewers, conflicts and capacities; the promise of issue 4."""
    readers = {f"o{n % 4}r{n:02}": Reader(organisation=f"o{n % 4}", most=55) for n in range(20)}
    applications = [f"a{n:03}" for n in range(253)]
    barred = {
        pair for pair in product(readers, applications) if int(chance("tie", "".join(pair))[:2], 16) < 10
    }
    problem = Problem(
        readers=readers,
        needs=[Need(application=a, organisation=f"o{n}") for a in applications for n in range(4)],
        barred=barred,
    )
    found = assign(problem, chance)
    assert found is not None
    assert sorted(found.loads.values()) == [50] * 8 + [51] * 12
    assert Counter((readers[r].organisation, a) for r, a in found.pairs) == Counter(
        product((f"o{n}" for n in range(4)), applications)
    )
    assert found.pairs.isdisjoint(barred)
    assert len(components(found.pairs)) == 1
    assert connectivity(found.pairs) > 0.5


def test_reviewers_who_share_nothing_are_said_to_fall_apart() -> None:
    pairs = {("r0", "a0"), ("r1", "a0"), ("r2", "a1"), ("r3", "a1"), ("r4", "a1")}
    assert components(pairs) == [frozenset({"r2", "r3", "r4"}), frozenset({"r0", "r1"})]
    assert connectivity(pairs) == 0
    assert connectivity({(reviewer, "a") for reviewer in "abcd"}) == pytest.approx(1)
    assert components(set()) == []
    with pytest.raises(ValueError, match="no range"):
        Reader(organisation="o", most=1, least=2)


# ---------------------------------------------------------------- any panel


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    readers = {
        f"r{n}": Reader(
            organisation=f"o{draw(st.integers(0, 2))}",
            most=draw(st.none() | st.integers(1, 3)),
            least=draw(st.sampled_from([0, 0, 0, 1])),
        )
        for n in range(draw(st.integers(1, 4)))
    }
    applications = [f"a{n}" for n in range(draw(st.integers(1, 3)))]
    every = draw(st.booleans())
    organisations = sorted({each.organisation for each in readers.values()})
    needs = (
        [Need(application=a, organisation=o) for a in applications for o in organisations]
        if every
        else [Need(application=a, number=draw(st.integers(0, 2))) for a in applications]
    )
    possible = st.sets(st.sampled_from(sorted(product(readers, applications))), max_size=3)
    return Problem(
        readers=readers,
        needs=needs,
        barred=draw(possible),
        unwanted=draw(possible),
        pinned=draw(possible),
        fits=draw(
            st.dictionaries(st.sampled_from(sorted(product(readers, applications))), st.integers(0, 2))
        ),
        organisation_most=draw(
            st.dictionaries(st.sampled_from(organisations), st.integers(0, 3), max_size=1)
        ),
    )


def full(problem: Problem, pairs: frozenset[Pair]) -> bool:
    """Whether these pairs, pins included, are an assignment: the rules once more, in plain words."""
    organisation = {code: each.organisation for code, each in problem.readers.items()}
    loads, cells = tallies(organisation, pairs)
    pinned_loads, pinned_cells = tallies(organisation, problem.pinned)
    within = all(
        each.least <= loads[code] <= max(each.most if each.most is not None else 99, pinned_loads[code])
        for code, each in problem.readers.items()
    )
    capped = all(
        sum(number for (of, _), number in cells.items() if of == code)
        <= max(most, sum(number for (of, _), number in pinned_cells.items() if of == code))
        for code, most in problem.organisation_most.items()
    )
    once = all(number <= max(1, pinned_cells[cell]) for cell, number in cells.items())
    filled = all(
        filling(need, cells) == max(need.number, filling(need, pinned_cells)) for need in problem.needs
    )
    return within and capped and once and filled


def tallies(organisation: Mapping[str, str], pairs: Iterable[Pair]) -> tuple[Counter[str], Counter[Pair]]:
    """How much each reviewer reads, and how often each organisation reads each application."""
    pairs = list(pairs)
    return (
        Counter(reviewer for reviewer, _ in pairs),
        Counter((organisation[reviewer], application) for reviewer, application in pairs),
    )


def filling(need: Need, cells: Counter[Pair]) -> int:
    return sum(
        number
        for (organisation, application), number in cells.items()
        if application == need.application and need.organisation in {None, organisation}
    )


def worth(problem: Problem, pairs: frozenset[Pair]) -> tuple[int, float, float]:
    """What `assign` is to make least: squares of loads, then the worst new fit, then the sum of fits."""
    loads = Counter(reviewer for reviewer, _ in pairs)
    fits = [problem.fits.get(pair, 0) for pair in pairs]
    new = [problem.fits.get(pair, 0) for pair in pairs - frozenset(problem.pinned)]
    return (sum(load**2 for load in loads.values()), -min(new, default=99), -sum(fits))


def loose(problem: Problem) -> dict[str, Reader]:
    return {code: replace(each, least=0) for code, each in problem.readers.items()}


@settings(max_examples=60, deadline=None)
@given(problems())
def test_nothing_allowed_is_better_and_nothing_is_found_only_where_nothing_is(problem: Problem) -> None:
    free = [
        pair
        for pair in product(problem.readers, sorted({need.application for need in problem.needs}))
        if pair not in problem.pinned and pair not in problem.barred and pair not in problem.unwanted
    ]
    every = [
        pairs
        for number in range(len(free) + 1)
        for some in combinations(free, number)
        if full(problem, pairs := frozenset(some) | frozenset(problem.pinned))
    ]
    found = assign(problem, chance)
    if found is None:
        assert every == []
        shortage = explain(problem)
        assert shortage is not None
        assert shortage.missing or shortage.idle
        assert shortage.relaxations
        partial = assign(replace(problem, readers=loose(problem)), chance, holes=True)
        assert partial is not None
        assert partial.missing == sum(shortage.missing.values())
    else:
        assert assign(problem, chance, holes=True) == found
        assert explain(problem) is None
        pairs = found.pairs | frozenset(problem.pinned)
        assert full(problem, pairs)
        assert worth(problem, pairs) == min(worth(problem, each) for each in every)


@settings(max_examples=30, deadline=None)
@given(problems(), st.randoms())
def test_the_order_in_which_things_come_decides_nothing(problem: Problem, order: Any) -> None:
    readers, needs = list(problem.readers.items()), list(problem.needs)
    order.shuffle(readers)
    order.shuffle(needs)
    shuffled = Problem(
        readers=dict(readers),
        needs=needs,
        barred=sorted(problem.barred, reverse=True),
        unwanted=problem.unwanted,
        pinned=sorted(problem.pinned),
        fits=problem.fits,
        organisation_most=problem.organisation_most,
    )
    assert assign(shuffled, chance) == assign(problem, chance)
    assert in_order(needs) == in_order(problem.needs)


def test_what_lacks_nothing_is_not_said_to_starve() -> None:
    """Thirty applications of four organisations, one of which nobody of A may read."""
    readers = {f"{name}{number}": Reader(organisation=name) for name in "abcd" for number in range(2)}
    needs = [Need(application=f"x{number:02}", organisation=name) for number in range(30) for name in "abcd"]
    barred = frozenset({("a0", "x07"), ("a1", "x07")})
    shortage = explain(Problem(readers=readers, needs=needs, barred=barred))
    assert shortage is not None
    (only,) = shortage.starving
    assert (only.needs, only.able) == ([Need(application="x07", organisation="a")], [])
    assert (only.wanted, only.possible) == (1, 0)


def test_what_is_given_out_already_is_no_reason_for_what_lacks_a_reader() -> None:
    """Fifty applications of a running call, each read by two; one lacks its second reader."""
    readers = {name: Reader(organisation="o", most=50) for name in ("free", "over", "tied")}
    codes = [f"x{number:02}" for number in range(51)]
    pinned = {("free", code) for code in codes[:50]} | {("tied", "y")}
    pinned |= {("over", code) for code in [*(f"z{number:02}" for number in range(51))]}
    needs = [Need(application=code, organisation="o") for code in {*codes, *(what for _, what in pinned)}]
    barred = {("tied", codes[50])}
    shortage = explain(Problem(readers=readers, needs=needs, pinned=pinned, barred=barred))
    assert shortage is not None
    (only,) = shortage.starving
    assert (only.needs, only.able) == (
        [Need(application="x50", organisation="o")],
        ["free", "over"],
    )
    assert (only.wanted, only.possible) == (1, 0)
    # Who is above the limit already is asked after whoever is at it.
    assert shortage.relaxations == [Relaxation(Way.MORE, "free", "", 1)]
