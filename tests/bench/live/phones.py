"""The audience: each phone listens to the stream and fetches what a number means, as `hall.js` does."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 30.0


@dataclass
class Fetched:
    """When a phone had the bytes of a number, and how many came over the wire."""

    at: float
    size: int
    body: bytes


@dataclass
class Phone:
    """One phone. It listens on one connection, and fetches on a new one: nothing stays open for so long."""

    port: int
    pot: str
    language: str
    number: int = 0
    fetched: dict[int, Fetched] = field(default_factory=dict)
    told_at: dict[int, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def page(self) -> str:
        return f"/{self.language}/live/{self.pot}"

    async def open(self) -> None:
        """Load the page, and listen from then on."""
        _, self.number, _ = await self._get(self.page)
        self._stream = asyncio.create_task(self._listen())

    async def _get(self, path: str, *headers: str) -> tuple[int, int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        sent = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, "", ""]
        writer.write("\r\n".join(sent).encode())
        try:
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        found = re.search(rb"(?i)stage-number: (\d+)", head)
        return int(head.split(None, 2)[1]), int(found[1]) if found else 0, body

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /{self.language}/stage/{self.pot}/stream HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: ") and (number := int(line[6:])) > self.number:
                    self.told_at.setdefault(number, time.monotonic())
                    await self._fetch()
        finally:
            writer.close()

    async def _fetch(self) -> None:
        asked = f"{self.page}?v={self.number}"
        status, number, body = await self._get(asked, "HX-Request: true")
        if status != 200:
            self.failures.append(f"{status}")
            return
        self.number = number
        self.fetched[self.number] = Fetched(time.monotonic(), len(body), body)
        self.changed.set()

    def close(self) -> None:
        """Leave the hall."""
        self._stream.cancel()


async def opened(port: int, pot: str, many: int) -> list[Phone]:
    """So many phones, a few at a time: people come in one after the other."""
    phones = [Phone(port, pot, ("kk", "ru", "en")[index % 3]) for index in range(many)]
    for start in range(0, many, 25):
        await asyncio.gather(*(phone.open() for phone in phones[start : start + 25]))
    return phones


async def all_have(phones: Sequence[Phone], number: int) -> None:
    """Wait until each phone has the bytes of this number, but not for ever."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not all(number in phone.fetched for phone in phones):
        await asyncio.sleep(0.02)
