"""The applicant's part of the API: the whole way, and each refusal with its status."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from app.database import session_on
from tests.applications.steps import begin, begin_write_send, write
from tests.applications.typed import BRIEF, BUDGET, GRANT
from tests.conftest import Client, Clock
from tests.world import CLOSES, World

API = "/api/v1"
START = {"processing": True, "publication": True, "language": "kk"}
DECLARATION: dict[str, Any] = {
    "number": 1,
    "truth": True,
    "no_conflict": True,
    "no_double_funding": True,
    "controls": True,
    "name": "Ada",
}


def begun(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        return begin(session, world.applicant())


def test_the_whole_way(client: Client) -> None:
    ada = client("ada", api=True)
    started = ada.post(f"{API}/calls/2026/applications", json=START)
    assert started.status_code == 201
    ref = started.json()["ref"]
    assert started.headers["location"] == f"{API}/applications/{ref}"
    assert [section["status"] for section in started.json()["sections"]] == ["not_started"] * 6
    for code, answers in GRANT.items():
        address = f"{API}/applications/{ref}/sections/{code}"
        seen = ada.get(address)
        saved = ada.put(address, json={"answers": answers}, headers={"If-Match": seen.headers["etag"]})
        assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
        assert (saved.json()["status"], saved.json()["problems"]) == ("completed", [])
        assert ada.get(address).json() == saved.json()
    receipt = ada.post(f"{API}/applications/{ref}/send", json=DECLARATION)
    assert (receipt.status_code, receipt.json()["number"]) == (200, 1)
    assert ada.post(f"{API}/applications/{ref}/send", json=DECLARATION).json() == receipt.json()
    assert ada.get(f"{API}/applications/{ref}/receipt").json() == receipt.json()
    shown = ada.get(f"{API}/applications/{ref}").json()
    assert (shown["status"], shown["counts_number"], shown["last_number"]) == ("sent", 1, 1)
    assert sorted(shown["moves"]) == ["take_back", "withdraw"]
    assert ada.post(f"{API}/applications/{ref}/take-back").json()["status"] == "draft"
    assert ada.post(f"{API}/applications/{ref}/withdraw").json()["status"] == "withdrawn"
    listed = ada.get(f"{API}/applications").json()
    assert (listed["total"], listed["items"][0]["ref"]) == (1, ref)


def test_an_own_application_holds_no_reviewer_code_and_no_key(
    client: Client, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    assert set(client("ada", api=True).get(f"{API}/applications").json()["items"][0]) == {
        "ref",
        "call",
        "call_title",
        "phase",
        "status",
        "revealed_at",
        "owner",
        "role",
        "members",
        "receives",
        "language",
        "title",
        "created_at",
        "closes_at",
        "counts_number",
        "sent_at",
        "moves",
        "writable",
        "timezone",
        "due_at",
        "extended",
        "grace_ends_at",
        "in_grace",
        "entered",
        "by_mail",
        "fix_until",
        "invited_until",
    }
    assert client("ada", api=True).get(f"{API}/applications/{ref}").status_code == 200


def test_a_put_needs_the_version_and_the_newest(client: Client, engine: Engine, world: World) -> None:
    ada = client("ada", api=True)
    address = f"{API}/applications/{begun(engine, world)}/sections/brief"
    body = {"answers": BRIEF}
    assert ada.put(address, json=body).status_code == 428
    assert ada.put(address, json=body, headers={"If-Match": '"7"'}).status_code == 412
    assert ada.put(address, json=body, headers={"If-Match": "*"}).status_code == 412
    assert ada.put(address, json=body, headers={"If-Match": '"1"'}).status_code == 200
    other = {"answers": BRIEF | {"title": "Else"}}
    assert ada.put(address, json=other, headers={"If-Match": '"1"'}).status_code == 412
    assert ada.get(address).json()["answers"] == BRIEF


def test_a_put_keeps_what_is_wrong_and_says_so(client: Client, engine: Engine, world: World) -> None:
    ada = client("ada", api=True)
    address = f"{API}/applications/{begun(engine, world)}/sections/budget"
    line = BUDGET["lines"][1] | {"price": "twelve"}
    saved = ada.put(address, json={"answers": {"lines": [line]}}, headers={"If-Match": '"1"'}).json()
    assert saved["status"] == "problem"
    assert saved["problems"] == [
        {
            "field": "lines.l2.price",
            "code": "number.not_a_number",
            "detail": "Enter a number, for example 12 500.",
        },
        {"field": "prices_found", "code": "missing", "detail": "Say how you found the prices."},
        {
            "field": "other_money_state",
            "code": "missing",
            "detail": "Choose whether there is other money.",
        },
    ]
    assert saved["answers"] == {"lines": [line]}


@pytest.mark.parametrize(
    "answers",
    [
        {"nonsense": "x"},
        {"title": ["a"]},
        {"districts": "medeu"},
        {"title": True},
        {"title": "x" * 20_001},
        [],
    ],
)
def test_a_put_refuses_impossible_shapes(
    client: Client, engine: Engine, world: World, answers: object
) -> None:
    address = f"{API}/applications/{begun(engine, world)}/sections/brief"
    ada = client("ada", api=True)
    refused = ada.put(address, json={"answers": answers}, headers={"If-Match": '"1"'})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert ada.get(address).json()["version"] == 1


def test_send_names_what_is_not_ready(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        over = {"lines": [BUDGET["lines"][0] | {"price": "70 100"}]}
        write(session, world.applicant(), ref, GRANT | {"budget": BUDGET | over, "brief": {}})
    refused = client("ada", api=True).post(f"{API}/applications/{ref}/send", json=DECLARATION)
    assert refused.status_code == 422
    assert refused.json()["type"] == "application.not_ready"
    errors = {each["field"]: each["detail"] for each in refused.json()["errors"]}
    assert set(errors) == {
        "brief.title",
        "brief.summary",
        "brief.theme",
        "brief.districts",
        "budget.lines",
    }
    assert "4,000\u00a0₸ (€7.14)" in errors["budget.lines"]


def test_send_is_refused_malformed_late_and_out_of_turn(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        write(session, world.applicant(), ref)
    ada = client("ada", api=True)
    address = f"{API}/applications/{ref}/send"
    for wrong in ({"number": False}, {"truth": "yes"}, {"truth": False}, {"name": " "}, {"extra": 1}):
        assert ada.post(address, json=DECLARATION | wrong).status_code == 422
    assert ada.post(address, json=DECLARATION | {"number": 2}).status_code == 412
    assert ada.post(address, content=b"{").status_code == 415
    assert ada.post(address, content=b"{", headers={"Content-Type": "application/json"}).status_code == 422
    clock.now = CLOSES + timedelta(minutes=15)
    assert ada.post(address, json=DECLARATION).status_code == 409


def test_strangers_find_nothing_and_anonymous_are_asked_who_they_are(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    ben, nobody = client("ben", api=True), client(api=True)
    for method, path, body in (
        ("GET", f"/applications/{ref}", None),
        ("GET", f"/applications/{ref}/sections/brief", None),
        ("PUT", f"/applications/{ref}/sections/brief", {"answers": {}}),
        ("POST", f"/applications/{ref}/send", DECLARATION),
        ("GET", f"/applications/{ref}/receipt", None),
        ("POST", f"/applications/{ref}/take-back", None),
        ("POST", f"/applications/{ref}/withdraw", None),
        ("DELETE", f"/applications/{ref}", None),
    ):
        headers = {"If-Match": '"1"'}
        mine = ben.request(method, API + path, json=body, headers=headers)
        random = ben.request(method, API + path.replace(ref, "WA26-ZZZZZZ"), json=body, headers=headers)
        assert (mine.status_code, mine.content) == (404, random.content)
        assert nobody.request(method, API + path, json=body, headers=headers).status_code == 401
    assert ben.get(f"{API}/applications").json()["total"] == 0
    assert nobody.get(f"{API}/applications").status_code == 401


def test_a_token_without_the_scope_is_refused(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    reader = client("ada", api=True, scopes=("applicant:read",))
    assert reader.get(f"{API}/applications/{ref}").status_code == 200
    assert reader.delete(f"{API}/applications/{ref}").status_code == 403
    other = client("ada", api=True, scopes=("reviewer:read",))
    assert other.get(f"{API}/applications").status_code == 403


def test_start_is_refused_without_consent_to_the_panel_and_too_late(client: Client, clock: Clock) -> None:
    address = f"{API}/calls/2026/applications"
    ada = client("ada", api=True)
    assert ada.post(address, json=START | {"publication": False}).status_code == 422
    assert ada.post(address, json=START | {"language": "de"}).status_code == 422
    assert client("rita", api=True).post(address, json=START).status_code == 409
    assert ada.post(f"{API}/calls/none/applications", json=START).status_code == 404
    clock.now = CLOSES
    assert ada.post(address, json=START).status_code == 409


def test_delete_only_what_was_never_sent(client: Client, engine: Engine, world: World) -> None:
    ada = client("ada", api=True)
    ref = begun(engine, world)
    assert ada.delete(f"{API}/applications/{ref}").status_code == 204
    assert ada.get(f"{API}/applications/{ref}").status_code == 404
    with session_on(engine) as session, session.begin():
        sent = begin_write_send(session, world.applicant())
    assert ada.delete(f"{API}/applications/{sent}").status_code == 409


def test_consents_are_read_and_changed(client: Client) -> None:
    ada = client("ada", api=True)
    checked = {"age": "yes", "kind": "ngo", "amount": "no", "started": "no"}
    started = ada.post(f"{API}/calls/2026/applications", json=START | {"checked": checked})
    ref = started.json()["ref"]
    assert ada.get(f"{API}/applications/{ref}/sections/team").json()["answers"] == {"applicant_kind": "ngo"}
    address = f"{API}/applications/{ref}/consents"
    held = {each["kind"]: bool(each["given_at"]) for each in ada.get(address).json()["consents"]}
    assert held == {
        "processing": True,
        "publication": True,
        "pictures": False,
        "own_picture": False,
        "news": False,
    }
    for given, steps in ((True, 3), (True, 3), (False, 4)):
        answer = ada.put(f"{address}/news", json={"given": given, "language": "ru"})
        assert (answer.status_code, len(answer.json()["steps"])) == (200, steps)
    wrong = {"given": False, "language": "ru"}
    assert ada.put(f"{address}/processing", json=wrong).status_code == 409
    assert ada.put(f"{address}/all", json=wrong).status_code == 404
    assert client("ben", api=True).get(address).status_code == 404
    bad = START | {"checked": {"age": "perhaps"}}
    assert ada.post(f"{API}/calls/2026/applications", json=bad).status_code == 422


def test_an_earlier_version_is_listed_and_brought_back(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada, address = client("ada", api=True), f"{API}/applications/{ref}/sections/brief"
    for tag, answers in (
        ('"1"', BRIEF),
        ('"2"', {"title": "Quite another title, and nothing else"}),
    ):
        assert ada.put(address, json={"answers": answers}, headers={"If-Match": tag}).status_code == 200
    listed = ada.get(f"{address}/versions").json()
    assert listed["total"] == 1
    (kept,) = listed["items"]
    assert (kept["number"], kept["by"], kept["sent_number"]) == (2, "Ada Canaryname", None)
    assert kept["answers"]["summary"] == BRIEF["summary"]
    one = {"number": 2, "answer": "summary"}
    assert ada.post(f"{address}/restore", json=one).status_code == 428
    assert ada.post(f"{address}/restore", json=one, headers={"If-Match": '"2"'}).status_code == 412
    back = ada.post(f"{address}/restore", json=one, headers={"If-Match": '"3"'})
    assert (back.status_code, back.headers["etag"]) == (200, '"4"')
    assert back.json()["answers"]["summary"] == BRIEF["summary"]
    assert back.json()["answers"]["title"].startswith("Quite another")
    whole = ada.post(f"{address}/restore", json={"number": 2}, headers={"If-Match": '"4"'})
    assert whole.json()["answers"]["title"] == BRIEF["title"]
    wrong: tuple[dict[str, Any], ...] = ({"number": 99}, {"number": 2, "answer": "nonsense"})
    for each in wrong:
        assert ada.post(f"{address}/restore", json=each, headers={"If-Match": '"5"'}).status_code == 404
    stranger = client("ben", api=True)
    assert stranger.get(f"{address}/versions").status_code == 404
    assert stranger.post(f"{address}/restore", json=one, headers={"If-Match": '"5"'}).status_code == 404
