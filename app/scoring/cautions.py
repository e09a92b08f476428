"""What has to be said beside an order, and what to be confirmed before a line is drawn. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.scoring.calibration import Calibration, Unranked
from app.scoring.connection import components
from app.scoring.criteria import Sheet
from app.scoring.run import Run

ENOUGH = 3
"""With fewer complete reviews than this one opinion decides."""
PILED = 0.2
"""From this share of scores at one end of the scale on, the best cannot be told apart well."""


class Caution(StrEnum):
    """Why an order is less firm than it looks."""

    UNRANKED = "unranked"  # nothing can be told apart
    WIDE = "wide"  # the 90 % intervals are wider than half the field, on average
    APART = "apart"  # groups of reviewers share no application
    FEW_REVIEWS = "few_reviews"  # some applications have fewer than three complete reviews
    INCOMPLETE = "incomplete"  # some reviews lack a criterion and are not calibrated
    PILED_UP = "piled_up"  # over a fifth of the scores lie at one end of the scale


TO_CONFIRM = frozenset({Caution.WIDE, Caution.APART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cautions:
    """All that is to be said of a run.

    `width`: the mean width of the 90 % intervals, in places; None where nothing is ranked. `groups`: the
    groups of reviewers, the largest first. `needs`: how many complete reviews an application lacks to three.
    `ends`: the shares of scores at the lowest and at the highest end of their scale, 0 to 1.
    """

    found: Sequence[Caution]
    width: float | None
    groups: Sequence[frozenset[str]]
    needs: Mapping[str, int]
    incomplete: Sequence[tuple[str, str]]
    ends: tuple[float, float]

    @property
    def to_confirm(self) -> Sequence[Caution]:
        """Those with which a line may only be drawn once a coordinator has confirmed that they know."""
        return [each for each in self.found if each in TO_CONFIRM]


def cautions(run: Run, sheets: Sequence[Sheet]) -> Cautions:
    """What the reviews of a run cannot tell. Source: docs/scoring.md."""
    complete = Counter(each.application for each in run.ratings)
    needs = {code: ENOUGH - complete[code] for code in sorted(run.figures) if complete[code] < ENOUGH}
    groups = components([(each.reviewer, each.application) for each in run.ratings])
    width = None if isinstance(run.calibration, Unranked) else _width(run.calibration)
    ends = _ends(run, sheets)
    present = {
        Caution.UNRANKED: width is None,
        Caution.WIDE: width is not None and width > len(run.figures) / 2,
        Caution.APART: len(groups) > 1,
        Caution.FEW_REVIEWS: bool(needs),
        Caution.INCOMPLETE: bool(run.incomplete),
        Caution.PILED_UP: max(ends) > PILED,
    }
    return Cautions(
        found=[each for each, is_there in present.items() if is_there],
        width=width,
        groups=groups,
        needs=needs,
        incomplete=run.incomplete,
        ends=ends,
    )


def _width(calibration: Calibration) -> float:
    places = calibration.places.values()
    return sum(each.outer[1] - each.outer[0] for each in places) / len(places)


def _ends(run: Run, sheets: Sequence[Sheet]) -> tuple[float, float]:
    scales = {each.code: (each.minimum, each.maximum) for each in run.rules.criteria}
    scores = [
        (score, scales[code]) for each in sheets for code, score in each.scores.items() if code in scales
    ]
    if not scores:
        return 0.0, 0.0
    lowest = sum(score == scale[0] for score, scale in scores)
    highest = sum(score == scale[1] for score, scale in scores)
    return lowest / len(scores), highest / len(scores)
