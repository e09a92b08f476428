"""The control of an evening, its presenter and its audience: what is pressed, and what is told to whom."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlmodel import col

from app.database import session_on
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.sealing import seal
from app.models.decisions import PublishedResult
from tests.conftest import Client, Clock
from tests.decisions.test_sealing import second_coordinator
from tests.events.evening import EVENING, announced, sealed_evening
from tests.events.jury import scored_evening
from tests.factories import KNOWN, REVIEWING
from tests.world import World

PART = {"HX-Request": "true"}


@pytest.fixture
def cora(client: Client, engine: Engine, world: World, clock: Clock) -> TestClient:
    """An evening that is decided and sealed, and its coordinator."""
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        sealed_evening(session, world)
    return client("cora")


def pressed(page: str, button: str) -> dict[str, str]:
    """What the form of this button sends."""
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.S) if f'id="{button}"' in each)
    return dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form))


def test_every_press_of_the_evening_is_a_plain_form(client: Client, cora: TestClient, world: World) -> None:
    pot = world.round.code
    control, live = f"/en/desk/2026/stage/{pot}", f"/en/live/{pot}"
    phone = client()

    def press(button: str, act: str) -> str:
        done = cora.post(f"{control}/{act}", data=pressed(cora.get(control).text, button))
        assert done.status_code == 303, (button, done.text)
        return cora.get(done.headers["location"]).text

    press("next", "scene")
    page = press("next", "scene")
    assert 'role="timer"' in page
    assert "On stage now" in phone.get(live).text
    assert "The clock is held" in press("clock-hold", "clock")
    assert ">5:30</p>" in press("clock-more", "clock")
    assert 'id="clock-hold"' in press("clock-go-on", "clock")
    held = press("hold", "hold")
    assert 'id="let-go"' in held
    assert 'id="next"' not in held
    refused = cora.post(f"{control}/scene", data=pressed(page, "next"))
    assert (refused.status_code, "Nothing happened" in refused.text) == (409, True)
    press("let-go", "hold")
    # A first tap that is a quarter of a minute old reveals nobody.
    armed = pressed(cora.get(f"{control}?armed=1").text, "reveal")
    late = cora.post(f"{control}/reveal", data={**armed, "armed": str(int(armed["armed"]) - 16_000)})
    assert (late.status_code, "The first tap was too long ago" in late.text) == (409, True)
    assert "revealed" not in phone.get(live).text
    assert cora.post(f"{control}/reveal", data=armed).status_code == 303
    assert 'id="revealed"' in phone.get(live).text
    note = cora.post(f"{control}/note", data={"of": "stage", "note": "Two minutes late", "was": ""})
    assert note.status_code == 303
    assert "Two minutes late" in cora.get(f"{control}/presenter").text
    assert "Two minutes late" not in phone.get(live).text
    again = cora.post(f"{control}/note", data={"of": "stage", "note": "Never mind", "was": ""})
    assert (again.status_code, "Two minutes late" in again.text) == (409, True)


def test_a_press_on_the_rehearsal_never_reaches_the_stage(
    client: Client, cora: TestClient, world: World
) -> None:
    pot = world.round.code
    control, public = f"/en/desk/2026/stage/{pot}", f"/en/stage/{pot}/screen"
    before = client().get(public).text
    link = re.findall(r'href="([^"]+\?t=[0-9a-f]+)"', cora.get(control).text)[0]
    assert cora.post(f"{control}/rehearsal").status_code == 303
    page = cora.get(control).text
    armed = pressed(cora.get(f"{control}?armed=1").text, "reveal")
    assert (armed["of"], "Rehearsal" in page) == ("rehearsal", True)
    # Pressed on the stage in earnest, by whoever has an old page: nothing.
    assert cora.post(f"{control}/reveal", data={**armed, "of": "stage"}).status_code == 409
    assert cora.post(f"{control}/reveal", data=armed).status_code == 303
    hall = client().get(link).text
    assert 'class="rehearsal"' in hall
    assert "«Жел» тобы" in hall
    wrong = client().get(f"{public}?t={'0' * 32}").text
    for text in (client().get(public).text, wrong):
        assert re.sub(r'data-number="\d+"', "", text) == re.sub(r'data-number="\d+"', "", before)
    assert cora.post(f"{control}/link").status_code == 303
    assert 'class="rehearsal"' not in client().get(link).text
    old = pressed(cora.get(f"{control}?armed=1").text, "reveal")
    assert cora.post(f"{control}/rehearsal/end").status_code == 303
    assert cora.post(f"{control}/reveal", data=old).status_code == 409
    assert cora.get("/en/calls/2026/results").text.count("winner") == client().get(
        "/en/calls/2026/results"
    ).text.count("winner")


def test_a_script_that_has_the_number_gets_nothing_of_control_and_presenter(
    cora: TestClient, world: World
) -> None:
    for place in ("", "/presenter"):
        address = f"/en/desk/2026/stage/{world.round.code}{place}"
        number = re.findall(r'data-number="(\d+)"', cora.get(address).text)[0]
        state = re.findall(r'data-state="([\w.]+)"', cora.get(address).text)
        known = f"{address}?v={number}{''.join(f'&s={each}' for each in state)}"
        assert cora.get(known, headers=PART).status_code == 204
        part = cora.get(f"{address}?v=", headers=PART)
        assert (part.status_code, part.headers["Stage-Number"]) == (200, number)
        assert "<html" not in part.text


def test_the_control_follows_what_no_number_tells_and_says_the_next_step(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    """Drawing the line, freezing, sealing: whoever asks again with what they had gets what is true by now."""
    clock.now, who = EVENING, world.coordinator()
    pot = world.round.code
    address = f"/en/desk/2026/stage/{pot}"
    with session_on(engine) as session, session.begin():
        announced(session, world)
        scored_evening(session, world, 10)
        second_coordinator(session, world)
    cora, zoe = client("cora"), client("zoe")

    def shown(browser: TestClient) -> tuple[str, str, str]:
        page = browser.get(address).text
        (number,) = re.findall(r'data-number="(\d+)"', page)
        (state,) = re.findall(r'data-state="([\w.]+)"', page)
        return re.findall(r'<p id="step">([^<]+)</p>', page)[0], number, state

    def line() -> None:
        draw_line(session, who, pot, REVIEWING)

    def freezing() -> None:
        decide(session, who, decision_version(session, call_of(session, who)), REVIEWING, KNOWN)

    for act, hers, others in (
        (line, "Awards given: 6. Freeze the decision, so that it can be sealed.", None),
        (freezing, "The decision is frozen: seal the results before anybody is revealed.", None),
        (
            lambda: seal(session, who, pot, 0, "", EVENING),
            "You have sealed the results. Another coordinator confirms the seal.",
            "Another coordinator has sealed the results: confirm the seal.",
        ),
    ):
        _, number, state = shown(cora)
        assert cora.get(f"{address}?v={number}&s={state}", headers=PART).status_code == 204
        with session_on(engine) as session, session.begin():
            act()
        part = cora.get(f"{address}?v={number}&s={state}", headers=PART)
        assert (part.status_code, part.headers["Stage-Number"]) == (200, number)
        assert f'<p id="step">{hers}</p>' in part.text
        assert shown(zoe)[0] == (others or hers)


def test_a_winner_without_a_team_has_no_stray_dot(
    client: Client, cora: TestClient, engine: Engine, world: World
) -> None:
    pot = world.round.code
    control = f"/en/desk/2026/stage/{pot}"
    for seen in range(2):
        cora.post(f"{control}/reveal", data={"version": str(seen)})
    with session_on(engine) as session, session.begin():
        session.execute(update(PublishedResult).where(col(PublishedResult.position) == 1).values(team=""))
    assert cora.post(f"{control}/scene", data={"version": "2", "scene": "board"}).status_code == 303
    board = re.findall(r"<small>([^<]*)</small>", client().get(f"/en/stage/{pot}/screen").text)
    assert board == ["Ada Canaryname and friends · €5,000", "€5,000"]
