"""`python -m tests.bench.pages`: load the demo, measure on SQLite and on PostgreSQL, write the README."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.database import make_engine
from app.logs import configure_logs
from app.settings import Settings
from tests.bench.pages.client import Connection, Request
from tests.bench.pages.cpu import calibration
from tests.bench.pages.demo import Demo, prepare
from tests.bench.pages.flat import compare, settled
from tests.bench.pages.measure import Measured, measure
from tests.bench.pages.queries import Counter
from tests.bench.pages.report import Results, table, write
from tests.bench.pages.server import Server, baige, serving
from tests.bench.pages.ten import Page, after_reviewing, while_reviewing
from tests.databases import create_database, postgres_cluster

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The URL of an empty database that waits for the disk as a real one does."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="baige-bench-") as directory:
            yield f"sqlite:///{Path(directory) / 'bench.db'}"
    else:
        with postgres_cluster(durable=True) as admin:
            yield create_database(admin, "bench")


def load(url: str) -> Demo:
    """Migrate, load the demo, and let PostgreSQL look at what it has, as autovacuum would."""
    baige(url, "migrate")
    baige(url, "demo")
    engine = make_engine(url)
    demo = prepare(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return demo


async def close_reviewing(server: Server, demo: Demo) -> None:
    """Make the ranking exist."""
    connection = await Connection.to(server.port)
    path = f"/api/v1/calls/{demo.reviewed}/ranking/close"
    answer = await connection.ask(Request(path, demo.token, method="POST"))
    assert answer.status == 204, answer.body.decode()
    await connection.close()


async def measure_all(url: str, demo: Demo, wanted: str) -> tuple[list[Measured], list[int]]:
    """All ten pages; reviewing is closed in between."""
    measured: list[Measured] = []
    queries: list[int] = []
    engine = make_engine(url)
    with serving(url) as server, Counter(engine, url) as counter:

        async def each(pages: list[Page]) -> None:
            for page in pages:
                if wanted in page.name:
                    # What the page before left to the job worker is not this one's.
                    await settled(url)
                    measured.append(await measure(server, page))
                    queries.append(counter.count(page))
                    print(f"  {page.name}: {measured[-1].server:.2f} ms, {queries[-1]} queries", flush=True)

        await each(while_reviewing(demo))
        await close_reviewing(server, demo)
        await each(after_reviewing(demo))
    engine.dispose()
    return measured, queries


def bench(engine: str, wanted: str, *, flat: bool) -> Results:
    """Everything on one engine."""
    print(f"{NAMES[engine]}: loading the demo", flush=True)
    with database(engine) as url:
        demo = load(url)
        before = calibration()
        measured, queries = asyncio.run(measure_all(url, demo, wanted))
        growth = asyncio.run(compare(url, demo)) if flat else None
        return Results(NAMES[engine], measured, queries, growth, (before, calibration()))


def main() -> None:
    """Measure and report."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    asked.add_argument("--engine", choices=NAMES, action="append", help="only this one")
    asked.add_argument("--page", default="", help="only pages with this in their name")
    asked.add_argument("--no-flat", action="store_true", help="without the 10,000 applications")
    given = asked.parse_args()
    configure_logs(Settings(_env_file=None, log_level="error"))
    tables = []
    for engine in given.engine or NAMES:
        tables.append(table(bench(engine, given.page, flat=not given.no_flat)))
        print(tables[-1], flush=True)
    if not (given.engine or given.page or given.no_flat):
        write(tables)


if __name__ == "__main__":
    main()
