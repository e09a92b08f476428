"""Is this call for me? On a phone, without an account: five questions, a verdict, and on to apply."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update
from sqlmodel import col

from app.database import session_on
from app.models.calls import Call
from tests.conftest import FAR_FUTURE
from tests.journeys import look
from tests.journeys.conftest import Person
from tests.journeys.steps import no_sideways_scrolling, tick
from tests.world import World, cookie_for, texts

FITS = ("yes", "yes", "ngo", "no", "no")
SETTINGS = {"place": texts("Alma"), "kinds": ["person", "ngo"], "elsewhere_kind": texts("The chamber")}


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """SQLite alone: what is asked here is asked of the browser."""
    return sqlite_database


@pytest.fixture(autouse=True)
def asks(engine: Engine, world: World) -> None:
    """The call asks all five questions."""
    with session_on(engine) as session, session.begin():
        session.execute(update(Call).where(col(Call.slug) == "2026").values(eligibility=SETTINGS))


def answer(page: Page, answers: tuple[str, ...]) -> None:
    for value in answers:
        tick(page.locator(f"main input[value={value}]"))
        with page.expect_navigation():
            page.locator("main form button.btn").click()


def test_whoever_does_not_fit_is_told_why_and_where_else_to_go(person: Person) -> None:
    page = person()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/kk/calls/2026")
    page.locator("#check").click()
    with page.expect_navigation() as gone:
        page.locator("main form button.btn").click()
    assert gone.value.status == 422
    expect(page.locator("#errors")).to_be_focused()
    found = look.findings(page, "kk")
    answer(page, ("yes", "partly", "group", "unsure", "no"))
    expect(page).to_have_url(re.compile("/kk/calls/2026/check/result$"))
    expect(page.locator("main")).to_contain_text("The chamber (қаз)")
    found += look.findings(page, "kk")
    for number, given in enumerate(FITS[2:], 3):
        page.locator(f"dd a[href$='/check/{number}?back=result']").click()
        answer(page, (given,))
        expect(page).to_have_url(re.compile("/kk/calls/2026/check/result"))
    expect(page.locator("#begin")).to_be_visible()
    found += look.findings(page, "kk")
    assert found == [], "\n".join(found)


def test_answers_come_along_without_javascript(
    person: Person, engine: Engine, world: World, address: str
) -> None:
    page = person(javascript=False)
    page.goto("/ru/calls/2026/check/1")
    answer(page, FITS)
    with session_on(engine) as session, session.begin():
        cookies = cookie_for(session, world.people["ada"], FAR_FUTURE)
    for name, value in cookies.items():
        page.context.add_cookies([{"name": name, "value": value, "url": address}])
    page.locator("#begin").click()
    expect(page.locator("#checked")).to_contain_text("Alma (рус)")
    no_sideways_scrolling(page)
    for name in ("processing", "publication"):
        tick(page.locator(f"[name={name}]"))
    page.locator("main form button.btn").click()
    ref = page.url.split("/apply/")[1].split("?")[0]
    page.goto(f"/ru/apply/{ref}/team/applicant")
    expect(page.locator("[name=applicant_kind]:checked")).to_have_value("ngo")
    page.goto(f"/ru/my/{ref}/consents")
    page.locator("[value='give:pictures']").click()
    expect(page.locator("[value='take_back:pictures']")).to_be_visible()
    no_sideways_scrolling(page)
