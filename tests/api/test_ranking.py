"""The ranking over the API: nothing before closing, then exactly what was stored."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Packet
from app.models.decisions import RankingEntry
from app.models.panel import CallOrganisation
from app.models.reviews import Review, ReviewState
from tests.conftest import Client, Clock
from tests.decisions.scored import scored_call
from tests.factories import REVIEWING
from tests.world import World

RANKING = "/api/v1/calls/2026/ranking"
WHY = {"reason": "Karl's reviews were late."}


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Four scored applications; reviewing is open. The last has a hole once it is closed."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = scored_call(session, world, 4)
        review = session.get(Review, 14)
        assert review
        review.state = ReviewState.DRAFT
        session.add(review)
        return codes


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora", api=True)


def test_before_closing_no_number_is_told(cora: TestClient, codes: list[str]) -> None:
    for address in (RANKING, f"{RANKING}/table.csv", f"{RANKING}/{codes[0]}/reviews"):
        answer = cora.get(address)
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert told["type"] == "ranking.reviewing_not_closed"
        assert re.findall(r"\d+", answer.text) == ["409"]


def test_closing_stores_the_order_and_it_is_read_in_parts(cora: TestClient, codes: list[str]) -> None:
    closed = cora.post(f"{RANKING}/close")
    assert (closed.status_code, closed.content) == (204, b"")
    answer = cora.get(RANKING, params={"limit": 2, "offset": 1})
    assert answer.status_code == 200
    assert answer.headers["etag"] == closed.headers["etag"]
    told = answer.json()
    assert [row["code"] for row in told["items"]] == codes[1:3]
    assert (told["total"], told["scored"], told["limit"], told["offset"]) == (4, 4, 2, 1)
    assert told["criteria"] == ["need", "work_plan", "budget", "sustainability"]
    figures = told["items"][0].pop("figures")
    assert figures["by"]["mean_of_means"] == {"place": 2, "label": "2", "total": "98.4"}
    assert figures["judged"] == dict.fromkeys(told["criteria"], 4) and figures["complete"] == 4
    low, high = figures["firm"]["outer"]
    assert 1 <= low <= 2 <= high <= 4 and figures["firm"]["chances"] == {"6": 1.0}
    assert (told["standing"]["run"], told["standing"]["figures"]["certain_in"]) == (1, 4)
    assert told["items"][0] == {
        "place": 2,
        "label": "2",
        "code": codes[1],
        "title": "Idea 2",
        "means": {"need": "4.8", "work_plan": "5.0", "budget": "5.0", "sustainability": "5.0"},
        "total": "98.4",
        "spread": "6.3",
        "reviews": 4,
        "coverage": 4,
        "decided_by": "total",
        "notes": 0,
        "withdrawn": False,
    }


def test_reviews_are_read_with_who_wrote_them_and_what_is_missing(cora: TestClient, codes: list[str]) -> None:
    cora.post(f"{RANKING}/close")
    told = cora.get(f"{RANKING}/{codes[3]}/reviews").json()
    assert told["line"] == cora.get(RANKING).json()["items"][3]
    assert [each["organisation"] for each in told["reviews"]] == ["ADC", "BC", "KBTU"]
    assert told["holes"] == [{"organisation": "AKIM", "reason": ""}]
    rita = told["reviews"][1]
    assert (rita["name"], rita["total"], rita["versions"]) == ("Rita Canaryname", "81.3", 1)
    assert rita["scores"]["need"] == {
        "score": 4, "cannot_judge": False, "reason": "A reason for need that is long enough to be sent.",
    }  # fmt: skip
    assert cora.get(f"{RANKING}/nowhere/reviews").status_code == 404


def test_closing_twice_is_409(cora: TestClient) -> None:
    assert cora.post(f"{RANKING}/close").status_code == 204
    again = cora.post(f"{RANKING}/close")
    assert (again.status_code, again.json()["type"]) == (409, "ranking.reviewing_not_open")


def test_runs_are_kept_and_compared(cora: TestClient, codes: list[str], engine: Engine) -> None:
    cora.post(f"{RANKING}/close")
    cora.post(f"{RANKING}/reopen", json=WHY)
    with session_on(engine) as session, session.begin():
        late = session.get(Review, 14)
        assert late
        late.state, late.sent_at = ReviewState.SENT, REVIEWING
        session.add(late)
    cora.post(f"{RANKING}/close")
    told = cora.get(f"{RANKING}/runs").json()
    assert [(each["number"], each["stands"]) for each in told["items"]] == [(2, True), (1, False)]
    hashes = {each["input_hash"] for each in told["items"]}
    assert told["total"] == len(hashes) == 2
    assert cora.get(RANKING).json()["standing"]["input_hash"] == told["items"][0]["input_hash"]
    changed = cora.get(f"{RANKING}/runs/2/since/1").json()
    assert (changed["before"], changed["after"], changed["same_input"]) == (1, 2, False)
    assert all(each["application"] in codes for each in changed["moved"])
    assert cora.get(f"{RANKING}/runs/3/since/1").status_code == 404


def test_reopening_needs_a_reason(cora: TestClient) -> None:
    cora.post(f"{RANKING}/close")
    refused = cora.post(f"{RANKING}/reopen", json={"reason": "late"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reason")
    assert cora.post(f"{RANKING}/reopen", json=WHY).status_code == 204
    assert cora.get(RANKING).status_code == 409


def test_holes_are_listed_and_excused_cell_by_cell(cora: TestClient, codes: list[str]) -> None:
    cora.post(f"{RANKING}/close")
    hole = {"application": codes[3], "organisation": "AKIM", "reason": ""}
    assert cora.get(f"{RANKING}/holes").json() == {"items": [hole], "total": 1, "limit": 100, "offset": 0}
    short = cora.put(f"{RANKING}/holes", json={"excuses": [hole | {"reason": "ill"}]})
    assert short.status_code == 422
    assert short.json()["errors"][0]["field"] == f"{codes[3]}.AKIM"
    unknown = cora.put(
        f"{RANKING}/holes", json={"excuses": [hole | {"organisation": "KBTU", "reason": "She was ill."}]}
    )
    assert unknown.status_code == 404
    excused = hole | {"reason": "She was ill."}
    assert cora.put(f"{RANKING}/holes", json={"excuses": [excused]}).status_code == 204
    assert cora.get(f"{RANKING}/holes").json()["items"] == [excused]


def test_the_export_is_one_row_an_application_and_runs_nothing(
    cora: TestClient, codes: list[str], engine: Engine
) -> None:
    wild = ["=1+1", "+7 701", "-5", "@sum"]
    with session_on(engine) as session, session.begin():
        for packet, title in zip(session.exec(select(Packet).order_by(Packet.sending_id)), wild, strict=True):  # type: ignore[arg-type]
            packet.title = title
            session.add(packet)
    cora.post(f"{RANKING}/close")
    answer = cora.get(f"{RANKING}/table.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbfplace,label,application,title,need,")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["application"] for row in rows] == [codes[0], codes[1], codes[2], codes[3]]
    assert [row["title"] for row in rows] == [f"'{title}" for title in wild]
    assert (rows[1]["BC.need"], rows[1]["AKIM.need"], rows[1]["total"]) == ("4", "5", "98.4375")
    assert (rows[3]["AKIM.need"], rows[3]["reviews"]) == ("", "3")
    assert len(rows[0]) == 4 + 4 + 5 + 3 * 2 + 4 + 16


def test_only_its_coordinator_may(client: Client, codes: list[str], engine: Engine, world: World) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/table.csv", None),
        ("GET", "/holes", None),
        ("GET", "/runs", None),
        ("GET", "/extra-reviews", None),
        ("POST", "/extra-reviews", {"reviewers": {"A": "B"}, **WHY}),
        ("POST", "/what-if", {"method": "median", "weights": {}}),
        ("GET", "/runs/1/since/1", None),
        ("GET", f"/{codes[0]}/reviews", None),
        ("POST", "/close", None),
        ("POST", "/reopen", WHY),
        ("PUT", "/holes", {"excuses": [{"application": "A", "organisation": "BC", "reason": "x" * 10}]}),
    ):
        assert client().request(method, RANKING + path, json=body).status_code == 401
        for stranger in ("ada", "rita", "max", "zoe"):
            answer = client(stranger, api=True).request(method, RANKING + path, json=body)
            assert answer.status_code == 404, (stranger, method, path)
        read_only = client("cora", api=True, scopes=("coordinator:read",))
        if method != "GET":
            assert read_only.request(method, RANKING + path, json=body).status_code == 403
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(RankingEntry)).all() == []
        assert len(session.exec(select(CallOrganisation)).all()) == 4
