"""The eligibility check: five questions without signing in, and where its answers go."""

import base64
import json
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlmodel import col, select

from app.database import session_on
from app.models.applications import Application
from app.models.calls import Call
from app.models.people import IdentityDraft
from tests.applications.steps import send, write
from tests.applications.typed import GRANT
from tests.conftest import Client, Clock
from tests.world import CLOSES, NOW, OPENS, World, texts

SETTINGS = {
    "place": texts("Alma"),
    "kinds": ["person", "group", "ngo"],
    "elsewhere_kind": texts("Ask the chamber of commerce"),
}
FITS = {"age": "yes", "place": "yes", "kind": "group", "amount": "unsure", "started": "no"}


def set_up(engine: Engine) -> None:
    with session_on(engine) as session, session.begin():
        session.execute(update(Call).where(col(Call.slug) == "2026").values(eligibility=SETTINGS))


def answer(browser: TestClient, given: dict[str, str], call: str = "2026") -> str:
    """Each question in turn, as its form does; where the last one leads."""
    place = ""
    for step, (code, value) in enumerate(given.items(), 1):
        response = browser.post(f"/en/calls/{call}/check/{step}", data={code: value})
        assert response.status_code == 303, response.text
        place = response.headers["location"]
    return place


def test_five_questions_lead_to_a_verdict_with_reasons(client: Client, engine: Engine) -> None:
    set_up(engine)
    browser = client()
    assert "Will the project take place here: Alma?" in browser.get("/en/calls/2026/check/2").text
    assert browser.get("/en/calls/2026/check/6").status_code == 404
    assert browser.get("/en/calls/2026/check/result").headers["location"] == "/en/calls/2026/check/1"
    assert answer(browser, FITS) == "/en/calls/2026/check/result"
    fits = browser.get("/en/calls/2026/check/result").text
    assert "Yes, this call is for you" in fits
    assert 'href="/en/calls/2026/apply"' in fits
    answer(browser, FITS | {"kind": "company", "amount": "yes"})
    refused = browser.get("/en/calls/2026/check/result")
    assert refused.status_code == 200
    assert "This call is not for you as it stands" in refused.text
    assert "One person; An informal group; A non-profit or public association" in refused.text
    assert "Ask the chamber of commerce" in refused.text
    assert "€5,000 (2,800,000" in refused.text
    assert 'href="/en/calls/2026/apply"' not in refused.text
    assert 'href="/ru/calls/2026/check/3?back=result"' in browser.get("/ru/calls/2026/check/result").text
    assert refused.headers["cache-control"] == "no-store"


def test_an_unanswered_question_is_asked_again(client: Client, engine: Engine) -> None:
    set_up(engine)
    browser = client()
    for typed in ({}, {"age": "perhaps"}, {"age": ["", "x"]}, {"kind": "group"}):
        response = browser.post("/ru/calls/2026/check/1", data=typed)
        assert response.status_code == 422
        assert response.text.count("Выберите один из ответов.") == 2
        assert "set-cookie" not in response.headers


def test_answers_that_this_browser_did_not_give_are_nobodys(
    client: Client, engine: Engine, clock: Clock
) -> None:
    """A changed cookie, one of another call, and one of yesterday: each is asked from the beginning."""
    set_up(engine)
    browser = client()
    answer(browser, FITS)
    value = browser.cookies["check"]
    body, mac = value.split(".")
    slug, until, given = json.loads(base64.urlsafe_b64decode(body))
    forged = base64.urlsafe_b64encode(json.dumps([slug, until, given | {"kind": "ngo"}]).encode()).decode()
    first = "/en/calls/2026/check/1"
    for bad in (f"{forged}.{mac}", f"{body}.", body, "x" * 2000, f"{body}.é", ""):
        headers = {"cookie": f"check={bad}".encode("latin-1")}
        found = client().get("/en/calls/2026/check/result", headers=headers)  # type: ignore[arg-type]
        assert found.headers["location"] == first, bad
    clock.now = NOW + timedelta(hours=23)
    assert browser.get("/en/calls/2026/check/result").status_code == 200
    clock.now = NOW + timedelta(hours=25)
    assert browser.get("/en/calls/2026/check/result").headers["location"] == first


def test_the_check_is_there_before_opening_and_not_after_closing(
    client: Client, engine: Engine, clock: Clock
) -> None:
    set_up(engine)
    browser = client()
    clock.now = OPENS - timedelta(hours=5)
    answer(browser, FITS)
    waiting = browser.get("/en/calls/2026/check/result").text
    assert 'href="/en/calls/2026/remind"' in waiting
    assert 'href="/en/calls/2026/apply"' not in waiting
    # Not in the grace either: it is for what was begun, and the call's page says so.
    for late in (timedelta(minutes=5), timedelta(hours=1)):
        clock.now = CLOSES + late
        for place in ("1", "result"):
            assert browser.get(f"/en/calls/2026/check/{place}").headers["location"] == "/en/calls/2026"


def test_answers_go_along_with_the_application(client: Client, engine: Engine, world: World) -> None:
    """Who applies is filled in, the browser forgets, the coordinator reads them, and no reviewer does."""
    set_up(engine)
    browser = client("ada")
    answer(browser, FITS | {"place": "partly"})
    start = browser.get("/en/calls/2026/apply").text
    assert 'id="checked"' in start
    refused = browser.post("/en/calls/2026/apply", data={"processing": "yes"})
    assert (refused.status_code, 'id="checked"' in refused.text) == (422, True)
    begun = browser.post("/en/calls/2026/apply", data={"processing": "yes", "publication": "yes"})
    ref = begun.headers["location"].split("/")[3].split("?")[0]
    assert "check" not in browser.cookies
    with session_on(engine) as session, session.begin():
        found = session.exec(select(Application).where(Application.ref == ref)).one()
        assert found.checked == {"answers": FITS | {"place": "partly"}, "verdict": "probably"}
        team = session.exec(select(IdentityDraft).where(IdentityDraft.section == "team")).one()
        assert team.data == {"applicant_kind": "group"}
        write(session, world.applicant(), ref, GRANT)
        send(session, world.applicant(), ref)
    page = client("cora").get(f"/en/desk/2026/applications/{ref}").text
    assert "By these answers the applicant can probably apply." in page
    assert "Will the project take place here: Alma?" in page
    shown = client("cora", api=True).get(f"/api/v1/calls/2026/applications/{ref}").json()
    assert shown["checked"]["answers"]["place"] == "partly"


def test_without_the_check_nothing_is_filled_in(client: Client, engine: Engine) -> None:
    begun = client("ada").post("/en/calls/2026/apply", data={"processing": "yes", "publication": "yes"})
    assert begun.status_code == 303
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Application.checked)).one() is None
        data = session.exec(select(IdentityDraft.data)).one()
        assert data == {}


def test_a_changed_answer_leads_back_to_where_it_was_changed(client: Client, engine: Engine) -> None:
    set_up(engine)
    ada = client("ada")
    answer(ada, FITS)
    change = "/en/calls/2026/check/4?back=consent"
    assert f'href="{change}"' in ada.get("/en/calls/2026/apply").text
    asked = ada.get(change).text
    assert f'action="{change}"' in asked and 'class="back" href="/en/calls/2026/apply"' in asked

    def leads(path: str, given: dict[str, str]) -> str:
        return str(ada.post(path, data=given).headers["location"])

    assert leads(change, {"amount": "no"}) == "/en/calls/2026/apply"
    assert 'href="/en/calls/2026/check/4?back=result"' in ada.get("/en/calls/2026/check/result").text
    assert leads("/en/calls/2026/check/4?back=result", {"amount": "no"}) == "/en/calls/2026/check/result"
    # Whom the change leaves out hears why; an address that is none of ours leads nowhere else.
    assert leads("/en/calls/2026/check/1?back=consent", {"age": "no"}) == "/en/calls/2026/check/result"
    assert leads("/en/calls/2026/check/4?back=//example.org", {"amount": "no"}) == "/en/calls/2026/check/5"
