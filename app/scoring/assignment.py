"""Who reads what: every need filled, as evenly and as fittingly as can be. Pure; codes in, pairs out.

Needs, caps and limits are the arcs of a network, so that the linear programme alone gives the exact optimum
(`flows`). Even loads come before fit: the programme promises its reviewers equal work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.scoring.flows import Flows, Whole
from app.scoring.reading import Pair, Plan, Problem, Way, plan_of

Chance = Callable[[str, str], str]
"""(reviewer, application) -> hexadecimal digits like chance, always the same for the same pair."""

CHANCE_DIGITS = 4
FIT_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Assigned:
    """The new `pairs`, every reviewer's load with them and what is pinned, and how many are `missing`."""

    pairs: frozenset[Pair]
    loads: Mapping[str, int]
    missing: int = 0


def assign(
    problem: Problem, chance: Chance, *, worst_first: bool = True, holes: bool = False
) -> Assigned | None:
    """Fill every need; None where that cannot be done (`shortage.explain` then says why).

    With `holes`, as many reviews come about as can, and the rest is missing.

    Among all assignments that fill as much: the evenest loads (least sum of squares); among those, with
    `worst_first`, the ones whose worst new pair fits best; then the greatest sum of fits; what is open still,
    `chance` decides. Equal input gives equal output, in whatever order it comes.
    """
    plan = plan_of(problem, {Way.MISSING} if holes else ())
    fits = np.array([round(problem.fits.get(pair, 0) * FIT_STEPS) for pair in plan.pairs], dtype=np.int64)
    flows = _best(_best(plan.flows(), _missing(plan)), _unevenness(plan))
    if flows is not None and worst_first:
        flows = _without_worst_fits(flows, fits)
    flows = _best(flows, _of_pairs(plan, -fits))
    last = None if flows is None else flows.least(_of_pairs(plan, _chances(plan, chance)))
    if last is None:
        return None
    pairs = [pair for pair, value in zip(plan.pairs, last.values, strict=False) if value]
    loads = dict.fromkeys(sorted(problem.readers), 0)
    for reviewer, _ in pairs:
        loads[reviewer] += 1
    return Assigned(
        pairs=frozenset(pairs) - frozenset(problem.pinned),
        loads=loads,
        missing=int(_missing(plan) @ last.values),
    )


def _best(flows: Flows | None, costs: Whole) -> Flows | None:
    """Only the flows that are best for these costs; None where there are none."""
    if flows is None or not costs.any():
        return flows
    optimum = flows.least(costs)
    return None if optimum is None else flows.face(optimum)


def _missing(plan: Plan) -> Whole:
    costs = np.zeros(len(plan.upper), dtype=np.int64)
    costs[[variable for variable, (way, *_) in plan.ways.items() if way is Way.MISSING]] = 1
    return costs


def _unevenness(plan: Plan) -> Whole:
    """The steps of a load cost 1, 3, 5, …, so that a load of n costs n squared."""
    costs = np.zeros(len(plan.upper), dtype=np.int64)
    start = len(plan.pairs)
    costs[start : start + len(plan.steps)] = [2 * step - 1 for step in plan.steps]
    return costs


def _chances(plan: Plan, chance: Chance) -> Whole:
    return np.array([int(chance(*pair)[:CHANCE_DIGITS], 16) for pair in plan.pairs], dtype=np.int64)


def _of_pairs(plan: Plan, costs: Whole) -> Whole:
    return np.concatenate([costs, np.zeros(len(plan.upper) - len(costs), dtype=np.int64)])


def _without_worst_fits(flows: Flows, fits: Whole) -> Flows:
    """The flows whose worst open pair fits as well as it can, found by halving the levels of fit."""
    is_open = flows.upper[: len(fits)] > flows.lower[: len(fits)]
    levels = sorted({int(fit) for fit in fits[is_open]})
    nothing = np.zeros(len(flows.upper), dtype=np.int64)
    best, low, high = flows, 1, len(levels) - 1
    while low <= high:
        middle = (low + high) // 2
        tried = flows.without(np.flatnonzero(is_open & (fits < levels[middle])))
        if tried.least(nothing) is None:
            high = middle - 1
        else:
            best, low = tried, middle + 1
    return best
