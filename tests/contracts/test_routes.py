"""Every route has a name and an address of its own and finds its role in its call; a GET cannot write."""

import inspect
import re

from app.web import actors
from app.web.session import session_of
from tests.contracts.routes import Route

NAME = re.compile(r"(api\.)?[a-z_]+\.[a-z_]+")
SHORT_NAMES = {"root", "health", "home", "openapi"}


def test_no_two_routes_have_one_name(site_routes: list[Route]) -> None:
    names = [route.name for route in site_routes]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_no_two_routes_answer_one_address(site_routes: list[Route]) -> None:
    answered = [(method, route.path) for route in site_routes for method in route.methods]
    assert len(answered) == len(set(answered))


def test_route_is_called_noun_verb(site_routes: list[Route]) -> None:
    assert [
        route.name
        for route in site_routes
        if route.name not in SHORT_NAMES
        and (not NAME.fullmatch(route.name) or route.name.startswith("api.") != route.api)
    ] == []


def test_a_route_with_a_call_in_its_path_finds_the_role_there(site_routes: list[Route]) -> None:
    """`/desk/{call}/` is its coordinators' (or names a call to copy), `/review/{call}/` its reviewers'."""
    for route in site_routes:
        if "/desk/{call}" in route.path:
            assert {actors.coordinator, actors.desk_uploader} & route.needs(), route.name
        if "/review/{call}" in route.path:
            assert actors.reviewer in route.needs(), route.name


def test_no_handler_waits_in_the_loop(site_routes: list[Route]) -> None:
    """A handler with a session runs in a thread: it would hold up every other request in the loop."""
    assert [
        route.name
        for route in site_routes
        if session_of in route.needs() and inspect.iscoroutinefunction(route.endpoint)
    ] == []


def test_get_calls_no_action(site_routes: list[Route]) -> None:
    """A GET reads. That nothing is written is seen in `test_blindness.py`, where every GET is called."""
    wrong = []
    for route in site_routes:
        if "GET" in route.methods and route.endpoint is not None and route.dependant is not None:
            source = inspect.getsource(route.endpoint)
            if "actions." in source or ".add(" in source or "commit(" in source:
                wrong.append(route.name)
    assert wrong == []


def test_every_get_is_a_get_alone(site_routes: list[Route]) -> None:
    assert [route.name for route in site_routes if "GET" in route.methods and len(route.methods) > 1] == []
