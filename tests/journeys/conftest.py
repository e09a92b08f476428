"""A real browser against a real server, whose clock the test moves.

Chromium is Debian's: its shell without windows where it is installed, which takes half the time, else the
whole one. The address of htmx is answered from a local copy of the same bytes, so that the browser checks
their integrity for real.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    ViewportSize,
    sync_playwright,
)
from sqlalchemy import Engine

from app.jobs.worker import send_due
from app.settings import Settings
from app.vendor import HTMX_FILE, HTMX_URL
from app.web.clock import now_of
from tests.conftest import Clock, put_on
from tests.world import World

SHELL, WHOLE = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = os.environ.get("CHROMIUM", SHELL if Path(SHELL).exists() else WHOLE)
HTMX = Path("var/vendor") / HTMX_FILE
PHONE: ViewportSize = {"width": 360, "height": 740}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)

NOT_NEEDED = (
    # Playwright's own, which ours would replace.
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    # What pops up under the browser's own line for addresses: pages of its own in every window, which took
    # as long as those that are looked at.
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip

Person = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright_itself() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_itself: Playwright) -> Iterator[Browser]:
    """One browser for the run."""
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        f"--disable-features={','.join(NOT_NEEDED)}",
    ]
    started = playwright_itself.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield started
    started.close()


@pytest.fixture
def address(built: FastAPI, engine: Engine, settings: Settings, clock: Clock, world: World) -> Iterator[str]:
    """The address of a running server on this test's database, with this test's clock."""
    config = uvicorn.Config(built, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    here = f"http://127.0.0.1:{socket.getsockname()[1]}"
    put_on(built, settings.model_copy(update={"base_url": here}), engine)
    built.dependency_overrides[now_of] = clock
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield here
    server.should_exit = True
    thread.join(10)


class Post:
    """The mail of a journey: what has been queued is sent when the test asks for it."""

    def __init__(self, engine: Engine, settings: Settings, clock: Clock) -> None:
        self._engine, self._settings, self._clock = engine, settings, clock

    def deliver(self) -> int:
        """Send everything that is due; how many mails that were."""
        return send_due(self._engine, self._settings, self._clock.now)


@pytest.fixture
def post(engine: Engine, settings: Settings, clock: Clock, address: str) -> Post:
    """The mail of this journey."""
    return Post(engine, settings.model_copy(update={"base_url": address}), clock)


EXPECTED = (
    "status of 4",
    "Status Error Code 404",
    "ERR_CONNECTION_FAILED",
    "ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:afterRequest",
)
"""What a browser and htmx say of a refusal, and of a network that a test takes away."""


@pytest.fixture
def person(browser: Browser, address: str) -> Iterator[Person]:
    """Opens a browser of somebody's own; `javascript=False` turns it off in it, `touched` makes it a phone's.

    Every page must leave the console empty: a strict policy that breaks something says so there.
    """
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def opened(
        *,
        javascript: bool = True,
        viewport: ViewportSize = PHONE,
        touched: bool = False,
        locale: str = "en-GB",
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            java_script_enabled=javascript,
            viewport=viewport,
            locale=locale,
            has_touch=touched,
            is_mobile=touched,
            user_agent=ANDROID if touched else None,
        )
        context.set_default_timeout(10_000)
        if javascript:
            # Answering an address oneself turns the browser's cache off, so do it only where it is asked for.
            context.route(HTMX_URL, answer_htmx)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [each for each in said if not any(known in each for known in EXPECTED)] == []


def answer_htmx(route: Route) -> None:
    """As the CDN answers, from a local copy."""
    headers = {"access-control-allow-origin": "*", "content-type": "text/javascript"}
    route.fulfill(body=HTMX.read_bytes(), headers=headers)
