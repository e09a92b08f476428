"""Measuring one page: CPU of the server a request, latency at one and at sixteen connections, bytes."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles

from tests.bench.pages.client import Connection
from tests.bench.pages.cpu import spent
from tests.bench.pages.server import Server
from tests.bench.pages.ten import Page

WARM_UP = 30
REQUESTS = 400
AT_ONCE = 16
SETTLE_SECONDS = 0.03
"""How long after the last answer of a batch its workers may still be busy with it."""


@dataclass(frozen=True)
class Measured:
    """Milliseconds of CPU a request, of the server and of the job worker; latencies in milliseconds."""

    page: Page
    server: float
    jobs: float
    size: int
    alone: tuple[float, float]
    crowded: tuple[float, float]


async def measure(server: Server, page: Page) -> Measured:
    """The page's figures; its first answer is checked, as is every later one's status."""
    connection = await Connection.to(server.port)
    turns = iter_turns(page)
    await _batches(server, connection, page, turns, WARM_UP)
    cpu, jobs, seconds, size = await _batches(server, connection, page, turns, REQUESTS)
    await connection.close()
    crowded = await _crowd(server, page)
    return Measured(page, cpu, jobs, size, _latencies(seconds), _latencies(crowded))


async def cpu(server: Server, page: Page) -> float:
    """Milliseconds of CPU of the server a request, and nothing else."""
    connection = await Connection.to(server.port)
    turns = iter_turns(page)
    await _batches(server, connection, page, turns, WARM_UP)
    spent_ms, *_ = await _batches(server, connection, page, turns, REQUESTS)
    await connection.close()
    return spent_ms


def iter_turns(page: Page) -> Iterator[int]:
    """Whose turn it is: each subject's, again and again."""
    while True:
        yield from range(page.subjects)


async def _batches(
    server: Server, connection: Connection, page: Page, turns: Iterator[int], count: int
) -> tuple[float, float, list[float], int]:
    """What must happen before is done for a whole batch first, outside of what is measured."""
    batch = page.subjects if page.before else count
    cpu = jobs = size = 0
    seconds: list[float] = []
    while len(seconds) < count:
        subjects = [next(turns) for _ in range(min(batch, count - len(seconds)))]
        if page.before:
            for subject in subjects:
                before = await connection.ask(page.before(subject))
                assert before.status < 400, f"{page.name}: {before.status} before it"
        await asyncio.sleep(SETTLE_SECONDS)
        began, jobs_began = spent(server.measured), spent(server.jobs)
        for subject in subjects:
            answer = await connection.ask(page.ask(subject))
            page.check(answer)
            seconds.append(answer.seconds)
            size = len(answer.body)
        await asyncio.sleep(SETTLE_SECONDS)
        cpu += spent(server.measured) - began
        jobs += spent(server.jobs) - jobs_began
    return cpu / count / 1e6, jobs / count / 1e6, seconds, size


async def _crowd(server: Server, page: Page) -> list[float]:
    """Latencies with sixteen connections busy at once, each with a subject of its own where there are any."""

    async def one(number: int) -> list[float]:
        connection = await Connection.to(server.port)
        subject, seconds = number % page.subjects, []
        for _ in range(REQUESTS // AT_ONCE):
            if page.before:
                await connection.ask(page.before(subject))
            answer = await connection.ask(page.ask(subject))
            page.check(answer)
            seconds.append(answer.seconds)
        await connection.close()
        return seconds

    return [each for own in await asyncio.gather(*map(one, range(AT_ONCE))) for each in own]


def _latencies(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[94] * 1000
