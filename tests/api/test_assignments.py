"""Assigning and the desk over the API."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.reviews import Tie
from tests.conftest import Client, Clock
from tests.factories import OWN_WORD, REVIEWING, make_assignment, make_review, make_sent_application
from tests.world import World

CALL = "/api/v1/calls/2026"


@pytest.fixture
def application(engine: Engine, world: World, clock: Clock) -> Application:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        return make_sent_application(session, world)


def test_assignments_from_none_to_all(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora = client("cora", api=True)
    given = {"application": application.code, "reviewer": world.members["rita"].code}
    assert cora.post(f"{CALL}/assignments", json=given).status_code == 201
    assert cora.post(f"{CALL}/assignments", json=given).status_code == 409
    assert cora.post(f"{CALL}/assignments/distribute").json() == {"made": 3, "holes": 0}
    listed = cora.get(f"{CALL}/assignments").json()
    assert (listed["total"], len(listed["items"])) == (4, 4)
    assert {
        "application": application.code,
        "reviewer": given["reviewer"],
        "organisation": "BC",
        "tie": None,
        "progress": "to_do",
    } in listed["items"]
    path = f"{CALL}/assignments/{application.code}/{given['reviewer']}"
    assert cora.delete(path).status_code == 204
    assert cora.delete(path).status_code == 404
    assert cora.get(f"{CALL}/assignments").json()["total"] == 3


def test_a_proposal_is_tagged_adjusted_and_published(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora = client("cora", api=True)
    path = f"{CALL}/assignments/proposal"
    assert cora.get(path).status_code == 404
    made = cora.post(path, json={"organisation_most": {"BC": 1}})
    assert (made.status_code, made.headers["etag"], made.json()["missing"]) == (201, '"1"', 0)
    pair = {"application": application.code, "reviewer": world.members["rita"].code}
    assert cora.patch(path, json=pair | {"act": "take"}).status_code == 428
    adjusted = cora.patch(path, json=pair | {"act": "take"}, headers={"If-Match": '"1"'})
    assert (adjusted.headers["etag"], adjusted.json()["missing"]) == ('"2"', 1)
    assert cora.delete(path, headers={"If-Match": '"1"'}).status_code == 412
    published = cora.post(f"{CALL}/assignments/publish", headers={"If-Match": '"2"'})
    assert (published.status_code, published.json()) == (200, {"made": 3})
    table = cora.get(f"{CALL}/assignments/table.csv").text
    assert f"{application.code},en,ecology,BC,,,missing" in table
    given = {"rows": f"application,reviewer\n{application.code},{pair['reviewer']}\n{application.code},X"}
    refused = cora.post(f"{CALL}/assignments/table", json=given)
    assert (refused.status_code, "rows.3" in refused.text) == (422, True)
    hand_on = {"handed_by": world.members["rolf"].code}
    handed = cora.post(f"{CALL}/assignments/hand-on", json=hand_on)
    assert (handed.status_code, handed.json()["taken"]) == (201, []), "nobody else of it could read it"
    assert cora.delete(path, headers={"If-Match": handed.headers["etag"]}).status_code == 204


def test_a_substitute_of_the_same_organisation_is_found(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora = client("cora", api=True)
    with session_on(engine) as session, session.begin():
        make_assignment(session, world, application, "rita", tie=Tie.TIE)
    given = {"application": application.code, "organisation": "BC"}
    alone = cora.post(f"{CALL}/assignments/substitute", json=given)
    assert (alone.status_code, alone.json()["type"]) == (409, "assignment.nobody_free")
    colleague = {"email": "colleague@example.org", "organisation": "BC"}
    code = cora.post(f"{CALL}/reviewers", json=colleague).json()["code"]
    found = cora.post(f"{CALL}/assignments/substitute", json=given)
    assert (found.status_code, found.json()) == (201, given | {"reviewer": code})
    again = cora.post(f"{CALL}/assignments/substitute", json=given)
    assert (again.status_code, again.json()["type"]) == (409, "assignment.exists")
    for wrong in ({"application": "Апорт-0"}, {"organisation": "XX"}):
        assert cora.post(f"{CALL}/assignments/substitute", json=given | wrong).status_code == 404
    for refused in ({"organisation": ""}, {"organisation": 5}, {"more": "x"}):
        assert cora.post(f"{CALL}/assignments/substitute", json={**given, **refused}).status_code == 422
    for stranger in ("rita", "ada", "zoe"):
        answer = client(stranger, api=True).post(f"{CALL}/assignments/substitute", json=given)
        assert answer.status_code == 404


def test_assignments_refuse_in_one_shape(client: Client, application: Application) -> None:
    cora = client("cora", api=True)
    answer = cora.post(f"{CALL}/assignments", json={"application": "Апорт-0", "reviewer": "NOBODY"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["application", "reviewer"]
    assert cora.post(f"{CALL}/assignments", json={"application": application.code}).status_code == 422


def test_assignments_hold_no_score(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        make_review(session, world, make_assignment(session, world, application, "rita"))
    cora = client("cora", api=True)
    for path in ("assignments", "progress"):
        text = cora.get(f"{CALL}/{path}").text
        assert "score" not in text
        assert "reason" not in text


def test_reviewing_opens_once(client: Client, application: Application) -> None:
    cora = client("cora", api=True)
    assert cora.post(f"{CALL}/reviewing").json() == {"applications": 1}
    assert cora.post(f"{CALL}/reviewing").status_code == 409
    assert cora.get(f"{CALL}/progress").json()["phase"] == "reviewing"


def test_applications_without_names_and_identity_with_a_trace(
    client: Client, engine: Engine, application: Application
) -> None:
    cora = client("cora", api=True)
    listed = cora.get(f"{CALL}/applications").json()
    assert [line["ref"] for line in listed["items"]] == [application.ref]
    one = cora.get(f"{CALL}/applications/{application.ref}")
    assert OWN_WORD in one.text
    assert "canary" not in (str(listed) + one.text).lower()
    identity = cora.get(f"{CALL}/applications/{application.ref}/identity").json()
    assert identity["display_name"] == "Ada Canaryname and friends"
    with session_on(engine, reading=True) as session:
        assert [row.action for row in session.exec(select(AuditEntry))] == ["identity.read"]


@pytest.mark.parametrize("name", ["rita", "ada", "zoe"])
def test_a_stranger_finds_nothing(client: Client, application: Application, name: str) -> None:
    someone = client(name, api=True)
    for path in ("assignments", "applications", f"applications/{application.ref}/identity", "progress"):
        assert someone.get(f"{CALL}/{path}").status_code == 404
    assert someone.post(f"{CALL}/assignments/distribute").status_code == 404
    assert client(api=True).get(f"{CALL}/assignments").status_code == 401
    reader = client("cora", api=True, scopes=("coordinator:read",))
    assert reader.post(f"{CALL}/assignments/distribute").status_code == 403
