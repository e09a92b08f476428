"""The counter under a field says what the server will say: both are held to one table."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from app.database import session_on
from tests.applications.steps import begin
from tests.journeys.conftest import Person
from tests.journeys.steps import no_sideways_scrolling
from tests.world import NOW, World, cookie_for

TABLE = Path(__file__).parents[1] / "sections" / "counting.json"
COUNT = """([id, text]) => {
  const field = document.getElementById(id);
  field.dataset.cap = "0";
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return document.getElementById(id + "-count").textContent;
}"""


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


def test_the_browser_counts_as_the_server_does(
    person: Person, engine: Engine, world: World, address: str
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        cookies = cookie_for(session, world.people["ada"], NOW)
    page = person()
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    page.goto(f"/en/apply/{ref}/brief")
    expect(page.locator("#f-summary-guide")).to_have_text("30 to 50 words, one short paragraph")
    expect(page.locator("#f-summary-count")).to_have_text("Characters at most: 400")
    assert page.locator("[maxlength], [placeholder]").count() == 0
    # What counts comes with the first letter.
    page.locator("#f-summary").fill("a" * 390)
    expect(page.locator("#f-summary-count")).to_have_text("Characters left: 10")
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    assert len(rows) > 12
    for row in rows:
        for field, expected in (("f-summary", row["prose"]), ("f-title", row.get("line"))):
            if expected is not None:
                said = page.evaluate(COUNT, [field, row["text"]])
                assert int(re.sub(r"\D", "", said)) == expected, (field, row)
    # From three quarters on, and never before.
    page.evaluate("document.getElementById('f-summary').dataset.cap = '8'")
    summary, counter = page.locator("#f-summary"), page.locator("#f-summary-count")
    summary.fill("12345")
    expect(counter).to_have_text("Characters at most: 8")
    summary.fill("123456")
    expect(counter).to_have_text("Characters left: 2")
    summary.fill("1234567890")
    expect(counter).to_have_text("Characters too many: 2")
    # What was pasted is whole: nothing cuts it.
    assert summary.input_value() == "1234567890"
    no_sideways_scrolling(page)
