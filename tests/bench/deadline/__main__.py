"""`python -m tests.bench.deadline`: 253 drafts as the deadline passes, on SQLite and on PostgreSQL."""

import argparse
import asyncio
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.database import make_engine
from app.logs import configure_logs
from app.migrate import upgrade_engine
from app.settings import Settings
from tests.bench.deadline.checking import check
from tests.bench.deadline.people import Draft, close_soon, prepare
from tests.bench.deadline.rhythm import DRAFTS, plans
from tests.bench.deadline.writing import Told, write_and_send
from tests.bench.pages.__main__ import NAMES, database
from tests.bench.pages.cpu import calibration
from tests.bench.pages.report import BEGIN, END, machine
from tests.bench.pages.server import serving

README = Path(__file__).parent / "README.md"
TIMES = "p50 / p95 / p99 / longest, ms"
HEAD = f"""\
| engine | drafts | saved | {TIMES} | sent | {TIMES} | in the grace | refused after it | failed requests \
| calibration, ms | load before |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True)
class Run:
    """What one run on one engine showed, after all was found to be true."""

    engine: str
    told: Sequence[Told]
    grace: int
    calibration: tuple[float, float]
    load: float

    def line(self) -> str:
        """One row of the table."""
        saves = [seconds for each in self.told for seconds in each.saves]
        sends = [seconds for each in self.told for seconds in each.sends]
        failures = [words for each in self.told for words in each.failures]
        asked = len(saves) + len(sends) + len(failures)
        late = sum(not each.sent for each in self.told) - sum(words.startswith("send") for words in failures)
        before, after = self.calibration
        return (
            f"| {self.engine} | {len(self.told)} | {len(saves):,} | {_percentiles(saves)} | {len(sends)} "
            f"| {_percentiles(sends)} | {self.grace} | {late} "
            f"| {len(failures)} ({100 * len(failures) / max(1, asked):.2f} %) | {before:.0f}, {after:.0f} "
            f"| {self.load:.1f} |"
        )


def _percentiles(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    places = (ordered[int((len(ordered) - 1) * share)] * 1000 for share in (0.5, 0.95, 0.99, 1))
    return " / ".join(f"{each:.0f}" for each in places)


async def run(port: int, drafts: Sequence[Draft], began: float) -> list[Told]:
    """Everybody at once."""
    rhythm = zip(drafts, plans(len(drafts)), strict=True)
    return await asyncio.gather(*(write_and_send(port, draft, plan, began) for draft, plan in rhythm))


def bench(engine_name: str, drafts: int) -> Run:
    """One run on one engine; raises where a promise was broken."""
    with database(engine_name) as url:
        engine = make_engine(url)
        upgrade_engine(engine)
        print(f"{NAMES[engine_name]}: writing {drafts} drafts", flush=True)
        written = prepare(engine, drafts)
        before, load = calibration(), os.getloadavg()[0]
        with serving(url) as server:
            # The clock of applicants and the call's are one: both count from here.
            began, now = time.perf_counter(), datetime.now(UTC)
            closes_at = close_soon(engine, now)
            print(f"  the call closes at {closes_at:%H:%M:%S}", flush=True)
            told = asyncio.run(run(server.port, written, began))
        grace = check(engine, told, closes_at)
        engine.dispose()
        return Run(NAMES[engine_name], told, grace, (before, calibration()), load)


def write(lines: Sequence[str]) -> None:
    """Put the table into the README, in place of the last one."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join([f"Measured on {machine()}.", "", HEAD, *lines])
    README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run, check and report."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.deadline", description=__doc__)
    asked.add_argument("--engine", choices=NAMES, action="append", help="only this one")
    asked.add_argument("--drafts", type=int, default=DRAFTS, help="fewer, to try it")
    given = asked.parse_args()
    configure_logs(Settings(_env_file=None, log_level="error"))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
    lines = []
    for engine in given.engine or NAMES:
        lines.append(bench(engine, given.drafts).line())
        print(f"{HEAD}\n{lines[-1]}", flush=True)
    if given.drafts == DRAFTS and not given.engine:
        write(lines)


if __name__ == "__main__":
    main()
