"""What people do on the pages, in the words of the journeys. All of it works without JavaScript too."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.messages import translations
from tests.journeys.conftest import Post

Answers = Mapping[str, Any]
Look = Callable[[Page], None]
"""What is looked at on each page that somebody comes to."""


def nothing(page: Page) -> None:
    """Look at nothing."""


def words(language: str, sentence: str) -> str:
    """How the site says this in a language."""
    return translations(language).ugettext(sentence)


def tick(box: Locator) -> None:
    """Press a box or a circle where a person does: on its words, once they stand still."""
    if not box.is_checked():
        box.page.locator(f"label[for='{box.get_attribute('id')}']").first.click()
        expect(box).to_be_checked()


def sign_in(page: Page, post: Post, email: str, language: str = "en", look: Look = nothing) -> None:
    """By the code from the mail, typed where it was asked for."""
    page.goto(f"/{language}/sign-in")
    look(page)
    page.locator("main [name=email]").fill(email)
    page.locator("#send-code").click()
    expect(page).to_have_url(re.compile("/sign-in/code$"))
    look(page)
    post.deliver()
    letter = page.context.request.get(f"/en/mailbox?to={email}").text()
    code = re.search(r"^ {4}(\d{6})", letter, re.MULTILINE)
    assert code
    page.locator("main [name=code]").fill(code[1])
    page.locator("#enter-code").click()
    expect(page).to_have_url(re.compile(f"/{language}/my"))
    look(page)


def begin_application(page: Page, call: str, language: str = "en", look: Look = nothing) -> str:
    """From the public call page through the consent to the task list; the reference."""
    page.goto(f"/{language}/calls/{call}")
    look(page)
    page.get_by_role("link", name=words(language, "Start or continue")).click()
    look(page)
    for name in ("processing", "publication"):
        tick(page.locator(f"[name={name}]"))
    press(page, words(language, "Begin my application"))
    look(page)
    found = re.search(r"/apply/([A-Z0-9-]+)", page.url)
    assert found
    return found[1]


def fill_section(
    page: Page, ref: str, code: str, answers: Answers, language: str = "en", look: Look = nothing
) -> None:
    """Every page of a section, until it leads back to the task list."""
    page.goto(f"/{language}/apply/{ref}/{code}")
    for _ in range(12):
        if not re.search(rf"/apply/{ref}/{code}", page.url):
            return
        fill_page(page, answers)
        look(page)
        press(page, words(language, "Save and continue"))
        refused = page.locator("#errors")
        assert not refused.count(), f"{code}: {refused.inner_text()}"
    raise AssertionError(f"{code} never ended")


def fill_page(page: Page, answers: Answers) -> None:
    """Fill what this page asks of `answers`: fields first, then rows, one after the other."""
    kinds = _kinds(page.locator("main"))
    tables = _values(page.locator("button[value^='add:']"))
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            if f"add:{name}" in tables:
                fill_rows(page, name, value)
        elif name in kinds:
            _put(page.locator(f"main [name='{name}']"), kinds[name], value)
    if "complete" in kinds:
        tick(page.locator("[name=complete][value=yes]"))


FOCUSED = """([name, at]) => !window.htmx || Array.from(
    document.querySelectorAll(`#f-${name} fieldset.rowcard`))[at]?.contains(document.activeElement)"""


def fill_rows(page: Page, name: str, rows: Sequence[Answers]) -> None:
    """Add rows until there are enough, then fill each."""
    cards = page.locator(f"#f-{name} fieldset.rowcard")
    for count in range(cards.count(), len(rows)):
        page.locator(f"#f-{name}-add").click()
        expect(cards).to_have_count(count + 1)
        # The new row takes the focus a moment after it is there, and with it what is typed meanwhile.
        page.wait_for_function(FOCUSED, arg=[name, count])
    for index, row in enumerate(rows):
        card = cards.nth(index)
        details = card.locator("details.more:not([open]) > summary")
        if details.count():
            details.click()
        kinds = {each.rpartition(".")[2]: kind for each, kind in _kinds(card).items()}
        for field, value in row.items():
            if field != "id" and field in kinds:
                _put(card.locator(f"[name$='.{field}']"), kinds[field], value)


def _kinds(within: Locator) -> dict[str, str]:
    """The name and the type of every field, asked of the browser at once."""
    fields = within.locator("input, select, textarea")
    return dict(fields.evaluate_all("all => all.map(e => [e.name, e.type])"))


def _values(within: Locator) -> list[str]:
    values: list[str] = within.evaluate_all("all => all.map(e => e.value)")
    return values


def _put(fields: Locator, kind: str, value: Any) -> None:
    if kind in {"radio", "checkbox"}:
        wanted = value if isinstance(value, list) else [value]
        for index, each in enumerate(_values(fields)):
            if each in wanted:
                tick(fields.nth(index))
    elif kind == "select-one":
        known = _values(fields.first.locator("option"))
        # An activity's row was made a moment ago, so its code is not known here: take the first.
        fields.first.select_option(value if value in known else known[1])
    else:
        fields.first.fill(str(value))


def press(page: Page, name: str) -> None:
    """A button, by what it says, and the page that it leads to.

    With JavaScript a press may wait for an autosave, so that a click returns before its page goes.
    """
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=name, exact=True).last.click()


def no_sideways_scrolling(page: Page) -> None:
    """Nothing sticks out of a phone's screen, once its style sheets are there."""
    page.wait_for_load_state("load")
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") == 0
