"""`python -m tests.bench.scoring`: simulate calls whose truth is known, compare, write the README."""

import argparse
import os
import sys
from collections.abc import Sequence

from tests.bench.pages.cpu import calibration
from tests.bench.pages.report import README, machine
from tests.bench.scoring.calls import KINDS
from tests.bench.scoring.recovery import WAYS, Recovery, recovery
from tests.bench.scoring.speed import SIZES, Speed, measured

BEGIN, END = "<!-- recovered -->", "<!-- /recovered -->"
CALLS = 100


def recovered(found: Sequence[Recovery]) -> list[str]:
    """The table of what was found again; four figures stand for the four ways, ours last."""
    lines = [
        f"| kind of call | tau: {', '.join(WAYS[:-1])}, **{WAYS[-1]}** | recall of the best ten, likewise "
        "| tau, ours ÷ raw | recall, ours ÷ raw | in the 90 / 50 % interval, % | recall expected |",
        "|---|---|---|--:|--:|--:|--:|",
    ]
    for each in found:
        tau, recall = each.tau.mean(axis=0), each.recall.mean(axis=0)
        lines.append(
            f"| {each.kind.name} | {_four(tau)} | {_four(recall)} | {tau[-1] / tau[0]:.3f} "
            f"| {recall[-1] / recall[0]:.3f} | {100 * each.outer.mean():.1f} / {100 * each.inner.mean():.1f} "
            f"| {each.predicted.mean():.3f} |"
        )
    return lines


def _four(figures: Sequence[float]) -> str:
    *others, ours = (f"{figure:.3f}".removeprefix("0") for figure in figures)
    return " / ".join([*others, f"**{ours}**"])


def quick(found: Sequence[Speed]) -> list[str]:
    """The table of times."""
    return [
        "| applications x reviews, reviewers | on the clock, s | CPU, s | memory, MB | leaving each out, s |",
        "|---|--:|--:|--:|--:|",
        *(
            f"| {each.applications:,} x 5, {each.reviewers:,} | {each.wall:.2f} | {each.cpu:.2f} "
            f"| {each.megabytes:.0f} | {'' if each.left_out is None else f'{each.left_out:.1f}'} |"
            for each in found
        ),
    ]


def write(lines: Sequence[str]) -> None:
    """Put the tables into the README, in place of the last ones."""
    said = README.read_text(encoding="utf-8")
    before, _, rest = said.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text("\n".join([before + BEGIN, "", *lines, "", END + after]), encoding="utf-8")


def main() -> None:
    """Compare, measure, report; exits with 1 where ours is below another way, or an interval lies."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.scoring", description=__doc__)
    asked.add_argument("--calls", type=int, default=CALLS, help=f"of each kind; {CALLS} unless said")
    asked.add_argument("--kind", default="", help="only kinds with this in their name")
    asked.add_argument("--no-speed", action="store_true", help="without the times")
    given = asked.parse_args()
    found = []
    for kind in KINDS:
        if given.kind in kind.name:
            found.append(recovery(kind, given.calls))
            print(recovered(found)[-1], flush=True)
    lines = [f"{given.calls} calls of each kind.", "", *recovered(found)]
    if not given.no_speed:
        before, load = calibration(), os.getloadavg()[0]
        times = [measured(*size) for size in SIZES]
        loop = f"The calibration loop took {before:.0f} ms before and {calibration():.0f} ms after; "
        loop += f"{load:.1f} processes wanted a core in the minute before."
        lines += ["", f"Measured on {machine()}. {loop}", "", *quick(times)]
        print("\n".join(quick(times)), flush=True)
    faults = [fault for each in found for fault in each.faults]
    print("\n".join(faults) or "Nowhere below another way beyond chance; every interval covers what it says.")
    if not (given.kind or given.no_speed or given.calls < CALLS):
        write(lines)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
