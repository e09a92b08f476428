"""HEAD answers wherever GET does: the same status and headers, and no body."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from app.database import session_on
from app.web import actors
from tests.api.fuzzed import make_calls
from tests.conftest import Client
from tests.contracts.routes import routes_of
from tests.world import World

ROLES = {actors.reviewer: "rita", actors.coordinator: "cora", actors.manager: "cora"}
OFTEN_NEW = {"date", "etag"}


@pytest.mark.parametrize("database_url", ["sqlite"], ids=["embedded"], indirect=True)
def test_head_answers_as_get_on_every_route(
    built: FastAPI, client: Client, engine: Engine, world: World
) -> None:
    """On one engine: what takes the body off is in front of every route, and knows no database."""
    with session_on(engine) as session, session.begin():
        known = {name: values[0] for name, values in make_calls(session, world).items()}
    people = {(name, api): client(name, api=api) for name in ("ada", "rita", "cora") for api in (False, True)}
    asked = [route for route in routes_of(built) if "GET" in route.methods]
    assert len(asked) > 80
    answered = 0
    for route in asked:
        name = next((ROLES[need] for need in route.needs() if need in ROLES), "ada")
        path = route.at("en", **{each: known.get(each, "QQQQQQQQ") for each in route.params})
        get, head = (people[name, route.api].request(method, path) for method in ("GET", "HEAD"))
        assert head.status_code == get.status_code, route.name
        assert head.content == b"", route.name
        unlike = {each for each in head.headers if head.headers[each] != get.headers.get(each)}
        assert unlike <= OFTEN_NEW, route.name
        answered += get.status_code == 200
    assert answered > 50


@pytest.mark.parametrize("path", ["/static/site.css", "/api/v1/openapi.json", "/api/v1/docs", "/health"])
def test_head_answers_for_files_and_documents(client: Client, path: str) -> None:
    got = client().head(path)
    assert (got.status_code, got.content) == (200, b"")
    assert int(got.headers["content-length"]) > 0


def test_head_of_what_has_no_get_is_refused(client: Client) -> None:
    assert client("cora").head("/en/desk/2026/phases/plans").status_code == 405
    assert client("cora", api=True).head("/api/v1/calls/2026/ranking/close").status_code == 405
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert client("ada").head("/en/my", headers=cross).status_code == 403
