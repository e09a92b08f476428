"""A run of the engine as it is written down, and read again: exact, by code, without a database."""

import platform
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy
import scipy

from app import __version__
from app.scoring.calibration import Calibration
from app.scoring.lottery import Drawn
from app.scoring.methods import Method, Strata
from app.scoring.run import Position, Rules, Run, Sheet
from app.scoring.totals import Weighted


def computed_document(found: Run, held: Drawn | None = None) -> dict[str, Any]:
    """What came out: every order with exact fractions, the figures of the model, and what computed it.

    The orders are those without a draw; `held` is the one by which the decision goes, where there is one.
    """
    return {
        "versions": versions(),
        "orders": {
            method.value: [_placed(code, found.figures[code].positions[method]) for code in codes]
            for method, codes in found.order.items()
        },
        "calibration": _calibration(found),
        "incomplete": [list(each) for each in found.incomplete],
        **({"imputed": [list(each) for each in found.imputed]} if found.rules.impute else {}),
        **({"lottery": lottery_document(held)} if held is not None else {}),
    }


def lottery_document(held: Drawn) -> dict[str, Any]:
    """A draw at the line: who is in by merit, who drew in the order of their tickets, for how many places."""
    return {
        "line": held.line,
        "accepted": list(held.accepted),
        "drawing": list(held.drawing),
        "rejected": list(held.rejected),
        "left": held.left,
    }


def versions() -> dict[str, str]:
    """What a number depends on beside its input."""
    return {
        "baige": __version__,
        "python": platform.python_version(),
        "numpy": str(numpy.__version__),
        "scipy": str(scipy.__version__),
    }


def _placed(code: str, position: Position) -> dict[str, Any]:
    return {
        "application": code,
        "place": position.place,
        "label": position.label,
        "decided_by": position.decided_by,
        "merit": None if position.merit is None else str(position.merit),
        "total": None if position.total is None else str(position.total),
        "means": {criterion: str(mean) for criterion, mean in sorted(position.means.items())},
    }


def _calibration(found: Run) -> dict[str, Any]:
    calibrated = found.calibration
    if not isinstance(calibrated, Calibration):
        return {"unranked": calibrated.value, "model": {}, "applications": []}
    chances = {line: calibrated.top(line) for line in found.rules.lines}
    return {
        "unranked": "",
        "model": {
            "mean": float(calibrated.mean),
            "tau": float(calibrated.tau),
            "ups": float(calibrated.ups),
            "sigma": float(calibrated.sigma),
            "reliability": float(calibrated.reliability),
        },
        "applications": [
            {
                "application": code,
                "score": float(place.score.value),
                "deviation": float(place.score.deviation),
                "expected_rank": float(place.expected_rank),
                "inner": [int(end) for end in place.inner],
                "outer": [int(end) for end in place.outer],
                "chances": {str(line): float(own[code]) for line, own in chances.items()},
            }
            for code, place in sorted(calibrated.places.items())
        ],
    }


def input_of(document: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[Sheet], Rules]:
    """Applications, reviews and rules from an input document: the opposite of `input_document`."""
    groups = document.get("strata")
    rules = Rules(
        call=document["call"],
        seed=document["seed"],
        method=Method(document["method"]),
        criteria=[Weighted(*each) for each in document["criteria"]],
        tie_order=list(document["tie_order"]),
        lines=list(document["lines"]),
        strata=groups["of"] if groups else None,
        sorted_by=Strata(groups["by"]) if groups else None,
        impute=bool(document.get("impute")),
        lottery=bool(document.get("lottery")),
    )
    sheets = [Sheet(*each) for each in document["reviews"]]
    return list(document["applications"]), sheets, rules


def exact(written: str | None) -> Fraction | None:
    """A fraction as it was written."""
    return None if written is None else Fraction(written)
