"""When each applicant sends: a third in the last day, a tenth in the last five minutes, a few too late.

The time before the last day and the last day are pressed into seconds; the last five minutes run five times
as fast as they would, and so do the autosaves in them: every 3 seconds in place of every 15.
"""

from dataclasses import dataclass
from random import Random

DRAFTS = 253
FASTER = 5
EVERY = 15 / FASTER
"""Seconds between two autosaves of one draft."""
BEFORE, LAST_DAY, LAST_MINUTES = 10.0, 10.0, 300 / FASTER
CLOSES = BEFORE + LAST_DAY + LAST_MINUTES
"""Seconds from the beginning of a run to the closing."""
GRACE_MINUTES = 1
"""A call's grace is whole minutes; this one is not pressed together."""
GRACE = GRACE_MINUTES * 60
AFTER = 4.0


@dataclass(frozen=True)
class Plan:
    """When one applicant begins to type and when they press "Send", in seconds from the beginning."""

    begins: float
    sends: float


def plans(drafts: int = DRAFTS, seed: str = "deadline") -> list[Plan]:
    """One for each draft. Of the last tenth a fifth sends within the grace, a fifth after it."""
    chance = Random(seed)
    last_day, last_minutes = drafts // 3, drafts // 10
    late = max(1, last_minutes // 5)
    counts = (
        (drafts - last_day, 0.0, BEFORE),
        (last_day - last_minutes, BEFORE, BEFORE + LAST_DAY),
        (last_minutes - 2 * late, BEFORE + LAST_DAY, CLOSES - 0.2),
        (late, CLOSES + 0.2, CLOSES + GRACE - 0.5),
        (late, CLOSES + GRACE, CLOSES + GRACE + AFTER / 2),
    )
    sends = [chance.uniform(start, end) for count, start, end in counts for _ in range(max(0, count))]
    return [Plan(chance.uniform(0, min(EVERY, each)), each) for each in sends]
