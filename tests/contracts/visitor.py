"""Asks the application without a server and without any thread: thousands of requests in a test.

The usual test client crosses between threads several times a request, and so does the framework for each
plain function of ours. Both cost more than the answer; one request at a time needs neither.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

from fastapi import FastAPI


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
    """The application, started, in an event loop of its own."""

    def __init__(self, app: FastAPI, state: Mapping[str, Any], loop: asyncio.AbstractEventLoop) -> None:
        self.app = app
        self.state = state
        self.loop = loop

    def __call__(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        with patch("anyio.to_thread.run_sync", _here):
            return self.loop.run_until_complete(self._answer(method, path, headers, content))

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


async def _here(work: Callable[..., Any], *args: Any, **_: Any) -> Any:
    """What a thread would have done, with a copy of the context as there."""
    return copy_context().run(work, *args)


def _answered(said: list[Mapping[str, Any]]) -> Answer:
    headers: dict[str, str] = {}
    for raw, value in said[0]["headers"]:
        name = raw.decode("latin-1").lower()
        headers[name] = "\n".join(filter(None, (headers.get(name), value.decode("latin-1"))))
    return Answer(said[0]["status"], headers, b"".join(each.get("body", b"") for each in said[1:]))


@contextmanager
def asking(app: FastAPI) -> Iterator[Asking]:
    """Start the application, and stop it in the end."""
    loop = asyncio.new_event_loop()
    lifespan = app.router.lifespan_context(app)
    state = loop.run_until_complete(lifespan.__aenter__())
    try:
        yield Asking(app, state or {}, loop)
    finally:
        loop.run_until_complete(lifespan.__aexit__(None, None, None))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
