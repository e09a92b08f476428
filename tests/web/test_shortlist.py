"""The shortlist leads every address where the framework's own search through all routes leads it."""

from collections.abc import Iterator
from functools import cache

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import BaseRoute, Match

from app.web.shortlist import Shortlist

METHODS = ("GET", "POST", "PATCH", "DELETE")
MOST = 4
"""As many branches of the table are asked for any address: a few fit more than one."""
FOLDERS = {"/static", "/vendor", "/api/v1"}
"""What is mounted there is found below, not there."""


def _routers(app: FastAPI) -> Iterator[APIRouter]:
    """That of the site, and that of the API."""
    yield app.router
    for context in iter_route_contexts(app.routes):
        mounted = getattr(context.original_route, "app", None)
        if isinstance(mounted, FastAPI):
            yield mounted.router


def _paths(router: APIRouter) -> list[str]:
    return [str(context.path) for context in iter_route_contexts(router.routes)]


@cache
def _shortlists(app: FastAPI) -> list[tuple[APIRouter, Shortlist]]:
    return [(router, Shortlist(router)) for router in _routers(app)]


@cache
def _words(app: FastAPI) -> list[str]:
    """What addresses are made of: the parts of all that there are, and some that are in none."""
    paths = [path for router in _routers(app) for path in _paths(router)]
    return sorted({part for path in paths for part in path.split("/")} | {"en", "a.csv", "é", "en\n", "\n"})


def _chosen(routes: list[BaseRoute], method: str, path: str) -> tuple[Match, BaseRoute | None]:
    """What the framework settles on: the first that matches, or else the first that knows other methods."""
    other: tuple[Match, BaseRoute | None] = (Match.NONE, None)
    for route in routes:
        match, _ = route.matches({"type": "http", "method": method, "path": path, "root_path": ""})
        if match is Match.FULL:
            return match, route
        if match is Match.PARTIAL and other[1] is None:
            other = match, route
    return other


def _same(app: FastAPI, method: str, path: str) -> None:
    for router, shortlist in _shortlists(app):
        short = shortlist.routes(shortlist.places(path))
        assert _chosen(short, method, path) == _chosen(router.routes, method, path), (method, path)


def test_every_route_is_found_by_asking_a_few(built: FastAPI) -> None:
    for router, shortlist in _shortlists(built):
        for path in _paths(router):
            address = path.replace("{l:lang}", "en").replace("{", "").replace("}", "")
            short = shortlist.places(address)
            assert 1 <= len(short) <= MOST, address
            chosen = _chosen(shortlist.routes(short), "GET", address)
            assert chosen == _chosen(router.routes, "GET", address), address
            assert chosen[1] is not None or address in FOLDERS, address


@given(st.sampled_from(METHODS), st.data())
def test_any_other_address_is_found_or_not_as_before(
    built: FastAPI, method: str, data: st.DataObject
) -> None:
    parts = data.draw(st.lists(st.sampled_from(_words(built)), max_size=7))
    _same(built, method, "/" + "/".join(parts))


def test_what_may_hold_slashes_and_what_is_mounted_is_found_below() -> None:
    router = APIRouter(redirect_slashes=False)
    router.add_api_route("/files/{name:path}", lambda: None)
    router.add_api_route("/files/{name}/about", lambda: None)
    router.mount("/static", FastAPI())
    found = Shortlist(router).places
    asked = ("/files/a/b", "/files/a/about", "/static/x/y", "/static", "/none")
    assert [found(path) for path in asked] == [(0,), (0, 1), (2,), (2,), ()]


def test_a_router_that_mends_endings_has_none() -> None:
    with pytest.raises(ValueError, match="ending"):
        Shortlist(APIRouter())


def test_what_is_refused_is_refused_in_the_frameworks_words() -> None:
    app = FastAPI(redirect_slashes=False)
    part = APIRouter()
    part.add_api_route("/apples/{code}", lambda code: code, methods=["GET"])
    part.add_api_route("/apples/{code}", lambda code: code, methods=["PATCH"])
    app.include_router(part, prefix="/{l:lang}")
    app.router.middleware_stack = Shortlist(app.router)
    anybody = TestClient(app)
    assert anybody.patch("/en/apples/red").json() == "red"
    wrong = anybody.delete("/en/apples/red")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    for path in ("/en/apples/red/", "/en/apples", "/xx/apples/red", "//en/apples/red", "/en/apples/red/x"):
        assert anybody.get(path).status_code == 404, path
