"""Text that no database can hold, or far too much of it, anywhere in a request: refused, never a failure.

PostgreSQL's texts know no NUL, and half a surrogate pair has no UTF-8. Each is put into every parameter of
every path, into queries, headers, cookies and forms, and one at a time into each text of each body.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from urllib.parse import quote, urlencode

import pytest
from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from sqlmodel import Session

from app.api.examples import BODIES
from app.database import session_on
from app.models.calls import Phase
from app.web.session import SAFE_METHODS
from tests.contracts.routes import Route
from tests.contracts.running import ANONYMOUS, Running, session_given
from tests.contracts.test_authorization import may_call, values

HOSTILE = {
    "nul": "a\x00b",
    "half a pair": "a\ud800b",
    "ten thousand": "z" * 10_000,
    # `isdigit` calls it one, `int` does not; and no integer of a database has thirty digits.
    "a square": "²",
    "thirty digits": "9" * 30,
}
URLS = {name: quote(text.encode("utf-8", "surrogatepass")) for name, text in HOSTILE.items()}
STALLS = (str(Phase.REVIEWING), str(Phase.OPEN), str(Phase.REVIEWED), str(Phase.PREPARING))
"""Where acts are possible; each is tried in the first of them that takes what people usually send, so that
what was sent reaches the database if nothing stops it."""
QUERIES = (
    "q", "status", "theme", "sort", "after", "before", "limit", "offset", "page", "next", "done", "back",
    "to", "start", "rows", "seen", "armed", "count", "l",
    "call", "show", "round", "organisation", "reviewer", "token", "code", "language",
)  # fmt: skip
HEADERS = (
    "if-match", "accept-language", "hx-target", "hx-current-url", "user-agent", "referer", "idempotency-key",
)  # fmt: skip
PLAIN = {
    "version": "1", "seen": "1", "part": "all", "_action": "continue", "title": "Title", "summary": "Text",
    "lines.l1.what": "Soil", "lines.l1.price": "5", "scores.need.score": "4", "scores.need.reason": "Why.",
    "convinced": "Yes", "email": "zoe@example.org", "code": "123456", "next": "/en/my", "theme": "dark",
    "name": "Ada", "reason": "A reason that is long enough to be one.", "application": "K7M2Q4",
    "reviewer": "R9W3XK5D", "organisation": "BC", "back": "check", "tie": "none", "note": "",
    "scene": "board",
}  # fmt: skip
"""What forms ask whose fields no model lists; a form takes what it knows."""


UNSTORABLE = ("nul", "half a pair")
FAILS_SQLITE = ("thirty digits",)
"""Of what SQLite alone can fail: it has room for a NUL and for any length, and PostgreSQL for any number.
What fails in both drivers, such as half a pair, or is no matter of the database, is asked of PostgreSQL."""
ALONE = ("nul", "ten thousand", "thirty digits")
"""What a form's field gets by itself: a refusal of another must not keep it from a database that fails of
it. Reading fails of the others, or does not, before anything is refused, so they go into all fields at once.
"""
OF_TEXT, OF_NUMBERS = ("nul", "ten thousand"), ("thirty digits",)


def hostile(running: Running) -> list[str]:
    """What this engine is asked with."""
    return [*(FAILS_SQLITE if running.engine.dialect.name == "sqlite" else HOSTILE)]


def person_of(route: Route) -> str:
    """Somebody who may call it."""
    for person in ("ada", "rita", "cora", "max", "zoe", "vera"):
        if person in may_call(route.name):
            return person
    return ANONYMOUS


@contextmanager
def written_and_forgotten(running: Running) -> Iterator[None]:
    """Every request's unit is written to the database, as before a commit, and then rolled back."""

    def session(request: Request) -> Iterator[Session]:
        with session_on(running.engine, reading=request.method in SAFE_METHODS) as session:
            yield session
            session.flush()
            session.rollback()

    with session_given(running, session):
        yield


@pytest.fixture
def hostile_routes(running: Running) -> Iterator[list[Route]]:
    with written_and_forgotten(running):
        yield running.routes


LED_ON = {"jury.home", "jury.edit", "jury.sign_in"}
"""Who has no juror's cookie is led to where one comes in, whatever the address says."""


class Failures(list[str]):
    """What failed, so that one run tells all of it."""

    def ask(
        self,
        running: Running,
        route: Route,
        method: str,
        path: str,
        what: str,
        headers: dict[str, str] | None = None,
        content: bytes = b"",
    ) -> int:
        """One request; a failure of the server is noted."""
        visitor = running.visitor(person_of(route), api=route.api)
        answer = visitor.request(method, path, headers=headers, content=content)
        if answer.status_code >= 500:
            self.append(f"{method} {route.name}: {what}")
        return answer.status_code


def params_of(running: Running, route: Route, stall: str) -> dict[str, str]:
    """Ids of this call."""
    there = values(running.fair.stalls[stall])
    return {name: there[name] for name in route.params}


def stall_that_takes(running: Running, route: Route, headers: dict[str, str], content: bytes) -> str:
    """Where this harmless request is taken, or else gets as far as anywhere."""
    (method,) = route.methods
    visitor = running.visitor(person_of(route), api=route.api)
    for stall in STALLS if {"call", "ref", "code"} & {*route.params} else STALLS[:1]:
        path = route.at(**params_of(running, route, stall))
        if visitor.request(method, path, headers=headers, content=content).status_code < 400:
            return stall
    return STALLS[-1] if route.name.startswith(("setup.", "api.setup.")) else STALLS[0]


def test_no_path_fails(running: Running, hostile_routes: list[Route]) -> None:
    failures = Failures()
    for route in hostile_routes:
        known = params_of(running, route, STALLS[0])
        for name in known:
            for what, text in ((each, URLS[each]) for each in hostile(running)):
                path = route.at(**known | {name: text})
                for method in route.methods:
                    status = failures.ask(running, route, method, path, f"{name} {what}")
                    if status < 400 and method == "GET" and route.name not in LED_ON:
                        failures.append(f"{method} {route.name}: {name} {what} was found")
    assert failures == []


def test_no_query_fails(running: Running, hostile_routes: list[Route]) -> None:
    failures = Failures()
    for route in hostile_routes:
        if "GET" not in route.methods:
            continue
        path = route.at(**params_of(running, route, STALLS[0]))
        names = {each.alias for each in (route.dependant.query_params if route.dependant else ())}
        for what, text in ((each, URLS[each]) for each in hostile(running)):
            query = "&".join(f"{name}={text}" for name in sorted({*QUERIES, *names}))
            failures.ask(running, route, "GET", f"{path}?{query}", f"queries {what}")
            for name in sorted(names):
                failures.ask(running, route, "GET", f"{path}?{name}={text}", f"query {name} {what}")
    assert failures == []


def headers_with(values: list[str], turn: int, route: Route) -> Iterator[dict[str, str]]:
    """All harmless headers at once, with each value where the route reads one itself. What reads the others,
    and who asks and from where, are the same few lines for every route: each gets them with one value, in
    turns."""
    value = values[turn % len(values)]
    for each in values if reads_headers(route.dependant) else [value]:
        yield dict.fromkeys(HEADERS, each)
    yield {"origin": value}
    yield (
        {"authorization": f"Bearer {value}"} if route.api else {"cookie": f"session={value}; theme={value}"}
    )


def reads_headers(dependant: Dependant | None) -> bool:
    """Whether the route, or what it depends on, asks for a header by name."""
    return dependant is not None and (
        bool(dependant.header_params) or any(map(reads_headers, dependant.dependencies))
    )


def test_no_header_or_cookie_fails(running: Running, hostile_routes: list[Route]) -> None:
    failures = Failures()
    # A header's bytes are latin-1 to the application; half a pair comes as its three bytes.
    sent = [HOSTILE[each].encode("utf-8", "surrogatepass").decode("latin-1") for each in hostile(running)]
    for turn, route in enumerate(hostile_routes):
        path = route.at(**params_of(running, route, STALLS[0]))
        for headers in headers_with(sent, turn, route):
            for method in route.methods:
                failures.ask(running, route, method, path, f"{ascii(headers)[:60]}", headers)
    assert failures == []
    assert sum(reads_headers(route.dependant) for route in hostile_routes) > 20, "those with a version"


def leaves(body: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of each value of a body, and of each key that people choose."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    if not isinstance(body, dict | list):
        yield place
    for name, each in inner:
        yield from leaves(each, (*place, name))


def with_text(body: Any, place: tuple[Any, ...], text: str, *, key: bool = False) -> Any:
    """The same body with this text there, or as the name of what is there."""
    changed = deepcopy(body)
    node = changed
    for name in place[:-1]:
        node = node[name]
    if key:
        node[text] = node.pop(place[-1])
    else:
        node[place[-1]] = text
    return changed


def test_no_body_of_the_api_fails(running: Running, hostile_routes: list[Route]) -> None:
    failures = Failures()
    headers = {"content-type": "application/json", "if-match": '"1"'}
    for route in hostile_routes:
        if not route.api or route.methods <= SAFE_METHODS:
            continue
        example = BODIES.get(route.name, {"text": ""})
        (method,) = route.methods
        stall = stall_that_takes(running, route, headers, json.dumps(example).encode())
        path = route.at(**params_of(running, route, stall))
        for what, text in ((each, HOSTILE[each]) for each in hostile(running)):
            for place in leaves(example):
                for key in {False, isinstance(place[-1], str) and what in UNSTORABLE}:
                    content = json.dumps(with_text(example, place, text, key=key)).encode()
                    failures.ask(running, route, method, path, f"{place} {what}", headers, content)
    assert sorted(set(failures)) == []


def form_models(dependant: Dependant | None) -> Iterator[type[BaseModel]]:
    """The models of a page's forms, which its dependencies read."""
    for each in dependant.dependencies if dependant else ():
        for cell in getattr(each.call, "__closure__", None) or ():
            if isinstance(cell.cell_contents, type) and issubclass(cell.cell_contents, BaseModel):
                yield cell.cell_contents
        yield from form_models(each)


STEERING = {
    **{name: {*ALONE} for name in ("version", "seen")},
    **{name: {*OF_TEXT} for name in ("part", "_action", "back", "next", "code", "email")},
}
"""What says where a form leads, with what each can hold."""


def kinds_of(annotation: Any) -> set[str]:
    """What a field with this annotation can hold of what a database fails of: text, numbers, or neither.

    A choice, a date or a tick is never stored as it was typed.
    """
    inner = get_args(annotation)
    if inner and get_origin(annotation) is not Literal:
        return {kind for each in inner for kind in kinds_of(each)}
    if annotation in {int, Decimal, float}:
        return {*OF_NUMBERS}
    if not isinstance(annotation, type) or issubclass(annotation, Enum | date | bool | NoneType):
        return set()
    return {*OF_TEXT}


def forms(plain: dict[str, str], kinds: dict[str, set[str]], what: str) -> Iterator[tuple[str, str]]:
    """The form with the text in one field after the other or in all, and then in a name.

    A form whose fields no model lists (`plain` is empty) keeps whatever it knows: there all but those that
    steer it go in at once.
    """
    whole, text = plain or PLAIN, URLS[what]
    if what in ALONE:
        for name in (each for each, held in (kinds or STEERING).items() if what in held):
            rest = {each: value for each, value in whole.items() if each != name}
            yield name, f"{urlencode(rest)}&{quote(name)}={text}"
    if what != "ten thousand" or not plain:
        kept = {} if plain else {name: PLAIN[name] for name in STEERING}
        sent = (f"{quote(name)}={text}" for name in sorted(whole.keys() - kept))
        yield "all", "&".join(filter(None, (urlencode(kept), *sent)))
    if what in UNSTORABLE:
        yield "a name", f"{urlencode(whole)}&{text}=1&lines.{text}.what=1&title.{text}=1"


def test_no_form_fails(running: Running, hostile_routes: list[Route]) -> None:
    failures = Failures()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for route in hostile_routes:
        if route.api or route.methods <= SAFE_METHODS:
            continue
        kinds = {
            name: kinds_of(info.annotation)
            for model in form_models(route.dependant)
            for name, info in model.model_fields.items()
        }
        plain = {name: PLAIN.get(name, "1") for name in kinds}
        (method,) = route.methods
        stall = stall_that_takes(running, route, headers, urlencode(plain or PLAIN).encode())
        path = route.at(**params_of(running, route, stall))
        for what in hostile(running):
            for name, content in forms(plain, kinds, what):
                failures.ask(running, route, method, path, f"{name} {what}", headers, content.encode())
    assert sorted(set(failures)) == []
