"""The cut line: how many a pot can still take, who stands above, and what departs from the order. Pure.

Applications with a written reason stand outside the order: one that was raised takes a place, one that
was passed over leaves its own to the next. The line is drawn through all the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pot:
    """What a round still holds. Amounts in euro cents, all None where places alone are given."""

    places: int
    taken: int
    amount_minor: int | None
    envelope_minor: int | None
    committed_minor: int

    @property
    def free(self) -> int:
        """How many more fit, each with the round's amount."""
        places = self.places - self.taken
        if self.amount_minor is None or self.envelope_minor is None:
            return places
        return min(places, (self.envelope_minor - self.committed_minor) // self.amount_minor)


@dataclass(frozen=True, slots=True)
class Standing:
    """One application as one round sees it, in the order of places. `elsewhere`: won in another round."""

    code: str
    awarded: bool
    elsewhere: bool
    explained: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """Codes above the line, and codes that depart from the order without a reason."""

    above: frozenset[str]
    unexplained: tuple[str, ...]


def cut(pot: Pot, order: Sequence[Standing]) -> Cut:
    """Draw the line. `order` holds at least the first `reach` places, and every award and reason."""
    raised = sum(each.explained and each.awarded for each in order)
    plain = [each for each in order if not each.elsewhere and not each.explained]
    depth = max(0, pot.taken + pot.free - raised)
    above = frozenset(each.code for each in plain[:depth])
    lowest = max((index for index, each in enumerate(plain) if each.awarded), default=-1)
    return Cut(
        above=above,
        unexplained=tuple(
            each.code
            for index, each in enumerate(plain)
            # Who is not awarded departs only where a lower one is: a place may stay free.
            if (each.awarded and each.code not in above) or (not each.awarded and index < lowest)
        ),
    )
