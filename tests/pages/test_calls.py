"""The public pages of a call: what each phase shows, what is kept, and what does not exist."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlmodel import col

from app.database import session_on
from app.models.calls import Call
from tests.calls.ready import make_ready
from tests.conftest import Clock
from tests.world import CLOSES, NOW, OPENS, World, make_call

Client = Callable[..., TestClient]
PAGES = ("", "/questions", "/criteria", "/faq")


def write(engine: Engine, **columns: object) -> None:
    """Change the world's call behind the application's back."""
    with session_on(engine) as session, session.begin():
        session.execute(update(Call).where(col(Call.slug) == "2026").values(**columns))


@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize(
    ("language", "word"), [("kk", "(қаз)"), ("ru", "(рус)"), ("en", "Grants of the city")]
)
def test_public_pages_are_read_without_signing_in(
    client: Client, part: str, language: str, word: str
) -> None:
    answer = client().get(f"/{language}/calls/2026{part}")
    assert answer.status_code == 200
    assert word in answer.text


def test_call_page_of_an_open_call_leads_to_applying(client: Client) -> None:
    text = client().get("/en/calls/2026").text
    assert "Start or continue" in text
    assert 'href="/en/calls/2026/apply"' in text
    assert "18 March 2026, 18:00 (Almaty time, UTC+5)" in text
    assert "Time left: 8 days" in text
    assert "€5,000" in text
    assert "2,800,000" in text
    assert "closing-soon" not in text


@pytest.mark.parametrize(
    ("shift", "present", "absent"),
    [
        (OPENS - timedelta(days=1) - NOW, "Applications are not open yet.", "Start or continue"),
        (CLOSES - timedelta(hours=30) - NOW, 'id="closing-soon"', "Time left: 8 days"),
        (CLOSES - NOW, "The call has closed. Who began before", "Start or continue"),
        (CLOSES - NOW, "New applications are not taken any more.", "Check whether you can apply"),
        (CLOSES + timedelta(minutes=15) - NOW, "The call has closed.", 'id="continue"'),
    ],
)
def test_call_page_follows_the_clock(
    client: Client, clock: Clock, shift: timedelta, present: str, absent: str
) -> None:
    before = client().get("/en/calls/2026")
    clock.now = NOW + shift
    answer = client().get("/en/calls/2026")
    assert present in answer.text
    assert absent not in answer.text
    assert answer.headers["etag"] != before.headers["etag"]


def test_a_kept_page_goes_when_the_clock_changes_it(client: Client, engine: Engine, clock: Clock) -> None:
    """No browser shows "open" for a minute after the closing, nor an hour that has passed."""
    write(engine, help_hours={"en": "until midnight"})
    for before, age, left in (
        (timedelta(hours=30, seconds=20), 20, "1 day 6 hours."),
        (timedelta(hours=30), 0, "1 day 6 hours."),
        (timedelta(hours=30) - timedelta(seconds=1), 60, "1 day 5 hours."),
        (timedelta(seconds=7), 7, "less than an hour."),
    ):
        clock.now = CLOSES - before
        answer = client().get("/en/calls/2026")
        assert f"Time left: {left}" in answer.text
        assert "Help line in these days: until midnight</p>" in answer.text
        assert 'data-refresh="60"' in answer.text
        assert answer.headers["cache-control"] == f"public, max-age={age}"
    clock.now = CLOSES + timedelta(minutes=5)
    grace = client().get("/en/calls/2026").text
    assert "What was begun in time is received until" in grace
    assert "18:15" in grace


def test_a_closed_call_says_what_happens_next_and_when(client: Client, clock: Clock, engine: Engine) -> None:
    clock.now = CLOSES + timedelta(days=1)
    text = client().get("/en/calls/2026").text
    assert "What happens next" in text
    for each in ("7 April 2026", "2 May 2026", "27 April 2026"):
        assert each in text
    assert "Check whether you can apply" not in text
    write(engine, cancelled_at=CLOSES, version=2)
    cancelled = client().get("/en/calls/2026").text
    assert "This call was cancelled" in cancelled
    # Nothing comes any more, so no date of it stands on the page.
    for each in (
        "What happens next",
        "<dt>Close",
        "Results expected",
        "18 March",
        "2 May 2026",
        "27 April 2026",
    ):
        assert each not in cancelled


def test_numbers_of_the_last_published_round_come_from_its_data(
    client: Client, engine: Engine, world: World
) -> None:
    page = client()
    assert 'id="numbers"' not in page.get("/en/calls/2026").text
    with session_on(engine) as session, session.begin():
        past = make_call(session, "2019")
        past.published_at = OPENS - timedelta(days=300)
        past.past_numbers = {"calls": ["2019"], "applied": 1253}
    text = page.get("/en/calls/2026").text
    assert 'id="numbers"' in text
    assert "1,253" in text


def test_faq_is_read_in_every_language_and_only_offered_where_there_is_one(
    client: Client, engine: Engine
) -> None:
    page = client()
    assert "/calls/2026/faq" not in page.get("/en/calls/2026").text
    entry = {"question": {"kk": "Неге?", "ru": "Почему?"}, "answer": {"kk": "<b>Себебі</b>", "ru": "Потому"}}
    write(engine, faq=[entry], version=2)
    assert "/ru/calls/2026/faq" in page.get("/ru/calls/2026").text
    assert "Почему?" in page.get("/ru/calls/2026/faq").text
    text = page.get("/kk/calls/2026/faq").text
    assert "&lt;b&gt;Себебі" in text


@pytest.mark.parametrize(
    ("columns", "present"),
    [
        ({"reviewing_opened_at": CLOSES}, "Partner organisations are scoring the applications."),
        ({"reviewing_closed_at": CLOSES}, "All applications are scored."),
        ({"published_at": CLOSES}, 'href="/en/calls/2026/results"'),
        ({"cancelled_at": CLOSES}, "This call was cancelled."),
    ],
)
def test_call_page_follows_the_acts(
    client: Client, engine: Engine, clock: Clock, columns: dict[str, object], present: str
) -> None:
    clock.now = CLOSES + timedelta(days=1)
    write(engine, **columns)
    text = client().get("/en/calls/2026").text
    assert present in text
    assert "Start or continue" not in text


@pytest.mark.parametrize("part", PAGES)
def test_call_in_preparation_is_like_one_that_never_was(
    client: Client, engine: Engine, world: World, part: str
) -> None:
    with session_on(engine) as session, session.begin():
        make_ready(session, world.manager(), "2027")
    hidden, random = client().get(f"/en/calls/2027{part}"), client().get(f"/en/calls/3021{part}")
    assert (hidden.status_code, random.status_code) == (404, 404)
    assert hidden.content.replace(b"2027", b"3021") == random.content


def test_public_pages_are_kept_and_tagged(client: Client) -> None:
    first = client().get("/en/calls/2026")
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["vary"] == "Cookie, Accept-Encoding"
    again = client().get("/en/calls/2026", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_kept_pages_have_no_personal_part(client: Client) -> None:
    """Somebody signed in gets the very bytes that everybody gets."""
    stranger = client().get("/en/calls/2026")
    signed_in = client("ada").get("/en/calls/2026")
    assert signed_in.content == stranger.content
    assert b"/sign-in/out" not in signed_in.content


@pytest.mark.parametrize("name", ["cora", "rita"])
def test_who_scores_or_runs_a_call_is_not_offered_to_apply(client: Client, name: str) -> None:
    """Their page is kept apart from everybody's; what they see leads nowhere that refuses them."""
    panel = client(name)
    assert panel.get("/en/calls/2026/apply").status_code == 409
    for someone, offered in ((client(), True), (panel, False), (client("ada"), True), (panel, False)):
        answer = someone.get("/en/calls/2026")
        assert ("Start or continue" in answer.text) is offered
        assert answer.headers["cache-control"] == "public, max-age=60"


def test_kept_pages_differ_by_theme_and_language(client: Client) -> None:
    light = client()
    light.cookies.set("theme", "light")
    assert 'data-theme="light"' in light.get("/en/calls/2026").text
    assert 'data-theme="auto"' in client().get("/en/calls/2026").text
    assert 'lang="ru"' in client().get("/ru/calls/2026").text


def test_page_with_a_query_is_kept_by_nobody(client: Client) -> None:
    answer = client().get("/en/calls/2026?done=signed_out")
    assert answer.headers["cache-control"] == "no-store"
    assert "You are signed out." in answer.text
    assert "You are signed out." not in client().get("/en/calls/2026").text


def test_kept_page_is_made_anew_when_the_call_changes(client: Client, engine: Engine) -> None:
    assert "For projects of citizens" in client().get("/en/calls/2026").text
    write(engine, purpose={"en": "Changed words"}, version=2)
    assert "Changed words" in client().get("/en/calls/2026").text


def test_questions_page_says_limits_and_who_sees_each(client: Client) -> None:
    text = client().get("/en/calls/2026/questions").text
    assert "What problem do you want to solve, and where exactly?" in text
    assert "150 to 200 words" in text
    assert "at most 3,000 characters" in text
    assert "Only coordinators see it. Reviewers never do." in text
    assert "Seen by: reviewers, without your name" in text
    assert "Criterion: Need" in text
    assert "Public if you win" in text
    assert "Example of an invented project" in text
    assert "The courtyard workshop" in text
    assert "need anchor 5" in text
    assert "Ecology" in text


def test_criteria_page_has_every_anchor_and_the_order_of_ties(client: Client) -> None:
    text = client().get("/en/calls/2026/criteria").text
    for code in ("need", "work_plan", "budget", "sustainability"):
        for score in range(1, 6):
            assert f"{code} anchor {score}" in text
    assert "Need, Work Plan, Budget, Sustainability" in text
    assert "25 %" in text
