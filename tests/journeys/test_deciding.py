"""From the last review to a protocol that is computed again: two coordinators, a reviewer of an extra review,
and another machine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from app.database import session_on
from app.models.panel import PanelMember, PanelRole
from tests.conftest import FAR_FUTURE, Clock
from tests.decisions.scored import REASON, pot_now, scored_call
from tests.factories import REVIEWING
from tests.journeys.conftest import Person
from tests.journeys.steps import no_sideways_scrolling, press, tick
from tests.world import CRITERIA, World, cookie_for, key, texts

DESK = "/en/desk/2026"


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture
def scored(engine: Engine, world: World, clock: Clock) -> None:
    """Nine applications with every review sent, a round with a reserved seat; Max coordinates too, and Zoe is
    a second reviewer of one organisation, who has read nothing yet."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        session.add(
            PanelMember(
                call_id=key(world.call),
                person_id=key(world.people["max"]),
                role=PanelRole.COORDINATOR,
                code="SECOND",
                joined_at=REVIEWING,
            )
        )
        session.add(
            PanelMember(
                call_id=key(world.call),
                person_id=key(world.people["zoe"]),
                organisation_id=key(world.organisations["BC"]),
                role=PanelRole.REVIEWER,
                code="ZOE",
                joined_at=REVIEWING,
            )
        )
        scored_call(session, world, 9)
        pot = pot_now(session, world.round.code)
        pot.reserved_places, pot.reserved_for = 1, texts("Members of the workshop")
        session.add(pot)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without_javascript"])
def test_from_closed_reviewing_to_a_protocol_that_computes_again(
    person: Person,
    engine: Engine,
    world: World,
    scored: None,
    address: str,
    tmp_path: Path,
    javascript: bool,
) -> None:
    def as_(who: str) -> Page:
        page = person(javascript=javascript)
        page.emulate_media(reduced_motion="reduce")
        with session_on(engine) as session, session.begin():
            cookies = cookie_for(session, world.people[who], FAR_FUTURE)
        for name, value in cookies.items():
            page.context.add_cookies([{"name": name, "value": value, "url": address}])
        return page

    cora, max_ = as_("cora"), as_("max")
    cora.goto(DESK)
    cora.locator("#close-reviewing").click()
    press(cora, "Close reviewing now")
    asked = one_more_review_is_asked_where_it_matters(cora)
    it_is_written_blind(as_("zoe"), asked)
    cora.goto(DESK)
    cora.locator("#close-reviewing").click()
    press(cora, "Close reviewing now")
    it_counts(cora, asked)
    code = the_panel_passes_one_over(cora)
    last = the_last_belongs_to_the_group(cora)
    the_decision_waits(cora, code, last)
    the_second_person_confirms(max_, code)
    the_decision_is_frozen(cora)
    file = the_protocol_is_taken_along(cora, code, tmp_path)
    assert computed_again(file, tmp_path)[0] == 0
    document = json.loads(file.read_text())
    document["input"]["reviews"][0][3]["need"] = 1
    file.write_text(json.dumps(document))
    status, said = computed_again(file, tmp_path)
    assert (status, "DIFFERS  Digest of the whole file" in said) == (1, True)


def one_more_review_is_asked_where_it_matters(page: Page) -> str:
    """The board names its zone; of the first offered one more is asked, once its page has said why."""
    page.goto(f"{DESK}/ranking")
    no_sideways_scrolling(page)
    expect(page.locator("#the-zone")).to_be_visible()
    page.locator("#to-extra").click()
    expect(page.locator("main")).to_contain_text("here one more review helps most")
    first = page.locator("main .card").first
    code = first.locator("strong.code").inner_text()
    expect(first.locator("select")).to_have_value("ZOE")
    first.get_by_role("link", name="Read its reviews").click()
    expect(page.locator("#why-firm")).to_contain_text("put it on the other side of the line")
    page.go_back()
    # Every organisation has read all of them, so that none is picked beforehand.
    expect(page.locator("[name=pick]:checked")).to_have_count(0)
    first.locator("label[for$=pick]").click()
    page.locator("main [name=reason]").fill("The reviews cannot tell it from the line.")
    page.locator("#ask").click()
    expect(page.locator("#close-reviewing")).to_be_visible()
    return code


def it_is_written_blind(page: Page, code: str) -> None:
    """By somebody of the panel who had not read it: it is the only one in the queue."""
    page.goto("/en/review/2026")
    page.get_by_role("link", name=re.compile("Continue with the next one")).click()
    expect(page.locator("main")).to_contain_text(code)
    tick(page.locator("[name=tie][value=none]"))
    press(page, "Continue to the application")
    for criterion in CRITERIA:
        tick(page.locator(f"[name='scores.{criterion}.score'][value='5']"))
        page.locator(f"[name='scores.{criterion}.reason']").fill("Measured, and those concerned are named.")
    press(page, "Send review")


def it_counts(page: Page, code: str) -> None:
    """The record has both orders, and the application one review more."""
    page.goto(f"{DESK}/ranking/{code}")
    expect(page.locator("#scores tbody tr")).to_have_count(5)
    page.goto(f"{DESK}/ranking/record")
    expect(page.locator("main tbody tr")).to_have_count(2)


def the_panel_passes_one_over(page: Page) -> str:
    """A case of the uncertain zone, with minutes and a reason."""
    page.goto(f"{DESK}/panel-meeting")
    no_sideways_scrolling(page)
    expect(page.locator("main")).to_contain_text("In the zone:")
    first = page.locator("main a.code").first
    code = first.inner_text()
    first.click()
    expect(page.locator("main")).to_contain_text("Chance to be truly among the best 6:")
    no_sideways_scrolling(page)
    page.locator("main [name=minutes]").fill("The site was seen by two of the panel.")
    tick(page.locator("main [name=outcome][value=pass_over]"))
    page.locator("#save-case").click()
    expect(page.locator("main")).to_contain_text("Say why in at least 20 characters")
    expect(page.locator("main [name=minutes]")).to_have_value("The site was seen by two of the panel.")
    page.locator("main [name=reason]").fill(REASON)
    page.locator("#save-case").click()
    expect(page.locator("main")).to_contain_text("passed over: waits for a second person")
    return code


def the_last_belongs_to_the_group(page: Page) -> str:
    """The seat that is kept goes to the first of its group, however far below the line."""
    page.goto(f"{DESK}/awards")
    last = page.locator("tbody tr a.code").last.inner_text()
    page.locator("[id^=seats-]").click()
    no_sideways_scrolling(page)
    page.locator("main [name=application]").select_option(last)
    tick(page.locator("main [name=belongs][value=yes]"))
    page.locator("main [name=reason]").fill("Its team was at the workshop of March.")
    page.locator("#mark-seat").click()
    expect(page.locator("main tbody")).to_contain_text(last)
    return last


def the_decision_waits(page: Page, code: str, last: str) -> None:
    """The line can be drawn; freezing asks for the second person."""
    page.goto(f"{DESK}/awards")
    page.locator("[id^=draw-line]").click()
    expect(page.locator("main")).to_contain_text("6 / 6")
    expect(page.locator("tr", has_text=last)).to_contain_text("reserved seat")
    for box in page.locator("[name=known]").all():
        tick(box)
    page.locator("#decide").click()
    expect(page.locator("main")).to_contain_text(
        f"A second coordinator must confirm why these depart from the order: {code}."
    )


def the_second_person_confirms(page: Page, code: str) -> None:
    page.goto(DESK)
    page.get_by_role("link", name="wait for you as the second person").click()
    expect(page.locator("main")).to_contain_text(REASON)
    page.get_by_role("button", name="I have read the reason and confirm it").click()
    expect(page.locator("#departures ~ section")).to_contain_text("confirmed by")


def the_decision_is_frozen(page: Page) -> None:
    page.goto(f"{DESK}/awards")
    for box in page.locator("[name=known]").all():
        tick(box)
    page.locator("#decide").click()
    expect(page.locator("main")).to_contain_text("The decision is frozen")


def the_protocol_is_taken_along(page: Page, code: str, folder: Path) -> Path:
    """The file and the paper."""
    page.get_by_role("link", name="Protocol of the decision").first.click()
    expect(page.locator("main")).to_contain_text(f"{code}: passed over")
    expect(page.locator("main")).to_contain_text("Confirmed by a second coordinator, SECOND")
    expect(page.locator("main")).to_contain_text("by the order, reserved seat")
    no_sideways_scrolling(page)
    digest = page.locator("#digest").inner_text()
    with page.expect_download() as given:
        page.locator("#protocol-json").click()
    file = folder / given.value.suggested_filename
    given.value.save_as(file)
    assert json.loads(file.read_text())["digest"] == digest
    with page.expect_download() as paper:
        page.locator("#protocol-pdf").click()
    assert re.fullmatch(r"protocol-2026-1\.pdf", paper.value.suggested_filename)
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
    return file


def computed_again(file: Path, folder: Path) -> tuple[int, str]:
    """As on another machine: no database, no settings."""
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "recompute", str(file)],
        cwd=folder, env={"PYTHONPATH": str(Path(__file__).parents[2])}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout
