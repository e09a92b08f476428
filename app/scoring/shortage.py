"""Why not every need can be filled, and what would have to give. Pure; codes in, codes out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.scoring.flows import Whole
from app.scoring.reading import Need, Place, Plan, Problem, Way, in_order, plan_of

PRICES: Mapping[Way, int] = {
    Way.MORE: 1_000,
    Way.ORGANISATION_MORE: 1_000,
    Way.FEWER: 1_000,
    Way.UNWANTED: 3_000,
    Way.MISSING: 1_000_000,
}
"""What each way out costs: a review more is asked for sooner than an unwanted pair; a hole is left last.

Each further review of one person costs 1 more than the one before, those above their limit already among
them, so that what is asked is shared out.
"""


FEW = 20


@dataclass(frozen=True, slots=True)
class Starving:
    """Needs for `wanted` reviews of which `able`, all who may read them, can give only `possible`.

    Of a group of up to `FEW` needs none can be left out: without any one of them the others could be filled.
    """

    needs: Sequence[Need]
    able: Sequence[str]
    wanted: int
    possible: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One thing that would have to give: by `number` at the reviewer or organisation `who`.

    `application` says which one, for an unwanted pair and for a hole; else it is empty.
    """

    way: Way
    who: str
    application: str
    number: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is in the way of a full assignment.

    `wanted` reviews are needed, pinned ones included, of which `possible` can be had at most; `missing` says
    how many each application lacks then. `idle`: who would get fewer than they are to read. `starving` holds
    one least set for each application that lacks something, without doubles. `relaxations`, taken together,
    are the cheapest that make all of it possible (`PRICES`).
    """

    wanted: int
    possible: int
    missing: Mapping[str, int]
    idle: Mapping[str, int]
    starving: Sequence[Starving]
    relaxations: Sequence[Relaxation]


def explain(problem: Problem) -> Shortage | None:
    """Why the problem has no assignment; None where it has one.

    The most that can be read is a maximal flow, and what starves is one side of its least cut (Ford and
    Fulkerson 1956), here the needs whose price is not nothing.
    """
    lacking, idle = _lacking(problem), _idle(problem)
    if not lacking and not idle:
        return None
    wanted = sum(each.number for each in problem.needs)
    return Shortage(
        wanted=wanted,
        possible=wanted - lacking.total(),
        missing=dict(sorted(lacking.items())),
        idle=idle,
        starving=_starving(_without_least(problem)),
        relaxations=_cheapest(problem),
    )


def _lacking(problem: Problem) -> Counter[str]:
    """How many reviews each application lacks where as many as possible are read."""
    lacking: Counter[str] = Counter()
    for (_, _, application), number in _relaxed(_without_least(problem), {Way.MISSING: 1}).items():
        lacking[application] += number
    return lacking


def _idle(problem: Problem) -> Mapping[str, int]:
    given = _relaxed(problem, {Way.MISSING: 1, Way.FEWER: 1000})
    return {who: number for (way, who, _), number in sorted(given.items()) if way is Way.FEWER}


def _relaxed(problem: Problem, prices: Mapping[Way, int]) -> Mapping[Place, int]:
    """What gives way, and by how much, where that costs least."""
    plan = plan_of(problem, prices)
    optimum = plan.flows().least(_costs(problem, plan, prices))
    if optimum is None:
        raise ArithmeticError("with holes and idle reviewers allowed something is always feasible")
    given: Counter[Place] = Counter()
    for variable, place in plan.ways.items():
        given[place] += int(optimum.values[variable])
    return +given


def _costs(problem: Problem, plan: Plan, prices: Mapping[Way, int]) -> Whole:
    costs = np.zeros(len(plan.upper), dtype=np.int64)
    further = Counter({place: _above(problem, place) for place in set(plan.ways.values())})
    for variable, place in sorted(plan.ways.items()):
        costs[variable] = prices[place[0]] + further[place]
        further[place] += 1
    return costs


def _cheapest(problem: Problem) -> Sequence[Relaxation]:
    order = list(Way)
    given = _relaxed(problem, PRICES)
    return [
        Relaxation(*place, number + _above(problem, place))
        for place, number in sorted(given.items(), key=lambda each: (order.index(each[0][0]), each[0]))
    ]


def _above(problem: Problem, place: Place) -> int:
    """By how much more than their limit a reviewer or an organisation has already, whatever is added."""
    way, who, _ = place
    if way is Way.MORE:
        most, own = problem.readers[who].most, [pair for pair in problem.pinned if pair[0] == who]
    elif way is Way.ORGANISATION_MORE:
        most = problem.organisation_most[who]
        own = [pair for pair in problem.pinned if problem.readers[pair[0]].organisation == who]
    else:
        return 0
    return 0 if most is None else max(0, len(own) - most)


def _without_least(problem: Problem) -> Problem:
    """Who must read a least number is another matter than what starves."""
    return replace(problem, readers={code: replace(each, least=0) for code, each in problem.readers.items()})


def _starving(problem: Problem) -> Sequence[Starving]:
    plan = plan_of(problem, {Way.MISSING})
    missing = {place: variable for variable, place in plan.ways.items()}
    optimum = plan.flows().least(_costs(problem, plan, {Way.MISSING: 1}))
    if optimum is None:
        raise ArithmeticError("with holes allowed something is always feasible")
    cut = [
        need
        for need in in_order(problem.needs)
        if not optimum.at_lower[missing[Way.MISSING, need.organisation or "", need.application]]
    ]
    sets = [each for group in _apart(problem, cut) for each in _least_sets(problem, group)]
    return sorted(
        (_described(problem, each) for each in sets),
        key=lambda each: (len(each.needs), each.needs[0].application, each.needs[0].organisation or ""),
    )


def _apart(problem: Problem, needs: Sequence[Need]) -> Sequence[Sequence[Need]]:
    """The needs in groups that share no reviewer."""
    groups: list[tuple[list[Need], set[str]]] = []
    for need in needs:
        able = _able(problem, [need])
        touched = [group for group in groups if group[1] & able]
        groups = [group for group in groups if group not in touched]
        together = [*(each for own, _ in touched for each in own), need]
        groups.append((together, able.union(*(readers for _, readers in touched))))
    return [in_order(group) for group, _ in groups]


def _least_sets(problem: Problem, needs: Sequence[Need]) -> Sequence[Sequence[Need]]:
    """What starves among them, in least sets without overlap; so many that nobody looks through stay one.

    A cut that is not the only least one may hold needs that lack nothing: of such a group there is none.
    """
    sets, rest = [], list(needs)
    if len(rest) > FEW:
        # What is read already lacks nothing: it counts against limits, and is no reason.
        unread = [need for need in rest if not _is_read(problem, need)]
        rest = unread if _lacks(problem, unread) else rest
    if len(rest) > FEW:
        return [rest] if _lacks(problem, rest) else []
    while _lacks(problem, rest):
        kept = rest
        for need in rest:
            without = [each for each in kept if each != need]
            if _lacks(problem, without):
                kept = without
        sets.append(kept)
        rest = [each for each in rest if each not in kept]
    return sets


def _is_read(problem: Problem, need: Need) -> bool:
    """Whether those who have the application already are as many as it needs."""
    theirs = {problem.readers[who].organisation for who, what in problem.pinned if what == need.application}
    return len(theirs if need.organisation is None else theirs & {need.organisation}) >= need.number


def _lacks(problem: Problem, needs: Sequence[Need]) -> int:
    return _lacking(_only(problem, needs)).total()


def _only(problem: Problem, needs: Sequence[Need]) -> Problem:
    """Some of the needs; what is read already of other applications counts against limits all the same."""
    asked = {each.application for each in needs}
    elsewhere = Counter(reviewer for reviewer, application in problem.pinned if application not in asked)
    readers, of_all = {}, dict(problem.organisation_most)
    for code, each in problem.readers.items():
        most = None if each.most is None else max(0, each.most - elsewhere[code])
        readers[code] = replace(each, most=most)
        if each.organisation in of_all:
            of_all[each.organisation] = max(0, of_all[each.organisation] - elsewhere[code])
    return replace(problem, needs=needs, readers=readers, organisation_most=of_all)


def _able(problem: Problem, needs: Sequence[Need]) -> set[str]:
    """Who may read some of it for whom it is asked of: not whoever reads it for another organisation."""
    asked = {(each.application, each.organisation) for each in needs}
    return {
        reviewer
        for reviewer, application in plan_of(_only(problem, needs)).pairs
        if {(application, None), (application, problem.readers[reviewer].organisation)} & asked
    }


def _described(problem: Problem, needs: Sequence[Need]) -> Starving:
    wanted = sum(each.number for each in needs)
    return Starving(
        needs=needs,
        able=sorted(_able(problem, needs)),
        wanted=wanted,
        possible=wanted - _lacks(problem, needs),
    )
