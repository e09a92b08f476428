"""The cut line: how many a pot can still take, who stands above, and what departs from the order. Pure.

Applications with a written reason stand outside the order: one that was raised takes a place, one that
was passed over leaves its own to the next. The line is drawn through all the others: seats that are kept
for a group go to its first, all others to whoever is first; a seat that nobody of the group can have is a
place like any other. Below the threshold nobody stands above the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.scoring.shares import POOLED, Rule, Split, fitting, shares


@dataclass(frozen=True, slots=True)
class Pot:
    """What a round still holds, and its rule. Amounts in euro cents, all None where places alone are given.

    `places` is the most, `least` what is promised (None: nothing is); `reserved` seats are kept.
    """

    places: int
    taken: int
    amount_minor: int | None
    envelope_minor: int | None
    committed_minor: int
    split: Split = Split.FIXED
    full: int = 0
    least: int | None = None
    reserved: int = 0

    @property
    def free(self) -> int:
        """How many more fit at the most: each with the round's amount, where that is what each gets."""
        places = self.places - self.taken
        if self.amount_minor is None or self.envelope_minor is None or self.split in POOLED:
            return places
        left = self.envelope_minor - self.committed_minor
        if self.split is Split.ASKED:
            return places if left > 0 else 0
        return min(places, left // self.amount_minor)

    @property
    def wanted(self) -> int:
        """How many awards the line is drawn for where nobody says another number."""
        return max(self.least or self.places, self.taken)

    @property
    def rule(self) -> Rule | None:
        """How the money is divided; None where there is none."""
        if self.amount_minor is None or self.envelope_minor is None:
            return None
        return Rule(self.split, self.envelope_minor, self.amount_minor, self.full)


@dataclass(frozen=True, slots=True)
class Standing:
    """One application as one round sees it, in the order of places. `elsewhere`: won in another round.

    `given` is the sum of its award, `asked` what it asked for; `belongs` to those for whom seats are kept;
    `enough` is not below the threshold.
    """

    code: str
    awarded: bool
    elsewhere: bool
    explained: bool
    given: int | None = None
    asked: int | None = None
    belongs: bool = False
    enough: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """Codes above the line, of them those in a reserved seat, and those that depart without a reason."""

    above: frozenset[str]
    unexplained: tuple[str, ...]
    seated: frozenset[str] = frozenset()


def cut(pot: Pot, order: Sequence[Standing], count: int | None = None) -> Cut:
    """Draw the line for `count` awards in all, or as many as the pot wants.

    `order` holds at least the first `reach` places, and every award, reason and member.
    """
    raised = [each for each in order if each.explained and each.awarded]
    plain = [each for each in order if not each.elsewhere and not each.explained]
    able = [each for each in plain if each.enough]
    seats = max(0, pot.reserved - sum(each.belongs for each in raised))
    depth = _depth(pot, able, raised, seats, pot.wanted if count is None else count)
    above, seated = _chosen(able, depth, seats)
    return Cut(above, _unexplained(plain, above, seated, begun=bool(raised)), seated)


def winners(order: Sequence[Standing], line: Cut) -> list[Standing]:
    """Who wins by this line: all above it, and whoever was raised in writing; the first place first."""
    return [each for each in order if each.code in line.above or (each.explained and each.awarded)]


def amounts(pot: Pot, order: Sequence[Standing], line: Cut) -> dict[str, int | None]:
    """What each winner of this line gets. An award keeps the sum it has, unless all share one pot."""
    chosen = winners(order, line)
    rule = pot.rule
    if rule is None:
        return {each.code: None for each in chosen}
    sums = shares(rule, [each.asked for each in chosen])
    return {
        each.code: each.given if each.awarded and each.given and rule.split not in POOLED else share
        for each, share in zip(chosen, sums, strict=True)
    }


def _chosen(able: Sequence[Standing], depth: int, seats: int) -> tuple[frozenset[str], frozenset[str]]:
    """The first of the group in their seats, and the first of all the others."""
    seated = [each.code for each in able if each.belongs][: min(seats, depth)]
    others = [each.code for each in able if each.code not in seated][: depth - len(seated)]
    return frozenset(seated) | frozenset(others), frozenset(seated)


def _depth(pot: Pot, able: Sequence[Standing], raised: Sequence[Standing], seats: int, count: int) -> int:
    """How many of the plain order are above the line."""
    depth = max(0, min(pot.taken + pot.free, pot.places, count) - len(raised))
    rule = pot.rule
    if rule is None or rule.split is Split.FIXED:
        return depth
    depth = min(depth, len(able))
    while depth:
        above, _ = _chosen(able, depth, seats)
        chosen = [*raised, *(each for each in able if each.code in above)]
        # An award of what was asked keeps the sum it was given.
        asked = [each.given if each.awarded and rule.split is Split.ASKED else each.asked for each in chosen]
        if fitting(rule, asked) == len(asked):
            return depth
        depth -= 1
    return 0


def _unexplained(
    plain: Sequence[Standing], above: frozenset[str], seated: frozenset[str], *, begun: bool
) -> tuple[str, ...]:
    """Who is awarded below the line, who was jumped by a lower one, and whose kept seat stands empty.

    An award in a reserved seat jumps nobody but its own group.
    """
    placed = [(index, each) for index, each in enumerate(plain) if each.awarded]
    lowest = max((index for index, each in placed if each.code not in seated), default=-1)
    begun = begun or bool(placed)
    return tuple(
        each.code
        for index, each in enumerate(plain)
        # Who is not awarded departs only where a lower one is: a place may stay free.
        if (each.awarded and each.code not in above)
        or (not each.awarded and each.enough and (index < lowest or (begun and each.code in seated)))
    )
