"""The deadline passes while somebody types: they are told, the grace takes what they wrote, then it locks.

The page asks the server by itself; here it is made to ask when the test has moved the clock.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Draft
from tests.applications.steps import begin
from tests.conftest import FAR_FUTURE, Clock
from tests.journeys.conftest import Person
from tests.world import CLOSES, World, cookie_for


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


def look_again(page: Page) -> None:
    """As when one comes back to the tab: what refreshes itself asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_deadline_passes_while_somebody_types(
    person: Person, engine: Engine, world: World, clock: Clock, address: str
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        cookies = cookie_for(session, world.people["ada"], FAR_FUTURE)
    page = person()
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    deadline = page.locator("#deadline")
    # The task list asks too, and has no htmx for it.
    clock.now = CLOSES - timedelta(minutes=2)
    page.goto(f"/en/apply/{ref}")
    expect(deadline).to_contain_text("2 minutes left.")
    clock.now = CLOSES
    look_again(page)
    expect(deadline).to_contain_text("is still accepted until 18:15")
    expect(page.locator("#live")).to_contain_text("is still accepted until 18:15")

    clock.now = CLOSES - timedelta(minutes=2)
    page.goto(f"/en/apply/{ref}/brief")
    expect(deadline).to_contain_text("2 minutes left.")
    # The clock counts by the server's time, whatever the time of this computer.
    expect(page.locator("#deadline-clock")).to_have_text(re.compile(r"^1:5\d$"))

    field = page.locator("main [name=title]")
    field.fill("A garden")
    expect(page.locator("#save-status")).to_contain_text("Saved 17:58")
    clock.now = CLOSES
    field.focus()
    look_again(page)
    expect(deadline).to_contain_text("is still accepted until 18:15")
    expect(page.locator("#live")).to_contain_text("is still accepted until 18:15")
    expect(field).to_be_focused()
    field.press_sequentially(" for all")
    expect(page.locator("#save-status")).to_contain_text("Saved 18:00")

    # A refused save tells the page before it would have asked.
    clock.now = CLOSES + timedelta(minutes=15)
    field.press_sequentially(", too late")
    expect(page.locator("#refused")).to_contain_text("The deadline has passed.")
    expect(deadline).to_contain_text("This draft can no longer be changed or sent.")
    expect(page.locator("main")).not_to_contain_text("is still accepted until")
    expect(field).to_have_value("A garden for all, too late")
    with session_on(engine, reading=True) as session, session.begin():
        saved = session.exec(select(Draft.data).where(Draft.section == "brief")).one()
    assert saved["title"] == "A garden for all"
    page.get_by_role("link", name="Read or download my answers").first.click()
    expect(page.locator("main")).to_contain_text("A garden for all")
