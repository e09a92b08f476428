"""Simulated calls: who gave what to whom, from qualities, leniencies and chance."""

import numpy as np

from app.scoring.calibration import Calibration, Rating, calibrate
from app.scoring.criteria import Sheet
from app.scoring.methods import Method
from app.scoring.run import Rules
from app.scoring.totals import Weighted

CRITERIA = ("need", "work_plan", "budget", "sustainability")


def fitted(ratings: list[Rating]) -> Calibration:
    """What must be possible to calibrate."""
    found = calibrate(ratings)
    assert isinstance(found, Calibration)
    return found


def call(
    applications: int, reviewers: int, each: int, *, seed: int = 1, lenient: float = 8, noise: float = 9
) -> list[Rating]:
    """Ratings of `each` reviewers for every application."""
    random = np.random.default_rng(seed)
    quality, more = random.normal(55, 12, applications), random.normal(0, lenient, reviewers)
    return [
        Rating(f"a{a:03}", f"r{r:02}", float(quality[a] + more[r] + random.normal(0, noise)))
        for a in range(applications)
        for r in random.choice(reviewers, each, replace=False)
    ]


def sheets(
    applications: int, reviewers: int, each: int, *, seed: int = 1, middle: float = 3.2, spread: float = 0.8
) -> list[Sheet]:
    """Four criteria from 1 to 5 by `each` reviewers, who come from as many organisations."""
    random = np.random.default_rng(seed)
    quality, more = random.normal(middle, spread, applications), random.normal(0, 0.4, reviewers)
    return [
        Sheet(
            f"a{a:03}",
            f"r{r:02}",
            f"o{r % each}",
            {
                code: int(np.clip(round(quality[a] + more[r] + random.normal(0, 0.7)), 1, 5))
                for code in CRITERIA
            },
        )
        for a in range(applications)
        for r in random.choice(reviewers, each, replace=False)
    ]


def rules(method: Method = Method.CALIBRATED, *, line: int = 3, seed: str = "seed") -> Rules:
    """Equal weights, ties by the criteria in their order."""
    return Rules(
        call="call",
        seed=seed,
        method=method,
        criteria=[Weighted(code, 25) for code in CRITERIA],
        tie_order=CRITERIA,
        lines=[line],
    )


def codes(given: list[Sheet]) -> list[str]:
    """The applications, each once."""
    return sorted({each.application for each in given})
