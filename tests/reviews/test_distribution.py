"""The even distribution, as arithmetic: properties over random panels, and its small cases by hand."""

import hashlib
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reviews.distribution import Panel, distribute


def chance(who: str, application: str) -> str:
    return hashlib.sha256(f"{who}\n{application}".encode()).hexdigest()


@st.composite
def panels(draw: st.DrawFn, *, ties: bool = True) -> Panel:
    organisations = [f"o{n}" for n in range(draw(st.integers(1, 4)))]
    benches = {each: [f"{each}r{n}" for n in range(draw(st.integers(1, 4)))] for each in organisations}
    applications = [f"a{n:02}" for n in range(draw(st.integers(0, 14)))]
    reviewers = [reviewer for bench in benches.values() for reviewer in bench]
    possible = list(product(reviewers, applications))
    barred = draw(st.sets(st.sampled_from(possible), max_size=12)) if ties and possible else set()
    holes = list(product(organisations, applications))
    covered = draw(st.sets(st.sampled_from(holes), max_size=8)) if holes and ties else set()
    loads = {each: draw(st.integers(0, 3)) for each in reviewers} if ties else {}
    return Panel(applications=applications, benches=benches, loads=loads, covered=covered, barred=barred)


def organisation_of(panel: Panel, reviewer: str) -> str:
    return next(organisation for organisation, bench in panel.benches.items() if reviewer in bench)


@given(panels())
def test_distribute_fills_every_hole_that_can_be_filled_once_and_never_with_a_tie(panel: Panel) -> None:
    pairs = distribute(panel, chance)
    filled = [(organisation_of(panel, reviewer), application) for reviewer, application in pairs]
    fillable = {
        (organisation, application)
        for organisation, application in product(panel.benches, panel.applications)
        if (organisation, application) not in panel.covered
        and any((reviewer, application) not in panel.barred for reviewer in panel.benches[organisation])
    }
    assert len(filled) == len(set(filled))
    assert set(filled) == fillable
    assert not set(pairs) & set(panel.barred)


@given(panels(ties=False))
def test_distribute_without_ties_keeps_loads_within_one(panel: Panel) -> None:
    pairs = distribute(panel, chance)
    for bench in panel.benches.values():
        loads = [sum(1 for reviewer, _ in pairs if reviewer == each) for each in bench]
        assert max(loads) - min(loads) <= 1


@given(panels())
@settings(max_examples=60)
def test_distribute_with_ties_is_as_even_as_they_allow(panel: Panel) -> None:
    """Nobody could hand one application on, even through others, to somebody with two fewer."""
    pairs = distribute(panel, chance)
    for bench in panel.benches.values():
        given_to = {each: [a for reviewer, a in pairs if reviewer == each] for each in bench}
        load = {each: panel.loads.get(each, 0) + len(given_to[each]) for each in bench}
        for start in bench:
            reached, queue = {start}, [start]
            for giver in queue:
                takers = {
                    taker
                    for application in given_to[giver]
                    for taker in bench
                    if (taker, application) not in panel.barred
                }
                queue += sorted(takers - reached)
                reached |= takers
            assert all(load[end] >= load[start] - 1 for end in reached)


@given(panels(), st.integers(1, 5))
def test_distribute_with_a_number_gives_that_many_different_organisations(panel: Panel, wanted: int) -> None:
    pairs = distribute(panel, chance, wanted)
    for application in panel.applications:
        have = [each for each in panel.benches if (each, application) in panel.covered]
        new = [organisation_of(panel, reviewer) for reviewer, each in pairs if each == application]
        able = [
            each
            for each, bench in panel.benches.items()
            if each not in have and any((reviewer, application) not in panel.barred for reviewer in bench)
        ]
        assert len(set(new)) == len(new) == min(len(able), max(0, wanted - len(have)))
        assert not set(new) & set(have)


@given(panels())
def test_distribute_is_the_same_every_time_and_whatever_the_order_of_input(panel: Panel) -> None:
    backwards = Panel(
        applications=list(reversed(panel.applications)),
        benches=panel.benches,
        loads=panel.loads,
        covered=panel.covered,
        barred=panel.barred,
    )
    assert distribute(panel, chance) == distribute(panel, chance) == distribute(backwards, chance)


def test_distribute_hands_work_on_to_make_room() -> None:
    """Only r1 may read the last two: the first ones move on to r2."""
    panel = Panel(
        applications=["a", "b", "c", "d"],
        benches={"o": ["r1", "r2"]},
        barred={("r2", "c"), ("r2", "d")},
    )
    assert sorted(distribute(panel, lambda who, application: f"{application}{who}")) == [
        ("r1", "c"),
        ("r1", "d"),
        ("r2", "a"),
        ("r2", "b"),
    ]
