"""Calls over the API: public reading without a token, the setup with one, and each refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.calls.form import hash_of
from app.database import session_on
from app.models.calls import Call
from tests.calls.ready import DATES, LONG, MONEY, ROUNDS, SHORT, TEXTS, make_new, make_ready
from tests.conftest import Clock
from tests.world import CLOSES, World

Client = Callable[..., TestClient]
PUBLIC = ("", "/questions", "/criteria", "/faq", "/check", "/check/result")


@pytest.fixture
def ready(engine: Engine, world: World) -> int:
    """A call that lacks nothing, at version 6; Max coordinates it. Its key."""
    with session_on(engine) as session, session.begin():
        return make_ready(session, world.manager()).call_id


def call_of(engine: Engine, slug: str = "2027") -> Call:
    with session_on(engine, reading=True) as session:
        return session.exec(select(Call).where(col(Call.slug) == slug)).one()


def test_public_reading_needs_no_token(client: Client) -> None:
    listed = client().get("/api/v1/calls").json()
    assert [(each["slug"], each["phase"], each["days_left"]) for each in listed["items"]] == [
        ("2026", "open", 8)
    ]
    assert (listed["total"], listed["limit"], listed["offset"]) == (1, 100, 0)
    answer = client().get("/api/v1/calls/2026")
    assert answer.headers["etag"] == '"1"'
    call = answer.json()
    assert (call["ceiling_minor"], call["rate_minor"], call["ceiling_tiyn"]) == (500_000, 56_000, 280_000_000)
    assert call["closes_at"] == "2026-03-18T13:00:00Z"
    assert [each["code"] for each in call["organisations"]] == ["BC", "AKIM", "ADC", "KBTU"]
    assert "id" not in call
    questions = client().get("/api/v1/calls/2026/questions").json()
    problem = questions["sections"][2]["questions"][0]
    assert (problem["code"], problem["cap"], problem["guide"]) == ("need.problem", 3000, [150, 200])
    rubric = client().get("/api/v1/calls/2026/criteria").json()
    assert rubric["criteria"][0]["anchors"]["5"]["en"] == "need anchor 5"


@pytest.mark.parametrize("part", PUBLIC)
def test_public_reading_of_a_call_in_preparation(client: Client, ready: int, part: str) -> None:
    hidden, random = client().get(f"/api/v1/calls/2027{part}"), client().get(f"/api/v1/calls/x{part}")
    assert (hidden.status_code, hidden.content) == (404, random.content)
    assert client("max", api=True).get(f"/api/v1/calls/2027{part}").status_code == 404
    assert client().get(f"/api/v1/calls/%00{part}").status_code == 404


WRITES: tuple[tuple[str, str, Any], ...] = (
    ("PATCH", "", {"money": {"ceiling_minor": 1}}),
    ("PUT", "/setup/criteria", {"criteria": []}),
    ("PUT", "/setup/rounds", {"rounds": []}),
    ("PUT", "/setup/organisations", {"organisations": []}),
    ("POST", "/setup/organisations", {"code": "NEW", "name": SHORT.model_dump()}),
    ("POST", "/open", None),
    ("POST", "/extend", {"closes_at": "2026-03-20T13:00:00Z", "reason": LONG.model_dump()}),
    ("POST", "/cancel", {"reason": LONG.model_dump()}),
)


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_write_litany(client: Client, engine: Engine, ready: int, method: str, path: str, body: Any) -> None:
    """A stranger 404, no token 401, no scope 403, no version 428, another version 412; nothing changes."""
    before = call_of(engine)
    url = f"/api/v1/calls/2027{path}"
    seen = {"If-Match": '"6"'}

    def send(who: TestClient, headers: dict[str, str]) -> int:
        return who.request(method, url, json=body, headers=headers).status_code

    assert send(client("cora", api=True), seen) == 404
    assert send(client("rita", api=True), seen) == 404
    assert send(client(), seen) == 401
    assert send(client("max"), seen) == 401
    assert send(client("max", api=True, scopes=("coordinator:read",)), seen) == 403
    assert send(client("max", api=True), {}) == 428
    if path != "/extend":  # before opening it is refused whatever the version
        assert send(client("max", api=True), {"If-Match": '"5"'}) == 412
    assert call_of(engine) == before


@pytest.mark.parametrize(("method", "path", "body"), WRITES[:6])
def test_write_to_an_open_call_is_refused(
    client: Client, engine: Engine, ready: int, method: str, path: str, body: Any
) -> None:
    who = client("max", api=True)
    assert who.post("/api/v1/calls/2027/open", headers={"If-Match": '"6"'}).status_code == 200
    before = call_of(engine)
    answer = who.request(method, f"/api/v1/calls/2027{path}", json=body, headers={"If-Match": '"7"'})
    assert (answer.status_code, answer.json()["type"]) == (409, "call.locked")
    assert call_of(engine) == before


def test_whole_setup_over_the_api(client: Client, engine: Engine) -> None:
    who = client("max", api=True)
    made = who.post("/api/v1/calls", json={"slug": "2027", "ref_prefix": "WA27"})
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert [each["code"] for each in made.json()["criteria"]["criteria"]] == [
        "need", "work_plan", "budget", "sustainability",
    ]  # fmt: skip
    missing = who.get("/api/v1/calls/2027/setup/missing").json()["items"]
    assert {"field": "texts.title.kk", "code": "readiness.title", "params": {"language": "kk"}} in missing
    parts = {"texts": TEXTS, "dates": DATES, "money": MONEY}
    changed = who.patch(
        "/api/v1/calls/2027",
        json={name: part.model_dump(mode="json") for name, part in parts.items()},
        headers={"If-Match": '"1"'},
    )
    assert (changed.status_code, changed.headers["etag"]) == (200, '"4"')
    rounds = who.put(
        "/api/v1/calls/2027/setup/rounds", json=ROUNDS.model_dump(mode="json"), headers={"If-Match": '"4"'}
    )
    assert rounds.status_code == 200
    refused = who.post("/api/v1/calls/2027/open", headers={"If-Match": '"5"'})
    assert (refused.status_code, refused.json()["type"]) == (422, "call.not_ready")
    assert refused.json()["errors"] == [
        {
            "field": "organisations.organisations",
            "code": "readiness.no_organisation",
            "detail": "There is no partner organisation.",
        }
    ]
    who.put(
        "/api/v1/calls/2027/setup/organisations",
        json={"organisations": ["BC", "KBTU"]},
        headers={"If-Match": '"5"'},
    )
    assert who.get("/api/v1/calls/2027/setup/missing").json()["items"] == []
    opened = who.post("/api/v1/calls/2027/open", headers={"If-Match": '"6"'})
    assert opened.status_code == 200
    row = call_of(engine)
    assert row.frozen_form is not None
    public = client().get("/api/v1/calls/2027/criteria").json()
    assert public["frozen_hash"] == hash_of(row.frozen_form)
    assert len(public["draw_commitment"]) == 64


def test_setup_reads_back_what_was_given(client: Client, ready: int) -> None:
    who = client("max", api=True)
    setup = who.get("/api/v1/calls/2027/setup")
    parts = ("texts", "dates", "money", "sections", "choices", "scoring")
    same = who.patch(
        "/api/v1/calls/2027",
        json={name: setup.json()[name] for name in parts},
        headers={"If-Match": setup.headers["etag"]},
    )
    assert same.status_code == 200
    assert same.json() == setup.json() | {"version": 12}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"texts": {"title": {"en": "x" * 121}}}, "texts.title.en"),
        ({"texts": {"title": {"fr": "x"}}}, "texts.title.fr"),
        ({"dates": {"closes_at": "2026-03-18T18:00:00"}}, "dates.closes_at"),
        ({"dates": {"closes_at": "0001-01-01T00:00:00+14:00"}}, "dates.closes_at"),
        ({"dates": {"timezone": "Mars"}}, "dates.timezone"),
        (
            {"dates": {"opens_at": "2026-03-18T18:00:00Z", "closes_at": "2026-03-18T18:00:00Z"}},
            "closes_at",
        ),
        ({"money": {"ceiling_minor": 0}}, "money.ceiling_minor"),
        ({"money": {"ceiling_minor": 1.5}}, "money.ceiling_minor"),
        ({"sections": {"sections": ["nothing"]}}, "sections"),
        ({"choices": {"themes": [{"code": "a"}, {"code": "a"}]}}, "themes"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_change_refuses_all_or_nothing(
    client: Client, engine: Engine, ready: int, body: dict[str, Any], field: str
) -> None:
    before = call_of(engine)
    who = client("max", api=True)
    given = {"scoring": {"scores_published": False}, **body}
    answer = who.patch("/api/v1/calls/2027", json=given, headers={"If-Match": '"6"'})
    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json()["errors"]]
    assert call_of(engine) == before


@pytest.mark.parametrize("tag", ['"5"', '"x"', "*", 'W/"6"'])
def test_change_of_another_version(client: Client, ready: int, tag: str) -> None:
    who = client("max", api=True)
    bodies: list[dict[str, object]] = [{}, {"scoring": {}}]
    for body in bodies:
        answer = who.patch("/api/v1/calls/2027", json=body, headers={"If-Match": tag})
        assert answer.status_code == 412


def test_create_is_for_managers(client: Client) -> None:
    body = {"slug": "2027", "ref_prefix": "WA27"}
    assert client("cora", api=True).post("/api/v1/calls", json=body).status_code == 404
    assert client().post("/api/v1/calls", json=body).status_code == 401
    taken = client("max", api=True).post("/api/v1/calls", json={**body, "slug": "2026"})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (422, "slug")


def test_clone_over_the_api(client: Client, engine: Engine, ready: int) -> None:
    body = {"slug": "2028", "ref_prefix": "WA28"}
    assert client("cora", api=True).post("/api/v1/calls/2026/clone", json=body).status_code == 404
    answer = client("max", api=True).post("/api/v1/calls/2027/clone", json=body)
    assert answer.status_code == 201
    copy = answer.json()
    assert (copy["slug"], copy["dates"]["closes_at"], copy["money"]["ceiling_minor"]) == (
        "2028",
        None,
        500_000,
    )


def test_extend_over_the_api(client: Client, clock: Clock, ready: int) -> None:
    who = client("max", api=True)
    body = {"closes_at": "2026-03-20T13:00:00Z", "reason": LONG.model_dump()}
    early = who.post("/api/v1/calls/2027/extend", json=body, headers={"If-Match": '"6"'})
    assert (early.status_code, early.json()["type"]) == (409, "call.cannot_extend")
    who.post("/api/v1/calls/2027/open", headers={"If-Match": '"6"'})
    answer = who.post("/api/v1/calls/2027/extend", json=body, headers={"If-Match": '"7"'})
    assert answer.json()["dates"]["closes_at"] == "2026-03-20T13:00:00Z"
    public = client().get("/api/v1/calls/2027").json()
    assert [(each["kind"], each["to"]) for each in public["notices"]] == [
        ("extended", "2026-03-20T13:00:00Z")
    ]
    clock.now = CLOSES.replace(month=4)
    late = who.post(
        "/api/v1/calls/2027/extend",
        json={**body, "closes_at": "2026-05-20T13:00:00Z"},
        headers={"If-Match": '"8"'},
    )
    assert late.status_code == 409


def test_setup_is_for_the_call_s_coordinator(client: Client, ready: int) -> None:
    for path in ("/setup", "/setup/missing"):
        assert client("max", api=True).get(f"/api/v1/calls/2027{path}").status_code == 200
        assert client("cora", api=True).get(f"/api/v1/calls/2027{path}").status_code == 404
        assert client().get(f"/api/v1/calls/2027{path}").status_code == 401
        assert client("max").get(f"/api/v1/calls/2027{path}").status_code == 401


def test_list_is_paged(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        make_new(session, world.manager(), "2030")
    listed = client().get("/api/v1/calls?limit=1&offset=1").json()
    assert (listed["items"], listed["total"]) == ([], 1)


def test_the_eligibility_check_is_answered_without_being_kept(client: Client) -> None:
    address = "/api/v1/calls/2026/check"
    check = client().get(address).json()
    assert (check["questions"], check["ceiling_minor"]) == (["age", "kind", "amount", "started"], 500_000)
    fits = {"age": "yes", "kind": "group", "amount": "no", "started": "no"}
    assert client().get(f"{address}/result", params=fits).json() == {
        "verdict": "yes",
        "missing": [],
        "obstacles": [],
    }
    late = client().get(f"{address}/result", params=fits | {"started": "yes"}).json()
    assert late["verdict"] == "no"
    assert late["obstacles"] == [{"question": "started", "answer": "yes", "verdict": "no", "elsewhere": {}}]
    some = client().get(f"{address}/result", params={"age": "yes"}).json()
    assert some == {"verdict": "yes", "missing": ["kind", "amount", "started"], "obstacles": []}
    assert client().get(f"{address}/result", params=fits | {"age": "perhaps"}).status_code == 422
    assert client().get(f"{address}/result", params=fits | {"shoe": "44"}).status_code == 422


def test_faq_is_saved_by_version_also_after_opening(client: Client, ready: int) -> None:
    runs, address = client("max", api=True), "/api/v1/calls/2027/setup/faq"
    body = {"entries": [{"question": SHORT.model_dump(), "answer": LONG.model_dump()}]}
    assert runs.put(address, json=body).status_code == 428
    assert runs.put(address, json=body, headers={"If-Match": '"5"'}).status_code == 412
    saved = runs.put(address, json=body, headers={"If-Match": '"6"'})
    assert (saved.status_code, saved.headers["etag"], saved.json()["faq"]) == (200, '"7"', body)
    asks = {"eligibility": saved.json()["eligibility"] | {"least_age": 16}}
    changed = runs.patch("/api/v1/calls/2027", json=asks, headers={"If-Match": '"7"'})
    assert changed.json()["eligibility"]["least_age"] == 16
    assert runs.post("/api/v1/calls/2027/open", headers={"If-Match": '"8"'}).status_code == 200
    half = {"entries": [{"question": {"en": "Why?"}}]}
    assert runs.put(address, json=half, headers={"If-Match": '"9"'}).status_code == 422
    assert runs.put(address, json={"entries": []}, headers={"If-Match": '"9"'}).status_code == 200
    assert client().get("/api/v1/calls/2027/faq").json()["entries"] == []
