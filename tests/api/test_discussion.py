"""Phases, the blind, the discussion, third and returned reviews over the API: the rules of the pages."""

from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from app.database import session_on
from app.models.applications import Application
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_divided
from tests.world import OPENS, World, key

CALL = "/api/v1/calls/2026"
WHY = "The finals must know which districts their finalists come from."
NOBODYS = ("rolf.canary", "Rolf", "AKIM", "Akimat", "anna.canary", "Canaryname")
"""What no reviewer may read of another one."""


@pytest.fixture
def application(engine: Engine, world: World, clock: Clock) -> Application:
    """Rita gave it four everywhere and Rolf two; the call wants two reviews and promised a discussion."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        return make_divided(session, world, "karl")


def test_discussion_gives_reasons_under_letters_to_who_has_sent_their_own(
    client: Client, world: World, application: Application
) -> None:
    cora, rita, karl = (client(name, api=True) for name in ("cora", "rita", "karl"))
    at = f"{CALL}/discussions/{quote(application.code)}"
    assert [each.get(at).status_code for each in (rita, karl, client("anna", api=True))] == [409, 409, 404]
    opened = cora.post(f"{CALL}/phases/discussion")
    assert opened.json()["stands"] == {
        "title": world.call.title,
        "timezone": "Asia/Almaty",
        "phase": "reviewing",
        "discussion": True,
        "discussing": True,
        "unsent": 1,
    }
    assert cora.post(f"{CALL}/phases/discussion").status_code == 409
    (act,) = cora.get(f"{CALL}/phases/acts").json()["items"]
    assert act == {
        "act": "discussion.open",
        "at": "2026-03-20T13:00:00Z",
        "reason": "",
        "by": world.members["cora"].code,
        "step": "",
    }

    assert (karl.get(at).status_code, karl.get(f"{CALL}/discussions").json()["items"]) == (409, [])
    listed = rita.get(f"{CALL}/discussions").json()
    assert (listed["open"], listed["total"], listed["items"][0]["differ"]) == (True, 1, True)
    found = rita.get(at)
    said = found.json()
    assert said.keys() == {"code", "title", "language", "open", "letter", "own", "others"}
    (other,) = said["others"]
    assert other.keys() == {"letter", "scores", "convinced", "stronger", "panel_note", "changes"}
    assert {other["letter"], said["own"]["letter"]} == {"A", "B"}
    assert other["scores"]["need"] == {
        "score": 2,
        "cannot_judge": False,
        "reason": "A reason for need that is long enough to be sent.",
    }
    assert [word for word in (*NOBODYS, world.members["rolf"].code) if word in found.text] == []

    scores, match = f"{CALL}/reviews/{quote(application.code)}/scores", {"If-Match": '"1"'}
    cell = {"score": 3, "reason": "Weaker than I first thought it was."}
    changed = {"scores": dict.fromkeys(world.criteria, cell)}
    refused = rita.put(scores, json=changed, headers=match)
    assert [each["field"] for each in refused.json()["errors"]] == ["change_reason"]
    assert rita.put(scores, json=changed | {"change_reason": WHY}, headers=match).status_code == 200
    (seen,) = client("rolf", api=True).get(at).json()["others"]
    assert seen["changes"] == [{"before": dict.fromkeys(world.criteria, 4), "reason": WHY}]


def test_third_review_is_named_and_given_without_a_number(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora, anna, path = client("cora", api=True), world.members["anna"].code, f"{CALL}/third-reviews"
    assert cora.get(path).json()["items"] == [], "Karl's opinion is awaited"
    assert (
        cora.delete(f"{CALL}/assignments/{quote(application.code)}/{world.members['karl'].code}").status_code
        == 204
    )
    assert cora.get(path).json()["items"] == [
        {"application": application.code, "proposed": anna, "free": [anna], "lacks": {}, "language": "en"}
    ]
    rolf = {"reviewers": {application.code: world.members["rolf"].code}}
    refused = cora.post(path, json=rolf)
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
        (application.code, "third.not_free")
    ]
    made = cora.post(path, json={"reviewers": {application.code: anna}})
    assert (made.status_code, made.json()) == (201, {"made": 1})
    assert cora.get(path).json()["total"] == 0
    assert client("anna", api=True).get(f"{CALL}/reviews").json()["items"][0]["code"] == application.code


def test_returned_review_says_what_is_asked_until_it_is_sent_again(
    client: Client, world: World, application: Application
) -> None:
    cora, rita, path = client("cora", api=True), client("rita", api=True), f"{CALL}/returned-reviews"
    note = "Say where the numbers come from."
    given = {"application": application.code, "reviewer": world.members["rita"].code, "note": note}
    assert cora.post(path, json=given | {"note": "Short"}).status_code == 422
    refused = cora.post(path, json=given | {"reviewer": world.members["karl"].code})
    assert [each["code"] for each in refused.json()["errors"]] == ["return.not_sent"]
    assert cora.post(path, json=given).status_code == 204
    assert cora.get(path).json()["items"] == [given | {"returned_at": "2026-03-20T13:00:00Z"}]
    review = f"{CALL}/reviews/{quote(application.code)}"
    assert rita.get(review).json()["returned"] == note
    assert client("rolf", api=True).get(review).json()["returned"] == ""
    assert rita.post(f"{review}/send", headers={"If-Match": '"1"'}).status_code == 200
    assert (cora.get(path).json()["total"], rita.get(review).json()["returned"]) == (0, "")


def test_blind_is_lifted_by_two_and_names_are_read_only_then(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        second = PanelMember(
            call_id=key(world.call),
            person_id=key(world.people["zoe"]),
            role=PanelRole.COORDINATOR,
            code=random_code(),
            joined_at=OPENS,
        )
        session.add(second)
        session.flush()
        code = second.code
    cora, zoe, blind = client("cora", api=True), client("zoe", api=True), f"{CALL}/blind"
    assert cora.get(f"{CALL}/agreement").status_code == 409
    assert cora.post(blind, json={"reason": WHY}).status_code == 409
    assert cora.post(f"{CALL}/ranking/close").status_code == 204
    agreed = cora.get(f"{CALL}/agreement").json()
    assert (agreed["applications"], agreed["reviews"]) == (1, 2)
    assert agreed["criteria"][0] == {"criterion": "need", "pairs": 1, "equal": 0, "near": 0, "alpha": 0.0}

    assert cora.post(blind, json={"reason": "Short"}).status_code == 422
    asked = cora.post(blind, json={"reason": WHY})
    assert asked.status_code == 201
    assert asked.json() == {
        "open": False,
        "can_ask": False,
        "can_confirm": False,
        "alone": False,
        "too_early": False,
        "mine": True,
        "asked_by": world.members["cora"].code,
        "asked_at": "2026-03-20T13:00:00Z",
        "reason": WHY,
        "confirmed_by": "",
        "confirmed_at": None,
    }
    assert cora.post(f"{blind}/confirm").status_code == 409
    hidden = cora.get(f"{CALL}/names")
    assert (hidden.status_code, hidden.json()["type"]) == (409, "blind.names_hidden")
    assert zoe.post(f"{blind}/turn-down").json()["can_ask"] is True
    assert cora.post(blind, json={"reason": WHY}).status_code == 201
    lifted = zoe.post(f"{blind}/confirm").json()
    assert (lifted["open"], lifted["confirmed_by"]) == (True, code)
    assert cora.get(f"{CALL}/names").json()["items"] == [
        {"ref": application.ref, "display_name": "Ada Canaryname and friends"}
    ]
    assert cora.get(f"{CALL}/names?theme=culture").json()["items"] == []
    ledger = client().get(f"{CALL}/ledger").json()
    assert [each["act"] for each in ledger["entries"]] == ["reviewing.close", "blind.lift"]
    assert [each.keys() for each in ledger["entries"]] == [{"act", "at", "reason"}] * 2
    for stranger in ("rita", "ada", "max"):
        for path in (blind, f"{CALL}/names", f"{CALL}/agreement", f"{CALL}/phases", f"{CALL}/phases/acts"):
            assert client(stranger, api=True).get(path).status_code == 404


def test_steps_are_left_to_the_clock_and_taken_from_it(client: Client, world: World) -> None:
    cora, plans = client("cora", api=True), f"{CALL}/phases/plans"
    given = {"step": "reviewing", "at": "2020-01-01T10:00:00+05:00"}
    refused = cora.put(plans, json=given)
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [("at", "plan.not_ahead")]
    assert cora.put(plans, json=given | {"at": "2098-01-01T10:00:00+05:00"}).status_code == 200
    planned = cora.put(plans, json=given | {"at": "2099-01-01T10:00:00+05:00"})
    assert planned.json()["plans"] == [{"step": "reviewing", "at": "2099-01-01T05:00:00Z", "refused": ""}]
    assert cora.put(plans, json={"step": "discussion", "at": "2099-01-01T10:00:00+05:00"}).status_code == 409
    assert cora.post(f"{plans}/remove", json={"step": "reviewing"}).json()["plans"] == []
    assert cora.post(f"{plans}/remove", json={"step": "reviewing"}).status_code == 409
    assert [(each["act"], each["step"]) for each in cora.get(f"{CALL}/phases/acts").json()["items"]] == [
        ("phase.unplan", "reviewing"),
        ("phase.plan", "reviewing"),
        ("phase.plan", "reviewing"),
    ]
