"""Somebody who is not online: typed in at the desk, back at a library by the code on the receipt."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from app.database import session_on
from tests.applications.steps import write
from tests.applications.typed import GRANT
from tests.conftest import FAR_FUTURE
from tests.journeys import look
from tests.journeys.conftest import Person
from tests.journeys.steps import fill_section, no_sideways_scrolling, press, tick
from tests.world import World, cookie_for


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """SQLite alone: what is asked here is asked of the browser."""
    return sqlite_database


def test_from_the_desk_to_a_receipt_and_back_by_its_code(
    person: Person, engine: Engine, world: World, address: str
) -> None:
    desk = person(viewport={"width": 1280, "height": 900})
    desk.emulate_media(reduced_motion="reduce")
    with session_on(engine) as session, session.begin():
        cookies = cookie_for(session, world.people["cora"], FAR_FUTURE)
    desk.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    desk.goto("/en/desk/2026/assisted")
    desk.locator("#new").click()
    desk.get_by_label("Name of the applicant").fill("Сабира Ахметова")
    desk.get_by_label("Year of birth").fill("1956")
    for box in ("f-language-2", "f-channel", "f-processing", "f-publication", "f-agreed"):
        tick(desk.locator(f"#{box}"))
    desk.locator("#f-agreed_note").fill("Binder, page 12")
    press(desk, "Begin this application")
    found = look.findings(desk, "en")
    desk.locator("#write").click()
    expect(desk.locator("#entered")).to_contain_text("on behalf of its owner")
    ref = desk.url.rstrip("/").split("/")[-1].split("?")[0]
    fill_section(desk, ref, "brief", GRANT["brief"])
    with session_on(engine) as session, session.begin():
        rest = {code: typed for code, typed in GRANT.items() if code != "brief"}
        write(session, world.applicant("cora"), ref, rest)
    desk.goto(f"/en/apply/{ref}/send")
    for name in ("truth", "no_conflict", "no_double_funding", "controls"):
        tick(desk.locator(f"[name={name}]"))
    desk.get_by_label("Your name").fill("Сабира Ахметова")
    tick(desk.locator("#f-declared"))
    desk.locator("#f-declared_note").fill("Binder, page 13")
    press(desk, "Send on behalf of its owner")
    expect(desk.locator("h1")).to_have_text("Receipt")
    press(desk, "Show a new return code")
    expect(desk.locator(".confirmation h2")).to_be_focused()
    code = desk.locator("#return-code").inner_text()
    found += look.findings(desk, "en")
    # On paper: the code, the number and the way back; nothing that one presses.
    desk.emulate_media(media="print")
    for words in (code, f"{ref}", "/ru/sign-in/return-code"):
        expect(desk.locator("main").get_by_text(words).first).to_be_visible()
    assert [each for each in desk.locator("main .btn, .top nav").all() if each.is_visible()] == []
    assert desk.goto(f"/en/apply/{ref}") is not None
    expect(desk.locator("h1")).not_to_contain_text("Your application")

    library = person(javascript=False)
    library.goto("/ru/sign-in")
    library.locator("a[href*='return-code']").click()
    expect(library.locator("#f-shared_computer")).to_be_checked()
    no_sideways_scrolling(library)
    library.locator("#f-code").fill(code.lower().replace("-", " "))
    library.locator("#f-fact").fill("1957")
    library.locator("#enter-return-code").click()
    expect(library.locator("#errors")).to_be_visible()
    library.locator("#f-fact").fill("1956")
    library.locator("#enter-return-code").click()
    expect(library).to_have_url(re.compile("/ru/my"))
    library.goto(f"/ru/my/{ref}")
    expect(library.locator("#entered")).to_contain_text("Программа ввела эту заявку от вашего имени")
    no_sideways_scrolling(library)
    library.goto(f"/ru/apply/{ref}/sent")
    expect(library.locator("main")).to_contain_text("У вас нет электронной почты")
    no_sideways_scrolling(library)
    assert found == []
