"""A text that the server does not have yet: where it is, and how it comes back, on a phone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine, delete, update
from sqlmodel import select

from app.accounts.actions import new_session
from app.applications.actions import save_section
from app.applications.actions.asking import CorrectionInput, ask_correction
from app.database import session_on
from app.models.accounts import BrowserSession
from app.models.applications import Draft
from app.vendor import HTMX_URL
from tests.applications.steps import begin, send, write
from tests.applications.typed import GRANT
from tests.conftest import Clock
from tests.journeys import look
from tests.journeys.conftest import PHONE, answer_htmx
from tests.journeys.steps import tick
from tests.world import CLOSES, World

SAVED = re.compile(r"Saved \d\d:\d\d")
TITLE = "main [name=title]"
COPIES = "() => Object.keys(localStorage).filter(key => key.startsWith('baige:'))"


@dataclass
class Phone:
    """Ada's browser, signed in, with an application that she has begun."""

    page: Page
    context: BrowserContext
    engine: Engine
    world: World
    clock: Clock
    address: str
    ref: str

    def sign_in(self, *, shared: bool = False) -> None:
        """As if she had typed a code, in this tab or in another one."""
        with session_on(self.engine) as session, session.begin():
            token = new_session(
                session,
                self.world.people["ada"],
                browser_name="phone",
                shared_computer=shared,
                now=self.clock.now,
            )
        self.context.add_cookies([{"name": "session", "value": token, "url": self.address}])

    def end_session(self) -> None:
        with session_on(self.engine) as session, session.begin():
            session.execute(delete(BrowserSession))

    def open(self, place: str = "brief") -> None:
        self.page.goto(f"/en/apply/{self.ref}/{place}")

    def type(self, words: str) -> None:
        field = self.page.locator(TITLE)
        field.fill("")
        field.press_sequentially(words, delay=5)

    def copies(self) -> list[str]:
        found: list[str] = self.page.evaluate(COPIES)
        return found

    def stored(self) -> str:
        with session_on(self.engine, reading=True) as session, session.begin():
            data = session.exec(select(Draft.data).where(Draft.section == "brief")).one()
            return str(data.get("title", ""))


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture(params=["script", "plain"])
def phone(
    request: pytest.FixtureRequest, browser: Browser, engine: Engine, world: World, clock: Clock, address: str
) -> Iterator[Phone]:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    script = request.param == "script"
    context = browser.new_context(
        base_url=address,
        viewport=PHONE,
        locale="en-GB",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    context.route(HTMX_URL, answer_htmx)
    phone = Phone(context.new_page(), context, engine, world, clock, address, ref)
    phone.sign_in()
    yield phone
    context.close()


with_script = pytest.mark.parametrize("phone", ["script"], indirect=True)


@with_script
def test_a_lost_connection_and_its_return(phone: Phone) -> None:
    page = phone.page
    phone.open()
    phone.context.set_offline(True)
    phone.type("Typed in the underground")
    expect(page.locator("#alerts")).to_contain_text("no connection. Your text is kept on this device")
    expect(page.locator("#save-status")).to_have_text("Not saved yet: kept here, tried again")
    assert phone.copies() == [f"baige:{phone.ref}/brief/all"]
    phone.context.set_offline(False)
    expect(page.locator("#save-status")).to_have_text(SAVED)
    expect(page.locator("#alerts")).to_be_empty()
    page.wait_for_function(f"() => !({COPIES})().length")
    assert phone.stored() == "Typed in the underground"


@with_script
def test_a_page_that_went_before_it_was_saved_offers_its_text(phone: Phone) -> None:
    page = phone.page
    phone.open()
    phone.type("Saved words")
    expect(page.locator("#save-status")).to_have_text(SAVED)
    page.wait_for_function(f"() => !({COPIES})().length")
    page.route("**/autosave", lambda route: route.abort())
    phone.type("Words that nobody has")
    tick(page.locator("[name=districts][value=medeu]"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/en/privacy")
    # The task list names it too, and leads there.
    page.goto(f"/en/apply/{phone.ref}")
    offer = page.locator("section.panel")
    expect(offer).to_contain_text(re.compile(r"Text from \d\d:\d\d on this device was not saved yet"))
    page.unroute("**/autosave")
    offer.get_by_role("link", name="Open the page it belongs to").click()
    expect(page.locator(TITLE)).to_have_value("Saved words")
    offer.get_by_text("Show the text").click()
    expect(offer).to_contain_text("Words that nobody has")
    assert look.findings(page, "en") == []
    offer.get_by_role("button", name="Put it back").click()
    expect(page.locator(TITLE)).to_have_value("Words that nobody has")
    expect(page.locator("[name=districts][value=medeu]")).to_be_checked()
    page.wait_for_function(f"() => !({COPIES})().length")
    assert phone.stored() == "Words that nobody has"
    expect(offer).to_have_count(0)
    page.reload()
    expect(page.locator(TITLE)).to_have_value("Words that nobody has")
    expect(offer).to_have_count(0)


@with_script
def test_a_text_put_back_over_a_newer_one_shows_both(phone: Phone) -> None:
    page = phone.page
    phone.open()
    page.route("**/autosave", lambda route: route.abort())
    phone.type("On the phone")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/en/privacy")
    with session_on(phone.engine) as session, session.begin():
        write(session, phone.world.applicant(), phone.ref, {"brief": {"title": "On the laptop"}})
    page.unroute("**/autosave")
    phone.open()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#conflict-panel")).to_contain_text("On the laptop")
    assert phone.stored() == "On the laptop"
    tick(page.get_by_label("Keep both, one after the other"))
    page.get_by_role("button", name="Save what I chose").click()
    expect(page.locator(TITLE)).to_have_value("On the laptop / On the phone")
    page.wait_for_function(f"() => !({COPIES})().length")


@with_script
def test_a_copy_ends_with_a_save_with_discarding_and_with_signing_out_and_outlives_sending(
    phone: Phone,
) -> None:
    page = phone.page
    phone.open()
    page.locator(TITLE).fill("A garden")
    page.locator("[data-primary]").click()
    expect(page).to_have_url(re.compile("done=section_saved"))
    page.wait_for_function(f"() => !({COPIES})().length")
    for place, act in (("brief", "drop"), ("brief", "out"), ("sent", "send")):
        if act == "send":
            phone.sign_in()
            _finish(phone)
        page.evaluate(
            "ref => localStorage.setItem(`baige:${ref}/brief/all`, JSON.stringify("
            "{at: Date.now(), version: '1', path: '/', answers: {title: {label: '', values: ['Lost']}}}))",
            phone.ref,
        )
        phone.open(place)
        if act != "out":
            # What was sent is not what stands here: nobody but its writer lets it go.
            page.get_by_role("button", name="Discard it").click()
        elif act == "out":
            page.get_by_role("button", name="Sign out").click()
            expect(page).to_have_url(re.compile("done=signed_out"))
        page.wait_for_function(f"() => !({COPIES})().length")


def _finish(phone: Phone) -> None:
    """The rest of the answers, and sending them."""
    ada = phone.world.applicant()
    with session_on(phone.engine) as session, session.begin():
        version = session.exec(select(Draft.version).where(Draft.section == "brief")).one()
        for code, typed in GRANT.items():
            seen = version if code == "brief" else 1
            save_section(session, ada, phone.ref, code, typed, version=seen, now=phone.clock.now, whole=True)
        send(session, ada, phone.ref, now=phone.clock.now)


@with_script
def test_a_shared_computer_keeps_none(phone: Phone) -> None:
    page = phone.page
    phone.sign_in(shared=True)
    phone.open()
    phone.context.set_offline(True)
    phone.type("Typed in the library")
    expect(page.locator("#alerts")).to_contain_text("your text is on this page only")
    assert phone.copies() == []
    phone.context.set_offline(False)
    expect(page.locator("#save-status")).to_have_text(SAVED)
    page.locator("#finish").click()
    expect(page.locator(".flash")).to_contain_text("nothing of yours is left in this browser")
    assert phone.context.cookies() == []
    assert "library" not in page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")


@with_script
def test_a_deadline_that_passes_while_somebody_types(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    phone.open()
    phone.type("In time")
    expect(page.locator("#save-status")).to_have_text(SAVED)
    phone.clock.now = CLOSES + timedelta(minutes=15)
    phone.type("In time, and a second too late")
    panel = page.locator("#refused")
    expect(panel).to_contain_text("The deadline has passed")
    expect(page.locator("#save-status")).to_have_text("Not saved")
    expect(page.locator(TITLE)).to_have_value("In time, and a second too late")
    expect(page.locator(TITLE)).to_be_focused()
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") == 0
    assert look.findings(page, "en") == []
    with page.expect_download() as downloaded:
        page.locator("#download-typed").click()
    file = tmp_path / "typed.txt"
    downloaded.value.save_as(file)
    assert "In time, and a second too late" in file.read_text()
    assert phone.stored() == "In time"
    # Closing the page does not lose it either: the task list has it, now that the form is locked.
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/en/apply/{phone.ref}")
    offer = page.locator("section.panel")
    offer.get_by_text("Show the text").click()
    expect(offer).to_contain_text("In time, and a second too late")
    with page.expect_download() as again:
        offer.get_by_role("link", name="Download as text").click()
    again.value.save_as(file)
    assert "In time, and a second too late" in file.read_text()


def test_a_session_that_ends_while_somebody_types(phone: Phone, request: pytest.FixtureRequest) -> None:
    page = phone.page
    phone.open()
    if request.node.callspec.params["phone"] == "plain":
        page.locator(TITLE).fill("Typed on")
        phone.end_session()
        page.get_by_role("button", name="Save and come back later").click()
        expect(page.locator("h1")).to_have_text("You were signed out")
        expect(page.locator("main")).to_contain_text("Typed on")
        assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") == 0
        phone.sign_in()
        page.locator("#send-again").click()
        expect(page).to_have_url(re.compile("done=section_saved"))
    else:
        phone.end_session()
        phone.type("Typed on")
        expect(page.locator("#signed-out")).to_contain_text("on this page and on this device")
        expect(page.locator("#save-status")).to_have_text("Not saved yet")
        expect(page.locator(TITLE)).to_be_focused()
        assert look.findings(page, "en") == []
        phone.sign_in()
        page.get_by_role("button", name="I have signed in: save now").click()
        expect(page.locator("#save-status")).to_have_text(SAVED)
        expect(page.locator("#signed-out")).to_have_count(0)
        page.wait_for_function(f"() => !({COPIES})().length")
    assert phone.stored() == "Typed on"


@with_script
def test_a_session_that_ends_soon_says_so_and_is_prolonged(phone: Phone) -> None:
    page = phone.page
    with session_on(phone.engine) as session, session.begin():
        soon = phone.clock.now + timedelta(minutes=5, seconds=2)
        session.execute(update(BrowserSession).values(expires_at=soon))
    phone.open()
    expect(page.locator("#session-end")).to_be_hidden()
    page.locator(TITLE).press_sequentially("Still here")
    expect(page.locator("#session-end")).to_be_visible()
    expect(page.locator("#alerts")).to_contain_text("You will be signed out at 14:05.")
    expect(page.locator(TITLE)).to_be_focused()
    page.locator("#stay").click()
    expect(page).to_have_url(re.compile("done=stayed"))
    expect(page.locator(TITLE)).to_have_value("Still here")
    expect(page.locator("#session-end")).to_have_count(0)


def test_without_a_script_every_text_comes_back_too(phone: Phone) -> None:
    """What was saved before is brought back by plain forms."""
    page = phone.page
    phone.open()
    for words in ("The first title of all", "Another title"):
        page.locator(TITLE).fill(words)
        page.get_by_role("button", name="Save and come back later").click()
        expect(page).to_have_url(re.compile("done=section_saved"))
        phone.clock.now += timedelta(minutes=5)
        phone.open()
    page.get_by_role("link", name="Earlier texts of this section").click()
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") == 0
    page.get_by_role("button", name="Bring this back").first.click()
    expect(page).to_have_url(re.compile("done=brought_back"))
    expect(page.locator(TITLE)).to_have_value("The first title of all")


@with_script
def test_a_correction_saves_itself_and_is_kept_while_the_network_is_away(phone: Phone) -> None:
    with session_on(phone.engine) as session, session.begin():
        write(session, phone.world.applicant(), phone.ref, GRANT)
        send(session, phone.world.applicant(), phone.ref)
        asked = CorrectionInput(fields=["brief.place"], question="Please name a place.")
        ask_correction(session, phone.world.coordinator(), phone.ref, asked, phone.clock.now)
    page, fix = phone.page, f"/en/my/{phone.ref}/fix"
    page.goto(fix)
    field = page.locator("[name='brief.place']")
    field.fill("Behind the library")
    expect(page.locator("#save-status")).to_have_text(SAVED)
    assert phone.copies() == []
    phone.context.set_offline(True)
    field.fill("Behind the library, by the lake")
    field.blur()
    expect(page.locator("#alerts")).to_contain_text("Your text is kept on this device")
    assert phone.copies() == [f"baige:{phone.ref}/fix"]
    phone.context.set_offline(False)
    expect(page.locator("#save-status")).to_have_text(SAVED)
    assert phone.copies() == []
    page.goto(fix)
    expect(field).to_have_value("Behind the library, by the lake")
    # A second tab with the older page meets the newer text, and is asked which one stays.
    other = phone.context.new_page()
    other.goto(fix)
    field.fill("One")
    field.blur()
    expect(page.locator("#save-status")).to_have_text(SAVED)
    expect(page.locator("#version")).to_have_value("4")
    other.locator("[name='brief.place']").fill("Two")
    other.locator("[name='brief.place']").blur()
    expect(other.locator("#conflict-panel")).to_contain_text("These answers were saved elsewhere at")
    assert look.findings(other, "en") == []
    tick(other.get_by_label("Keep both, one after the other"))
    other.get_by_role("button", name="Save what I chose").click()
    expect(other.locator("[name='brief.place']")).to_have_value("One / Two")
    other.get_by_role("button", name="Send the corrected answers").click()
    expect(other.get_by_role("heading", name="What you changed")).to_be_visible()
