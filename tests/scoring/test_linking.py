"""Reviewers who would fall apart exchange what they read: loads, needs and bars stay as they were."""

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.assignment import assign
from app.scoring.bridging import bridges
from app.scoring.connection import components
from app.scoring.linking import linked
from app.scoring.reading import Need, Pair, Problem, Reader
from tests.scoring.test_assignment import chance

READERS = {f"{of}{n}": Reader(organisation=of) for of in "AB" for n in range(2)}
PAIRS = [(reviewer, f"p{n}") for reviewer in READERS for n in range(4)]


def problem(
    named: bool, barred: frozenset[Pair] = frozenset(), pinned: frozenset[Pair] = frozenset()
) -> Problem:
    needs = (
        [Need(application=f"p{n}", organisation=of) for n in range(4) for of in "AB"]
        if named
        else [Need(application=f"p{n}", number=2) for n in range(4)]
    )
    # Everybody fits the half of the applications that makes two groups of them.
    fits = {(reviewer, f"p{n}"): float(n // 2 == int(reviewer[1])) for reviewer in READERS for n in range(4)}
    return Problem(readers=READERS, needs=needs, barred=barred, pinned=pinned, fits=fits)


def test_two_groups_become_one_by_a_single_exchange() -> None:
    apart = problem(named=True)
    found = assign(apart, chance)
    assert found is not None
    assert len(components(found.pairs)) == 2
    pairs = linked(apart, found.pairs, chance)
    assert len(components(pairs)) == 1
    assert len(pairs - found.pairs) == 2, "no more is exchanged than it takes"
    assert linked(apart, pairs, chance) == pairs


def test_what_stands_already_is_left_alone_and_stays_apart_if_it_must() -> None:
    whole = assign(problem(named=True), chance)
    assert whole is not None
    standing = problem(named=True, pinned=whole.pairs)
    assert linked(standing, frozenset(), chance) == frozenset()


@settings(max_examples=60, deadline=None)
@given(
    named=st.booleans(),
    barred=st.frozensets(st.sampled_from(PAIRS), max_size=5),
    pinned=st.frozensets(st.sampled_from(PAIRS), max_size=4),
)
def test_an_exchange_changes_no_load_no_need_and_breaks_no_bar(
    named: bool, barred: frozenset[Pair], pinned: frozenset[Pair]
) -> None:
    of = problem(named, barred - pinned, pinned)
    found = assign(of, chance, holes=True)
    assert found is not None
    pairs = linked(of, found.pairs, chance)
    assert Counter(reviewer for reviewer, _ in pairs) == Counter(reviewer for reviewer, _ in found.pairs)
    assert Counter(application for _, application in pairs) == Counter(
        application for _, application in found.pairs
    )
    new = Counter((READERS[reviewer].organisation, application) for reviewer, application in pairs)
    old = Counter((READERS[reviewer].organisation, application) for reviewer, application in pinned)
    assert all(count == 1 and pair not in old for pair, count in new.items())
    assert named is False or set(new) == {
        (READERS[reviewer].organisation, application) for reviewer, application in found.pairs
    }
    assert not pairs & {*of.barred, *of.pinned}
    assert len(components(pairs | pinned)) <= len(components(found.pairs | pinned))


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.tuples(st.sampled_from("uvwxyz"), st.sampled_from("1234567")), min_size=1),
    st.dictionaries(
        st.tuples(st.sampled_from("uvwxyz"), st.sampled_from("1234567")), st.integers(0, 9), max_size=14
    ),
)
def test_bridges_link_what_can_be_linked_at_the_least_cost(
    pairs: set[Pair], further: dict[Pair, int]
) -> None:
    """As many as can be linked, one review for each group less, and no other choice is cheaper."""
    costs = {
        pair: float(cost)
        for pair, cost in further.items()
        if pair[0] in {r for r, _ in pairs} and pair[1] in {a for _, a in pairs} and pair not in pairs
    }
    found = bridges(pairs, costs)
    assert {*found} <= costs.keys()
    groups, linked_groups = components(pairs), components(pairs | set(found))
    assert len(linked_groups) == len(components(pairs | costs.keys()))
    assert len(found) == len(groups) - len(linked_groups)
    least = min(
        sum(costs[pair] for pair in chosen)
        for chosen in combinations(costs, len(found))
        if len(components(pairs | set(chosen))) == len(linked_groups)
    )
    assert sum(costs[pair] for pair in found) == least
