"""Who follows a stage, and what they are told: a number, when it changes. What it means they fetch.

Each process asks the database every half second about all the rounds that somebody listens to here, with one
question, and rings for those whose number is another one. So it works the same with one process on SQLite and
with many on PostgreSQL, and a process that starts anew has nothing to catch up with.

Everything here runs in the loop; only the question itself has a thread, and that one is kept for it: a stage
goes on while all the others work on something slow.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable

import anyio.to_thread
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.database import session_on
from app.events.watching import Mark, marks

log = structlog.get_logger()

EVERY_SECONDS = 0.5
BEAT_SECONDS = 10.0
SILENT_SECONDS = 5.0
"""After so long without an answer of the database no sign of life is given: what is shown may be old."""
RETRY_MILLISECONDS = 2000
MOST_LISTENERS = 2000
"""In one process. Who comes later is told to ask every few seconds, and sees the same a little later."""


class Hall:
    """The stages that are followed in this process."""

    def __init__(self, engine: Engine, most: int = MOST_LISTENERS) -> None:
        self._engine, self._most = engine, most
        self._bells: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._marks: dict[str, Mark] = {}
        self._asked_at = 0.0
        self._wanted: set[str] = set()
        self._next: asyncio.Task[dict[str, Mark]] | None = None
        self._asking = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._thread: anyio.CapacityLimiter | None = None
        self._closed = False
        self.making = asyncio.Lock()
        """Held while something is rendered for everybody: of all who ask for it at once, one makes it."""

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._bells.values()))

    @property
    def is_full(self) -> bool:
        """Whether nobody else can listen here."""
        return self.listeners >= self._most

    def known(self, code: str) -> Mark | None:
        """The mark of a round that is being watched, at most a moment old; None where it is not."""
        is_fresh = time.monotonic() - self._asked_at < 2 * EVERY_SECONDS
        return self._marks.get(code) if self._bells.get(code) and is_fresh else None

    async def look(self, code: str) -> Mark | None:
        """The mark of a round now; None where there is no such round.

        The question begins after this was called, and answers all who called it meanwhile.
        """
        self._wanted.add(code)
        if self._next is None:
            self._next = asyncio.create_task(self._ask())
        return (await asyncio.shield(self._next)).get(code)

    async def _ask(self) -> dict[str, Mark]:
        async with self._asking:
            # Who comes from here on comes too late for this question, and has the next one.
            self._next = None
            codes = {*self._wanted, *(code for code, bells in self._bells.items() if bells)}
            self._wanted.clear()
            if self._thread is None:
                self._thread = anyio.CapacityLimiter(1)
            found = await anyio.to_thread.run_sync(self._question(codes), limiter=self._thread)
            self._asked_at = time.monotonic()
            for code in codes:
                if found.get(code) != self._marks.get(code):
                    self._ring(code)
            self._marks = {code: mark for code, mark in found.items() if self._bells.get(code)}
            return found

    def _question(self, codes: set[str]) -> Callable[[], dict[str, Mark]]:
        def question() -> dict[str, Mark]:
            with session_on(self._engine, reading=True) as session, session.begin():
                return marks(session, codes)

        return question

    def _ring(self, code: str) -> None:
        for bell in self._bells.get(code, ()):
            bell.set()

    async def told(self, code: str, mark: Mark, heard: int | None) -> AsyncIterator[bytes]:
        """A stream: the number now, unless that is what was `heard` last, and each that follows it.

        A sign of life, every ten seconds, repeats the number: browsers tell nobody of a mere comment.
        """
        bell = asyncio.Event()
        self._bells[code].add(bell)
        self._marks.setdefault(code, mark)
        self._watch()
        said = heard
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n: here\n\n".encode()
            while not self._closed:
                number = self._marks.get(code, mark).number
                if number != said:
                    yield f"id: {number}\ndata: {number}\n\n".encode()
                    said = number
                bell.clear()
                try:
                    await asyncio.wait_for(bell.wait(), BEAT_SECONDS)
                except TimeoutError:
                    if time.monotonic() - self._asked_at < SILENT_SECONDS:
                        yield f": here\nevent: alive\ndata: {said}\n\n".encode()
        finally:
            self._bells[code].discard(bell)
            if not self._bells[code]:
                del self._bells[code]

    def _watch(self) -> None:
        if self._watching is None:
            self._watching = asyncio.create_task(self._go_on_watching())

    async def _go_on_watching(self) -> None:
        failed = False
        try:
            while self._bells:
                try:
                    await self._ask()
                    failed = False
                except SQLAlchemyError as error:
                    if not failed:
                        log.warning("the stage cannot be watched", kind=type(error).__name__)
                    failed = True
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            self._watching = None

    async def close(self) -> None:
        """End every stream, and the watching."""
        self._closed = True
        for code in list(self._bells):
            self._ring(code)
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
