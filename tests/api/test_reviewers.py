"""Panel reviewers over the API."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database import session_on
from tests.calls.ready import apply_as
from tests.world import World

Client = Callable[..., TestClient]
PATH = "/api/v1/calls/2026/reviewers"


def test_list_reviewers_names_them_to_coordinators_alone(client: Client) -> None:
    listed = client("cora", api=True).get(PATH).json()
    assert listed["total"] == 4
    assert [(each["organisation"], each["email"]) for each in listed["items"]] == [
        ("ADC", "anna.canary@example.org"),
        ("AKIM", "rolf.canary@example.org"),
        ("BC", "rita.canary@example.org"),
        ("KBTU", "karl.canary@example.org"),
    ]
    for stranger in ("rita", "ada", "max", "zoe"):
        answer = client(stranger, api=True).get(PATH)
        assert (answer.status_code, "canary" in answer.text) == (404, False)
    assert client().get(PATH).status_code == 401


def test_add_and_remove_a_reviewer_take_effect_at_once(client: Client, world: World) -> None:
    cora, zoe = client("cora", api=True), client("zoe", api=True)
    reviewing = "/api/v1/calls/2026/assignments"
    named = cora.post(PATH, json={"email": "new@example.org", "name": "  Aliya  S. ", "organisation": "BC"})
    assert (named.status_code, named.json()["name"]) == (201, "Aliya S.")
    answer = cora.post(PATH, json={"email": "Zoe.Canary@example.org", "organisation": "BC"})
    assert answer.status_code == 201
    added = answer.json()
    assert (added["email"], added["role"], added["organisation"]) == (
        "zoe.canary@example.org", "reviewer", "BC",
    )  # fmt: skip
    assert cora.get(f"{PATH}/{added['code']}").json() == added
    assert cora.delete(f"{PATH}/{added['code']}").status_code == 204
    assert cora.get(f"{PATH}/{added['code']}").status_code == 404
    assert cora.delete(f"{PATH}/{added['code']}").status_code == 404
    assert zoe.get(reviewing).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"email": "nobody", "organisation": "BC"}, "email", "email.invalid"),
        ({"email": "new@example.org", "organisation": "XX"}, "organisation", "panel.organisation"),
        ({"email": "rita.canary@example.org", "organisation": "BC"}, "email", "panel.already"),
        ({"email": "cora.canary@example.org", "organisation": "BC"}, "email", "panel.other_role"),
        ({"email": "ada.canary@example.org", "organisation": "BC"}, "email", "panel.applies"),
    ],
)
def test_add_reviewer_refuses(
    client: Client, engine: Engine, world: World, body: dict[str, str], field: str, code: str
) -> None:
    with session_on(engine) as session, session.begin():
        apply_as(session, world, "ada")
    answer = client("cora", api=True).post(PATH, json=body)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]
    assert client("cora", api=True).get(PATH).json()["total"] == 4


def test_coordinators_are_no_reviewers(client: Client, world: World) -> None:
    code = world.members["cora"].code
    assert client("cora", api=True).get(f"{PATH}/{code}").status_code == 404
    assert client("cora", api=True).delete(f"{PATH}/{code}").status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("DELETE", "/CODE"), ("GET", "/CODE")])
def test_reviewers_litany(client: Client, method: str, path: str) -> None:
    body = {"email": "new@example.org", "organisation": "BC"} if method == "POST" else None
    for stranger in ("rita", "ada", "max"):
        assert client(stranger, api=True).request(method, PATH + path, json=body).status_code == 404
    assert client().request(method, PATH + path, json=body).status_code == 401
    read_only = client("cora", api=True, scopes=("reviewer:write",))
    assert read_only.request(method, PATH + path, json=body).status_code == 403


def test_coordinators_and_contacts_join_and_leave_as_on_the_page(client: Client, world: World) -> None:
    cora, zoe, path = client("cora", api=True), client("zoe", api=True), "/api/v1/calls/2026/panel"
    roles = [each["role"] for each in cora.get(path).json()["items"]]
    assert roles == ["coordinator", *["reviewer"] * 4]
    given = {"email": "zoe.canary@example.org", "role": "contact", "organisation": ""}
    refused = cora.post(path, json=given).json()["errors"]
    assert [(each["field"], each["code"]) for each in refused] == [("organisation", "missing")]
    made = cora.post(path, json=given | {"organisation": "BC"})
    added = made.json()
    assert (made.status_code, added["role"], added["organisation"]) == (201, "contact", "BC")
    assert made.headers["location"].endswith(f"/calls/2026/panel/{added['code']}")
    assert zoe.get("/api/v1/calls/2026/organisation").json()["organisation"]["en"] == "British Council"
    assert cora.get(f"/api/v1/calls/2026/reviewers/{added['code']}").status_code == 404
    assert cora.delete(f"{path}/{added['code']}").status_code == 204
    assert zoe.get("/api/v1/calls/2026/organisation").status_code == 404

    alone = cora.delete(f"{path}/{world.members['cora'].code}")
    assert (alone.status_code, alone.json()["type"]) == (409, "panel.last_coordinator")
    second = cora.post(path, json={"email": "zoe.canary@example.org", "role": "coordinator"}).json()
    assert zoe.get(f"{path}/{second['code']}").json() == second
    assert cora.delete(f"{path}/{world.members['cora'].code}").status_code == 204
    assert cora.get(path).status_code == 404, "whoever runs the call may leave it to another"
    for stranger in ("rita", "ada", "max"):
        assert client(stranger, api=True).get(path).status_code == 404
