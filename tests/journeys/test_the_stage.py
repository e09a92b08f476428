"""The hall's screen, two controls, the presenter and the audience: one stage, whatever happens in between."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import Engine

from app.database import session_on
from app.events.stage import reveal_next
from app.models.events import Stage
from app.models.panel import PanelMember, PanelRole
from tests.conftest import FAR_FUTURE, Clock
from tests.events.evening import EVENING, sealed_evening
from tests.journeys.conftest import Person
from tests.journeys.steps import no_sideways_scrolling
from tests.web.between import Between
from tests.world import World, cookie_for, key

HALL: ViewportSize = {"width": 1280, "height": 720}


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture
def night(engine: Engine, world: World, clock: Clock) -> str:
    """An evening whose winners are decided and sealed; Max coordinates too. Its round's code."""
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        sealed_evening(session, world)
        session.add(
            PanelMember(
                call_id=key(world.call),
                person_id=key(world.people["max"]),
                role=PanelRole.COORDINATOR,
                code="SECOND",
                joined_at=EVENING,
            )
        )
    return world.round.code


def signed_in(page: Page, engine: Engine, world: World, name: str, address: str) -> Page:
    with session_on(engine) as session, session.begin():
        (cookie,) = cookie_for(session, world.people[name], FAR_FUTURE).items()
    page.context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
    return page


def scene(page: Page, name: str) -> None:
    expect(page.locator(f"[data-scene={name}]")).to_be_attached(timeout=5000)


def test_one_stage_for_everybody(
    person: Person, engine: Engine, world: World, night: str, address: str
) -> None:
    control = signed_in(person(touched=True), engine, world, "cora", address)
    second = signed_in(person(touched=True), engine, world, "max", address)
    presenter = signed_in(person(viewport=HALL), engine, world, "cora", address)
    hall, phone, plain = person(viewport=HALL), person(touched=True), person(javascript=False)
    # The phone believes what the test says of the time; its network is real.
    phone.clock.install()
    desk = f"/en/desk/2026/stage/{night}"
    for page, where in (
        (control, desk),
        (second, desk),
        (presenter, f"{desk}/presenter"),
        (hall, f"/kk/stage/{night}/screen"),
        (phone, f"/en/live/{night}"),
        (plain, f"/en/live/{night}"),
    ):
        page.goto(where)
    for page in (hall, phone):
        scene(page, "curtain")

    # A thumb leads on: the team's title, and its five minutes by the server's clock.
    control.locator("#next").click()
    for page in (hall, phone):
        scene(page, "title")
    expect(second.locator("#now")).to_contain_text("The team's title")
    control.locator("#next").click()
    for page in (hall, phone):
        scene(page, "timer")
        expect(page.locator(".clock")).to_have_text(re.compile(r"^(5:00|4:5\d)$"))
    expect(presenter.locator(".clock")).to_have_text(re.compile(r"^(5:00|4:5\d)$"))
    expect(presenter.locator("#monitor")).to_contain_text("Questions, with their clock")
    no_sideways_scrolling(control)
    no_sideways_scrolling(phone)

    # The other coordinator holds everything: nothing is shown, here or there, until it is let go.
    second.locator("#hold").click()
    expect(second.locator("#held")).to_be_visible()
    expect(control.locator("#held")).to_be_visible(timeout=3000)
    expect(hall.locator(".clock-word")).to_have_text("Уақыт тоқтатылды")
    expect(control.locator("#next, #arm, #show-scoring")).to_have_count(0)
    control.locator("#let-go").click()
    expect(control.locator("#arm")).to_be_visible()

    # Two taps reveal; of two coordinators who press on one stage, one does.
    control.locator("#arm").click()
    stale = second.request.post(f"{desk}/scene", form={"version": "0", "scene": "board"})
    assert stale.status == 409
    assert "Somebody pressed before you" in stale.text()
    control.locator("#reveal").click()
    scene(hall, "winner")
    first = hall.locator("h1").inner_text()
    expect(phone.locator(".revealed li")).to_have_text(re.compile(re.escape(first)))
    plain.reload()
    expect(plain.locator(".revealed li")).to_have_text(re.compile(re.escape(first)))
    expect(second.locator("#now")).to_contain_text(first)

    # A first tap that nobody follows is forgotten.
    second.locator("#arm").click()
    expect(second.locator("#reveal")).to_be_visible()
    expect(second.locator("#reveal")).to_have_count(0, timeout=8000)
    expect(second.locator("#arm")).to_be_visible()

    # Half a minute without a network: it says so, and shows nothing else; then what is true by then.
    phone.context.set_offline(True)
    expect(phone.locator("#stale")).to_be_visible()
    control.locator("#arm").click()
    control.locator("#reveal").click()
    expect(hall.locator("h1")).not_to_have_text(first)
    phone.clock.run_for(30_000)
    expect(phone.locator("#stale")).to_be_visible()
    expect(phone.locator(".revealed li")).to_have_count(1)
    phone.context.set_offline(False)
    expect(phone.locator(".revealed li")).to_have_count(2, timeout=5000)
    expect(phone.locator("#stale")).to_be_hidden()
    control.locator("#show-curtain").click()
    for page in (hall, phone):
        scene(page, "curtain")


def test_whoever_slept_or_sits_behind_what_gathers_sees_what_is_true(
    person: Person, engine: Engine, world: World, night: str, address: str
) -> None:
    """Ten minutes of a phone in a pocket, a page that was frozen, a proxy that lets no stream through:
    each shows the stage as it is by then, within the time in which it watches itself."""
    port = int(address.rpartition(":")[2])
    with Between(port, stubborn=True) as between:
        phone, hall, behind = person(touched=True), person(viewport=HALL), person(viewport=HALL)
        for page in (phone, behind):
            page.clock.install()
        phone.goto(f"/en/live/{night}")
        hall.goto(f"/kk/stage/{night}/screen")
        behind.goto(f"{between.address}/kk/stage/{night}/screen")
        for page in (phone, hall, behind):
            scene(page, "curtain")
        slept = hall.context.new_cdp_session(hall)
        slept.send("Page.setWebLifecycleState", {"state": "frozen"})
        phone.context.set_offline(True)
        shown = []
        for _ in range(2):
            with session_on(engine) as session, session.begin():
                stage = session.get(Stage, world.round.id)
                seen = stage.version if stage else 0
                shown.append(reveal_next(session, world.coordinator(), night, seen, EVENING).title)
        # Its timers are late by ten minutes, and the network is there a moment after.
        phone.clock.fast_forward("10:00")
        expect(phone.locator("#stale")).to_be_visible()
        expect(phone.locator(".revealed li")).to_have_count(0)
        phone.context.set_offline(False)
        slept.send("Page.setWebLifecycleState", {"state": "active"})
        for page in (phone, hall):
            page.locator(f"text={shown[1]}").first.wait_for(timeout=5000)
        assert shown[0] in phone.locator(".revealed").inner_text()
        expect(phone.locator("#stale")).to_be_hidden()
        # No byte of the stream ever comes: the page asks every five seconds.
        behind.clock.run_for(6000)
        expect(behind.locator("h1")).to_have_text(shown[1], timeout=3000)
        behind.close()


def test_a_rehearsal_is_seen_in_the_hall_alone_and_not_by_a_withdrawn_link(
    person: Person, engine: Engine, world: World, night: str, address: str
) -> None:
    control = signed_in(person(touched=True), engine, world, "cora", address)
    hall, public = person(viewport=HALL), person(viewport=HALL)
    control.goto(f"/en/desk/2026/stage/{night}")
    control.locator("#links summary").click()
    link = control.locator("#hall-link").get_attribute("href") or ""
    hall.goto(link)
    # The same page as everybody's, but for the key in it: kept for one of them it is nobody else's.
    public.goto(f"/en/stage/{night}/screen")
    assert link.rpartition("=")[2] not in public.content()
    control.locator("#rehearse").click()
    expect(hall.locator(".rehearsal")).to_have_text(re.compile("Rehearsal", re.IGNORECASE), timeout=5000)
    for _ in range(2):
        control.locator("#next").click()
    scene(hall, "timer")
    expect(hall.locator(".who")).to_have_text("Ұшатын орындықтар аллеясы")
    control.locator("#arm").click()
    control.locator("#reveal").click()
    scene(hall, "winner")
    cut = "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
    assert hall.locator("html").evaluate(cut) == [0, 0]
    expect(public.locator(".rehearsal")).to_have_count(0)
    scene(public, "curtain")
    control.locator("#links summary").click()
    control.locator("#renew-link").click()
    expect(hall.locator(".rehearsal")).to_have_count(0, timeout=5000)
    scene(hall, "curtain")
