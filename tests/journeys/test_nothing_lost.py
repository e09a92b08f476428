"""What the status line calls saved is saved, even if the server is killed; what it does not, stays typed.

The server is a process of its own here, so that it can be killed as a machine would be: without a word.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.database import make_engine, session_on
from app.vendor import HTMX_URL
from tests.applications.steps import begin
from tests.conftest import FAR_FUTURE
from tests.journeys.conftest import PHONE, answer_htmx
from tests.killable import Forge, Server
from tests.world import World, cookie_for, make_world

SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def server(forge: Forge, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Server]:
    path = tmp_path / "kept.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    served = Server(forge, f"sqlite:///{path}", tmp_path)
    yield served
    served.kill()


@pytest.fixture
def ada(server: Server, browser: Browser) -> Iterator[tuple[Page, str]]:
    """Ada's browser before an application that she has begun, and its reference."""
    engine = make_engine(server.url)
    with session_on(engine) as session, session.begin():
        world: World = make_world(session)
        # The served application has the real clock, and so the call must be open by it.
        world.call.closes_at = FAR_FUTURE
        session.add(world.call)
        ref = begin(session, world.applicant())
        cookies = cookie_for(session, world.people["ada"], FAR_FUTURE)
    engine.dispose()
    server.start()
    server.wait()
    context = browser.new_context(base_url=server.address, viewport=PHONE, locale="en-GB")
    context.set_default_timeout(20_000)
    context.route(HTMX_URL, answer_htmx)
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


def test_saved_survives_a_killed_server_and_typing_goes_on_without_one(
    server: Server, ada: tuple[Page, str]
) -> None:
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
    server.wait()
    # What was called saved is there, as another browser sees it; what was typed since is on its page alone.
    assert 'value="First words"' in page.context.request.get(f"/en/apply/{ref}/brief").text()
    page.locator("#alerts button").click()
    expect(page.locator("#save-status")).to_have_text(SAVED)
    expect(page.locator("#alerts")).to_be_empty()
    server.kill()
    server.start()
    server.wait()
    page.goto(f"/en/apply/{ref}/brief")
    expect(page.locator("main [name=title]")).to_have_value("First words and more of them")
    expect(page.locator("#save-status")).to_have_text(SAVED)


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
    expect(page.locator("#alerts")).to_contain_text("waits for the connection")
    # Nor does the same press once that is known, with nothing left to save itself.
    page.keyboard.press("Escape")
    button.click()
    assert re.search(f"/en/apply/{ref}/brief$", page.url)
    expect(page.locator("main [name=title]")).to_have_value("Typed in the underground")
    page.unroute("**/apply/**")
    page.locator("#alerts button").click()
    expect(page).to_have_url(re.compile("done=section_saved"))
    page.goto(f"/en/apply/{ref}/brief")
    expect(page.locator("main [name=title]")).to_have_value("Typed in the underground")
