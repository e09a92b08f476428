"""A reviewer on a phone declares a tie and scores three proposals; of what is typed nothing is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.actions import new_session
from app.database import session_on
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, Tie
from app.vendor import HTMX_URL
from tests.conftest import Clock
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.journeys.conftest import PHONE, answer_htmx
from tests.journeys.steps import no_sideways_scrolling, press, tick
from tests.world import World

CRITERIA = ("need", "work_plan", "budget", "sustainability")
COPIES = "() => Object.keys(localStorage).filter(key => key.startsWith('baige:'))"
LIST = "/en/review/2026"
EVERYWHERE = "**/*"
TITLES = ("Apples", "Pears", "Plums", "Cherries")
WORDS = "The survey names whom it asked."


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture
def phone(
    browser: Browser, engine: Engine, world: World, clock: Clock, address: str
) -> Iterator[BrowserContext]:
    """Rita's phone, signed in; four applications are hers to score."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        found = [make_sent_application(session, world, title=title) for title in TITLES]
        open_reviewing_rows(session, world)
        for application in found:
            make_assignment(session, world, application, "rita", tie=None)
        token = new_session(
            session, world.people["rita"], browser_name="phone", shared_computer=False, now=clock.now
        )
    context = browser.new_context(base_url=address, viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.route(HTMX_URL, answer_htmx)
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    yield context
    context.close()


def test_a_reviewer_on_a_phone_from_the_first_tie_to_the_last_review(
    phone: BrowserContext, engine: Engine
) -> None:
    page = phone.new_page()
    page.goto(LIST)
    no_sideways_scrolling(page)
    page.get_by_role("link", name=re.compile("Continue with the next one")).click()

    tied = _code(page)
    no_sideways_scrolling(page)
    tick(page.locator("[name=tie][value=tie]"))
    press(page, "Continue to the application")
    expect(page).to_have_url(re.compile(f"{LIST}/(?!{tied})"))

    _says_there_is_no_tie(page)
    _scores(page)
    press(page, "Send review")
    page.goto(LIST)
    expect(page.locator("main")).to_contain_text("Sent: 1 of 3")

    page = _is_interrupted(phone, page)

    page.goto(LIST)
    page.get_by_role("link", name=re.compile("Continue with the next one")).click()
    _says_there_is_no_tie(page)
    phone.set_offline(True)
    _scores(page)
    here = page.url
    page.get_by_role("button", name="Send review", exact=True).click(no_wait_after=True)
    expect(page.locator("#alerts")).to_contain_text("“Send review” waits for the connection")
    assert page.url == here
    phone.set_offline(False)
    expect(page).to_have_url(re.compile("done=review_sent"))
    page.wait_for_load_state()
    assert page.evaluate(COPIES) == []
    page.goto(LIST)
    expect(page.locator("main")).to_contain_text("You have sent them all.")
    no_sideways_scrolling(page)
    _changes_what_was_sent(phone, page, here)
    with session_on(engine, reading=True) as session:
        reviews = session.exec(select(Review)).all()
        assert [each.state for each in reviews] == [ReviewState.SENT] * 3
        assert sorted(each.convinced for each in reviews) == ["", "", WORDS]
        assert [row.score for row in session.exec(select(ReviewScore))] == [4] * 12
        ties = session.exec(select(Assignment.tie).order_by(col(Assignment.tie))).all()
        assert ties == [Tie.NONE, Tie.NONE, Tie.NONE, Tie.TIE]


def _changes_what_was_sent(phone: BrowserContext, page: Page, here: str) -> None:
    """What is typed after sending is not sent, and the line says so, until it is or is as it was.

    A press that the network swallows loses none of it, whichever pages are opened next: one that leads on to
    another is not yet the answer to what was typed.
    """
    page.goto(here)
    line = page.locator("#save-status")
    expect(line).to_contain_text("Sent")
    page.fill("[name=stronger]", "Name who waters.")
    expect(line).to_have_text("Your changes are not sent yet")
    expect(line).to_have_attribute("role", "status")
    page.fill("[name=stronger]", "")
    expect(line).to_contain_text("Sent")
    page.fill("[name=stronger]", "Name who waters.")
    page.fill("[name=change_reason]", "I had overlooked it.")
    phone.route(EVERYWHERE, _nothing_answers)
    page.get_by_role("button", name="Send the changes", exact=True).click(no_wait_after=True)
    expect(page.locator("#alerts")).to_contain_text("“Send the changes” waits for the connection")
    assert page.url == here
    # A phone that is put away then loses what is on the page.
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    phone.unroute(EVERYWHERE, _nothing_answers)
    page.goto("/")
    page.goto(here)
    expect(page.locator("[name=stronger]")).to_have_value("")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name=stronger]")).to_have_value("Name who waters.")
    press(page, "Send the changes")
    assert page.evaluate(COPIES) == []
    page.goto(here)
    expect(line).to_contain_text("Sent")


def _is_interrupted(phone: BrowserContext, page: Page) -> Page:
    """The connection goes in the middle of a review, the phone is put away; later all of it is sent."""
    page.get_by_role("link", name=re.compile("Continue with the next one")).click()
    _says_there_is_no_tie(page)
    here = page.url
    no_sideways_scrolling(page)
    phone.route(EVERYWHERE, _nothing_answers)
    _scores(page)
    page.fill("[name=convinced]", WORDS)
    expect(page.locator("#alerts")).to_contain_text("no connection. Your text is kept on this device")
    # Pressed all the same, it stays; a phone that is put away then loses what is on the page.
    page.get_by_role("button", name="Send review", exact=True).click(no_wait_after=True)
    expect(page.locator("#alerts")).to_contain_text("“Send review” waits for the connection")
    assert page.url == here
    # A page that is closed is let go of first, and in that moment its save would get through after all.
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.close()

    phone.unroute(EVERYWHERE, _nothing_answers)
    page = phone.new_page()
    page.goto(LIST)
    expect(page.get_by_role("link", name="Open the page it belongs to")).to_be_visible()
    page.goto(here)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#save-status")).to_contain_text("Draft saved")
    expect(page.locator("#total")).to_contain_text("75")
    press(page, "Send review")
    expect(page).to_have_url(re.compile("done=review_sent"))
    page.wait_for_load_state()
    assert page.evaluate(COPIES) == []
    return page


def _nothing_answers(route: Route) -> None:
    route.abort("internetdisconnected")


def _code(page: Page) -> str:
    found = re.search(f"{LIST}/([^/?]+)", page.url)
    assert found
    return found[1]


def _says_there_is_no_tie(page: Page) -> None:
    tick(page.locator("[name=tie][value=none]"))
    press(page, "Continue to the application")


def _scores(page: Page) -> None:
    for criterion in CRITERIA:
        tick(page.locator(f"[name='scores.{criterion}.score'][value='4']"))
