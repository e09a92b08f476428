"""Two people on one draft, each on a phone of their own: from the invitation to the removal."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Person, Post
from tests.journeys.test_saving import COPIES, SAVED

BEN = "ben.canary@example.org"
TITLE = "main [name=title]"
LOOKED_AT = "() => document.dispatchEvent(new Event('visibilitychange'))"
MINE, THEIRS = "Apples behind the library", "Pears in front of the school"
LATE = "Plums beside the river, typed too late"


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What the database does for two people is tested on both engines elsewhere; this is about browsers."""
    return sqlite_database


def test_two_people_write_one_draft(person: Person, post: Post) -> None:
    ada, ben = person(), person()
    steps.sign_in(ada, post, "ada.canary@example.org")
    ref = steps.begin_application(ada, "2026")
    the_owner_invites(ada, ref)
    the_teammate_accepts(ben, post, ref)
    each_sees_where_the_other_is(ada, ben, ref)
    the_owner_takes_a_section_over(ada, ben, ref)
    neither_text_is_lost(ada, ben, ref)
    the_owner_removes_the_teammate(ada, ben, ref)


def the_owner_invites(page: Page, ref: str) -> None:
    page.goto(f"/en/apply/{ref}")
    page.get_by_role("link", name="Invite a teammate").click()
    page.get_by_label("E-mail address").fill(BEN)
    steps.tick(page.locator("[name=language][value=en]"))
    steps.press(page, "Send the invitation")
    expect(page.locator("main")).to_contain_text("Not answered yet")
    steps.no_sideways_scrolling(page)


def the_teammate_accepts(page: Page, post: Post, ref: str) -> None:
    """The link asks for an account first and comes back; looking at it accepts nothing."""
    post.deliver()
    letter = page.context.request.get(f"/en/mailbox?to={BEN}").text()
    link = re.search(r"/en/invitations/[\w-]+", letter)
    assert link
    page.goto(link[0])
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("E-mail address").fill(BEN)
    page.locator("#send-code").click()
    expect(page).to_have_url(re.compile("/sign-in/code$"))
    post.deliver()
    code = re.search(r"^ {4}(\d{6})", page.context.request.get(f"/en/mailbox?to={BEN}").text(), re.MULTILINE)
    assert code
    page.get_by_label("Code from the e-mail").fill(code[1])
    page.locator("#enter-code").click()
    expect(page.locator("main")).to_contain_text("Ada Canaryname")
    steps.no_sideways_scrolling(page)
    steps.press(page, "Accept and join the team")
    expect(page.locator("#errors")).to_be_visible()
    for name in ("processing", "publication"):
        steps.tick(page.locator(f"[name={name}]"))
    steps.press(page, "Accept and join the team")
    expect(page).to_have_url(re.compile(f"/apply/{ref}"))


def each_sees_where_the_other_is(ada: Page, ben: Page, ref: str) -> None:
    with ben.expect_response(re.compile(r"/brief/here$")):
        ben.goto(f"/en/apply/{ref}/brief")
    ben.locator(TITLE).fill(MINE)
    expect(ben.locator("#save-status")).to_have_text(SAVED)
    ada.goto(f"/en/apply/{ref}")
    expect(ada.locator("#presence")).to_have_text(re.compile("Ben Canaryname is editing .*brief. now"))
    with ada.expect_response(re.compile(r"/need/here$")):
        ada.goto(f"/en/apply/{ref}/need")
    ben.evaluate(LOOKED_AT)
    expect(ben.locator("#presence")).to_contain_text("Ada Canaryname is editing")
    steps.no_sideways_scrolling(ben)


def the_owner_takes_a_section_over(ada: Page, ben: Page, ref: str) -> None:
    ada.goto(f"/en/apply/{ref}/brief")
    expect(ada.locator("main")).to_contain_text("Ben Canaryname is editing")
    expect(ada.locator(TITLE)).to_have_count(0)
    steps.no_sideways_scrolling(ada)
    steps.press(ada, "Take over")
    expect(ada.locator(TITLE)).to_have_value(MINE)
    ben.evaluate(LOOKED_AT)
    expect(ben.locator("#presence")).to_contain_text("Ada Canaryname is editing")


def neither_text_is_lost(ada: Page, ben: Page, ref: str) -> None:
    """Ben writes on at what Ada has changed: the panel shows both, takes no letter from him; he chooses."""
    with ada.expect_response(re.compile(r"/brief/autosave$")):
        ada.locator(TITLE).fill(THEIRS)
    expect(ada.locator("#save-status")).to_have_text(SAVED)
    field, panel = ben.locator(TITLE), ben.locator("#conflict")
    field.fill(MINE + ", with")
    expect(panel).to_contain_text(THEIRS)
    expect(panel).to_contain_text(MINE + ", with")
    expect(ben.get_by_role("alert")).to_contain_text("There are two versions of this text")
    expect(ben.locator("#save-status")).to_have_text("Not saved: choose one of the two versions.")
    expect(field).to_be_focused()
    ben.keyboard.type(" water")
    expect(field).to_have_value(MINE + ", with water")
    steps.press(ben, "Save what I chose")
    ben.goto(f"/en/apply/{ref}/brief/versions")
    expect(ben.locator("main")).to_contain_text(THEIRS)
    expect(ben.locator("main")).to_contain_text(MINE + ", with water")


def the_owner_removes_the_teammate(ada: Page, ben: Page, ref: str) -> None:
    """The next save finds nothing: the page says so, and what was typed is on it and on the device."""
    ben.goto(f"/en/apply/{ref}/need")
    problem = ben.locator("main textarea").first
    expect(problem).to_be_visible()
    ada.goto(f"/en/apply/{ref}/people")
    ada.locator("summary").filter(has_text="Change or remove").click()
    ada.get_by_role("link", name=re.compile("Remove from the team")).click()
    steps.press(ada, "Remove from the team")
    expect(ada.locator("main")).not_to_contain_text("Ben Canaryname")
    problem.fill(LATE)
    expect(ben.locator("#presence")).to_contain_text("You are no longer in the team")
    expect(ben.locator("#save-status")).to_have_text("Not saved yet")
    expect(ben.locator("#alerts")).to_be_empty()
    assert ben.evaluate(COPIES)
    assert LATE in ben.evaluate("() => Object.values(localStorage).join()")
    with ben.expect_navigation(wait_until="domcontentloaded"):
        ben.get_by_role("button", name="Save and continue").last.click()
    expect(ben.locator("main")).to_contain_text("What you typed was not saved")
    expect(ben.locator("main")).to_contain_text(LATE)
    ben.goto(f"/en/apply/{ref}")
    expect(ben.locator("h1")).to_have_text("There is nothing at this address.")
