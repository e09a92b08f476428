"""The smallest HTTP client that keeps a connection open, so that little of a latency is its own."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Request:
    """One request; `form` makes it a POST of a form, unless `method` is something else."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    method: str = "GET"

    def encoded(self) -> bytes:
        """The bytes that go over the wire."""
        lines = {"Host": "127.0.0.1", **self.headers}
        body = b""
        method = self.method
        if self.form is not None:
            method = "POST" if method == "GET" else method
            body = urlencode(self.form).encode()
            lines["Content-Type"] = "application/x-www-form-urlencoded"
        if method != "GET":
            lines["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {self.path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass(frozen=True)
class Answer:
    """What came back, and how many seconds that took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Connection:
    """One open connection; requests follow one another on it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 22))

    async def ask(self, request: Request) -> Answer:
        """Send a request and read its whole answer."""
        encoded = request.encoded()
        began = time.perf_counter()
        self._writer.write(encoded)
        head = await self._reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")[:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(first.split()[1]), headers, body, time.perf_counter() - began)

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()
