"""What screens and papers of an evening say once an award has been given back and somebody came up."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database import session_on
from app.decisions.reserve import PromotionInput
from app.events.stage import show_scene, stage_control
from app.models.events import Scene
from tests.conftest import Client, Clock
from tests.decisions.test_reserve import back, published, up
from tests.factories import REVIEWING
from tests.world import World

SINCE = "Gave the award back since"


@pytest.fixture
def public(client: Client, engine: Engine, world: World, clock: Clock) -> TestClient:
    """Three won and were on the board; the first has given its award back, and the fourth has come up."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
        show_scene(session, world.coordinator(), world.round.code, Scene.BOARD, 0, REVIEWING)
    with session_on(engine) as session, session.begin():
        assert SINCE not in client().get(f"/en/live/{world.round.code}").text
        back(session, world, codes[0])
        up(session, world, PromotionInput())
    return client()


def test_screens_show_what_was_announced_and_say_that_an_award_came_back(
    public: TestClient, world: World
) -> None:
    pot = world.round.code
    for path in (f"/en/live/{pot}", f"/en/stage/{pot}/screen"):
        page = public.get(path).text
        assert [f"Idea {number}" in page for number in (1, 2, 3, 4)] == [True, True, True, False], path
        assert page.count(SINCE) == 1 and 'id="changed"' in page, path
    assert "The winners · 3" in public.get(f"/en/live/{pot}").text
    shown = public.get(f"/api/v1/stage/{pot}").json()
    assert [(each["title"], each["given_back"]) for each in shown["winners"]] == [
        ("Idea 1", True), ("Idea 2", False), ("Idea 3", False),
    ]  # fmt: skip
    assert sum(each["amount_minor"] for each in shown["winners"]) == 1_500_000
    assert "Idea 4" in public.get("/en/calls/2026/results").text


def test_the_control_counts_those_who_were_revealed(engine: Engine, public: TestClient, world: World) -> None:
    with session_on(engine) as session, session.begin():
        control = stage_control(session, world.coordinator(), world.round.code, REVIEWING)
    assert (control.revealed, control.left) == (3, 0)
    assert "Idea 4" not in public.get(f"/ru/live/{world.round.code}").text
