"""Discussing, third reviews, returned reviews, phases and the blind over HTTP."""

from urllib.parse import quote

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.jobs.worker import send_due
from app.models.applications import Application
from app.models.calls import Call
from app.models.outbox import Mail
from app.models.reviews import Review
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_divided
from tests.pages.seen import as_seen
from tests.world import World

DESK = "/en/desk/2026"
WHY = "The survey that Reviewer B names persuades me after all."


@pytest.fixture
def application(engine: Engine, world: World, clock: Clock) -> Application:
    """Rita gave it four everywhere and Rolf two; the call wants two reviews and promised a discussion."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        return make_divided(session, world)


def test_discussion_from_opening_to_a_change_with_its_reason(
    client: Client, engine: Engine, settings: Settings, world: World, application: Application
) -> None:
    cora, rita, rolf = client("cora"), client("rita"), client("rolf")
    at = f"/en/review/2026/{quote(application.code)}"
    assert rita.get("/en/review/2026/discussion").status_code == 409
    assert "To the discussion" not in rita.get("/en/review/2026").text
    phases = cora.get(f"{DESK}/phases").text
    assert 'id="open-discussion"' in phases
    assert cora.post(f"{DESK}/phases/discussion").status_code == 409
    opened = cora.post(f"{DESK}/phases/discussion", data=as_seen(cora.get(f"{DESK}/phases/discussion").text))
    assert opened.headers["location"] == f"{DESK}/phases?done=discussion_opened"
    assert "The discussion was opened" in cora.get(f"{DESK}/phases").text
    assert "The discussion was opened" in client().get("/en/calls/2026/ledger").text
    assert "To the discussion" in rita.get("/en/review/2026").text
    assert "reviews differ much" in rita.get("/en/review/2026/discussion").text
    edit = rita.get(at).text
    assert f'href="{at}/discussion"' in edit
    page = rita.get(f"{at}/discussion").text
    assert page.count("A reason for need that is long enough to be sent.") == 2
    assert [name for name in ("Rolf", "AKIM", "Akimat", "rolf.canary") if name in page] == []
    cells = {
        f"scores.{code}.{part}": value
        for code in world.criteria
        for part, value in (("score", "3"), ("reason", "Weaker than I first thought it was."))
    }
    form = {**cells, "version": "1", "convinced": "", "stronger": "", "_action": "send"}
    assert rita.post(at, data=form).status_code == 422
    changed = rita.post(at, data={**form, "change_reason": WHY})
    assert changed.headers["location"] == f"{at}/discussion?done=review_sent"
    assert WHY in rolf.get(f"{at}/discussion").text
    assert client("anna").get(f"{at}/discussion").status_code == 404
    assert send_due(engine, settings, REVIEWING) > 0
    with session_on(engine, reading=True) as session:
        mails = session.exec(select(Mail).where(Mail.template == "discussion_opened")).all()
    assert {str(mail.state) for mail in mails} == {"sent"}


def test_third_review_is_proposed_and_given_without_a_number(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora, anna = client("cora"), world.members["anna"].code
    assert f'href="{DESK}/third-reviews"' in cora.get(f"{DESK}/assign").text
    page = cora.get(f"{DESK}/third-reviews").text
    assert f'name="{application.code}"' in page
    assert [word for word in ("points", "spread", "Total") if word in page.partition("<main")[2]] == []
    refused = cora.post(f"{DESK}/third-reviews", data={application.code: world.members["rolf"].code})
    assert refused.status_code == 422
    assert "This reviewer cannot give the third review." in refused.text
    given = cora.post(f"{DESK}/third-reviews", data={application.code: anna})
    assert given.headers["location"] == f"{DESK}/third-reviews?done=thirds_assigned&count=1"
    assert "No third review is due" in cora.get(f"{DESK}/third-reviews").text
    assert application.code in client("anna").get("/en/review/2026").text


def test_returned_review_shows_its_note_until_it_is_sent_again(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora, rita = client("cora"), client("rita")
    given = {"application": application.code, "reviewer": world.members["rita"].code, "note": "Short"}
    refused = cora.post(f"{DESK}/returned-reviews", data=given)
    assert refused.status_code == 422
    assert "Short" in refused.text
    made = cora.post(f"{DESK}/returned-reviews", data={**given, "note": "Say where the numbers come from."})
    assert made.headers["location"] == f"{DESK}/returned-reviews?done=review_returned"
    assert "Say where the numbers come from." in cora.get(f"{DESK}/returned-reviews").text
    assert "Returned to you" in rita.get("/en/review/2026").text
    assert "Say where the numbers come from." in rita.get(f"/en/review/2026/{quote(application.code)}").text
    with session_on(engine, reading=True) as session:
        assert {str(each.state) for each in session.exec(select(Review))} == {"sent"}


def test_blind_is_lifted_with_a_reason_and_agreement_is_read_after_closing(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora = client("cora")
    assert cora.get(f"{DESK}/agreement").status_code == 409
    assert cora.post(f"{DESK}/phases/blind", data={"reason": WHY}).status_code == 409
    ahead = cora.get(f"{DESK}/ranking/close").text
    assert cora.post(f"{DESK}/ranking/close", data=as_seen(ahead)).status_code == 303
    assert "0 %" in cora.get(f"{DESK}/agreement").text
    assert cora.get(f"{DESK}/applications?names=1").status_code == 409
    assert cora.post(f"{DESK}/phases/blind", data={"reason": "Short"}).status_code == 422
    lifted = cora.post(f"{DESK}/phases/blind", data={"reason": WHY})
    assert lifted.headers["location"] == f"{DESK}/phases?done=blind_lifted"
    assert "Ada Canaryname" in cora.get(f"{DESK}/applications?names=1").text
    ledger = client().get("/en/calls/2026/ledger").text
    assert WHY in ledger
    assert "Canaryname" not in ledger
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Call)).one().reviewing_closed_at == REVIEWING


def test_steps_are_left_to_the_clock_and_taken_from_it(client: Client, world: World) -> None:
    cora = client("cora")
    given = {"step": "reviewing", "at_day": "2020-01-01", "at_time": "10:00"}
    refused = cora.post(f"{DESK}/phases/plans", data=given)
    assert refused.status_code == 422
    assert "Choose a moment that lies ahead." in refused.text
    assert cora.post(f"{DESK}/phases/plans", data={**given, "at_day": ""}).status_code == 422
    assert cora.post(f"{DESK}/phases/plans", data={**given, "at_day": "2099-01-01"}).status_code == 303
    assert "Thursday, 1 January 2099" in cora.get(f"{DESK}/phases").text
    assert cora.post(f"{DESK}/phases/plans/remove", data={"step": "reviewing"}).status_code == 303
    assert cora.post(f"{DESK}/phases/plans/remove", data={"step": "reviewing"}).status_code == 409
