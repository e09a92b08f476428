"""How long a whole run takes, and how much memory: each in a process of its own."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app.decisions.firm import MOST_CHANCES
from app.scoring.calibration import Calibration
from app.scoring.divergence import decision_values
from app.scoring.leaving_out import leave_one_out
from app.scoring.run import Rules, Sheet, run
from tests.scoring.calls import codes, rules, sheets

SIZES = [(253, 51), (1_000, 200), (10_000, 500), (10_000, 2_000)]
LINES = 12
"""A programme with six promised awards and up to twelve."""
LEFT_OUT = 253
"""Beyond so many nobody waits for everything to be fitted once for each reviewer."""


@dataclass(frozen=True)
class Speed:
    """Seconds on the clock and of CPU, megabytes at the most, seconds for leaving each out."""

    applications: int
    reviewers: int
    wall: float
    cpu: float
    megabytes: float
    left_out: float | None


def measured(applications: int, reviewers: int) -> Speed:
    """One size in a fresh process; the quicker of two runs where there is time for two."""
    asked = [sys.executable, "-m", "tests.bench.scoring.speed", str(applications), str(reviewers)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    wall, cpu, megabytes = (float(each) for each in said[:3])
    return Speed(applications, reviewers, wall, cpu, megabytes, float(said[3]) if said[3] != "-" else None)


def main(applications: int, reviewers: int) -> None:
    """All that the board needs: every order, the criteria, all places and intervals, the decision values."""
    given = sheets(applications, reviewers, 5)
    every, published = codes(given), rules(line=10)
    best = _timed(every, given, published)
    for _ in range(2 if applications <= LEFT_OUT else 0):
        best = min(best, _timed(every, given, published))
    left_out = "-"
    if applications <= LEFT_OUT:
        found = run(every, given, published)
        began = time.perf_counter()
        leave_one_out(found, given, 10)
        left_out = str(time.perf_counter() - began)
    print(*best, _most_megabytes(), left_out)


def _most_megabytes() -> float:
    """Of memory that this process ever had; what getrusage says begins with that of its parent."""
    said = Path("/proc/self/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) / 1024


def _timed(every: list[str], given: list[Sheet], published: Rules) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    found = run(every, given, published)
    assert isinstance(found.calibration, Calibration)
    assert len(found.calibration.places) == len(every)
    decision_values(found.calibration, 10)
    # As the board keeps them: distances to its line, and the chances at each line one may look at.
    assert found.calibration.margins(10)
    for line in range(1, min(LINES, MOST_CHANCES // len(every)) + 1):
        found.calibration.top(line)
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
