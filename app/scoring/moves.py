"""What changes between two orders of the same applications: who enters, who leaves, who moves. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moves:
    """From one order to another, by code.

    `enter` and `leave` the first `line` places, in the order of those who come and of those who go; `places`
    has (before, after), each from 1, of everybody whose place is another one, None where an order lacks them.
    """

    line: int
    enter: Sequence[str]
    leave: Sequence[str]
    places: Mapping[str, tuple[int | None, int | None]]


def moves(before: Sequence[str], after: Sequence[str], line: int) -> Moves:
    """The moves from `before` to `after`, each with the best first; ValueError for a line below 1.

    The diff that belongs to whatever changes an order: a review left out for a tie, a score corrected,
    another method, strata taken into account.
    """
    if line < 1:
        raise ValueError(f"a line at {line} is no line")
    old = {code: place for place, code in enumerate(before, start=1)}
    new = {code: place for place, code in enumerate(after, start=1)}
    return Moves(
        line=line,
        enter=[code for code in after[:line] if old.get(code, line + 1) > line],
        leave=[code for code in before[:line] if new.get(code, line + 1) > line],
        places={
            code: (old.get(code), new.get(code))
            for code in sorted({*old, *new}, key=lambda each: (new.get(each, len(new) + 1), old.get(each, 0)))
            if old.get(code) != new.get(code)
        },
    )
