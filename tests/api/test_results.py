"""Announcing over the API: revealed winners only, for everybody; publishing once."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database import session_on
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from tests.conftest import Client, Clock
from tests.decisions.scored import PLACE, ranked_call, refs_of
from tests.factories import KNOWN, REVIEWING
from tests.world import World

CALL = "/api/v1/calls/2026"
WHY = {"reason": "There is nobody else in this small town."}


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Eight applications, six of them awarded, the decision frozen."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = ranked_call(session, world)
        cora = world.coordinator()
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        return codes


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora", api=True)


def test_a_reveal_shows_one_winner_to_everybody_and_an_old_press_none(
    client: Client, cora: TestClient, world: World
) -> None:
    stage, public = f"{CALL}/stage/{world.round.code}", client()
    assert cora.get(stage).json()["next_title"] == "Idea 6"
    assert cora.post(f"{stage}/reveal").status_code == 428
    shown = cora.post(f"{stage}/reveal", headers={"If-Match": '"0"'})
    assert (shown.status_code, shown.json()["winner"]["title"]) == (200, "Idea 6")
    assert cora.post(f"{stage}/reveal", headers={"If-Match": '"0"'}).status_code == 412
    screen = public.get(f"/api/v1/stage/{world.round.code}")
    assert (screen.json(), screen.headers["etag"]) == (shown.json(), '"1"')
    (winner,) = public.get(f"{CALL}/results").json()["winners"]
    assert (winner["title"], winner["amount_minor"]) == ("Idea 6", PLACE)
    assert public.get(f"/api/v1/results/{winner['slug']}").json() == winner
    board = cora.post(f"{stage}/scene", json={"scene": "board"}, headers={"If-Match": '"1"'})
    assert [each["title"] for each in board.json()["winners"]] == ["Idea 6"]
    assert cora.post(f"{stage}/scene", json={"scene": "fire"}, headers={"If-Match": '"2"'}).status_code == 422


def test_publishing_names_the_version_and_happens_once(client: Client, cora: TestClient) -> None:
    told = cora.get(f"{CALL}/announcement").json()
    assert (told["winners"], told["others"], told["letters"]) == (6, 2, 8)
    assert cora.post(f"{CALL}/results", json=WHY).status_code == 428
    assert cora.post(f"{CALL}/results", json=WHY, headers={"If-Match": '"1"'}).status_code == 412
    now = {"If-Match": f'"{told["version"]}"'}
    assert cora.post(f"{CALL}/results", json={}, headers=now).status_code == 422
    assert cora.post(f"{CALL}/results", json=WHY, headers=now).json() == {"published": True}
    again = cora.post(f"{CALL}/results", json=WHY, headers=now)
    assert (again.status_code, again.json()["type"]) == (409, "announce.already_published")
    results = client().get(f"{CALL}/results").json()
    assert [each["title"] for each in results["winners"]] == [f"Idea {number}" for number in range(1, 7)]
    assert results["committed_minor"] == 6 * PLACE


def test_ones_own_result_is_409_until_it_is_public_and_then_whole(
    client: Client, cora: TestClient, world: World, engine: Engine
) -> None:
    ada = client("ada", api=True)
    with session_on(engine, reading=True) as session, session.begin():
        refs = refs_of(session)
    address = f"/api/v1/applications/{refs['Idea 6']}/result"
    stage = f"{CALL}/stage/{world.round.code}"
    early = ada.get(address)
    assert (early.status_code, early.json()["type"]) == (409, "result.none")
    cora.post(f"{stage}/reveal", headers={"If-Match": '"0"'})
    told = ada.get(address).json()
    assert (told["outcome"]["status"], told["outcome"]["amount_minor"]) == ("awarded", PLACE)
    assert told["feedback"] is None
    assert ada.get(f"/api/v1/applications/{refs['Idea 1']}/result").content == early.content
    listed = {each["ref"]: each["status"] for each in ada.get("/api/v1/applications").json()["items"]}
    assert listed == {ref: "awarded" if title == "Idea 6" else "in_review" for title, ref in refs.items()}
    version = cora.get(f"{CALL}/announcement").json()["version"]
    cora.post(f"{CALL}/results", json=WHY, headers={"If-Match": f'"{version}"'})
    whole = ada.get(address).json()["feedback"]
    assert (whole["scores"][0]["code"], whole["scores"][0]["mean"]) == ("need", "4.5")
    assert len(whole["convinced"]) == 4
    assert set(whole["scores"][0]["reasons"][0]) == {"text", "cannot_judge"}
    for stranger in ("ben", "rita", "cora"):
        assert client(stranger, api=True).get(address).status_code == 404
    assert client().get(address).status_code == 401


def test_winners_scores_are_public_only_with_all_results(
    client: Client, cora: TestClient, world: World
) -> None:
    cora.post(f"{CALL}/stage/{world.round.code}/reveal", headers={"If-Match": '"0"'})
    (early,) = client().get(f"{CALL}/results").json()["winners"]
    assert early["scores"] is None
    version = cora.get(f"{CALL}/announcement").json()["version"]
    cora.post(f"{CALL}/results", json=WHY, headers={"If-Match": f'"{version}"'})
    shown = client().get(f"{CALL}/results").json()
    assert (shown["phase"], shown["archived"]) == ("published", False)
    assert shown["winners"][0]["scores"] == {
        "means": dict.fromkeys(world.criteria, "5.0"), "total": "100.0", "written": "", "pitch": "",
    }  # fmt: skip


def test_before_the_freeze_nothing_is_announced(client: Client, world: World, clock: Clock) -> None:
    clock.now = REVIEWING
    cora = client("cora", api=True)
    reveal = cora.post(f"{CALL}/stage/{world.round.code}/reveal", headers={"If-Match": '"0"'})
    publish = cora.post(f"{CALL}/results", json=WHY, headers={"If-Match": '"1"'})
    told = cora.get(f"{CALL}/announcement")
    assert {each.status_code for each in (reveal, publish, told)} == {409}
    assert reveal.json()["type"] == publish.json()["type"] == "announce.not_decided"
    assert client().get(f"{CALL}/results").json()["winners"] == []


def test_only_its_coordinator_may(client: Client, codes: list[str], world: World) -> None:
    stage = f"/stage/{world.round.code}"
    for method, path, body in (
        ("GET", stage, None),
        ("POST", f"{stage}/reveal", None),
        ("POST", f"{stage}/scene", {"scene": "board"}),
        ("GET", "/announcement", None),
        ("POST", "/results", None),
    ):
        headers = {"If-Match": '"0"'}
        assert client().request(method, CALL + path, json=body, headers=headers).status_code == 401
        for stranger in ("ada", "rita", "max", "zoe"):
            answer = client(stranger, api=True).request(method, CALL + path, json=body, headers=headers)
            assert answer.status_code == 404, (stranger, method, path)
    assert client().get("/api/v1/stage/NOTHING").status_code == 404
    assert client().get("/api/v1/calls/nothing/results").status_code == 404
    assert client().get("/api/v1/results/nothing").status_code == 404
