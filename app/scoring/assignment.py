"""Who reads what: every need filled, as evenly and as fittingly as can be. Pure; codes in, pairs out.

Needs, caps and limits are the arcs of a network, so that the linear programme alone gives the exact optimum
(`flows`). Even loads come before fit: the programme promises its reviewers equal work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.scoring.flows import Flows, Whole
from app.scoring.reading import Pair, Plan, Problem, plan_of

Chance = Callable[[str, str], str]
"""(reviewer, application) -> hexadecimal digits like chance, always the same for the same pair."""

CHANCE_DIGITS = 4
FIT_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Assigned:
    """The new `pairs`, and every reviewer's load with them and what is pinned."""

    pairs: frozenset[Pair]
    loads: Mapping[str, int]


def assign(problem: Problem, chance: Chance, *, worst_first: bool = True) -> Assigned | None:
    """Fill every need; None where that cannot be done (`shortage.explain` then says why).

    Among all assignments that fill every need: the evenest loads (least sum of squares); among those, with
    `worst_first`, the ones whose worst new pair fits best; then the greatest sum of fits; what is open still,
    `chance` decides. Equal input gives equal output, in whatever order it comes.
    """
    plan = plan_of(problem)
    fits = np.array([round(problem.fits.get(pair, 0) * FIT_STEPS) for pair in plan.pairs], dtype=np.int64)
    optimum = plan.flows().least(_unevenness(plan))
    if optimum is None:
        return None
    flows = plan.flows().face(optimum)
    if worst_first:
        flows = _without_worst_fits(flows, fits)
    for costs in (-fits, _chances(plan, chance)):
        optimum = flows.least(_of_pairs(plan, costs))
        if optimum is None:
            raise ArithmeticError("what was feasible is not any more")
        flows = flows.face(optimum)
    pairs = [pair for pair, value in zip(plan.pairs, optimum.values, strict=False) if value]
    loads = dict.fromkeys(sorted(problem.readers), 0)
    for reviewer, _ in pairs:
        loads[reviewer] += 1
    return Assigned(pairs=frozenset(pairs) - frozenset(problem.pinned), loads=loads)


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
