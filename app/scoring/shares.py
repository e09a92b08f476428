"""How a pot is divided among its winners, in whole cents: none is lost, and none comes from nowhere. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Split(StrEnum):
    """By what an award's sum is found; the round's amount is the most that any of them gets.

    FIXED: the amount. EQUAL: an equal share of the pot. ASKED: what was asked for. PROPORTIONAL: the same,
    all of them less by one factor where the pot ends. FIRST_FULL: the first get the amount, the rest share
    what is left.
    """

    FIXED = "fixed"
    EQUAL = "equal"
    ASKED = "asked"
    PROPORTIONAL = "proportional"
    FIRST_FULL = "first_full"


POOLED = frozenset({Split.EQUAL, Split.PROPORTIONAL, Split.FIRST_FULL})
"""Where one award more makes the others smaller."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A round's money in cents: the whole pot, the most for one, and how many of the first get that."""

    split: Split
    pot: int
    most: int
    full: int = 0

    def wanted(self, asked: int | None) -> int:
        """What was asked for, up to the most; who asked for nothing in particular is given the most."""
        return min(asked or self.most, self.most)


def shares(rule: Rule, asked: Sequence[int | None]) -> list[int]:
    """The sum of each winner, the first of the order first; `asked` in cents, None where nothing was.

    A pot that is divided never gives out more than it has; FIXED and ASKED sums must `fit`.
    A cent that cannot be divided goes to the one who stands higher, or whose share was cut by more of it.
    """
    match rule.split:
        case Split.FIXED:
            return [rule.most] * len(asked)
        case Split.ASKED:
            return [rule.wanted(each) for each in asked]
        case Split.EQUAL:
            return _equal(rule.pot, rule.most, len(asked))
        case Split.FIRST_FULL:
            first = [rule.most] * min(rule.full, len(asked))
            left = max(0, rule.pot - sum(first))
            return first + _equal(left, rule.most, len(asked) - len(first))
        case Split.PROPORTIONAL:
            return _proportional(rule.pot, [rule.wanted(each) for each in asked])


def fitting(rule: Rule, asked: Sequence[int | None]) -> int:
    """How many of these, from the first on, the pot can give something to."""
    for count in range(len(asked), 0, -1):
        given = shares(rule, asked[:count])
        if sum(given) <= rule.pot and min(given) > 0:
            return count
    return 0


def _equal(pot: int, most: int, count: int) -> list[int]:
    if not count:
        return []
    share, left = divmod(min(pot, most * count), count)
    return [share + (place < left) for place in range(count)]


def _proportional(pot: int, wanted: Sequence[int]) -> list[int]:
    """All of it where it fits; else each the same part of it, by the largest remainder."""
    whole = sum(wanted)
    if whole <= pot:
        return list(wanted)
    given = [each * pot // whole for each in wanted]
    remainders = sorted(range(len(wanted)), key=lambda place: (-(wanted[place] * pot % whole), place))
    for place in remainders[: pot - sum(given)]:
        given[place] += 1
    return given
