"""The front page's list of calls, and what the site says about itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.calls import actions
from app.database import session_on
from app.demo.facts import facts
from app.settings import Settings
from tests.calls.ready import DATES, make_new, make_ready
from tests.conftest import Clock, entered, put_on
from tests.world import CLOSES, NOW, World

Client = Callable[..., TestClient]


def test_home_lists_open_coming_and_past_calls(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        make_new(session, world.manager(), "unseen")
        coming = make_ready(session, world.manager(), "coming")
        later = DATES.model_copy(update={"opens_at": NOW + timedelta(days=2)})
        actions.save_dates(session, coming, 6, later, NOW)
        actions.open_call(session, coming, 7, NOW)
    home = client().get("/en/").text
    assert "unseen" not in home
    places = [home.index(each) for each in ("Open now", "/calls/2026", "Opening soon", "/calls/coming")]
    assert places == sorted(places)
    assert "Earlier calls" not in home
    assert "Time left: 8 days" in home
    clock.now = CLOSES - timedelta(minutes=40)
    assert "Time left: less than an hour" in client().get("/en/").text
    clock.now = CLOSES + timedelta(days=1)
    home = client().get("/en/").text
    assert home.index("Earlier calls") < home.index("/calls/2026")
    assert "No call is open now" in home


@pytest.mark.parametrize("part", ["/", "/privacy", "/accessibility"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_site_pages_are_for_everybody(client: Client, part: str, language: str) -> None:
    answer = client().get(f"/{language}{part}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


def test_the_demo_says_what_of_it_is_real(
    built: FastAPI, engine: Engine, settings: Settings, world: World
) -> None:
    for demo in (True, False):
        put_on(built, settings.model_copy(update={"demo": demo}), engine)
        with entered(built) as opened:
            for language, words in facts()["notice"].items():
                assert all(year in words for year in facts()["calls"])
                page = opened().get(f"/{language}/")
                assert page.status_code == 200
                assert (words in page.text) == demo


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_front_page_is_found_without_the_last_stroke(client: Client, language: str) -> None:
    answer = client().get(f"/{language}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/{language}/")
    assert client().get("/xx").status_code == 404
