"""Whether a page of 253 rows costs the same out of 10,000 applications as out of 253."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlmodel import select

from app.accounts.actors import Coordinator
from app.applications.traces import untraced
from app.database import make_engine, session_on
from app.decisions.closing import close_reviewing, reopen_reviewing
from app.demo.facts import COORDINATOR
from app.models.calls import Call
from app.models.people import Person
from tests.bench.pages.demo import Demo
from tests.bench.pages.many import multiply
from tests.bench.pages.measure import cpu
from tests.bench.pages.server import serving
from tests.bench.pages.ten import Page, get

ROWS = 253
SETTLING_SECONDS = 600


@dataclass(frozen=True)
class Flat:
    """Milliseconds of CPU for one page out of few rows and out of many."""

    name: str
    small: float
    large: float


@dataclass(frozen=True)
class Growth:
    """All pages, how many applications there were in the end, and seconds to close reviewing with them."""

    pages: Sequence[Flat]
    applications: int
    closing_seconds: float


async def compare(url: str, demo: Demo) -> Growth:
    """Measure, make ten thousand applications out of what there is, and measure again."""
    few = await _measured(url, _pages(demo, 0))
    engine = make_engine(url)
    applications, seconds = _grow(engine, demo)
    with serving(url):
        await settled(url)
    if engine.dialect.name == "postgresql":
        # As autovacuum would within a minute of so many new rows, and of so many marks that are gone.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    many = await _measured(url, _pages(demo, applications - ROWS))
    pages = [Flat(page.name, few[page.name], many[page.name]) for page in _pages(demo, 0)]
    return Growth(pages, applications, seconds)


def _pages(demo: Demo, before: int) -> list[Page]:
    """Lists of a call; the last 253 lines of its ranking come after `before` others."""
    own, desk, api = demo.reviews[0], f"/en/desk/{demo.reviewed}", f"/api/v1/calls/{demo.reviewed}/ranking"
    return [
        get("Public call page", f"/en/calls/{demo.open}", {}, "Who can apply"),
        get("Reviewer's list of 51", f"/en/review/{demo.reviewed}", own.headers, own.code),
        get(
            "Review page, reviewing closed",
            f"/en/review/{demo.reviewed}/{own.code}",
            own.headers,
            own.code,
        ),
        get("Desk", desk, demo.coordinator, 'id="organisations"'),
        get("Desk: list of applications", f"{desk}/applications", demo.coordinator, "<table"),
        get("Ranking, the last 253", f"{desk}/ranking?start={before}", demo.coordinator, "<table"),
        get("JSON of the ranking's last 253", f"{api}?limit={ROWS}&offset={before}", demo.token, '"items"'),
    ]


async def _measured(url: str, pages: Sequence[Page]) -> dict[str, float]:
    with serving(url) as server:
        await settled(url)
        return {page.name: await cpu(server, page) for page in pages}


async def settled(url: str) -> None:
    """Wait until the job worker has done what it does soon after a change: here all came within seconds."""
    engine = make_engine(url)
    marks = text("SELECT count(*) FROM tally_mark")
    until = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < until:
        with session_on(engine, reading=True) as session, session.begin():
            if not session.execute(marks).scalar_one() and not untraced(session):
                break
        await asyncio.sleep(1)
    engine.dispose()


def _grow(engine: Engine, demo: Demo) -> tuple[int, float]:
    """Open reviewing again, copy everything, close it: how many applications, and how long closing took."""
    now = datetime.now(UTC)
    with session_on(engine) as session, session.begin():
        call = session.exec(select(Call.id).where(Call.slug == demo.reviewed)).one() or 0
        person = session.exec(select(Person.id).where(Person.email == COORDINATOR)).one() or 0
        reopen_reviewing(session, Coordinator(person, call), "More applications, for the benchmark.", now)
    applications = multiply(engine, call)
    began = time.perf_counter()
    with session_on(engine) as session, session.begin():
        close_reviewing(session, Coordinator(person, call), datetime.now(UTC))
    return applications, time.perf_counter() - began
