"""A reviewer on a phone loses the connection in the middle of a review, and nothing of it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.actions import new_session
from app.database import session_on
from app.models.reviews import Review, ReviewScore, ReviewState
from app.vendor import HTMX_URL
from tests.conftest import Clock
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.journeys.conftest import PHONE, _htmx
from tests.journeys.steps import no_sideways_scrolling, press, tick
from tests.world import World

CRITERIA = ("need", "work_plan", "budget", "sustainability")
COPIES = "() => Object.keys(localStorage).filter(key => key.startsWith('baige:'))"


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """What a browser does is the same on either engine."""
    path = tmp_path / "away.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


def test_scores_and_words_survive_a_press_without_a_network(
    browser: Browser, engine: Engine, world: World, clock: Clock, address: str
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita")
        token = new_session(
            session, world.people["rita"], browser_name="phone", shared_computer=False, now=clock.now
        )
    context = browser.new_context(base_url=address, viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.route(HTMX_URL, _htmx)
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    page, here = context.new_page(), f"/en/review/2026/{application.code}"
    page.goto(here)
    no_sideways_scrolling(page)

    context.set_offline(True)
    for criterion in CRITERIA:
        tick(page.locator(f"[name='scores.{criterion}.score'][value='4']"))
    page.fill("[name=convinced]", "The survey names whom it asked.")
    expect(page.locator("#alerts")).to_contain_text("no connection. Your text is kept on this device")
    # Pressed all the same, and the phone put away: what is on the page is lost.
    page.get_by_role("button", name="Send review", exact=True).click(no_wait_after=True)
    page.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto("/en/review/2026")
    expect(page.get_by_role("link", name="Open the page it belongs to")).to_be_visible()
    page.goto(here)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#save-status")).to_contain_text("Draft saved at")
    expect(page.locator("#total")).to_contain_text("75")
    press(page, "Send review")
    page.wait_for_url("**/en/review/2026?done=review_sent")
    assert page.evaluate(COPIES) == []
    context.close()
    with session_on(engine, reading=True) as session:
        review = session.exec(select(Review)).one()
        assert (review.state, review.convinced) == (ReviewState.SENT, "The survey names whom it asked.")
        assert [row.score for row in session.exec(select(ReviewScore))] == [4, 4, 4, 4]
