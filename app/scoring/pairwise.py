"""An order from each reviewer's own order alone: who stands above whom, not by how much. Pure; never decides.

It needs no common scale: who is strict, who is generous and who uses half of the scale orders the same. What
it cannot know is whether a reviewer's first is better than another's, unless applications that both read tell
it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import choix
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from app.scoring.calibration import Rating
from app.scoring.crossing import Matrix

SHRINKAGE = 0.01
"""So much of a comparison is added to every pair, so that nobody who was never put below is infinitely
good."""
ROUNDS = 1000
EQUAL = 1e-6
"""In log odds: abilities are found to the eighth digit, and nearer ones share a place."""
MOST = 1000
"""Applications: with more, every round takes seconds."""


class NoOrder(StrEnum):
    """Why there is none."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_CONNECTED = "not_connected"


@dataclass(frozen=True, slots=True)
class OwnOrders:
    """The place of each, from 1, equal ones sharing it; `left_out` are those whom nobody compared."""

    places: Mapping[str, int]
    left_out: tuple[str, ...]


def own_orders(ratings: Collection[Rating]) -> OwnOrders | NoOrder:
    """The order by abilities, each reviewer's reviews read only as who is above whom, ties half each.

    Every pair that a reviewer read counts one, whatever the distance. NOT_CONNECTED where applications fall
    into groups that no reviewer compares: then nobody's order says anything of another group. TOO_FEW below
    two that are compared, TOO_MANY above `MOST`. Source: Bradley and Terry (1952).
    """
    wins = comparisons(ratings)
    compared = {code for pair in wins for code in pair}
    if len(compared) < 2:
        return NoOrder.TOO_FEW
    if len(compared) > MOST:
        return NoOrder.TOO_MANY
    if _groups(wins) > 1:
        return NoOrder.NOT_CONNECTED
    found = bradley_terry(wins)
    places: dict[str, int] = {}
    before, place = float("inf"), 0
    for number, code in enumerate(sorted(found, key=lambda each: (-found[each], each)), 1):
        place = place if before - found[code] <= EQUAL else number
        places[code], before = place, found[code]
    return OwnOrders(places, tuple(sorted({each.application for each in ratings} - compared)))


def comparisons(ratings: Collection[Rating]) -> Mapping[tuple[str, str], float]:
    """How often the first of a pair stands above the second in a reviewer's own order; a tie is half each."""
    own: dict[str, list[Rating]] = defaultdict(list)
    for each in ratings:
        own[each.reviewer].append(each)
    wins: dict[tuple[str, str], float] = defaultdict(float)
    for read in own.values():
        for one, other in combinations(read, 2):
            first = 1.0 if one.value > other.value else 0.5 if one.value == other.value else 0.0
            wins[one.application, other.application] += first
            wins[other.application, one.application] += 1.0 - first
    return wins


def bradley_terry(wins: Mapping[tuple[str, str], float], shrinkage: float = SHRINKAGE) -> Mapping[str, float]:
    """P(i is put above j) = 1 / (1 + exp(a_j - a_i)): the abilities a, by code, in log odds; their mean is 0.

    `wins` has how often the first of a pair was put above the second, in whole numbers or parts. `shrinkage`
    draws abilities to each other; at 0 it is the plain one of greatest likelihood, which exists only where
    everybody was put above everybody along some chain. ValueError for fewer than two codes, or where there is
    none. Source: Bradley and Terry (1952); found by Luce spectral ranking (Maystre and Grossglauser 2015).
    """
    codes, table = _table(wins)
    if len(codes) < 2:
        raise ValueError("fewer than two are compared")
    if shrinkage <= 0 and connected_components(csr_array(table), connection="strong")[0] > 1:
        raise ValueError("somebody was never put above, or always: there is no greatest likelihood")
    try:
        found = choix.ilsr_pairwise_dense(table, alpha=shrinkage, max_iter=ROUNDS)
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    return {code: float(ability) for code, ability in zip(codes, found - found.mean(), strict=True)}


def _table(wins: Mapping[tuple[str, str], float]) -> tuple[list[str], Matrix]:
    codes = sorted({code for pair in wins for code in pair})
    place = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(codes), len(codes)))
    for (one, other), number in wins.items():
        table[place[one], place[other]] = number
    return codes, table


def _groups(wins: Mapping[tuple[str, str], float]) -> int:
    _, table = _table(wins)
    return int(connected_components(csr_array(table + table.T), directed=False)[0])
