"""The whole path, as people walk it: from the call page to the announced winner.

The applicant has a phone, and writes in Kazakh with JavaScript on one engine, in Russian without it on the
other: what a browser does is the same on both, and so is what the database does for either of them. On every
page that is come to, nothing is of another language. Reviewers read what was written.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Clock
from tests.journeys import steps
from tests.journeys.conftest import Person, Post
from tests.journeys.one_language import foreign
from tests.journeys.proposals import NAME, OWN_WORD, TITLE, proposal
from tests.world import CLOSES, World

LOCALES = {"kk": "kk-KZ", "ru": "ru-RU"}
CLOSING = {
    "kk": "2026 ж. 18 наурыз, сәрсенбі, 18:00 (Алматы уақыты, UTC+5)",
    "ru": "среда, 18 марта 2026 г., 18:00 (время Алматы, UTC+5)",
}
ASKED = "750\u00a0000\u00a0₸"
"""What the two lines of the budget come to."""
LEFT = {"kk": "8 күн қалды.", "ru": "Осталось 8 дней."}
AWARD = "5\u00a0000\u00a0€"
SCORES = {"need": 5, "work_plan": 4, "budget": 3, "sustainability": 2}
REASON = "The neighbours were asked and the answers are shown."


WAYS = {
    "kazakh": ("kk", True, "postgres_database"),
    "russian_without_javascript": ("ru", False, "sqlite_database"),
}
"""The language, whether there is JavaScript, and the database. An engine is not in a test's name, so that no
other half is missed."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str) -> str:
    url: str = request.getfixturevalue(database)
    return url


@pytest.mark.parametrize(("language", "javascript", "database"), WAYS.values(), ids=WAYS)
def test_from_call_to_announced_winner(
    person: Person, post: Post, clock: Clock, world: World, language: str, javascript: bool
) -> None:
    applicant = person(javascript=javascript, touched=True, locale=LOCALES[language])
    reviewer, coordinator = (person(javascript=javascript) for _ in range(2))

    ref = an_applicant_sends(applicant, post, language)

    clock.now = CLOSES + timedelta(days=1)
    the_coordinator_opens_reviewing(coordinator, post)
    for name in ("rita", "rolf", "anna", "karl"):
        steps.sign_in(reviewer, post, f"{name}.canary@example.org")
        a_reviewer_scores_blind(reviewer, language, javascript=javascript)
        reviewer.goto("/en/account")
        reviewer.locator("#sign-out").click()

    clock.now = CLOSES + timedelta(days=30)
    the_coordinator_decides(coordinator)
    nobody_else_knows(applicant, ref, language)
    the_coordinator_reveals(coordinator, TITLE[language])
    the_coordinator_publishes(coordinator)
    everybody_knows(applicant, post, language)


def an_applicant_sends(page: Page, post: Post, language: str) -> str:
    found: list[str] = []

    def look(page: Page) -> None:
        found.extend(f"{page.url}: {each}" for each in foreign(page, language))
        steps.no_sideways_scrolling(page)

    steps.sign_in(page, post, "aiaru@example.org", language, look)
    ref = steps.begin_application(page, "2026", language, look)
    main = page.locator("main")
    expect(main).to_contain_text(CLOSING[language])
    expect(main).to_contain_text(LEFT[language])
    for code, given in proposal(language).items():
        steps.fill_section(page, ref, code, given, language, look)
    page.goto(f"/{language}/apply/{ref}/check")
    look(page)
    expect(main).to_contain_text(TITLE[language])
    expect(main).to_contain_text(ASKED)
    missing = page.locator("#errors")
    assert not missing.count(), missing.inner_text()
    page.goto(f"/{language}/apply/{ref}/send")
    look(page)
    for box in page.locator("main input[type=checkbox]").all():
        steps.tick(box)
    page.locator("main [name=name]").fill(NAME[language])
    steps.press(page, steps.words(language, "Send my application"))
    look(page)
    expect(main).to_contain_text(f"{ref}/1")
    for place in (f"/apply/{ref}/sent/copy", f"/my/{ref}", "/my"):
        page.goto(f"/{language}{place}")
        look(page)
    assert found == [], "\n".join(found)
    post.deliver()
    letter = page.context.request.get("/en/mailbox?to=aiaru@example.org").text()
    assert f"{steps.words(language, 'Received')}: {ref}/1" in letter
    assert TITLE[language] in letter
    assert ASKED in letter
    return ref


def the_coordinator_opens_reviewing(page: Page, post: Post) -> None:
    steps.sign_in(page, post, "cora.canary@example.org")
    page.goto("/en/desk/2026/redaction")
    steps.press(page, "Clear all of these: 1")
    page.goto("/en/desk/2026")
    page.locator("#open-reviewing").click()
    look = page.locator("#opening")
    expect(look).to_contain_text("Letters to applicants that will leave")
    steps.no_sideways_scrolling(page)
    steps.press(page, "Open reviewing now")
    page.goto("/en/desk/2026/assign")
    page.locator("#propose").click()
    expect(page.locator("h1")).to_have_text("Proposed assignment")
    page.locator("#publish").click()
    expect(page.locator("main")).to_contain_text("Every application has its reviewers.")


def a_reviewer_scores_blind(page: Page, language: str, *, javascript: bool) -> None:
    page.goto("/en/review/2026")
    page.get_by_role("link", name=re.compile("Continue with the next one")).click()
    expect(page.locator("main")).to_contain_text(TITLE[language])
    surname = NAME[language].split()[1]
    assert surname not in page.content()
    steps.tick(page.locator("[name=tie][value=none]"))
    steps.press(page, "Continue to the application")
    expect(page.locator("main")).to_contain_text(OWN_WORD[language])
    for criterion, score in SCORES.items():
        steps.tick(page.locator(f"[name='scores.{criterion}.score'][value='{score}']"))
        page.locator(f"[name='scores.{criterion}.reason']").fill(REASON)
    if javascript:
        bar = page.get_by_role("navigation", name="Your scores")
        expect(bar).to_have_text(re.compile(r"\s+".join(f"\\S.* {score}" for score in SCORES.values())))
        expect(page.locator("#total")).to_contain_text("62.5")
    steps.no_sideways_scrolling(page)
    assert surname not in page.content()
    steps.press(page, "Send review")
    page.goto("/en/review/2026")
    expect(page.locator("main")).to_contain_text("1 of 1")


def the_coordinator_decides(page: Page) -> None:
    page.goto("/en/desk/2026")
    page.locator("#close-reviewing").click()
    expect(page.locator("#closing")).to_contain_text("Reviews that are not sent")
    steps.no_sideways_scrolling(page)
    steps.press(page, "Close reviewing now")
    page.goto("/en/desk/2026/ranking")
    # 5, 4, 3 and 2 of 5 with equal weights: (100 + 75 + 50 + 25) / 4.
    expect(page.locator("tbody tr").first).to_contain_text("62.5")
    page.goto("/en/desk/2026/awards")
    page.get_by_role("button", name=re.compile("Draw the line")).first.click()
    expect(page.locator("main")).to_contain_text("€5,000")
    for box in page.locator("[name=known]").all():
        steps.tick(box)
    page.locator("#decide").click()
    expect(page.locator("main")).to_contain_text("The decision is frozen")


def nobody_else_knows(page: Page, ref: str, language: str) -> None:
    awarded = steps.words(language, "Awarded")
    for path in (f"/{language}/calls/2026/results", f"/{language}/my/{ref}", f"/{language}/"):
        page.goto(path)
        assert awarded not in page.content()
    page.goto(f"/{language}/calls/2026/results")
    assert TITLE[language] not in page.content()


def the_coordinator_reveals(page: Page, title: str) -> None:
    page.goto("/en/desk/2026/awards")
    page.locator("a[id^=to-stage]").first.click()
    page.locator("#arm").click()
    expect(page.locator("main")).to_contain_text(title)
    page.locator("#reveal").click()
    expect(page.locator("main")).to_contain_text("Every winner of this round has been revealed.")


def the_coordinator_publishes(page: Page) -> None:
    page.goto("/en/desk/2026/awards/publish")
    page.get_by_label("Why without a second person?").fill("There is nobody else in this small town.")
    page.locator("#publish-now").click()
    expect(page.locator("#held")).to_contain_text("Until then all of them can be stopped.")
    page.locator("#send-letters").click()
    expect(page.locator("#held")).to_have_count(0)


def everybody_knows(page: Page, post: Post, language: str) -> None:
    page.goto(f"/{language}/calls/2026/results")
    expect(page.locator("main")).to_contain_text(TITLE[language])
    expect(page.locator("main")).to_contain_text(AWARD)
    post.deliver()
    letter = page.context.request.get("/en/mailbox?to=aiaru@example.org").text()
    assert steps.words(language, "Your application has been selected. Congratulations!") in letter
