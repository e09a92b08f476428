"""Somebody types and presses at once, on a network that is slow: one press, one save, nothing lost.

The network here answers late: the server has saved already while the browser still waits to hear of
it, so that a press with the version from before would meet its own words as a conflict.
"""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import Engine

from app.database import session_on
from tests.applications.steps import begin
from tests.journeys.conftest import Person
from tests.journeys.steps import tick
from tests.world import NOW, World, cookie_for

LATE = 600
"""Milliseconds by which an answer comes late."""
PAUSE = 1_500
"""Milliseconds after the last letter when an autosave goes out by itself."""


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


class Writing:
    """Ada before the page of her application that asks for a title, and all that the page sends."""

    def __init__(self, page: Page, ref: str) -> None:
        self.page, self.ref = page, ref
        self.sent: list[str] = []
        self.answered: list[tuple[str, int]] = []
        page.on("request", self._sent)
        page.on("response", lambda answer: self.answered.append((answer.request.method, answer.status)))

    def _sent(self, request: Request) -> None:
        if request.method != "GET":
            self.sent.append(request.method)

    def open(self, place: str) -> None:
        """One page of the form."""
        self.page.goto(f"/en/apply/{self.ref}/{place}")

    def answer_late(self, method: str, milliseconds: int = LATE) -> None:
        """From now on the answers to this method come late."""

        def late(route: Route) -> None:
            if route.request.method != method:
                route.fallback()
                return
            answer = route.fetch(max_redirects=0)
            self.page.wait_for_timeout(milliseconds)
            route.fulfill(response=answer)

        self.page.route("**/apply/**", late)

    def arrive_late(self, method: str, milliseconds: int = LATE) -> None:
        """From now on what is sent with this method arrives late."""

        def late(route: Route) -> None:
            if route.request.method == method:
                self.page.wait_for_timeout(milliseconds)
            route.fallback()

        self.page.route("**/apply/**", late)

    def refused(self) -> list[tuple[str, int]]:
        """What was answered with a refusal or an error."""
        return [(method, status) for method, status in self.answered if status >= 400]


@pytest.fixture
def writing(person: Person, engine: Engine, world: World, address: str) -> Writing:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        cookies = cookie_for(session, world.people["ada"], NOW)
    page = person()
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    return Writing(page, ref)


def test_typing_and_continuing_at_once_saves_once_and_goes_on(writing: Writing) -> None:
    page = writing.page
    writing.open("team/applicant")
    writing.answer_late("PATCH")
    tick(page.locator("[name=applicant_kind][value=group]"))
    page.locator("[data-primary]").click()
    expect(page.locator("[data-primary]")).to_have_attribute("aria-busy", "true")
    expect(page).to_have_url(re.compile("/team/contact$"))
    assert writing.sent == ["PATCH", "POST"]
    assert writing.refused() == []
    writing.open("team/applicant")
    expect(page.locator("[name=applicant_kind][value=group]")).to_be_checked()


def test_pressing_again_while_it_waits_is_the_same_press(writing: Writing) -> None:
    page = writing.page
    writing.open("brief")
    writing.answer_late("PATCH")
    page.locator("[name=title]").fill("A garden for the seventh district")
    page.locator("[data-primary]").click()
    page.locator("[data-primary]").click()
    page.locator("[data-primary]").click()
    expect(page).to_have_url(re.compile(f"/apply/{writing.ref}[?]done=section_saved"))
    assert writing.sent == ["PATCH", "POST"]
    assert writing.refused() == []
    writing.open("brief")
    expect(page.locator("[name=title]")).to_have_value("A garden for the seventh district")


def test_no_autosave_overtakes_a_press(writing: Writing) -> None:
    page = writing.page
    writing.open("brief")
    writing.answer_late("POST", PAUSE + LATE)
    # Ctrl+Enter leaves the field where it is, so the words wait for their autosave when it is pressed.
    with page.expect_response(re.compile("/writing")):
        page.locator("[name=title]").focus()
    page.locator("[name=title]").press_sequentially("A garden", delay=5)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(f"/apply/{writing.ref}[?]done=section_saved"))
    assert writing.sent == ["POST"]
    assert writing.refused() == []
    writing.open("brief")
    expect(page.locator("[name=title]")).to_have_value("A garden")


def test_a_row_is_added_after_the_autosave_that_its_press_sent(writing: Writing) -> None:
    page = writing.page
    writing.open("budget")
    rows = page.locator("#f-lines fieldset.rowcard")
    before = rows.count()
    page.locator("#f-lines-add").click()
    expect(rows).to_have_count(before + 1)
    del writing.sent[:]
    writing.answer_late("PATCH")
    page.locator("[name$='.what']").last.fill("Forty trees")
    page.locator("#f-lines-add").click()
    page.locator("#f-lines-add").click()
    expect(rows).to_have_count(before + 2)
    assert writing.sent == ["PATCH", "POST"]
    assert writing.refused() == []
    expect(page.locator("[name$='.what']").nth(before)).to_have_value("Forty trees")
    expect(page.locator("#conflict-panel")).to_have_count(0)


def test_a_link_waits_for_the_words_before_it_and_a_language_for_the_field(writing: Writing) -> None:
    page = writing.page
    writing.open("sustainability/future")
    field = page.locator("[name=growth]")
    field.fill("The library pays for the water")
    # What makes a link wait is fetched with the first field that is used.
    page.wait_for_function("() => performance.getEntriesByType('resource').some(e => /writing/.test(e.name))")
    writing.arrive_late("PATCH")
    page.locator(".langs [hreflang=kk]").click()
    expect(page).to_have_url(re.compile(f"/kk/apply/{writing.ref}/sustainability/future"))
    expect(field).to_have_value("The library pays for the water")
    expect(field).to_be_focused()
    assert writing.sent == ["PATCH"]
    # And the new page is not from before: what is typed on it meets no other version.
    field.press_sequentially(" and the tools", delay=5)
    page.locator("[data-primary]").click()
    expect(page).to_have_url(re.compile(f"/kk/apply/{writing.ref}[?]done=section_saved"))
    assert writing.refused() == []
