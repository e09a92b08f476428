"""What the status line calls saved is saved, even if the server is killed; what it does not, stays typed.

The server is a process of its own here, so that it can be killed as a machine would be: without a word.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.database import make_engine, session_on
from app.vendor import HTMX_URL
from tests.applications.steps import begin
from tests.conftest import FAR_FUTURE
from tests.journeys.conftest import PHONE, _htmx
from tests.world import World, cookie_for, make_world

ROOT = Path(__file__).parents[2]
SECONDS = 60
SAVED = re.compile(r"Saved \d\d:\d\d")


@dataclass
class Server:
    """The application as it is really served, on one database and always at the same address."""

    database_url: str
    directory: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {
            **os.environ,
            "BAIGE_DATABASE_URL": self.database_url,
            "BAIGE_PORT": str(self.port),
            "BAIGE_BASE_URL": self.address,
            "BAIGE_WORKERS": "1",
            "BAIGE_VAR": str(self.directory),
            "PYTHONPATH": str(ROOT),
        }
        log = self.directory / "served.log"
        with log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"],
                cwd=self.directory, env=environment, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                    connection.request("GET", "/api/v1/stage/NOTHING")
                    if connection.getresponse().status == 404:
                        return
            except OSError:
                time.sleep(0.1)
        pytest.fail(log.read_text()[-2000:])

    def kill(self) -> None:
        """End every process of it at once, without a chance to write anything."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(SECONDS)
            self.process = None


@pytest.fixture
def server(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Server]:
    path = tmp_path / "kept.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    served = Server(f"sqlite:///{path}", tmp_path)
    yield served
    served.kill()


@pytest.fixture
def ada(server: Server, browser: Browser) -> Iterator[tuple[Page, str]]:
    """Ada's browser before an application that she has begun, and its reference."""
    engine = make_engine(server.database_url)
    with session_on(engine) as session, session.begin():
        world: World = make_world(session)
        # The served application has the real clock, and so the call must be open by it.
        world.call.closes_at = FAR_FUTURE
        session.add(world.call)
        ref = begin(session, world.applicant())
        cookies = cookie_for(session, world.people["ada"], FAR_FUTURE)
    engine.dispose()
    server.start()
    context = browser.new_context(base_url=server.address, viewport=PHONE, locale="en-GB")
    context.set_default_timeout(20_000)
    context.route(HTMX_URL, _htmx)
    context.add_cookies(
        [{"name": name, "value": value, "url": server.address} for name, value in cookies.items()]
    )
    yield context.new_page(), ref
    context.close()


def type_in(page: Page, words: str) -> None:
    """As with fingers: each letter by itself, and no leaving of the field."""
    field = page.locator("main [name=title]")
    field.fill("")
    field.press_sequentially(words, delay=5)


def test_what_was_called_saved_survives_a_killed_server(server: Server, ada: tuple[Page, str]) -> None:
    page, ref = ada
    page.goto(f"/en/apply/{ref}/brief")
    type_in(page, "A garden for the seventh district")
    expect(page.locator("#save-status")).to_have_text(SAVED)
    server.kill()
    server.start()
    page.goto(f"/en/apply/{ref}/brief")
    expect(page.locator("main [name=title]")).to_have_value("A garden for the seventh district")
    expect(page.locator("#save-status")).to_have_text(SAVED)


def test_typing_goes_on_over_a_server_that_was_killed(server: Server, ada: tuple[Page, str]) -> None:
    page, ref = ada
    page.goto(f"/en/apply/{ref}/brief")
    type_in(page, "First words")
    expect(page.locator("#save-status")).to_have_text(SAVED)
    server.kill()
    type_in(page, "First words and more of them")
    expect(page.locator("#save-status")).to_have_class(re.compile("bad"))
    expect(page.locator("#save-status")).not_to_have_text(SAVED)
    expect(page.locator("main [name=title]")).to_have_value("First words and more of them")
    server.start()
    page.locator("#alerts button").click()
    expect(page.locator("#save-status")).to_have_text(SAVED)
    expect(page.locator("#alerts")).to_be_empty()
    page.goto(f"/en/apply/{ref}/brief")
    expect(page.locator("main [name=title]")).to_have_value("First words and more of them")


def test_without_a_network_the_line_says_so_and_the_text_stays(ada: tuple[Page, str]) -> None:
    page, ref = ada
    page.goto(f"/en/apply/{ref}/brief")
    cut: list[str] = []

    def abort(route: Route) -> None:
        cut.append(route.request.method)
        route.abort("internetdisconnected")

    page.route("**/autosave", abort)
    type_in(page, "Typed in the underground")
    line = page.locator("#save-status")
    expect(line).to_have_class(re.compile("bad"))
    expect(line).to_have_text(re.compile("[Nn]ot saved"))
    expect(page.locator("#alerts")).not_to_be_empty()
    expect(page.locator("main [name=title]")).to_have_value("Typed in the underground")
    assert set(cut) == {"PATCH"}
    page.unroute("**/autosave")
    type_in(page, "Typed in the underground, and above it")
    expect(line).to_have_text(SAVED)
    expect(line).not_to_have_class(re.compile("bad"))
    expect(page.locator("#alerts")).to_be_empty()
    page.reload()
    expect(page.locator("main [name=title]")).to_have_value("Typed in the underground, and above it")


def test_without_a_network_a_press_stays_on_its_page(ada: tuple[Page, str]) -> None:
    page, ref = ada
    page.goto(f"/en/apply/{ref}/brief")
    page.route("**/apply/**", lambda route: route.abort("internetdisconnected"))
    page.locator("main [name=title]").fill("Typed in the underground")
    button = page.locator("[data-primary]")
    # Leaving the field saves it: only this can be heard of before the page is left.
    button.click()
    expect(page.locator("#alerts")).not_to_be_empty()
    expect(button).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("main [name=title]")).to_have_value("Typed in the underground")
    page.unroute("**/apply/**")
    button.click()
    expect(page).to_have_url(re.compile("done=section_saved"))
    page.goto(f"/en/apply/{ref}/brief")
    expect(page.locator("main [name=title]")).to_have_value("Typed in the underground")
