"""Invitations to review, what reviewers read and ask for, and an organisation's contact, over the API."""

from datetime import timedelta
from urllib.parse import quote

from sqlalchemy import Engine

from app.database import session_on
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import OPENS, World, key

CALL = "/api/v1/calls/2026"
SEATS = f"{CALL}/reviewer-invitations"
OWN = "/api/v1/reviewer-invitations"
GIVEN = {
    "email": "zoe.canary@example.org",
    "organisation": "BC",
    "language": "en",
    "proposals": 42,
    "hours": 6,
    "due_at": "2026-04-05T18:59:00Z",
    "note": "We would be glad.",
}


def test_an_invitation_is_answered_by_whom_it_is_for(client: Client, world: World) -> None:
    cora, zoe = client("cora", api=True), client("zoe", api=True)
    refused = cora.post(SEATS, json=GIVEN | {"due_at": "2026-03-01T00:00:00Z"})
    assert [each["code"] for each in refused.json()["errors"]] == ["seat.due_past"]
    made = cora.post(SEATS, json=GIVEN)
    seat = made.json()["code"]
    assert (made.status_code, made.headers["location"]) == (201, f"{SEATS}/{seat}")
    waiting = {
        "code": seat,
        "state": "invited",
        "name": "",
        "proposed_by": "",
        "mails": 1,
        "invited_at": "2026-03-10T09:00:00Z",
        "answered_at": None,
        "reason": "",
        "stands": None,
        "stands_for": "",
        **GIVEN,
    }
    assert made.json() == waiting
    assert cora.post(f"{SEATS}/{seat}/again").json() == waiting | {"mails": 2}
    assert cora.get(SEATS).json()["items"] == [waiting | {"mails": 2}]

    (own,) = zoe.get(OWN).json()["items"]
    assert own.keys() == {
        "code", "state", "call", "call_title", "timezone", "organisation", "inviter", "name", "proposals",
        "hours", "due_at", "note", "themes", "needs_name",
    }  # fmt: skip
    assert zoe.get(f"{OWN}/{seat}").json() == own
    for stranger in ("ada", "rita", "cora"):
        someone = client(stranger, api=True)
        assert (someone.get(OWN).json()["items"], someone.get(f"{OWN}/{seat}").status_code) == ([], 404)
        assert someone.post(f"{OWN}/{seat}/accept", json={}).status_code == 404
        assert someone.post(f"{OWN}/{seat}/decline", json={"reason": "x"}).status_code == 404
    applicants = client("zoe", api=True, scopes=("applicant:read", "applicant:write"))
    assert applicants.get(OWN).status_code == 403
    assert client("rita", api=True).get(SEATS).status_code == 404

    wrong = {"topics": ["astrology"]}
    assert zoe.post(f"{OWN}/{seat}/accept", json=wrong).json()["errors"][0]["field"] == "topics"
    accepted = zoe.post(f"{OWN}/{seat}/accept", json={"languages": ["kk", "ru"], "capacity": 30})
    assert (accepted.status_code, accepted.json()) == (200, {"call": "2026"})
    assert [each["slug"] for each in zoe.get("/api/v1/reviews").json()["items"]] == ["2026"]
    assert zoe.get(f"{CALL}/reviews").status_code == 200
    assert zoe.post(f"{OWN}/{seat}/accept", json={}).status_code == 409
    assert (cora.get(f"{SEATS}/{seat}").status_code, cora.delete(f"{SEATS}/{seat}").status_code) == (404, 409)


def test_who_declines_may_name_a_colleague_who_is_then_invited_or_forgotten(
    client: Client, world: World
) -> None:
    cora, zoe = client("cora", api=True), client("zoe", api=True)
    seat = cora.post(SEATS, json=GIVEN).json()["code"]
    declined = {"reason": "I am away.", "colleague_email": "dana@example.org", "colleague_name": "Dana"}
    assert zoe.post(f"{OWN}/{seat}/decline", json=declined | {"reason": " "}).status_code == 422
    assert zoe.post(f"{OWN}/{seat}/decline", json=declined).status_code == 204
    proposed, refused = cora.get(SEATS).json()["items"]
    assert (refused["code"], refused["state"], refused["reason"]) == (seat, "declined", "I am away.")
    assert (proposed["state"], proposed["email"], proposed["proposed_by"], proposed["mails"]) == (
        "proposed",
        "dana@example.org",
        "Zoe Canaryname",
        0,
    )
    invited = cora.post(SEATS, json=GIVEN | {"email": "dana@example.org"}).json()
    assert (invited["proposed_by"], invited["name"]) == ("Zoe Canaryname", "Dana")
    assert cora.delete(f"{SEATS}/{proposed['code']}").status_code == 404, "it is settled by the invitation"
    assert cora.delete(f"{SEATS}/{invited['code']}").status_code == 204
    assert [each["code"] for each in cora.get(SEATS).json()["items"]] == [seat]


def test_what_a_reviewer_reads_is_theirs_and_the_coordinators_to_change(client: Client, world: World) -> None:
    cora, rita = client("cora", api=True), client("rita", api=True)
    theirs = f"{CALL}/reviewers/{world.members['rita'].code}/reading"
    mine = f"{CALL}/reading"
    given = {"languages": ["kk"], "topics": ["ecology"], "capacity": 40}
    first = rita.get(mine)
    assert first.json() == {"languages": [], "topics": [], "capacity": None, "due_at": None, "version": 1}
    tag = {"If-Match": first.headers["etag"]}
    assert rita.put(mine, json=given).status_code == 428
    assert rita.put(mine, json=given | {"topics": ["astrology"]}, headers=tag).status_code == 422
    saved = rita.put(mine, json=given, headers=tag)
    assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
    assert cora.put(theirs, json=given | {"capacity": 5}, headers=tag).status_code == 412
    seen = {"If-Match": cora.get(theirs).headers["etag"]}
    assert cora.put(theirs, json=given | {"capacity": 5}, headers=seen).json()["capacity"] == 5
    assert rita.get(mine).json() == given | {"capacity": 5, "due_at": None, "version": 3}
    assert client("rolf", api=True).get(theirs).status_code == 404
    assert client("cora", api=True).get(mine).status_code == 404


def test_requests_are_asked_by_reviewers_and_answered_once(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita", tie=None)
    cora, rita = client("cora", api=True), client("rita", api=True)
    own, asked = f"{CALL}/own-requests", f"{CALL}/reviewer-requests"
    assert (
        rita.post(f"{own}/give-back", json={"count": 2, "reason": "Ill."}).json()["errors"][0]["field"]
        == "count"
    )
    assert (
        rita.post(f"{own}/more-time", json={"until": "2026-03-21T00:00:00Z", "reason": "Ill."}).status_code
        == 422
    )
    made = rita.post(f"{own}/more-time", json={"until": "2026-05-01T00:00:00Z", "reason": "Ill."})
    assert (made.status_code, made.json().keys()) == (201, {"wish"})
    back = rita.post(f"{own}/give-back", json={"count": 1, "reason": "Ill."}).json()["wish"]
    assert rita.post(f"{own}/give-back", json={"count": 1, "reason": "Ill."}).status_code == 409
    listed = rita.get(own).json()
    assert (listed["total"], listed["able"], listed["due_at"]) == (2, 1, "2026-04-07T13:00:00Z")
    (late,) = [each for each in cora.get(asked).json()["items"] if each["kind"] == "more_time"]
    assert late == {
        "code": made.json()["wish"],
        "kind": "more_time",
        "until": "2026-05-01T00:00:00Z",
        "count": None,
        "given": None,
        "reason": "Ill.",
        "state": "open",
        "asked_at": "2026-03-20T13:00:00Z",
        "answer": "",
        "who": "Rita Canaryname",
        "member": world.members["rita"].code,
        "organisation": "BC",
        "able": 1,
    }
    for stranger in ("rolf", "ada", "max"):
        someone = client(stranger, api=True)
        assert someone.get(f"{asked}/{back}").status_code == 404
        assert someone.post(f"{asked}/{back}/answer", json={"answer": "grant"}).status_code == 404
        assert someone.post(f"{own}/{back}/take-back").status_code == 404

    assert rita.post(f"{own}/{late['code']}/take-back").status_code == 204
    assert cora.get(f"{asked}/{late['code']}").status_code == 404
    assert (
        cora.post(f"{asked}/{back}/answer", json={"answer": "refuse"}).json()["errors"][0]["field"] == "words"
    )
    assert cora.post(f"{asked}/{back}/answer", json={"answer": "grant"}).json() == {"given_back": 1}
    assert cora.post(f"{asked}/{back}/answer", json={"answer": "grant"}).status_code == 409
    assert rita.get(f"{CALL}/reviews/{quote(application.code)}").json()["situation"] == "withdrawn"


def test_a_contact_counts_their_own_people_and_reads_nothing_else(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        session.add(
            PanelMember(
                call_id=key(world.call),
                person_id=key(world.people["zoe"]),
                organisation_id=key(world.organisations["BC"]),
                role=PanelRole.CONTACT,
                code=random_code(),
                joined_at=OPENS,
            )
        )
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita")
    clock.now = REVIEWING + timedelta(hours=1)
    zoe, path = client("zoe", api=True), f"{CALL}/organisation"
    for email in ("dana@example.org", "rolf.canary@example.org"):
        assert zoe.post(f"{path}/proposals", json={"email": email, "name": "Dana"}).status_code == 204
    found = zoe.get(path)
    assert found.json() == {
        "call_title": world.call.title,
        "organisation": world.organisations["BC"].name,
        "due_at": "2026-04-07T13:00:00Z",
        "colleagues": [
            {
                "name": "Rita Canaryname",
                "email": "rita.canary@example.org",
                "languages": [],
                "done": 0,
                "total": 1,
            }
        ],
        "proposals": [
            {"email": email, "name": "Dana", "proposed_at": "2026-03-20T14:00:00Z"}
            for email in ("dana@example.org", "rolf.canary@example.org")
        ],
    }
    assert [word for word in (application.code, application.ref, "Orchard") if word in found.text] == []
    waits = client("cora", api=True).get(SEATS).json()["items"]
    assert [(each["email"], each["stands"], each["stands_for"]) for each in waits] == [
        ("dana@example.org", None, ""),
        ("rolf.canary@example.org", "reviews", "AKIM"),
    ]
    for stranger in ("rita", "cora", "max", "ada"):
        assert client(stranger, api=True).get(path).status_code == 404
    scopes = ("reviewer:read", "reviewer:write", "coordinator:read", "contact:read")
    limited = client("zoe", api=True, scopes=scopes)
    assert limited.get(path).status_code == 200
    assert limited.post(f"{path}/proposals", json={"email": "dana@example.org"}).status_code == 403
