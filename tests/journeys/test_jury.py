"""The jury's evening: a phone without network, a conflict, a paper ballot, and totals when all are in."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actions import new_session
from app.database import session_on
from app.models.jury import Juror, PitchBallot
from app.vendor import HTMX_URL
from tests.conftest import Clock
from tests.events.evening import announced
from tests.events.jury import NIGHT, begin, seated
from tests.journeys.conftest import PHONE, answer_htmx
from tests.journeys.steps import no_sideways_scrolling, tick
from tests.world import World

CRITERIA = ("need", "work_plan", "budget", "sustainability")
WAITING = "#waiting"


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture
def evening(engine: Engine, world: World, clock: Clock) -> str:
    """Three finalists are announced, two jurors seated; the code of the round."""
    clock.now = NIGHT
    with session_on(engine) as session, session.begin():
        announced(session, world, 3, 0)
        seated(session, world, ["BC", "AKIM"])
        return world.round.code


def opened(browser: Browser, address: str, token: str = "") -> BrowserContext:
    context = browser.new_context(base_url=address, viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.route(HTMX_URL, answer_htmx)
    if token:
        context.add_cookies([{"name": "session", "value": token, "url": address}])
    return context


@pytest.fixture
def desk(browser: Browser, engine: Engine, world: World, evening: str, address: str) -> Iterator[Page]:
    """Cora, signed in."""
    with session_on(engine) as session, session.begin():
        token = new_session(session, world.people["cora"], browser_name="x", shared_computer=False, now=NIGHT)
    context = opened(browser, address, token)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A juror's phone, on which nobody is signed in."""
    context = opened(browser, address)
    yield context.new_page()
    context.close()


def test_a_jurys_evening(desk: Page, phone: Page, engine: Engine, world: World, evening: str) -> None:
    at = f"/en/desk/2026/event/{evening}"
    _comes_in(desk, phone, at)
    expect(phone.locator("#evening")).to_contain_text("The evening has not begun")

    desk.goto(f"{at}/jury")
    desk.get_by_role("button", name=re.compile("It has begun")).first.click()
    # The first team's page opens by itself.
    phone.wait_for_url(f"**/en/jury/{evening}/1")
    no_sideways_scrolling(phone)
    assert phone.locator(".pads .opt").first.bounding_box()["height"] >= 56  # type: ignore[index]
    _scores(phone, 4)
    phone.get_by_role("button", name="Save and wait for next").click()
    expect(phone.locator("#evening")).to_contain_text("4 / 4")
    no_sideways_scrolling(phone)

    _is_offline(phone, engine, world, evening)
    _is_keyed_in(desk, at)

    desk.goto(f"{at}/jury")
    desk.get_by_role("button", name="All have pitched").click()
    phone.goto(f"/en/jury/{evening}")
    expect(phone.locator("#own")).to_contain_text("conflict")
    no_sideways_scrolling(phone)
    phone.get_by_role("button", name="I am finished").click()
    expect(phone.locator("#evening")).to_contain_text("You are finished")

    _is_closed(desk, at)


def _comes_in(desk: Page, phone: Page, at: str) -> None:
    """A card is made; its link and its code open the phone."""
    desk.goto(f"{at}/jury")
    no_sideways_scrolling(desk)
    desk.get_by_role("link", name=re.compile("Juror Canaryname 1")).click()
    desk.get_by_role("button", name="Make the card").click()
    link, code = desk.locator("#link").inner_text(), desk.locator("#code").inner_text()
    phone.goto(link.replace("/kk/", "/en/"))
    phone.fill("[name=code]", "000000" if code != "000 000" else "111111")
    phone.get_by_role("button", name="Come in").click()
    expect(phone.locator("#errors")).to_contain_text("does not fit this link")
    phone.fill("[name=code]", code)
    phone.get_by_role("button", name="Come in").click()


def _scores(page: Page, score: int) -> None:
    for criterion in CRITERIA:
        tick(page.locator(f"[name='scores.{criterion}'][value='{score}']"))


def _is_offline(phone: Page, engine: Engine, world: World, evening: str) -> None:
    """Two teams are scored without a network; both are sent when it is back."""
    with session_on(engine) as session, session.begin():
        begin(session, world, [2, 3])
    phone.goto(f"/en/jury/{evening}/2")
    phone.context.set_offline(True)
    _scores(phone, 2)
    phone.get_by_role("button", name="Save and wait for next").click()
    expect(phone.locator(WAITING)).to_contain_text("Waiting to send (1)")
    expect(phone.locator("#save-status")).to_have_text(re.compile("Kept on this phone"))
    phone.get_by_role("button", name=re.compile("Score the next team")).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("3. ")
    tick(phone.locator("[name=tie]"))
    phone.get_by_role("button", name="Save and wait for next").click()
    expect(phone.locator(WAITING)).to_contain_text("Waiting to send (2)")
    phone.context.set_offline(False)
    expect(phone.locator(WAITING)).to_be_hidden(timeout=20_000)
    with session_on(engine, reading=True) as session:
        assert _ballots(session, 1) == [(4, False), (2, False), (None, True)]


def _ballots(session: Session, number: int) -> list[tuple[int | None, bool]]:
    rows = session.exec(
        select(PitchBallot)
        .join(Juror, col(Juror.id) == col(PitchBallot.juror_id))
        .where(Juror.number == number)
        .order_by(col(PitchBallot.updated_at), col(PitchBallot.application_id))
    ).all()
    return sorted(((each.scores.get("need"), each.tie) for each in rows), key=lambda each: -(each[0] or 0))


def _is_keyed_in(desk: Page, at: str) -> None:
    """The other juror scored on paper: Cora is alone, so she keys it in twice and says why."""
    desk.goto(f"{at}/ballots")
    desk.get_by_role("link", name=re.compile("Juror Canaryname 2")).click()
    no_sideways_scrolling(desk)
    for again in (False, True):
        for slot in (1, 2, 3):
            for criterion in CRITERIA:
                desk.fill(f"[name='pitches.{slot}.scores.{criterion}']", str(slot))
        if again:
            desk.get_by_role("button", name="Key in").click()
            expect(desk.locator("#errors")).to_contain_text("by yourself")
            desk.fill("[name=reason]", "Nobody else is here on the night.")
        desk.get_by_role("button", name="Key in").click()
    expect(desk.locator("#sheet")).to_contain_text("Keyed in twice, alike")
    assert desk.locator("#sheet .tag.ok").count() == 3


def _is_closed(desk: Page, at: str) -> None:
    """No total before both are in; then the order."""
    desk.goto(f"{at}/tally")
    # Who scored on paper alone is finished by what two people keyed in.
    expect(desk.locator("main")).not_to_contain_text("Jurors who have not finished")
    assert desk.get_by_role("table").count() == 0
    desk.get_by_role("button", name="Close the scoring and see the totals").click()
    rows = desk.locator("#order tbody tr")
    expect(rows).to_have_count(3)
    assert all("–" in text for text in rows.all_inner_texts())
    no_sideways_scrolling(desk)
