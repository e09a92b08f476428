"""Every form of the site, refused in every way that is the same for all: and nothing written."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from app.database import session_on
from app.main import MAX_BODY, UPLOADS
from app.web import actors
from tests.api.everything import everything
from tests.api.fuzzed import make_calls
from tests.conftest import Client
from tests.contracts.routes import Route, routes_of
from tests.world import World

ACTORS = {actors.signed_in, actors.applicant, actors.manager, actors.reviewer, actors.coordinator}
ROLES = {actors.reviewer: "rita", actors.coordinator: "cora", actors.manager: "cora"}
UNKNOWN = "QQQQQQQQ"
ANYBODYS = {"applications.start", "account.make_token"}
"""What everybody with an account may do."""
HOLDERS = {"team.accept", "team.decline"}
"""Whoever holds the key of an invitation is told that it is another account's: see `test_team.py`."""


@pytest.fixture
def known(engine: Engine, world: World) -> dict[str, str]:
    """By name of a path's parameter, something that is there."""
    with session_on(engine) as session, session.begin():
        found = make_calls(session, world)
    return {name: values[0] for name, values in found.items()}


@pytest.fixture(scope="module")
def writes(built: FastAPI) -> list[Route]:
    found = [route for route in routes_of(built) if not route.api and route.methods - {"GET"}]
    assert len(found) > 50
    return found


def at(route: Route, known: dict[str, str]) -> str:
    return route.at("en", **{name: known.get(name, UNKNOWN) for name in route.params})


def test_a_cross_site_form_is_403(
    client: Client, engine: Engine, known: dict[str, str], writes: list[Route]
) -> None:
    browsers = {name: client(name) for name in ("ada", "rita", "cora")}
    before = everything(engine)
    for route in writes:
        name = next((ROLES[need] for need in route.needs() if need in ROLES), "ada")
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            (method,) = route.methods
            answer = browsers[name].request(method, at(route, known), data={"a": "b"}, headers=headers)
            assert answer.status_code == 403, route.name
    assert everything(engine) == before


def test_nobody_is_sent_to_sign_in(
    client: Client, engine: Engine, known: dict[str, str], writes: list[Route]
) -> None:
    nobody = client()
    before = everything(engine)
    for route in writes:
        if route.needs() & ACTORS:
            (method,) = route.methods
            answer = nobody.request(method, at(route, known), data={"a": "b"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/en/sign-in"), route.name
    assert everything(engine) == before


def test_a_stranger_finds_nothing_with_the_bytes_of_an_address_that_never_was(
    client: Client, engine: Engine, known: dict[str, str], writes: list[Route]
) -> None:
    stranger = client("zoe")
    before = everything(engine)
    for route in writes:
        if not route.params or not route.needs() & ACTORS or route.name in ANYBODYS | HOLDERS:
            continue
        (method,) = route.methods
        there = stranger.request(method, at(route, known), data={"a": "b"})
        nowhere = stranger.request(method, at(route, {}), data={"a": "b"})
        assert there.status_code == 404, route.name
        seen, lost = (
            each.content.replace(at(route, names).removeprefix("/en").encode(), b"")
            for each, names in ((there, known), (nowhere, {}))
        )
        assert (there.status_code, seen) == (nowhere.status_code, lost), route.name
    assert everything(engine) == before


def test_too_large_a_form_is_413(
    client: Client, engine: Engine, known: dict[str, str], writes: list[Route]
) -> None:
    browsers = {name: client(name) for name in ("ada", "rita", "cora")}
    before = everything(engine)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    chunk = b"a=" + b"b" * 65_534 + b"&"
    pieces = MAX_BODY // len(chunk) + 1
    for route in writes:
        if UPLOADS.fullmatch(at(route, known)):
            continue  # these take files, and count for themselves: `tests/web/test_uploads.py`
        name = next((ROLES[need] for need in route.needs() if need in ROLES), "ada")
        (method,) = route.methods
        whole = browsers[name].request(method, at(route, known), content=chunk * pieces, headers=kind)
        assert whole.status_code == 413, route.name
        if at(route, known).startswith("/en/"):
            assert "This is larger than the site accepts." in whole.text
    assert everything(engine) == before


def test_too_large_a_section_in_pieces_is_413(client: Client, engine: Engine, known: dict[str, str]) -> None:
    ada = client("ada")
    before = everything(engine)
    answer = ada.post(
        f"/en/apply/{known['ref']}/brief",
        content=iter([b"summary=" + b"b" * 60_000 + b"&"] * 10),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413
    assert everything(engine) == before
