"""Two coordinators, each in a browser of their own: a date opens reviewing, and two lift the blind."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.jobs.steps import take_due_steps
from app.models.calls import Call
from app.models.people import ReviewerProposal
from app.random_codes import random_code
from tests.applications.test_screening import second
from tests.conftest import FAR_FUTURE, Clock
from tests.factories import REVIEWING, make_sent_application
from tests.journeys.conftest import Person, Post
from tests.journeys.keyboard import stumbles
from tests.journeys.steps import no_sideways_scrolling, press
from tests.world import ALMATY, World, cookie_for, key

PHASES = "/en/desk/2026/phases"
WHY = "The district asks us which of these gardens it knows already."
As = Callable[[str], Page]


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What the database does at these steps is tested on both engines elsewhere."""
    return sqlite_database


def test_a_date_opens_reviewing_and_two_people_lift_the_blind(
    person: Person, post: Post, engine: Engine, world: World, address: str, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        second(session, world)
        make_sent_application(session, world)
        session.add(
            ReviewerProposal(
                call_id=key(world.call), organisation_id=key(world.organisations["BC"]), code=random_code(),
                email="proposed@example.org", proposed_by=key(world.people["zoe"]), made_at=clock.now,
            )
        )  # fmt: skip
    clock.now = REVIEWING

    def as_(who: str) -> Page:
        page = person()
        page.emulate_media(reduced_motion="reduce")
        with session_on(engine) as session, session.begin():
            cookies = cookie_for(session, world.people[who], FAR_FUTURE)
        for name, value in cookies.items():
            page.context.add_cookies([{"name": name, "value": value, "url": address}])
        return page

    cora, other = as_("cora"), as_("max")
    reviewing_opens_by_itself(cora, engine, clock)
    with session_on(engine) as session, session.begin():
        session.exec(select(Call)).one().reviewing_closed_at = clock.now
    one_asks_and_the_other_agrees(cora, other, post)
    assert stumbles(other) == []
    who_was_proposed_is_taken_back(other)


def reviewing_opens_by_itself(cora: Page, engine: Engine, clock: Clock) -> None:
    cora.goto(PHASES)
    at = clock.now + timedelta(hours=20)
    cora.locator("main [name=at_day]").fill(f"{at.astimezone(ALMATY):%Y-%m-%d}")
    press(cora, "Leave it to the clock")
    expect(cora.locator("#errors")).to_be_visible()
    expect(cora.locator("main [name=at_day]")).to_have_value(f"{at.astimezone(ALMATY):%Y-%m-%d}")
    cora.locator("main [name=at_time]").fill(f"{at.astimezone(ALMATY):%H:%M}")
    press(cora, "Leave it to the clock")
    expect(cora.get_by_role("region", name="Left to the clock")).to_contain_text("Open reviewing")
    no_sideways_scrolling(cora)
    clock.now = at
    assert take_due_steps(engine, clock.now) == 1
    cora.reload()
    expect(cora.locator("main .lead")).to_contain_text("Being scored")
    expect(cora.get_by_role("region", name="Left to the clock")).to_have_count(0)
    cora.goto("/en/desk/2026")
    expect(cora.locator("#close-reviewing")).to_be_visible()


def one_asks_and_the_other_agrees(cora: Page, other: Page, post: Post) -> None:
    """Names are seen together by neither before; what each sees follows from what the other has pressed."""
    names = "/en/desk/2026/applications?names=yes"
    cora.goto(PHASES)
    other.goto(PHASES)
    press(cora, "Ask to lift the blind")
    expect(cora.locator("#errors")).to_be_visible()
    cora.locator("main [name=reason]").fill(WHY)
    press(cora, "Ask to lift the blind")
    expect(cora.locator("#blind")).to_contain_text("Another coordinator has to agree.")
    expect(cora.locator("#confirm-lift")).to_have_count(0)
    post.deliver()
    letter = other.context.request.get("/en/mailbox?to=max.canary@example.org").text()
    assert "/desk/2026/phases" in letter and WHY not in letter
    # Max had the page open all along: his own request now meets hers.
    other.reload()
    expect(other.locator("#blind")).to_contain_text(WHY)
    other.goto(names)
    expect(other.locator("main")).not_to_contain_text("Ada Canaryname")
    other.goto(PHASES)
    no_sideways_scrolling(other)
    press(other, "Agree and lift the blind")
    expect(other.locator("#blind")).to_contain_text("Names can be seen together now.")
    cora.goto(PHASES)
    for name in ("Cora Canaryname", "Max Canaryname"):
        expect(cora.locator("#blind")).to_contain_text(name)
    cora.get_by_role("link", name="See the applications with names").click()
    expect(cora).to_have_url(re.compile("names=yes"))
    expect(cora.locator("main")).to_contain_text("Ada Canaryname")


def who_was_proposed_is_taken_back(page: Page) -> None:
    """The link of the line is as wide as the line, and must not take what is pressed beside it."""
    page.goto("/en/desk/2026/panel")
    assert stumbles(page) == []
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=re.compile("^Dismiss the proposal")).click()
    expect(page).to_have_url(re.compile("done=seat_dismissed"))
