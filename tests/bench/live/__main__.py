"""`python -m tests.bench.live`: 500 phones on two processes and PostgreSQL, and six reveals."""

import argparse
import asyncio
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from app.database import make_engine, session_on
from app.events.stage import reveal_next
from app.events.watching import OF_A_CHANGE
from app.logs import configure_logs
from app.migrate import upgrade_engine
from app.settings import Settings
from tests.bench.live.phones import Phone, all_have, opened
from tests.bench.pages.__main__ import NAMES, database
from tests.bench.pages.cpu import calibration, spent
from tests.bench.pages.report import BEGIN, END, machine
from tests.bench.pages.server import serving
from tests.events.evening import sealed_evening
from tests.world import World, make_world

README = Path(__file__).parent / "README.md"
PHONES = 500
REVEALS = 6
PAUSE = 3.0
WITHIN = 2.0
MOST_MEGABYTES = 400
HEAD = f"""\
| engine | phones | reveals | from the committed reveal to the fetched bytes: p50 / p95 / p99 / longest, s \
| within {WITHIN:.0f} s | not fetched | bytes of a part | web workers together, MB | their CPU a reveal, ms \
| calibration, ms | load before |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True)
class Run:
    """What one run showed."""

    engine: str
    phones: int
    seconds: Sequence[float]
    missed: int
    size: int
    megabytes: float
    milliseconds: float
    calibration: tuple[float, float]
    load: float

    def within(self) -> float:
        """The share of all fetches that came in time; what never came did not."""
        return sum(each <= WITHIN for each in self.seconds) / (len(self.seconds) + self.missed)

    def line(self) -> str:
        """One row of the table."""
        ordered = sorted(self.seconds)
        times = " / ".join(
            f"{ordered[int((len(ordered) - 1) * share)]:.2f}" for share in (0.5, 0.95, 0.99, 1)
        )
        before, after = self.calibration
        share = 100 * self.within()
        return (
            f"| {self.engine} | {self.phones} | {REVEALS} | {times} | {share:.2f} % | {self.missed} "
            f"| {self.size:,} | {self.megabytes:.0f} | {self.milliseconds:.0f} | {before:.0f}, {after:.0f} "
            f"| {self.load:.1f} |"
        )


def memory(processes: Sequence[int]) -> float:
    """Megabytes that these processes hold together, each page that they share counted once among them."""
    kilobytes = 0
    for process in processes:
        for line in (Path("/proc") / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1000


def prepare(engine: Engine) -> World:
    """An evening whose winners are decided, and none revealed."""
    with session_on(engine) as session, session.begin():
        world = make_world(session)
        sealed_evening(session, world)
        return world


def reveal(engine: Engine, world: World, seen: int) -> tuple[float, str]:
    """The next winner, from a process beside the server; when it was committed."""
    with session_on(engine) as session, session.begin():
        title = reveal_next(session, world.coordinator(), world.round.code, seen, datetime.now(UTC)).title
    return time.monotonic(), title


async def evening(
    port: int, web: Sequence[int], engine: Engine, world: World, many: int
) -> tuple[list[float], int, int, float, float]:
    """Everybody comes, and six winners are revealed."""
    phones: list[Phone] = await opened(port, world.round.code, many)
    first = phones[0].number
    seconds: list[float] = []
    missed, size, used = 0, 0, 0
    await asyncio.sleep(PAUSE)
    for seen in range(REVEALS):
        before = spent(web)
        at, title = await asyncio.to_thread(reveal, engine, world, seen)
        number = first + (seen + 1) * OF_A_CHANGE
        await all_have(phones, number)
        used += spent(web) - before
        got = [phone.fetched[number] for phone in phones if number in phone.fetched]
        assert all(title.encode() in each.body for each in got), "a part without its winner"
        seconds += [each.at - at for each in got]
        missed += len(phones) - len(got)
        size = max(size, max(each.size for each in got))
        await asyncio.sleep(PAUSE)
    held = memory(web)
    failures = [words for phone in phones for words in phone.failures]
    assert not failures, failures[:5]
    for phone in phones:
        phone.close()
    return seconds, missed, size, held, used / REVEALS / 1e6


def bench(engine_name: str, many: int) -> Run:
    """One run on one engine."""
    with database(engine_name) as url:
        engine = make_engine(url)
        upgrade_engine(engine)
        world = prepare(engine)
        before, load = calibration(), os.getloadavg()[0]
        with serving(url) as server:
            found = asyncio.run(evening(server.port, server.web, engine, world, many))
        engine.dispose()
        seconds, missed, size, held, used = found
        calibrated = (before, calibration())
        return Run(NAMES[engine_name], many, seconds, missed, size, held, used, calibrated, load)


def write(lines: Sequence[str]) -> None:
    """Put the table into the README, in place of the last one."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join([f"Measured on {machine()}.", "", HEAD, *lines])
    README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run, report, and fail where the promise was not kept on PostgreSQL."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.live", description=__doc__)
    asked.add_argument("--engine", choices=NAMES, action="append", help="only this one")
    asked.add_argument("--phones", type=int, default=PHONES, help="fewer, to try it")
    asked.add_argument("--write", action="store_true", help="put the table into the README")
    given = asked.parse_args()
    configure_logs(Settings(_env_file=None, log_level="error"))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    runs = [bench(name, given.phones) for name in given.engine or NAMES]
    print("\n".join([HEAD, *(run.line() for run in runs)]))
    if given.write:
        write([run.line() for run in runs])
    promised = [run for run in runs if run.engine == NAMES["postgresql"]]
    late = [run.engine for run in promised if run.within() < 0.99 or run.megabytes > MOST_MEGABYTES]
    if late:
        raise SystemExit(f"not as promised: {', '.join(late)}")


if __name__ == "__main__":
    main()
