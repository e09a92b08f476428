"""Every write of the API, refused in every way: the right status, one shape, and nothing written.

The operations are those of the OpenAPI document, so that a new one is among them by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from app.api.openapi import SCHEME
from app.database import session_on
from app.main import MAX_BODY
from tests.api.everything import everything
from tests.api.fuzzed import make_calls
from tests.conftest import Client
from tests.world import World

API = "/api/v1"
ROLES = {"applicant": "ada", "reviewer": "rita", "coordinator": "cora", "contact": "max"}
CHUNK = b" " * 65_536
UNKNOWN = "QQQQQQQQ"
ANYBODYS = {"api.calls.create"}
"""Writes that name nothing in their address."""
OF_ONE_S_OWN = {"api.applications.start", "api.my_data.correct", "api.my_data.erase", "api.my_data.keep"}
"""Anybody may apply, and ask about the data of an account of their own."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document, at an address of the world."""

    name: str
    method: str
    path: str
    address: str
    role: str
    body: Any
    versioned: bool
    takes_a_file: bool

    @property
    def elsewhere(self) -> str:
        """The same where nothing is: every name in the path is one that was never given."""
        return API + "/".join(UNKNOWN if part[:1] == "{" else part for part in self.path.split("/"))

    def sent(self, http: TestClient, **more: Any) -> Response:
        """Sends it with its example and an entity tag, but for what a test says."""
        headers = {"If-Match": '"1"'} | more.pop("headers", {})
        address = more.pop("address", self.address)
        given = more if "content" in more else {"json": self.body} | more
        return http.request(self.method, address, headers=headers, **given)


@pytest.fixture
def writes(built: FastAPI, client: Client, engine: Engine, world: World) -> list[Operation]:
    """Every write, at addresses of a call that is open, of one in review, or of one that is ranked."""
    with session_on(engine) as session, session.begin():
        known = make_calls(session, world)
    document = client().get(f"{API}/openapi.json").json()
    found = list(operations(document, known))
    assert len(found) > 35
    return found


def operations(document: dict[str, Any], known: dict[str, list[str]]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, each in methods.items():
            if method == "get":
                continue
            if not each["security"]:
                continue  # what anybody may send has no role: see `tests/api/test_attendance.py`
            ((scope,),) = [entry[SCHEME] for entry in each["security"]]
            content = each.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(
                name=each["operationId"],
                method=method.upper(),
                path=path,
                address=API + path.format_map({name: values[0] for name, values in known.items()}),
                role=ROLES[scope.partition(":")[0]],
                body=content.get("example"),
                versioned="428" in each["responses"],
                takes_a_file="application/octet-stream" in each.get("requestBody", {}).get("content", {}),
            )


def refused(answer: Response, status: int | set[int], where: Operation) -> dict[str, Any]:
    """A problem of that status, in the one shape."""
    expected = {status} if isinstance(status, int) else status
    assert answer.status_code in expected, (where.name, answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json", where.name
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status"} <= body.keys() <= {"type", "title", "status", "errors"}
    assert body["status"] == answer.status_code
    return body


def test_write_without_a_token_or_with_a_wrong_one_is_401(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    before = everything(engine)
    nobody = client()
    for each in writes:
        answer = each.sent(nobody)
        refused(answer, 401, each)
        assert answer.headers["www-authenticate"] == "Bearer"
        refused(each.sent(nobody, headers={"Authorization": "Bearer baige_forged"}), 401, each)
    assert everything(engine) == before


def test_a_cookie_is_no_token_and_a_token_no_cookie(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    browsers = {name: client(name) for name in ROLES.values()}
    program = client("ada", api=True)
    before = everything(engine)
    for each in writes:
        refused(each.sent(browsers[each.role]), 401, each)
    assert program.get("/en/my").status_code == 303
    assert everything(engine) == before


def test_write_without_its_scope_is_403(writes: list[Operation], client: Client, engine: Engine) -> None:
    all_but = {
        role: tuple(f"{other}:{kind}" for other in ROLES for kind in ("read", "write")
                    if (other, kind) != (role, "write"))
        for role in ROLES
    }  # fmt: skip
    programs = {name: client(name, api=True, scopes=all_but[role]) for role, name in ROLES.items()}
    before = everything(engine)
    for each in writes:
        refused(each.sent(programs[each.role]), 403, each)
    assert everything(engine) == before


def test_a_stranger_finds_nothing_with_the_bytes_of_an_address_that_never_was(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    stranger = client("zoe", api=True)
    before = everything(engine)
    for each in writes:
        if each.name in OF_ONE_S_OWN:
            continue
        if each.name.startswith("api.invitations."):
            continue  # whoever holds the key of an invitation is told that it is another account's
        there = each.sent(stranger)
        refused(there, 404, each)
        if each.name not in ANYBODYS:
            nowhere = each.sent(stranger, address=each.elsewhere)
            assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), each.name
    assert everything(engine) == before


def test_a_cross_site_request_is_403_whoever_sends_it(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    programs = {name: client(name, api=True) for name in ROLES.values()}
    before = everything(engine)
    for each in writes:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert each.sent(programs[each.role], headers=headers).status_code == 403, each.name
    assert everything(engine) == before


def test_a_body_that_is_not_what_is_asked_for_is_refused(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    programs = {name: client(name, api=True) for name in ROLES.values()}
    before = everything(engine)
    for each in writes:
        if each.body is None:
            continue
        http, as_json = programs[each.role], {"Content-Type": "application/json"}
        for broken in (b"{", b"", b"\xff\xfe{}", b'{"a": 1e}', b"[" * 5000, b"null", b"[]", b'"text"'):
            refused(each.sent(http, content=broken, headers=as_json), 422, each)
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            refused(each.sent(http, content=b"{}", headers={"Content-Type": kind}), 415, each)
        said = refused(each.sent(http, json={**each.body, "nothing_of_this_name": 1}), 422, each)
        assert "nothing_of_this_name" in {error["field"] for error in said["errors"]}, each.name
        refused(each.sent(http, json={**each.body, "nul": "a\x00b"}), 422, each)
        refused(each.sent(http, content=b'{"half": "\\ud800"}', headers=as_json), 422, each)
    assert everything(engine) == before


def test_too_large_a_body_is_413_with_a_length_or_in_pieces(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    programs = {name: client(name, api=True) for name in ROLES.values()}
    before = everything(engine)
    as_json = {"Content-Type": "application/json"}
    pieces = MAX_BODY // len(CHUNK) + 1
    for each in writes:
        http = programs[each.role]
        if each.takes_a_file:
            # These take more: see tests/web/test_uploads.py.
            first = {"If-Match": '"0"'}
            refused(each.sent(http, content=CHUNK * pieces, headers=first), 422, each)
            refused(each.sent(http, content=iter([CHUNK] * 200), headers=first), 413, each)
            continue
        refused(each.sent(http, content=CHUNK * pieces, headers=as_json), 413, each)
        if each.body is not None:
            refused(each.sent(http, content=iter([CHUNK] * pieces), headers=as_json), 413, each)
    assert everything(engine) == before


def test_a_versioned_write_names_its_version(writes: list[Operation], client: Client, engine: Engine) -> None:
    programs = {name: client(name, api=True) for name in ROLES.values()}
    before = everything(engine)
    for each in writes:
        if not each.versioned:
            continue
        http = programs[each.role]
        without = http.request(each.method, each.address, json=each.body)
        refused(without, 428, each)
        for stale in ('"999"', '"x"', "*"):
            # Where the phase itself forbids the write, it says so first; an award that is not there is 404.
            refused(each.sent(http, headers={"If-Match": stale}), {412, 409, 404}, each)
    assert everything(engine) == before


def test_nothing_is_decided_while_the_call_is_open(
    writes: list[Operation], client: Client, engine: Engine
) -> None:
    """All but what an open call allows: applying, the panel, and what the coordinator may still change."""
    programs = {name: client(name, api=True) for name in ROLES.values()}
    before = everything(engine)
    parts = ("/reviewing", "/reviews/", "/ranking", "/rounds", "/awards", "/departures", "/decision")
    late = [each for each in writes if any(part in each.path for part in parts) or "publish" in each.name]
    assert len(late) > 12
    for each in late:
        # What an evening needs may be ticked off long before.
        if "/setup/" not in each.path and "/checklist/" not in each.path:
            refused(each.sent(programs[each.role]), {404, 409, 412}, each)
    assert everything(engine) == before


def test_an_address_with_a_nul_is_404(client: Client, world: World) -> None:
    cora = client("cora", api=True)
    for path in ("/calls/a%00b", "/results/a%00b", "/stage/a%00b", "/calls/2026/awards/a%00b"):
        answer = cora.get(API + path)
        assert (answer.status_code, answer.json()["type"]) == (404, "not_found")
    assert client("cora").get("/en/calls/a%00b").status_code == 404


def test_an_address_with_a_line_break_is_still_the_apis(client: Client, world: World) -> None:
    answer = client("cora", api=True).get(f"{API}/calls/2026/awards/a%0Ab")
    assert (answer.status_code, answer.json()["type"]) == (404, "not_found")


def test_what_is_no_address_of_the_api_has_the_same_shape(client: Client, world: World) -> None:
    nobody = client()
    lost = nobody.get(f"{API}/nothing/here")
    assert (lost.status_code, lost.json()["type"]) == (404, "not_found")
    wrong = nobody.patch(f"{API}/calls/2026/results")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST")
    for answer in (lost, wrong):
        assert answer.headers["content-type"] == "application/problem+json"


def test_sentences_are_in_the_language_that_was_wished(client: Client, world: World) -> None:
    nobody = client()
    said = {
        wish: nobody.get(f"{API}/nothing", headers={"Accept-Language": wish}).json()["title"]
        for wish in ("ru", "kk", "en")
    }
    assert said["en"] == "There is nothing at this address."
    assert len(set(said.values())) == 3
