"""Awards and the decision over the API: the same rules, versions in tags."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database import session_on
from tests.conftest import Client, Clock
from tests.decisions.scored import PLACE, REASON, ranked_call
from tests.decisions.test_meeting import second
from tests.decisions.test_reserve import ENDS, published
from tests.decisions.test_rules import REAL, ruled
from tests.factories import REVIEWING
from tests.world import World, make_call

CALL = "/api/v1/calls/2026"


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Eight ranked applications; the round has six places."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        make_call(session, "other")
        return ranked_call(session, world)


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora", api=True)


def give(cora: TestClient, world: World, code: str, **more: object):  # type: ignore[no-untyped-def]
    return cora.post(f"{CALL}/awards", json={"round": world.round.code, "application": code, **more})


def seen(tag: str) -> dict[str, str]:
    return {"If-Match": tag}


def test_an_award_is_given_read_changed_and_taken_back(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    given = give(cora, world, codes[0])
    assert given.status_code == 201
    assert given.json() == {
        "application": codes[0],
        "title": "Idea 1",
        "round": world.round.code,
        "amount_minor": PLACE,
        "version": 1,
    }
    one = f"{CALL}/awards/{codes[0]}"
    assert cora.get(one).headers["etag"] == given.headers["etag"] == '"1"'
    changed = cora.put(one, json={"amount_minor": 400_000}, headers=seen('"1"'))
    assert (changed.json()["amount_minor"], changed.headers["etag"]) == (400_000, '"2"')
    assert cora.delete(one, headers=seen('"1"')).status_code == 412
    assert cora.delete(one).status_code == 428
    assert cora.put(one, json={"amount_minor": 1}).status_code == 428
    assert cora.delete(one, headers=seen('"2"')).status_code == 204
    assert cora.get(one).status_code == 404
    assert cora.get(f"{CALL}/awards").json()["items"] == []


def test_refusals_of_an_award(cora: TestClient, world: World, codes: list[str]) -> None:
    below = give(cora, world, codes[7])
    assert (below.status_code, below.json()["errors"][0]["code"]) == (422, "award.departure_needs_reason")
    assert give(cora, world, codes[7], reason=REASON).status_code == 201
    twice = give(cora, world, codes[7], reason=REASON)
    assert (twice.status_code, twice.json()["type"]) == (409, "award.already_awarded")
    much = give(cora, world, codes[0], amount_minor=2_500_001)
    assert (much.status_code, much.json()["type"]) == (409, "award.envelope_exceeded")
    for wrong in (
        {"amount_minor": 0}, {"amount_minor": -1}, {"amount_minor": 1.5}, {"amount_minor": 10**13},
        {"amount": 5}, {"reason": "x" * 2001},
    ):  # fmt: skip
        assert give(cora, world, codes[0], **wrong).status_code == 422, wrong
    assert give(cora, world, "NOTHING").status_code == 404
    elsewhere = cora.post(f"{CALL}/awards", json={"round": "NOTHING", "application": codes[0]})
    assert elsewhere.status_code == 404


def test_the_line_is_drawn_and_rounds_show_it(cora: TestClient, world: World, codes: list[str]) -> None:
    assert cora.post(f"{CALL}/rounds/{world.round.code}/line").json() == {"given": 6}
    again = cora.post(f"{CALL}/rounds/{world.round.code}/line")
    assert (again.status_code, again.json()["type"]) == (409, "award.no_place_left")
    (pot,) = cora.get(f"{CALL}/rounds").json()["items"]
    assert (pot["taken"], pot["committed_minor"], pot["left_minor"], pot["free"]) == (6, 6 * PLACE, 0, 0)
    assert [row["code"] for row in pot["rows"] if row["awarded"]] == codes[:6]
    listed = cora.get(f"{CALL}/awards", params={"limit": 2, "offset": 4}).json()
    assert [each["application"] for each in listed["items"]] == codes[4:6]
    assert listed["total"] == 6


def test_reasons_are_put_on_record_and_taken_back(cora: TestClient, world: World, codes: list[str]) -> None:
    reason = {"round": world.round.code, "application": codes[0], "reason": REASON}
    assert cora.post(f"{CALL}/departures", json=reason | {"reason": "short"}).status_code == 422
    assert cora.post(f"{CALL}/departures", json=reason).status_code == 204
    assert cora.get(f"{CALL}/rounds").json()["items"][0]["rows"][0]["reason"] == REASON
    address = f"{CALL}/departures/{world.round.code}/{codes[0]}"
    assert cora.delete(address).status_code == 204
    assert cora.delete(address).status_code == 404


def test_the_decision_is_frozen_by_its_version_and_opened_again(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    early = cora.get(f"{CALL}/decision").headers["etag"]
    cora.post(f"{CALL}/rounds/{world.round.code}/line")
    assert cora.post(f"{CALL}/decision").status_code == 428
    for old in (early, '"0"', "W/nonsense"):
        assert cora.post(f"{CALL}/decision", headers=seen(old)).status_code == 412
    now = cora.get(f"{CALL}/decision")
    assert now.json()["can_decide"] is True
    unread = cora.post(f"{CALL}/decision", headers=seen(now.headers["etag"]))
    assert (now.json()["cautions"], unread.status_code) == (["wide"], 409)
    assert unread.json()["type"] == "decision.unread_cautions"
    frozen = cora.post(f"{CALL}/decision", params={"known": ["wide"]}, headers=seen(now.headers["etag"]))
    assert frozen.status_code == 201
    assert cora.get(f"{CALL}/decision").json()["decision_hash"] == frozen.json()["sha256"]
    assert frozen.headers["etag"] == cora.get(f"{CALL}/decision").headers["etag"]
    assert give(cora, world, codes[7], reason=REASON).status_code == 409
    assert cora.post(f"{CALL}/decision/reopen", json={"reason": "no"}).status_code == 422
    assert cora.post(f"{CALL}/decision/reopen", json={"reason": "A mistake was found."}).status_code == 204
    assert cora.get(f"{CALL}/decision").json()["can_award"] is True


def test_only_its_coordinator_may(client: Client, cora: TestClient, world: World, codes: list[str]) -> None:
    give(cora, world, codes[0])
    pot = world.round.code
    for method, path, body in (
        ("GET", "/rounds", None),
        ("POST", f"/rounds/{pot}/line", None),
        ("GET", "/awards", None),
        ("POST", "/awards", {"round": pot, "application": codes[1]}),
        ("GET", f"/awards/{codes[0]}", None),
        ("PUT", f"/awards/{codes[0]}", {"amount_minor": 1}),
        ("DELETE", f"/awards/{codes[0]}", None),
        ("POST", "/departures", {"round": pot, "application": codes[1], "reason": REASON}),
        ("DELETE", f"/departures/{pot}/{codes[1]}", None),
        ("GET", "/decision", None),
        ("POST", "/decision", None),
        ("POST", "/decision/reopen", {"reason": "A mistake was found."}),
    ):
        headers = seen('"1"')
        assert client().request(method, CALL + path, json=body, headers=headers).status_code == 401
        for stranger in ("ada", "rita", "max", "zoe"):
            answer = client(stranger, api=True).request(method, CALL + path, json=body, headers=headers)
            assert answer.status_code == 404, (stranger, method, path)
    assert cora.get(f"{CALL}/awards").json()["total"] == 1
    assert cora.get("/api/v1/calls/other/awards").status_code == 404


def test_a_line_is_moved_by_the_version_that_was_looked_at(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        ruled(session, world, **REAL)
        codes = ranked_call(session, world, 10)
    cora, line = client("cora", api=True), f"{CALL}/rounds/{world.round.code}/line"
    looked = cora.get(line, params={"count": 8})
    decided = looked.json()["lines"][0]
    assert (decided["decides"], {each["amount_minor"] for each in decided["rows"]}) == (True, {375_000})
    assert [each["code"] for each in decided["enters"]] == codes[6:8]
    assert cora.get(line, params={"count": 0}).status_code == 422
    tag = looked.headers["etag"]
    assert cora.put(line, json={"count": 8}).status_code == 428
    assert cora.put(line, json={"count": 5}, headers=seen(tag)).status_code == 422
    assert cora.put(line, json={"count": 8}, headers=seen(tag)).json() == {"given": 8}
    assert cora.put(line, json={"count": 7}, headers=seen(tag)).status_code == 412
    mark = f"{CALL}/rounds/{world.round.code}/reserved/{codes[9]}"
    told = {"belongs": True, "reason": "The list of the workshop has them."}
    assert cora.put(mark, json=told).status_code == 204
    found = cora.get(f"{CALL}/rounds/{world.round.code}/reserved").json()["items"]
    assert [(each["application"], each["belongs"]) for each in found] == [(codes[9], True)]
    assert cora.delete(mark).status_code == 204
    assert cora.delete(mark).status_code == 404


def test_the_next_comes_up_over_the_api_too(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
    cora, pot = client("cora", api=True), f"{CALL}/rounds/{world.round.code}"
    back = f"{CALL}/awards/{codes[0]}/return"
    assert cora.post(back, json={"reason": "They move away."}).status_code == 428
    assert cora.post(back, json={"reason": "They move away."}, headers=seen('"1"')).status_code == 204
    reserve = cora.get(f"{pot}/reserve")
    assert [each["application"] for each in reserve.json()["entries"]] == codes[3:6]
    up = {"application": codes[5], "reason": ""}
    tag = seen(reserve.headers["etag"])
    assert cora.post(f"{pot}/promotions", json=up, headers=tag).status_code == 422
    risen = cora.post(f"{pot}/promotions", json={}, headers=tag)
    assert (risen.status_code, risen.json()["application"]) == (201, codes[3])
    assert cora.post(f"{pot}/promotions", json={}, headers=tag).status_code == 412
    back = f"{CALL}/awards/{codes[1]}/return"
    assert cora.post(back, json={"reason": "They move away."}, headers=seen('"1"')).status_code == 204
    with session_on(engine) as session, session.begin():
        second(session, world)
    tag, out = seen(cora.get(f"{pot}/reserve").headers["etag"]), f"{pot}/reserve/{codes[5]}"
    alone = cora.post(f"{pot}/promotions", json=up | {"reason": REASON}, headers=tag)
    assert (alone.status_code, alone.json()["type"]) == (409, "reserve.second_person")
    assert cora.put(f"{out}/reason", json={"reason": REASON}, headers=tag).status_code == 204
    assert cora.delete(f"{out}/reason").status_code == 204
    tag = seen(cora.get(f"{pot}/reserve").headers["etag"])
    assert cora.put(f"{out}/reason", json={"reason": REASON}, headers=tag).status_code == 204
    (waits,) = cora.get(f"{pot}/reserve").json()["out_of_turn"]
    when = {"decided_at": waits["decided_at"]}
    assert cora.post(f"{out}/confirm", json=when).status_code == 409
    risen = client("max", api=True).post(f"{out}/confirm", json=when)
    assert (risen.status_code, risen.json()["application"]) == (201, codes[5])
    public = cora.get("/api/v1/calls/2026/results")
    assert [each["promoted"] for each in public.json()["winners"]] == [False, True, True]
    assert cora.get(f"{CALL}/rounds/table.csv").text.count("reserve") == 2  # the head has one
    clock.now = ENDS
    last = seen(cora.get(f"{pot}/reserve").headers["etag"])
    ended = cora.post(f"{pot}/promotions", json={}, headers=last)
    assert (ended.status_code, ended.json()["type"]) == (409, "reserve.ended")
