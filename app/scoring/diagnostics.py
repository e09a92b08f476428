"""What stands out in how a reviewer scores. Flags only: nobody is left out by arithmetic. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import f, t

from app.scoring.calibration import Calibration, Estimate, Rating

ENOUGH = 3
"""Fewer reviews than this say nothing of how somebody scores."""
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class Habit:
    """How one reviewer scores. None where there are too few reviews to say.

    `slope`: how many points more they give for a point more of quality (1 is like everybody; near 0 they do
    not tell applications apart); `flat` where it is below 1 by no accident (t test). `noise`: their residual
    standard deviation over everybody's; `noisy` where that is no accident (F test). Both tests with Benjamini
    and Hochberg's rule at 5 % over all reviewers. `constant`: always the same score, which tells nothing of
    the applications; somebody else should read them as well.
    """

    reviews: int
    leniency: Estimate
    slope: float | None
    noise: float | None
    noisy: bool
    constant: bool
    flat: bool


def habits(ratings: Sequence[Rating], calibration: Calibration) -> Mapping[str, Habit]:
    """The habits of every reviewer, by code; slopes and noise from three reviews on.

    The slope is cov(score, quality) / var(quality) over their own applications, in points a point; the noise
    is sqrt(mean of (score - leniency - quality)^2 / that of everybody). Source: docs/scoring.md.
    """
    own: dict[str, list[Rating]] = defaultdict(list)
    for each in ratings:
        own[each.reviewer].append(each)
    residuals = {
        reviewer: np.array(
            [calibration.adjusted(each) - calibration.scores[each.application].value for each in mine]
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
    slopes = {reviewer: _slope(mine, calibration) for reviewer, mine in own.items()}
    flat = _discoveries({code: each[1] for code, each in slopes.items() if each is not None})
    return {
        reviewer: Habit(
            reviews=len(mine),
            leniency=calibration.leniencies[reviewer],
            slope=None if (slope := slopes[reviewer]) is None else slope[0],
            noise=float(np.sqrt((residuals[reviewer] ** 2).mean() / overall))
            if reviewer in chances
            else None,
            noisy=reviewer in noisy,
            constant=len(mine) >= ENOUGH and len({each.value for each in mine}) == 1,
            flat=reviewer in flat,
        )
        for reviewer, mine in sorted(own.items())
    }


def _slope(own: Sequence[Rating], calibration: Calibration) -> tuple[float, float] | None:
    """cov(score, quality) / var(quality) over their own applications, and how probable so low a one is.

    As if the true slope were 1, with their own residuals around their own line for the noise.
    """
    if len(own) < ENOUGH:
        return None
    quality = np.array([calibration.scores[each.application].value for each in own])
    around = quality - quality.mean()
    square = float(around @ around)
    if square == 0:
        return None
    values = np.array([each.value for each in own])
    slope = float(values @ around) / square
    rest = values - values.mean() - slope * around
    # Somebody whose line is exact has no noise to compare with: everybody's is taken.
    noise = max(float(rest @ rest) / (len(own) - 2), calibration.sigma**2)
    return slope, float(t.cdf((slope - 1) / np.sqrt(noise / square), len(own) - 2))


def _discoveries(chances: Mapping[str, float]) -> frozenset[str]:
    """Benjamini and Hochberg (1995): of those named, at most 5 % are expected to be named wrongly."""
    ordered = sorted(chances, key=lambda each: (chances[each], each))
    last = 0
    for number, each in enumerate(ordered, start=1):
        if chances[each] <= FALSE_ALARMS * number / len(ordered):
            last = number
    return frozenset(ordered[:last])
