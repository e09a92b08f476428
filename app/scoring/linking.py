"""Reviewers who would fall apart are linked by exchanging what they read. Pure; codes in, codes out."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from app.scoring.assignment import Chance
from app.scoring.connection import components
from app.scoring.reading import Pair, Problem

TRIED = 300
"""So many exchanges are tried for each group; in a group worth linking one of the first will do."""


def linked(problem: Problem, pairs: Collection[Pair], chance: Chance) -> frozenset[Pair]:
    """The same new pairs, with as few exchanges between two reviewers as bring all into one group.

    An exchange gives each of two the application of the other: loads and needs stay what they were, and
    nothing barred, unwanted or pinned is touched. The ones that cost the least fit come first. Where no
    exchange helps, the groups stay apart.
    """
    found = frozenset(pairs)
    pinned = frozenset(problem.pinned)
    groups = components(found | pinned)
    while len(groups) > 1:
        for old, new in islice(_exchanges(problem, found, groups, chance), TRIED):
            tried = found - old | new
            now = components(tried | pinned)
            if len(now) < len(groups):
                found, groups = tried, now
                break
        else:
            break
    return found


def _exchanges(
    problem: Problem, pairs: frozenset[Pair], groups: Collection[frozenset[str]], chance: Chance
) -> Iterator[tuple[frozenset[Pair], frozenset[Pair]]]:
    """(what goes, what comes) between the smallest group and all others, the best first."""
    smallest = min(groups, key=lambda group: (len(group), min(group)))
    readers = _readers(problem, pairs)
    inside = sorted(pair for pair in pairs if pair[0] in smallest)
    outside = sorted(pair for pair in pairs if pair[0] not in smallest)
    possible = []
    for one in inside:
        for other in outside:
            new = ((one[0], other[1]), (other[0], one[1]))
            if _allowed(problem, readers, one, other):
                loss = sum(problem.fits.get(each, 0) for each in (one, other))
                loss -= sum(problem.fits.get(each, 0) for each in new)
                possible.append((loss, chance(*new[0]), frozenset((one, other)), frozenset(new)))
    for *_, old, come in sorted(possible, key=lambda each: each[:2]):
        yield old, come


def _readers(problem: Problem, pairs: Collection[Pair]) -> Mapping[str, Mapping[str, str]]:
    """Application -> organisation -> who of it reads it."""
    readers: dict[str, dict[str, str]] = defaultdict(dict)
    for reviewer, application in {*pairs, *problem.pinned}:
        readers[application][problem.readers[reviewer].organisation] = reviewer
    return readers


def _allowed(problem: Problem, readers: Mapping[str, Mapping[str, str]], one: Pair, other: Pair) -> bool:
    """Whether the two may read each other's; between organisations only where any organisation will do."""
    new = ((one[0], other[1]), (other[0], one[1]))
    if any(pair in problem.barred or pair in problem.unwanted for pair in new):
        return False
    own, its = problem.readers[one[0]].organisation, problem.readers[other[0]].organisation
    if own == its:
        return one[1] != other[1]
    named = {need.application for need in problem.needs if need.organisation is not None}
    if one[1] in named or other[1] in named:
        return False
    return own not in readers[other[1]] and its not in readers[one[1]]
