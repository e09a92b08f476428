"""A network that takes everything and answers nothing: the page says so in time, and nothing waits for ever.

A refused connection is known at once (`test_nothing_lost.py`); this one is known by waiting only.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine

from app.accounts.actions import new_session
from app.database import session_on
from app.vendor import HTMX_URL
from tests.applications.steps import begin
from tests.conftest import Clock
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.journeys.conftest import PHONE, answer_htmx
from tests.journeys.steps import tick
from tests.world import NOW, World

EVERYWHERE = "**/*"
CRITERIA = ("need", "work_plan", "budget", "sustainability")
SOON, LIMIT = 7_000, 14_000
"""Milliseconds: a press that nothing answers is said within the first, an autosave ends within the other."""
LINE, ALERTS = "#save-status", "#alerts"
WAITS = "Not saved yet: kept here, tried again"


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture
def opened(browser: Browser, engine: Engine, world: World, address: str) -> Iterator[dict[str, Page]]:
    """Rita's and Ada's phones, each signed in."""
    pages = {}
    for name in ("rita", "ada"):
        with session_on(engine) as session, session.begin():
            token = new_session(
                session, world.people[name], browser_name="phone", shared_computer=False, now=NOW
            )
        context = browser.new_context(base_url=address, viewport=PHONE, locale="en-GB")
        context.set_default_timeout(10_000)
        context.route(HTMX_URL, answer_htmx)
        context.add_cookies([{"name": "session", "value": token, "url": address}])
        pages[name] = context.new_page()
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def review(opened: dict[str, Page], engine: Engine, world: World, clock: Clock) -> Page:
    """A review that Rita can begin at once."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita")
        code = application.code
    page = opened["rita"]
    page.goto(f"/en/review/2026/{code}")
    return page


class Silence:
    """While it lasts everything is taken and nothing answered; `asked` counts what was sent into it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []

    def begin(self) -> None:
        self.page.route(EVERYWHERE, self._swallow)

    def once(self, method: str) -> None:
        """Only the next request of this method."""
        self.page.route(EVERYWHERE, lambda route: self._one(route, method))

    def end(self) -> None:
        self.page.unroute(EVERYWHERE, self._swallow)

    def _one(self, route: Route, method: str) -> None:
        if route.request.method == method and not self.asked:
            self._swallow(route)
        else:
            route.fallback()

    def _swallow(self, route: Route) -> None:
        self.asked.append(route.request.method)


def _scores(page: Page, points: str) -> None:
    for criterion in CRITERIA:
        tick(page.locator(f"[name='scores.{criterion}.score'][value='{points}']"))


def test_a_review_says_that_it_is_not_saved_and_is_sent_once_something_answers(review: Page) -> None:
    page, silence = review, Silence(review)
    here = page.url
    _scores(page, "3")
    expect(page.locator(LINE)).to_contain_text("Draft saved")
    silence.begin()
    _scores(page, "4")
    expect(page.locator(LINE)).to_have_text("Not saved yet")
    expect(page.locator(LINE)).to_have_text(WAITS, timeout=LIMIT)
    expect(page.locator(ALERTS)).to_contain_text("no connection")
    # Pressed while an autosave is on its way, it is said at the top before that has ended.
    page.get_by_role("button", name="Send review", exact=True).click(no_wait_after=True)
    expect(page.locator(ALERTS)).to_contain_text("“Send review” waits for the connection", timeout=SOON)
    page.wait_for_timeout(LIMIT)
    assert page.url == here
    expect(page.locator(ALERTS)).to_contain_text("“Send review” waits for the connection")
    silence.end()
    expect(page).to_have_url(re.compile("done=review_sent"), timeout=2 * LIMIT)
    page.goto(here)
    expect(page.locator("[name='scores.need.score'][value='4']")).to_be_checked()
    expect(page.locator(LINE)).to_contain_text("Sent")


def test_one_dead_autosave_does_not_keep_the_next_ones_waiting(review: Page) -> None:
    page, silence = review, Silence(review)
    silence.once("PATCH")
    tick(page.locator("[name='scores.need.score'][value='4']"))
    page.fill("[name=convinced]", "The survey names whom it asked.")
    expect(page.locator(LINE)).to_contain_text("Draft saved", timeout=LIMIT)
    assert silence.asked == ["PATCH"]
    page.reload()
    expect(page.locator("[name=convinced]")).to_have_value("The survey names whom it asked.")


def test_save_and_next_and_setting_aside_are_called_by_their_names(review: Page) -> None:
    page, silence = review, Silence(review)
    # The page's own clock is put forward: whatever it waits for by then has come.
    page.clock.install()
    page.goto(page.url)
    silence.begin()
    for name in ("Save and next", "Save and set aside"):
        page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
        expect(page.locator(ALERTS)).to_contain_text(f"“{name}” waits for the connection", timeout=SOON)
        expect(page.locator(ALERTS)).not_to_contain_text("sent")
        page.clock.fast_forward(LIMIT + 2_000)
        expect(page.locator(ALERTS)).to_contain_text(f"“{name}” waits for the connection")


def test_a_refused_review_and_what_is_missing_in_it_are_shown_as_ever(review: Page) -> None:
    page = review
    tick(page.locator("[name='scores.need.score'][value='4']"))
    page.get_by_role("button", name="Send review", exact=True).click()
    expect(page.locator(".errsum")).to_be_focused()
    assert page.title().startswith("Error:")
    # The page that came is alive: it saves itself, and is sent.
    _scores(page, "3")
    expect(page.locator(LINE)).to_contain_text("Draft saved")
    page.get_by_role("button", name="Send review", exact=True).click()
    expect(page).to_have_url(re.compile("done=review_sent"))


def test_an_applicants_form_says_the_same_and_goes_on_once_something_answers(
    opened: dict[str, Page], engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    page = opened["ada"]
    page.goto(f"/en/apply/{ref}/brief")
    silence, title = Silence(page), page.locator("main [name=title]")
    title.fill("A garden")
    expect(page.locator(LINE)).to_contain_text("Saved ")
    silence.begin()
    title.fill("A garden for the seventh district")
    expect(page.locator(LINE)).to_have_text("Not saved yet")
    page.locator("[data-primary]").click(no_wait_after=True)
    expect(page.locator(ALERTS)).to_contain_text("waits for the connection", timeout=SOON)
    expect(page.locator(LINE)).to_have_text(WAITS, timeout=LIMIT)
    assert page.url.endswith(f"/en/apply/{ref}/brief")
    silence.end()
    page.locator(f"{ALERTS} button").click()
    expect(page).to_have_url(re.compile("done=section_saved"), timeout=2 * LIMIT)
    page.goto(f"/en/apply/{ref}/brief")
    expect(title).to_have_value("A garden for the seventh district")
