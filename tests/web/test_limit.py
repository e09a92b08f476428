"""A body that ends too early is nobody's failure: htmx cuts an autosave off when a button is pressed."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from app.database import session_on
from app.main import create_app
from app.settings import Settings
from app.web.limit import BodyLimit
from tests.applications.steps import begin
from tests.conftest import FAR_FUTURE
from tests.contracts.visitor import Asking, asking
from tests.world import World, cookie_for


@pytest.fixture
def running(settings: Settings, engine: Engine) -> Iterator[Asking]:
    with asking(create_app(settings, engine)) as ask:
        yield ask


def cut_off(ask: Asking, method: str, path: str, headers: dict[str, str]) -> int:
    """The status that nobody waits for any more, after half a body."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": b"version=1&half", "more_body": True}]
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(dict(message))

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000), "server": ("testserver", 80), "state": dict(ask.state),
    }  # fmt: skip
    ask.loop.run(asyncio.wait_for(ask.app(scope, receive, send), 20))
    return int(said[0]["status"])


def test_half_a_request_is_refused_quietly(running: Asking, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        ((name, value),) = cookie_for(session, world.people["ada"], FAR_FUTURE).items()
    page = {
        "host": "testserver",
        "cookie": f"{name}={value}",
        "content-type": "application/x-www-form-urlencoded",
        "hx-request": "true",
    }
    paths = (
        ("POST", f"/en/apply/{ref}/budget/lines"),
        ("PATCH", f"/en/apply/{ref}/budget/autosave"),
        ("POST", "/en/sign-in"),
    )
    with capture_logs() as logs:
        for method, path in paths:
            assert cut_off(running, method, path, page) == 400, path
        caller = page | {"content-type": "application/json", "authorization": "Bearer nothing"}
        assert cut_off(running, "PUT", f"/api/v1/applications/{ref}/sections/brief", caller) < 500
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


def test_a_browser_that_goes_on_while_it_is_answered_fails_nothing(running: Asking) -> None:
    """A picture's answer asks whether anybody listens before it has asked for the request's body."""
    said: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message["type"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/streamed", "raw_path": b"/streamed", "root_path": "", "query_string": b"",
        "headers": [(b"host", b"testserver")], "client": ("127.0.0.1", 50000), "server": ("testserver", 80),
        "state": dict(running.state),
    }  # fmt: skip

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def refused(*_: Any) -> Any:
        raise AssertionError

    limit = BodyLimit(answer, most=10, refused=refused, uploads=re.compile("/never"))
    running.loop.run(limit(scope, receive, send))
    assert said == ["http.response.start", "http.response.body"]
