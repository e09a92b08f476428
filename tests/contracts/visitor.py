"""Asks the application without a server, in one thread: thousands of requests in a test.

The usual test client crosses between threads several times a request, and so does the framework for each
plain function of ours. Both cost more than the answer; one request at a time needs one thread, which is not
the test's own: there the browser's driver keeps a loop running as long as the browser is open.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from fastapi import FastAPI

from tests.one_thread import in_one_thread

Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came back; header names are lower case, and several of one name stand below each other."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")


@dataclass
class Visitor:
    """One browser or caller: the headers that it always sends."""

    ask: "Asking"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """A GET of this address."""
        return self.request("GET", path, headers=headers)

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, content: bytes = b""
    ) -> Answer:
        """Any request; redirects are answers like others."""
        return self.ask(method, path, {**self.headers, **(headers or {})}, content)


class Asking:
    """The application, started, in an event loop and a thread of its own."""

    def __init__(self, app: FastAPI, state: Mapping[str, Any], loop: "Loop") -> None:
        self.app = app
        self.state = state
        self.loop = loop

    def __call__(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        with in_one_thread():
            return self.loop.run(self._answer(method, path, headers, content))

    def visitor(self, headers: Mapping[str, str] | None = None) -> Visitor:
        """Somebody who sends these headers each time."""
        return Visitor(self, dict(headers or {}))

    async def _answer(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        parts = urlsplit(path)
        sent = {"host": "testserver", **{name.lower(): value for name, value in headers.items()}}
        if content:
            sent["content-length"] = str(len(content))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "root_path": "",
            "query_string": parts.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
            "state": dict(self.state),
        }
        said: list[Mapping[str, Any]] = []
        given = [{"type": "http.request", "body": content, "more_body": False}]

        async def receive() -> Mapping[str, Any]:
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: Mapping[str, Any]) -> None:
            said.append(message)

        try:
            await self.app(scope, receive, send)  # type: ignore[arg-type]
        except Exception:
            # The site has answered 500 before the framework raises the cause again for a server's log.
            if not said:
                raise
        return _answered(said)


def _answered(said: list[Mapping[str, Any]]) -> Answer:
    headers: dict[str, str] = {}
    for raw, value in said[0]["headers"]:
        name = raw.decode("latin-1").lower()
        headers[name] = "\n".join(filter(None, (headers.get(name), value.decode("latin-1"))))
    return Answer(said[0]["status"], headers, b"".join(each.get("body", b"") for each in said[1:]))


class Loop:
    """An event loop that runs in a thread of its own while something is asked of it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What this comes to."""
        return self._thread.submit(self._loop.run_until_complete, work).result()

    def close(self) -> None:
        """End it, and its thread."""
        self.run(self._loop.shutdown_default_executor())
        self._thread.shutdown()
        self._loop.close()


@contextmanager
def asking(app: FastAPI) -> Iterator[Asking]:
    """Start the application, and stop it in the end."""
    loop = Loop()
    lifespan = app.router.lifespan_context(app)
    try:
        state = loop.run(lifespan.__aenter__())
        yield Asking(app, state or {}, loop)
        loop.run(lifespan.__aexit__(None, None, None))
    finally:
        loop.close()
