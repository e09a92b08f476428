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
    for name in ("title", "timer"):
        control.locator("#next").click()
        scene(hall, name)
    expect(hall.locator(".who")).to_have_text("Ұшатын орындықтар аллеясы")
    control.locator("#arm").click()
    control.locator("#reveal").click()
    scene(hall, "winner")
    cut = "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
    assert hall.locator("html").evaluate(cut) == [0, 0]
    expect(public.locator(".rehearsal")).to_have_count(0)
    scene(public, "curtain")
    # What was unfolded has stayed so through all presses.
    control.locator("#renew-link").click()
    expect(hall.locator(".rehearsal")).to_have_count(0, timeout=5000)
    scene(hall, "curtain")


FOLD: ViewportSize = {"width": 360, "height": 620}
"""What is left of a small phone between the bars of its browser."""


def under_the_thumb(page: Page, button: str) -> None:
    """It is seen whole without scrolling, and nothing lies over it."""
    box = page.locator(button).bounding_box()
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= FOLD["height"], (button, box)
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    hit = f"([x, y]) => document.elementFromPoint(x, y).closest('{button}') !== null"
    assert page.evaluate(hit, middle)
    assert page.evaluate("scrollY") == 0


def press(page: Page, button: str) -> None:
    """As a thumb does, which scrolls nothing into view."""
    under_the_thumb(page, button)
    page.evaluate(f"document.querySelector('{button}').click()")


def test_what_is_pressed_next_is_under_the_thumb(
    person: Person, engine: Engine, world: World, night: str, address: str
) -> None:
    control = signed_in(person(touched=True, viewport=FOLD), engine, world, "cora", address)
    control.goto(f"/en/desk/2026/stage/{night}")
    for scene_ in ("The team's title", "The pitch, with its clock", "Questions, with their clock"):
        press(control, "#next")
        expect(control.locator("#now")).to_contain_text(scene_)
    under_the_thumb(control, "#next")
    control.goto(f"/en/desk/2026/stage/{night}?armed=1")
    for needed in ("#armed h2", "#armed strong", "#disarm"):
        under_the_thumb(control, needed)
    # A second tap where the first was, by mistake, reveals nobody.
    first = control.locator("#disarm").bounding_box()
    press(control, "#reveal")
    expect(control.locator("#now")).to_contain_text("The last revealed winner")
    assert first and first["y"] + first["height"] > 0.8 * FOLD["height"]
    press(control, "#arm")
    expect(control.locator("#reveal")).to_be_visible()
    press(control, "#disarm")
    expect(control.locator("#arm")).to_be_visible()
    no_sideways_scrolling(control)


def test_a_press_without_a_network_stays_on_its_page_and_is_not_sent_later(
    person: Person, engine: Engine, world: World, night: str, address: str
) -> None:
    control = signed_in(person(touched=True), engine, world, "cora", address)
    desk = f"/en/desk/2026/stage/{night}"
    control.goto(desk)
    for button in ("#next", "#arm"):
        control.context.set_offline(True)
        control.locator(button).click()
        expect(control.locator("#unpressed")).to_be_visible()
        expect(control.locator("#stale")).to_be_visible()
        assert control.url.endswith(desk)
        control.context.set_offline(False)
        expect(control.locator("#stale")).to_be_hidden(timeout=8000)
        expect(control.locator("#now")).to_have_text(re.compile("The curtain"))
        expect(control.locator("#reveal")).to_have_count(0)
    # A press holds for three seconds: the next one is meant.
    control.wait_for_timeout(3000)
    control.locator("#next").click()
    expect(control.locator("#now")).to_contain_text("The team's title")
    expect(control.locator("#unpressed")).to_be_hidden()
    # What is said about a press stands there once, and goes with the next.
    control.locator("#hold").click()
    expect(control.locator(".flash")).to_have_count(1)
    control.locator("#let-go").click()
    expect(control.locator("#next")).to_be_visible()
    expect(control.locator(".flash")).to_have_count(1)
    control.locator("#next").click()
    expect(control.locator(".flash")).to_have_count(0)


def test_the_halls_button_lies_over_nothing_and_goes_when_the_pointer_rests(
    person: Person, night: str
) -> None:
    hall = person(viewport=HALL)
    hall.goto(f"/en/stage/{night}/screen")
    button = hall.locator("[data-fullscreen]")
    hall.mouse.move(300, 300)
    hall.mouse.move(320, 320)
    expect(button).to_have_css("opacity", "1")
    over = """button => {
        const mine = button.getBoundingClientRect(), range = document.createRange();
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            if (button.contains(node) || node.parentElement.closest("[hidden]")) continue;
            if (!node.textContent.trim()) continue;
            range.selectNodeContents(node);
            for (const each of range.getClientRects())
                if (each.left < mine.right && each.right > mine.left)
                    if (each.top < mine.bottom && each.bottom > mine.top) return node.textContent;
        }
        return "";
    }"""
    assert button.evaluate(over) == ""
    expect(button).to_have_css("opacity", "0", timeout=6000)
    hall.keyboard.press("Tab")
    expect(button).to_have_css("opacity", "1")
