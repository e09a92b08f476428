"""Who leaves a place to the coordinator is back at that very warning, however long the page is."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from app.database import session_on
from tests.applications.steps import begin, write
from tests.applications.test_leaking import NAMED
from tests.journeys.conftest import Person
from tests.world import NOW, World, cookie_for


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


def test_leaving_a_place_comes_back_to_it(person: Person, engine: Engine, world: World, address: str) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        write(session, world.applicant(), ref, NAMED)
        cookies = cookie_for(session, world.people["ada"], NOW)
    for javascript in (True, False):
        page = person(javascript=javascript)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        page.goto(f"/en/apply/{ref}/check")
        place = page.locator(f"[id='{page.locator('.leak').last.get_attribute('id')}']")
        for button, says in (("Leave it", "Left as it is"), ("Undo", "Leave it")):
            place.get_by_role("button", name=button).click()
            expect(place).to_contain_text(says)
            expect(place).to_be_focused()
            expect(place).to_be_in_viewport()
