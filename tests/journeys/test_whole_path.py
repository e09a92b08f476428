"""The whole path, as people walk it: from the call page to the announced winner.

On SQLite and on PostgreSQL, with JavaScript and without it.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Clock
from tests.factories import grant_answers
from tests.journeys import steps
from tests.journeys.conftest import Person, Post
from tests.world import CLOSES, World

TITLE = "Apples behind the library"
TEAM = {
    "applicant_kind": "group",
    "family_name": "Қызғалдақ",
    "given_name": "Айару",
    "email": "aiaru@example.org",
    "phone": "8 (701) 000-00-00",
    "contact_way": "phone",
    "contact_language": "kk",
}
SCORES = {"need": 5, "work_plan": 4, "budget": 3, "sustainability": 2}
REASON = "The neighbours were asked and the answers are shown."


@pytest.mark.parametrize("javascript", [True, False], ids=["with_javascript", "without_javascript"])
def test_from_call_to_announced_winner(
    person: Person, post: Post, clock: Clock, world: World, javascript: bool
) -> None:
    applicant, reviewer, coordinator = (person(javascript=javascript) for _ in range(3))

    ref = an_applicant_sends(applicant, post)

    clock.now = CLOSES + timedelta(days=1)
    the_coordinator_opens_reviewing(coordinator, post)
    for name in ("rita", "rolf", "anna", "karl"):
        steps.sign_in(reviewer, post, f"{name}.canary@example.org")
        a_reviewer_scores_blind(reviewer, javascript=javascript)
        reviewer.goto("/en/account")
        reviewer.locator("#sign-out").click()

    clock.now = CLOSES + timedelta(days=30)
    the_coordinator_decides(coordinator)
    nobody_else_knows(applicant, ref)
    the_coordinator_reveals(coordinator)
    the_coordinator_publishes(coordinator)
    everybody_knows(applicant, ref, post)


def an_applicant_sends(page: Page, post: Post) -> str:
    steps.sign_in(page, post, "aiaru@example.org")
    ref = steps.begin_application(page, "2026")
    answers = {"team": TEAM, **grant_answers(TITLE)}
    for code, given in answers.items():
        steps.fill_section(page, ref, code, given)
        steps.no_sideways_scrolling(page)
    page.goto(f"/en/apply/{ref}/check")
    expect(page.locator("main")).to_contain_text(TITLE)
    missing = page.locator("#errors")
    assert not missing.count(), missing.inner_text()
    page.goto(f"/en/apply/{ref}/send")
    for box in page.locator("main input[type=checkbox]").all():
        steps.tick(box)
    page.locator("main [name=name]").fill("Айару Қызғалдақ")
    steps.press(page, "Send my application")
    expect(page.locator("main")).to_contain_text(f"{ref}/1")
    post.deliver()
    letter = page.context.request.get("/en/mailbox?to=aiaru@example.org").text()
    assert f"Received: {ref}/1" in letter
    assert TITLE in letter
    return ref


def the_coordinator_opens_reviewing(page: Page, post: Post) -> None:
    steps.sign_in(page, post, "cora.canary@example.org")
    page.goto("/en/desk/2026")
    steps.press(page, "Open reviewing")
    page.goto("/en/desk/2026/assign")
    page.locator("main form[action$='/distribute'] button").click()
    expect(page.locator("main")).to_contain_text("Every application has its reviewers.")


def a_reviewer_scores_blind(page: Page, *, javascript: bool) -> None:
    page.goto("/en/review/2026")
    page.get_by_role("link", name=re.compile("Continue with the next one")).click()
    expect(page.locator("main")).to_contain_text(TITLE)
    assert "Қызғалдақ" not in page.content()
    steps.tick(page.locator("[name=tie][value=none]"))
    steps.press(page, "Continue to the application")
    expect(page.locator("main")).to_contain_text("orchardword")
    for criterion, score in SCORES.items():
        steps.tick(page.locator(f"[name='scores.{criterion}.score'][value='{score}']"))
        page.locator(f"[name='scores.{criterion}.reason']").fill(REASON)
    if javascript:
        bar = page.get_by_role("navigation", name="Your scores")
        expect(bar).to_have_text(re.compile(r"\s+".join(f"\\S.* {score}" for score in SCORES.values())))
        expect(page.locator("#total")).to_contain_text("62.5")
    steps.no_sideways_scrolling(page)
    assert "Қызғалдақ" not in page.content()
    steps.press(page, "Send review")
    page.goto("/en/review/2026")
    expect(page.locator("main")).to_contain_text("1 of 1")


def the_coordinator_decides(page: Page) -> None:
    page.goto("/en/desk/2026")
    steps.press(page, "Close reviewing")
    page.goto("/en/desk/2026/ranking")
    # 5, 4, 3 and 2 of 5 with equal weights: (100 + 75 + 50 + 25) / 4.
    expect(page.locator("tbody tr").first).to_contain_text("62.5")
    page.goto("/en/desk/2026/awards")
    page.get_by_role("button", name=re.compile("Draw the line")).first.click()
    expect(page.locator("main")).to_contain_text("€5,000")
    page.locator("#decide").click()
    expect(page.locator("main")).to_contain_text("The decision is frozen")


def nobody_else_knows(page: Page, ref: str) -> None:
    for path in ("/en/calls/2026/results", f"/en/my/{ref}", "/en/"):
        page.goto(path)
        assert "Awarded" not in page.content()
    page.goto("/en/calls/2026/results")
    assert TITLE not in page.content()


def the_coordinator_reveals(page: Page) -> None:
    page.goto("/en/desk/2026/awards")
    page.locator("a[id^=to-stage]").first.click()
    page.locator("#arm").click()
    expect(page.locator("main")).to_contain_text(TITLE)
    page.locator("#reveal").click()
    expect(page.locator("main")).to_contain_text("Every winner of this round has been revealed.")


def the_coordinator_publishes(page: Page) -> None:
    page.goto("/en/desk/2026/awards/publish")
    page.locator("#publish-now").click()
    expect(page).to_have_url(re.compile("/en/calls/2026/results"))


def everybody_knows(page: Page, ref: str, post: Post) -> None:
    page.goto("/en/calls/2026/results")
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator("main")).to_contain_text("€5,000")
    post.deliver()
    letter = page.context.request.get("/en/mailbox?to=aiaru@example.org").text()
    assert "Your application has been selected" in letter
