"""What stands out in how a reviewer scores. Flags only: nobody is left out by arithmetic. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import f

from app.scoring.calibration import Calibration, Estimate, Rating, Unranked, calibrate
from app.scoring.mixed_model import Vector

ENOUGH = 3
"""Fewer reviews than this say nothing of how somebody scores."""
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class Habit:
    """How one reviewer scores. None where there are too few reviews to say.

    `slope`: how many points more they give for a point more of quality (1 is like everybody; near 0 they do
    not tell applications apart). `noise`: their residual standard deviation over everybody's; `noisy` where
    that is no accident (F test, Benjamini and Hochberg at 5 % over all reviewers). `constant`: always the
    same score.
    """

    reviews: int
    leniency: Estimate
    slope: float | None
    noise: float | None
    noisy: bool
    constant: bool


def habits(ratings: Sequence[Rating], calibration: Calibration) -> Mapping[str, Habit]:
    """The habits of every reviewer, by code."""
    own: dict[str, list[Rating]] = defaultdict(list)
    for each in ratings:
        own[each.reviewer].append(each)
    residuals = {
        reviewer: np.array(
            [calibration.adjusted(each) - calibration.places[each.application].score.value for each in mine]
        )
        for reviewer, mine in own.items()
    }
    everybody = np.concatenate([residuals[reviewer] for reviewer in sorted(residuals)])
    overall = float((everybody**2).mean())
    chances = {
        reviewer: float(f.sf(float((mine**2).mean()) / overall, len(mine), len(everybody)))
        for reviewer, mine in residuals.items()
        if len(mine) >= ENOUGH and overall > 0
    }
    noisy = _discoveries(chances)
    return {
        reviewer: Habit(
            reviews=len(mine),
            leniency=calibration.leniencies[reviewer],
            slope=_slope(mine, calibration),
            noise=float(np.sqrt((residuals[reviewer] ** 2).mean() / overall))
            if reviewer in chances
            else None,
            noisy=reviewer in noisy,
            constant=len(mine) >= ENOUGH and len({each.value for each in mine}) == 1,
        )
        for reviewer, mine in sorted(own.items())
    }


def _noise(residuals: Vector, overall: float) -> float:
    return float(np.sqrt((residuals**2).mean() / overall))


def _slope(own: Sequence[Rating], calibration: Calibration) -> float | None:
    """cov(score, quality) / var(quality) over their own applications."""
    if len(own) < ENOUGH:
        return None
    quality = np.array([calibration.places[each.application].score.value for each in own])
    around = quality - quality.mean()
    if float(around @ around) == 0:
        return None
    return float(np.array([each.value for each in own]) @ around / (around @ around))


def _discoveries(chances: Mapping[str, float]) -> frozenset[str]:
    """Benjamini and Hochberg (1995): of those named, at most 5 % are expected to be named wrongly."""
    ordered = sorted(chances, key=lambda each: (chances[each], each))
    last = 0
    for number, each in enumerate(ordered, start=1):
        if chances[each] <= FALSE_ALARMS * number / len(ordered):
            last = number
    return frozenset(ordered[:last])


@dataclass(frozen=True, slots=True)
class Influence:
    """Who would enter and who would leave the best `places` if somebody's reviews were not there."""

    enter: Sequence[str]
    leave: Sequence[str]


def influence(
    ratings: Sequence[Rating], groups: Mapping[str, Sequence[str]], places: int
) -> Mapping[str, Influence | None]:
    """What hangs on each group of reviewers, one reviewer or one organisation: everything is fitted anew.

    `groups` has their reviewers by the group's code; None where nothing could be ranked without them.
    """
    everything = _best(ratings, places)
    found: dict[str, Influence | None] = {}
    for group, reviewers in groups.items():
        rest = [each for each in ratings if each.reviewer not in reviewers]
        without = _best(rest, places)
        found[group] = (
            None
            if everything is None or without is None
            else Influence(enter=sorted(without - everything), leave=sorted(everything - without))
        )
    return found


def _best(ratings: Sequence[Rating], places: int) -> frozenset[str] | None:
    found = calibrate(ratings)
    if isinstance(found, Unranked):
        return None
    ordered = sorted(found.applications, key=lambda each: (found.places[each].expected_rank, each))
    return frozenset(ordered[:places])
