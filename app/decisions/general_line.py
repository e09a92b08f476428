"""Where the line runs for whoever competes for the places that are kept for nobody. Pure.

A seat that is kept for a group takes an award away from all the others: they compete for what is left, and
whoever sits in a kept seat stands on neither side of their line.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple


class Kept(NamedTuple):
    """The seats that one round keeps, and the codes of those who belong to the group."""

    seats: int
    group: Collection[str]


class GeneralLine(NamedTuple):
    """`place` of the last one above the line, 0 without any; `seated` are in kept seats, the best first."""

    place: int
    seated: Sequence[str]


def general_line(order: Sequence[str], awards: int, kept: Sequence[Kept]) -> GeneralLine:
    """Draw the line for `awards` in all: the first of each group sit in its seats, the others follow.

    As `app.decisions.cut` does; a seat that nobody of the group can have is a place like any other. Whoever
    of the group stands above the line anyway takes its seat, and moves the line by one.
    """
    seated: list[str] = []
    for each in kept:
        own = [code for code in order if code in each.group and code not in seated]
        seated += own[: min(each.seats, max(0, awards - len(seated)))]
    others = [place for place, code in enumerate(order, start=1) if code not in seated]
    left = awards - len(seated)
    if left <= 0:
        return GeneralLine(0, seated)
    # Where there are more awards than applications, the line runs below all of them.
    return GeneralLine(others[left - 1] if left <= len(others) else len(order) + left - len(others), seated)
