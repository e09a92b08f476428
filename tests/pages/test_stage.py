"""The hall's screen and its control; before its reveal a winner is nowhere that others can look."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.decisions import announce
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.events.watching import OF_A_CHANGE
from app.models.applications import Application, Packet
from app.models.decisions import PublishedResult
from app.pages.live_code import square_of
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.decisions.scored import ranked_call, second_round
from tests.factories import KNOWN, REVIEWING
from tests.world import ORGANISATIONS, World


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Eight applications, six of them awarded, the decision frozen; each title is a word of its own."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = ranked_call(session, world)
        cora = world.coordinator()
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        return codes


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora")


@pytest.fixture
def screen(world: World) -> str:
    return f"/en/stage/{world.round.code}/screen"


@pytest.fixture
def control(world: World) -> str:
    return f"/en/desk/2026/stage/{world.round.code}"


def test_two_taps_reveal_the_next_winner(client: Client, cora: TestClient, screen: str, control: str) -> None:
    first = cora.get(control).text
    assert "Idea 6" not in first
    armed = cora.get(f"{control}?armed=1").text
    assert "This winner will appear" in armed
    assert "Idea 6" in armed
    done = cora.post(f"{control}/reveal", data={"version": "0"})
    assert done.headers["location"] == f"{control}?done=revealed"
    hall = client().get(screen).text
    assert 'lang="en">Idea 6</h1>' in hall
    assert "1 / 6" not in hall, "six is the most that may win, not how many do"
    assert "€5,000" in hall


def test_an_old_press_is_409_and_shows_the_stage(cora: TestClient, screen: str, control: str) -> None:
    cora.post(f"{control}/reveal", data={"version": "0"})
    refused = cora.post(f"{control}/reveal", data={"version": "0"})
    assert refused.status_code == 409
    assert "Somebody pressed before you" in refused.text
    assert cora.post(f"{control}/scene", data={"version": "0", "scene": "board"}).status_code == 409


def test_curtain_and_board(client: Client, cora: TestClient, screen: str, control: str) -> None:
    for seen in range(2):
        cora.post(f"{control}/reveal", data={"version": str(seen)})
    assert cora.post(f"{control}/scene", data={"version": "2", "scene": "board"}).status_code == 303
    hall = client().get(screen).text
    assert hall.index("Idea 5") < hall.index("Idea 6")
    assert cora.post(f"{control}/scene", data={"version": "3", "scene": "curtain"}).status_code == 303
    assert "Idea" not in client().get(screen).text
    assert cora.post(f"{control}/scene", data={"version": "4", "scene": "fire"}).status_code == 422


def test_the_curtain_says_where_to_follow_and_who_stands_behind_it(
    client: Client, cora: TestClient, world: World, control: str, settings: Settings
) -> None:
    place = f"/ru/stage/{world.round.code}"
    curtain = client().get(f"{place}/screen").text
    partners = re.search(r'<ul class="partners">(.*?)</ul>', curtain)
    assert partners and re.findall(r"<li>(.*?)</li>", partners[1]) == [
        name["ru"] for _, name in ORGANISATIONS
    ]
    assert f'<img src="{place}/live.svg"' in curtain
    square = client().get(f"{place}/live.svg")
    assert square.headers["content-type"] == "image/svg+xml"
    assert square.content == square_of(f"{settings.base_url}/ru/live/{world.round.code}")
    assert client().get("/ru/stage/NOSUCHROUND/live.svg").status_code == 404
    cora.post(f"{control}/reveal", data={"version": "0"})
    told = client().get(f"{place}/screen").text
    assert "partners" not in told and "live.svg" not in told


PART = {"HX-Request": "true"}


def test_who_has_the_number_gets_nothing_and_others_the_part_alone(
    client: Client, cora: TestClient, screen: str, control: str, clock: Clock, world: World
) -> None:
    hall = client()
    asked = re.search(r'data-number="([0-9]+)"', hall.get(screen).text)
    assert asked
    for place in (screen, f"/en/live/{world.round.code}"):
        waiting = hall.get(f"{place}?v={asked[1]}", headers=PART)
        assert (waiting.status_code, waiting.content) == (204, b"")
        assert waiting.headers["Stage-Number"] == asked[1]
        assert waiting.headers["Stage-Now"] == str(int(clock.now.timestamp() * 1000))
    cora.post(f"{control}/reveal", data={"version": "0"})
    for place in (screen, f"/kk/live/{world.round.code}"):
        part = hall.get(f"{place}?v={asked[1]}", headers=PART)
        assert (part.status_code, part.headers["Stage-Number"]) == (200, str(int(asked[1]) + OF_A_CHANGE))
        assert "Idea 6" in part.text
        assert "<html" not in part.text
    whole = hall.get(screen)
    same = hall.get(screen, headers={"If-None-Match": whole.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_without_scripts_the_screen_reloads_by_itself_and_with_them_never(
    client: Client, codes: list[str], screen: str
) -> None:
    answer = client().get(screen)
    assert "refresh" not in answer.headers
    assert client().get(f"{screen}?plain").headers["refresh"] == "5"
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in answer.text


def test_the_screen_speaks_two_languages_and_the_title_its_own(
    client: Client, cora: TestClient, world: World, control: str, engine: Engine
) -> None:
    with session_on(engine) as session, session.begin():
        for packet in session.exec(select(Packet)):
            packet.language = "kk"
            session.add(packet)
    curtain = client().get(f"/ru/stage/{world.round.code}/screen").text
    assert "Grants of the city (рус)" in curtain
    assert '<p class="who" lang="kk">Grants of the city (қаз)</p>' in curtain
    cora.post(f"{control}/reveal", data={"version": "0"})
    hall = client().get(f"/ru/stage/{world.round.code}/screen").text
    assert '<h1 lang="kk">Idea 6</h1>' in hall
    assert '<span lang="kk">' in hall


def test_before_its_reveal_a_winner_is_nowhere(
    client: Client, cora: TestClient, world: World, screen: str, control: str, engine: Engine
) -> None:
    """Everybody else's pages and answers are the same as if the unrevealed did not exist."""
    for seen in range(2):
        cora.post(f"{control}/reveal", data={"version": str(seen)})
    with session_on(engine, reading=True) as session, session.begin():
        refs = session.exec(select(Application.ref)).all()
        public = session.exec(select(PublishedResult.slug)).all()
    assert len(public) == 2
    places = [
        screen, "/en/calls/2026/results", "/en/calls/2026", "/en/",
        f"/api/v1/stage/{world.round.code}", "/api/v1/calls/2026/results", "/api/v1/calls/2026",
    ]  # fmt: skip
    hidden = [f"Idea {number}" for number in (1, 2, 3, 4)]
    for name in (None, "ben", "rita", "zoe", "max"):
        for api in (False, True):
            someone = client(name, api=api) if name else client()
            for place in places:
                text = someone.get(place).text
                assert not any(title in text for title in hidden), (name, place)
    seen_by_all = client().get("/en/calls/2026/results").text
    assert "Idea 5" in seen_by_all
    assert "Idea 6" in seen_by_all
    # Its own applicant reads no other state of a winner than of one that was not chosen.
    ada = client("ada")
    for ref in refs:
        text = ada.get(f"/en/my/applications/{ref}").text + ada.get(f"/en/applications/{ref}").text
        assert "Awarded" not in text
        assert "Not selected" not in text


def test_the_control_says_what_is_true_of_a_round_without_awards_and_after_publication(
    cora: TestClient, control: str, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        empty = f"/en/desk/2026/stage/{second_round(session, world)}"
    publish = 'href="/en/desk/2026/awards/publish"'
    page = cora.get(empty).text
    assert ("Nobody has been awarded in this round yet." in page, publish in page) == (True, False)
    for seen in range(6):
        cora.post(f"{control}/reveal", data={"version": str(seen)})
    page = cora.get(control).text
    assert ("Every winner of this round has been revealed." in page, publish in page) == (True, True)
    assert cora.get("/en/desk/2026/awards/publish").status_code == 200
    with session_on(engine) as session, session.begin():
        who = world.coordinator()
        announce.publish(session, who, decision_version(session, call_of(session, who)), REVIEWING)
    for address in (control, empty):
        page = cora.get(address).text
        assert ("The results are published." in page, publish in page) == (True, False)
        assert 'href="/en/calls/2026/results"' in page
    assert cora.get("/en/calls/2026/results").status_code == 200


def test_strangers_find_no_control(client: Client, codes: list[str], control: str) -> None:
    for method, path in (
        ("GET", ""), ("GET", "/presenter"), ("POST", "/reveal"), ("POST", "/scene"), ("POST", "/clock"),
        ("POST", "/hold"), ("POST", "/note"), ("POST", "/rehearsal"), ("POST", "/link"),
    ):  # fmt: skip
        assert client().request(method, control + path).status_code == 303
        for stranger in ("ada", "rita", "max", "zoe"):
            assert client(stranger).request(method, control + path).status_code == 404
    for nowhere in ("stage/NOTHING/screen", "stage/NOTHING/stream", "live/NOTHING"):
        assert client().get(f"/en/{nowhere}").status_code == 404
    assert client("cora").get("/en/desk/2026/stage/NOTHING").status_code == 404
