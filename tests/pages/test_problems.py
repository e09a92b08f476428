"""Pages of refusal: they say what is wrong in words, and lead back to where the person was working."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.main import MAX_BODY
from app.models.applications import Application, Draft
from app.models.calls import Call
from app.models.decisions import Award
from tests.applications.steps import begin
from tests.conftest import Client, Clock
from tests.decisions.scored import ranked_call
from tests.factories import REVIEWING, count_of
from tests.pages.test_reviews import application, at, form, opened
from tests.world import CLOSES, World

__all__ = ["application", "opened"]

DESK = "/en/desk/2026"
INCOMPLETE = "This form came incomplete. Open its page again and press once more."


def ways(page: str) -> list[tuple[str, str]]:
    """Where the page of a refusal leads: address and words."""
    (actions,) = re.findall(r'<p class="actions">(.*?)</p>', page, re.DOTALL)
    return re.findall(r'<a[^>]*href="([^"]+)">([^<]+)</a>', actions)


FIRST_PAGE = ("/en/", "To the first page")
DESK_AND_FIRST = [(DESK, "Back to the desk"), FIRST_PAGE]


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        return ranked_call(session, world)


@pytest.mark.parametrize("given", [{}, {"version": ""}, {"version": "x"}, {"version": "-1"}])
def test_a_press_without_its_version_says_what_to_do(
    client: Client, engine: Engine, world: World, codes: list[str], given: dict[str, str]
) -> None:
    cora = client("cora")
    pot = world.round.code
    for path in (
        f"/awards/withdraw/{codes[0]}", "/awards/decide", "/awards/publish", f"/stage/{pot}/reveal",
        f"/stage/{pot}/scene",
    ):  # fmt: skip
        refused = cora.post(DESK + path, data=given)
        assert refused.status_code == 422, path
        assert INCOMPLETE in refused.text, path
        assert "Enter an answer." not in refused.text, path
        assert ways(refused.text) == DESK_AND_FIRST, path
    with session_on(engine, reading=True) as session:
        assert count_of(session, Award) == 0


def test_the_api_still_asks_for_the_version_by_its_own_status(client: Client, codes: list[str]) -> None:
    answer = client("cora", api=True).post("/api/v1/calls/2026/decision")
    assert (answer.status_code, answer.json()["type"]) == (428, "precondition_required")


def test_a_coordinator_is_led_back_to_the_desk(client: Client, codes: list[str]) -> None:
    cora = client("cora")
    for answer in (cora.post(f"{DESK}/ranking/close"), cora.get(f"{DESK}/awards/publish")):
        assert (answer.status_code, ways(answer.text)) == (409, DESK_AND_FIRST)
    fragment = cora.post(f"{DESK}/ranking/close", headers={"HX-Request": "true"})
    assert ways(fragment.text) == DESK_AND_FIRST
    russian = cora.post(f"{DESK.replace('/en/', '/ru/')}/ranking/close")
    assert ways(russian.text)[0][0] == "/ru/desk/2026"


def test_an_applicant_is_led_back_to_the_application(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    ada = client("ada")
    clock.now = CLOSES + timedelta(days=1)
    late = ada.post(f"/en/apply/{ref}/brief", data={"version": "1", "title": "Late"})
    # Too late, and what was typed is still on the page.
    assert late.status_code == 409
    assert 'value="Late"' in late.text
    begun = ada.post("/en/calls/2026/apply", data={"processing": "true", "publication": "true"})
    assert ways(begun.text) == [("/en/calls/2026", "Back to the call"), FIRST_PAGE]
    large = ada.post(f"/en/my/{ref}/withdraw", content=b"a" * (MAX_BODY + 1))
    assert (large.status_code, ways(large.text)[0][0]) == (413, f"/en/my/{ref}")


def test_a_reviewer_is_led_back_to_the_queue(
    client: Client, engine: Engine, world: World, opened: Application
) -> None:
    close(engine, world)
    refused = client("rita").post(at(opened), data=form())
    assert refused.status_code == 409
    for said in ('href="/en/review/2026"', "Reviewing has closed.", "What you typed and was not saved"):
        assert said in refused.text


@pytest.mark.parametrize(
    "path", ["/en/nowhere", "/en/desk/2026", "/en/desk/nowhere", "/en/apply/WA26-NO/brief"]
)
def test_what_is_not_found_leads_nowhere_else(client: Client, path: str) -> None:
    for name in ("ada", "rita"):
        lost = client(name).get(path)
        assert (lost.status_code, ways(lost.text)) == (404, [FIRST_PAGE])


def close(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        session.get_one(Call, world.call.id).reviewing_closed_at = REVIEWING


SCORES_WRONG = (
    {"convinced": "x" * 5000},
    {"scores.need.score": "9"},
    {"scores.nonsense.score": "3"},
    {"unknown": "field"},
)


@pytest.mark.parametrize("wrong", SCORES_WRONG, ids=str)
def test_a_closed_reviewing_is_said_before_any_field_is(
    client: Client, engine: Engine, world: World, opened: Application, wrong: dict[str, str]
) -> None:
    close(engine, world)
    rita = client("rita")
    saved = rita.post(at(opened), data=form() | wrong)
    assert saved.status_code == 409
    assert "Reviewing has closed. This is what you wrote." in saved.text
    assert "<textarea" not in saved.text
    by_itself = rita.patch(at(opened), data=form() | wrong, headers={"HX-Request": "true"})
    assert by_itself.status_code == 409
    assert "Reviewing is not open." in by_itself.text
    for given in ({}, {"tie": "perhaps"}):
        assert rita.post(at(opened, "/tie"), data=given).status_code == 409


def test_scores_before_the_question_are_refused_for_that_whatever_they_say(
    client: Client, application: Application
) -> None:
    answer = client("rita").post(at(application), data=form() | {"convinced": "x" * 5000})
    assert (answer.status_code, "First say whether you have a tie" in answer.text) == (409, True)


def test_a_decided_call_is_said_before_any_field_is(
    client: Client, engine: Engine, world: World, codes: list[str]
) -> None:
    with session_on(engine) as session, session.begin():
        session.get_one(Call, world.call.id).decided_at = REVIEWING
    cora, pot = client("cora"), world.round.code
    for path in (f"/awards/{pot}/award", f"/awards/{pot}/departure", "/assign", "/assign/withdraw"):
        refused = cora.post(DESK + path, data={})
        assert (refused.status_code, ways(refused.text)) == (409, DESK_AND_FIRST), path


def test_a_review_leaves_fields_that_its_page_does_not_ask(client: Client, opened: Application) -> None:
    """One rule for sections, reviews and all other forms; the API refuses such fields."""
    more = {"unknown": "x", "scores.need.colour": "red", "is_winner": "1"}
    assert client("rita").post(at(opened), data=form() | more).status_code == 303


def test_a_section_leaves_fields_that_its_page_does_not_ask(
    client: Client, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    ada = client("ada")
    given = {"version": "1", "beneficiaries.b1.group": "Pensioners", "beneficiaries.b1.colour": "red"}
    saved = ada.post(f"/en/apply/{ref}/need/people", data=given | {"unknown": "x", "status": "awarded"})
    assert saved.status_code == 303
    with session_on(engine, reading=True) as session:
        data = session.exec(select(Draft.data).where(Draft.section == "need")).one()
    assert data["beneficiaries"] == [{"id": "b1", "group": "Pensioners"}]
    assert not {"unknown", "status"} & data.keys()


def test_a_section_that_no_draft_can_hold_keeps_what_was_typed(
    client: Client, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    ada = client("ada")
    given = {"version": "1", "title": "Apples", "summary": "x" * 20_001}
    refused = ada.post(f"/en/apply/{ref}/brief", data=given)
    assert refused.status_code == 422
    assert refused.text.count("Shorten this to 20,000 characters or fewer.") == 2
    assert ('value="Apples"' in refused.text, "x" * 20_001 in refused.text) == (True, True)
    by_itself = ada.patch(
        f"/en/apply/{ref}/brief/autosave", data=given | {"part": ""}, headers={"HX-Request": "true"}
    )
    assert by_itself.status_code == 422
    assert "Shorten this to 20,000 characters or fewer." in by_itself.text
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Draft.data).where(Draft.section == "brief")).one() == {}
