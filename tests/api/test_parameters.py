"""Parameters of an address: known ones are checked, unknown ones refused, on every operation."""

from typing import Any

import pytest
from sqlalchemy import Engine

from app.database import session_on
from tests.api.everything import everything
from tests.api.fuzzed import make_calls
from tests.conftest import Client
from tests.world import World

API = "/api/v1"
ROLES = {"applicant": "ada", "reviewer": "rita", "coordinator": "cora", "contact": "max"}


@pytest.fixture
def addresses(client: Client, engine: Engine, world: World) -> list[tuple[str, str, str | None, bool]]:
    """Every operation: method, address, who may call it, and whether it is a list."""
    with session_on(engine) as session, session.begin():
        known = {name: values[0] for name, values in make_calls(session, world).items()}
    document: dict[str, Any] = client().get(f"{API}/openapi.json").json()
    found = []
    for path, methods in document["paths"].items():
        for method, each in methods.items():
            scopes = [scope for entry in each["security"] for (scope,) in entry.values()]
            who = ROLES[scopes[0].partition(":")[0]] if scopes else None
            listed = "limit" in {parameter["name"] for parameter in each.get("parameters", [])}
            found.append((method.upper(), API + path.format_map({"slug": "QQQQQQQQ", **known}), who, listed))
    assert len(found) > 70
    return found


def test_an_unknown_parameter_is_refused_everywhere(
    addresses: list[tuple[str, str, str | None, bool]], client: Client, engine: Engine
) -> None:
    people = {name: client(name, api=True) for name in ROLES.values()}
    before = everything(engine)
    for method, address, who, _ in addresses:
        http = people[who] if who else client()
        answer = http.request(method, f"{address}?cursor=x&limti=3", headers={"If-Match": '"1"'})
        assert answer.status_code == 422, address
        assert answer.headers["content-type"] == "application/problem+json", address
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [
            ("cursor", "extra_forbidden"),
            ("limti", "extra_forbidden"),
        ], address
    assert everything(engine) == before


def test_a_list_is_paged_and_refuses_what_is_no_page(
    addresses: list[tuple[str, str, str | None, bool]], client: Client
) -> None:
    people = {name: client(name, api=True) for name in ROLES.values()}
    lists = [(address, who) for _, address, who, listed in addresses if listed]
    assert len(lists) > 8
    for address, who in lists:
        http = people[who] if who else client()
        for query, field in (("limit=0", "limit"), ("limit=x", "limit"), ("offset=-1", "offset")):
            answer = http.get(f"{address}?{query}")
            assert answer.status_code == 422, address
            assert [each["field"] for each in answer.json()["errors"]] == [field], address
        assert http.get(f"{address}?limit=1&offset=0").status_code in {200, 409}, address
