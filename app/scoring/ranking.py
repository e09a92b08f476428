"""The order of applications: totals, then the published tie rules, then a draw anybody can repeat. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.scoring.draw import draw_ticket
from app.scoring.totals import common

__all__ = ["DRAW", "LOTTERY", "TOTAL", "Line", "Place", "draw_ticket", "placed", "rank"]

DRAW = "draw"
LOTTERY = "lottery"
"""What put an application into its place that drew lots at the line (`app.scoring.lottery`)."""
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Line:
    """One application to be placed. `means` holds a mean for each criterion that has one."""

    code: str
    total: Fraction | None
    means: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an application stands.

    `place` is 1, 2, 3, … over all lines. `label` repeats for equal totals ("1", "2", "2", "4") and is
    empty without a total. `decided_by` names what put it before the next equal one: "total", a
    criterion's code, or "draw".
    """

    code: str
    place: int
    label: str
    decided_by: str


def rank(lines: Sequence[Line], *, tie_order: Sequence[str], seed: str, call: str) -> list[Place]:
    """Every line in its place; those without a total come last, in the order of the draw.

    Totals are compared exactly, never rounded. The order of `lines` has no influence.
    """
    totals = _keys([line.total for line in lines])
    means = [_keys([line.means.get(code) for line in lines]) for code in tie_order]
    keys = {
        line.code: (totals[n], [each[n] for each in means], draw_ticket(seed, call, line.code))
        for n, line in enumerate(lines)
    }
    return placed(sorted(lines, key=lambda line: keys[line.code]), tie_order=tie_order)


def _keys(values: Sequence[Fraction | None]) -> Sequence[tuple[bool, int]]:
    """What sorts them, the highest first and none last, as whole numbers over one denominator."""
    whole, _ = common([value for value in values if value is not None])
    known = iter(whole)
    return [(True, 0) if value is None else (False, -next(known)) for value in values]


def placed(ordered: Sequence[Line], *, tie_order: Sequence[str]) -> list[Place]:
    """The places of lines that are in their order already, all of a call's or some."""
    places: list[Place] = []
    label = 0
    for index, line in enumerate(ordered):
        before = ordered[index - 1] if index else None
        if before is None or before.total != line.total:
            label = index + 1
        after = ordered[index + 1] if index + 1 < len(ordered) else None
        places.append(
            Place(
                code=line.code,
                place=index + 1,
                label=str(label) if line.total is not None else "",
                decided_by=_decided_by(line, after, tie_order),
            )
        )
    return places


def _decided_by(line: Line, after: Line | None, tie_order: Sequence[str]) -> str:
    if after is None or line.total is None or line.total != after.total:
        return TOTAL
    return next((code for code in tie_order if line.means.get(code) != after.means.get(code)), DRAW)
