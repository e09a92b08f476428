"""The desk's pages about ties, and the same over the API."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.scopes import SCOPES
from app.database import session_on
from app.models.applications import Application
from app.models.people import Conflict, Identity
from app.models.reviews import Tie
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import World, token_for

TIES = "/en/desk/2026/ties"
REASON = "They ran a course together."
NOTE = "Two of us took a course there."
MISTAKE = "I took it for the garden of my cousin, which is another one."


@pytest.fixture
def application(engine: Engine, world: World, clock: Clock) -> Application:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        made = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        identity = session.exec(select(Identity)).one()
        said = {"partner_links": ["BC"], "partner_links_note": NOTE}
        identity.data = {"team": {**identity.data["team"], **said}}
        session.add(identity)
        make_assignment(session, world, made, "rolf")
    return made


def standing(engine: Engine) -> list[bool]:
    with session_on(engine, reading=True) as session:
        return list(session.exec(select(Conflict.stands).order_by(Conflict.id)))  # type: ignore[arg-type]


def test_a_coordinator_decides_pins_and_lifts(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora = client("cora")
    page = cora.get(TIES).text
    assert "Rita Canaryname · " in page
    assert "The application names a link with: " in page
    # What the team said itself stands beside it, and one press decides on all of an organisation.
    assert NOTE in page
    assert re.search(r'name="suspected" value="[^"]+organisation\.BC"', page)
    # What it rests on is one press away.
    found = re.search(r'href="(/en/desk/2026/applications\?q=[^"]+)"', page)
    assert found
    assert f"/en/desk/2026/applications/{application.ref}" in cora.get(found[1]).text
    key = f"{application.code}.organisation.BC"
    unsaid = cora.post(f"{TIES}/decide", data={"suspected": key, "reason": "Because."})
    assert unsaid.status_code == 422
    assert "Say whether it is a tie." in unsaid.text
    assert "Say why, in at least 10 characters." in unsaid.text
    assert "Because.</textarea>" in unsaid.text
    done = cora.post(f"{TIES}/decide", data={"suspected": key, "finding": "tie", "reason": REASON})
    assert (done.status_code, done.headers["location"]) == (303, f"{TIES}?done=tie_decided")
    rolf = {"application": application.ref, "member": world.members["rolf"].code, "reason": REASON}
    assert cora.post(f"{TIES}/pin", data=rolf).status_code == 303
    again = cora.post(f"{TIES}/pin", data=rolf)
    assert (again.status_code, "This tie is on record already." in again.text) == (409, True)
    assert standing(engine) == [True, True]
    page = cora.get(TIES).text
    assert "Nobody of this organisation is free." in page
    lifted = f"{application.code}.{world.members['rolf'].code}.1"
    assert cora.post(f"{TIES}/lift", data={"tie": lifted, "reason": REASON}).status_code == 303
    assert standing(engine) == [True, False]
    assert cora.post(f"{TIES}/lift", data={"tie": lifted, "reason": REASON}).status_code == 422


def test_a_proposal_says_which_ties_wait_and_no_longer_once_they_are_decided(
    client: Client, application: Application
) -> None:
    cora, waits = client("cora"), "Suspected ties wait for your decision"
    cora.post("/en/desk/2026/assign/propose", data={"connected": "yes", "topics": "yes"})
    page = cora.get("/en/desk/2026/assign/proposal").text
    assert waits in page
    assert "Undecided: 1." in page
    none = {"suspected": f"{application.code}.organisation.BC", "finding": "no_tie", "reason": REASON}
    assert cora.post(f"{TIES}/decide", data=none).status_code == 303
    assert waits not in cora.get("/en/desk/2026/assign/proposal").text


def test_what_was_declared_is_gone_with_the_next_request(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    cora = client("cora")
    unknown = cora.post(f"{TIES}/own", data={"application": "nothing", "reason": REASON})
    assert unknown.status_code == 422
    # Before anything is hidden its title is shown, whether it was sought by title or by code.
    for typed in ("apples in", application.code.lower().replace("-", " ")):
        asked = cora.post(f"{TIES}/own", data={"application": typed, "reason": REASON})
        assert (asked.status_code, "Apples in the yard" in asked.text) == (200, True)
        assert f'name="sure" value="{application.code}"' in asked.text
    assert cora.get(f"/en/desk/2026/applications/{application.ref}").status_code == 200
    sure = {"application": application.code, "sure": application.code, "reason": REASON}
    done = cora.post(f"{TIES}/own", data=sure)
    assert (done.status_code, done.headers["location"]) == (303, f"{TIES}?done=own_tie_declared")
    assert cora.get(f"/en/desk/2026/applications/{application.ref}").status_code == 404
    assert application.code not in cora.get("/en/desk/2026/applications?names=true").text
    own = cora.get(TIES).text
    assert application.code in own
    assert "Apples in the yard" not in own
    assert "You are the only coordinator" in own
    # Nobody else can undo a slip: with a reason it is undone, and the ledger says so.
    back = re.search(r'href="([^"]+/ties/own/back[^"]+)"', own)
    assert back
    assert f'value="{application.code}"' in cora.get(back[1]).text
    given = {"application": application.code, "reason": "A slip."}
    assert cora.post(f"{TIES}/own/back", data=given).status_code == 422
    assert cora.post(f"{TIES}/own/back", data={**given, "reason": MISTAKE}).status_code == 303
    assert cora.get(f"/en/desk/2026/applications/{application.ref}").status_code == 200
    assert "took back a tie of their own" in client().get("/en/calls/2026/ledger").text


def test_the_api_says_and_does_the_same(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        proof = {"authorization": f"Bearer {_token(session, world)}"}
    api, anybody = "/api/v1/calls/2026/ties", client()
    (found,) = anybody.get(api, headers=proof).json()["suspected"]
    assert (found["ground"], found["evidence"]) == ("organisation", "BC")
    given = {"suspected": [found["key"]], "finding": "no_tie", "reason": REASON}
    assert anybody.post(f"{api}/decide", json=given, headers=proof).status_code == 204
    pin = {"application": application.code, "member": world.members["rolf"].code, "reason": REASON}
    assert anybody.post(api, json=pin, headers=proof).status_code == 201
    assert anybody.post(api, json=pin, headers=proof).status_code == 409
    (recusal,) = anybody.get(f"{api}/recusals", headers=proof).json()["recusals"]
    assert (recusal["organisation"], recusal["proposed"]) == ("AKIM", "")
    own = {"application": application.code, "reason": REASON}
    assert anybody.post(f"{api}/own", json=own, headers=proof).status_code == 201
    after = anybody.get(api, headers=proof).json()
    assert [each["application"] for each in after["own"]] == [application.code]
    assert (after["suspected"], after["standing"], after["lifted"]) == ([], [], [])
    listed = anybody.get("/api/v1/calls/2026/applications", headers=proof).json()
    assert (listed["items"], listed["total"]) == ([], 0)


def _token(session: Session, world: World) -> str:
    return token_for(session, world.people["cora"], SCOPES, REVIEWING)


def test_who_may_recognise_an_applicant_is_known_before_closing(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        maybe = make_assignment(session, world, application, "rita", tie=Tie.MAY_RECOGNISE)
        maybe.tie_note = "There is one such garden."
    page = client("cora").get(TIES).text.partition('id="recognised"')[2].partition("</section>")[0]
    assert f"<strong>{application.code}</strong> · Rita Canaryname" in page
    assert "There is one such garden." in page
    told = client("cora", api=True).get("/api/v1/calls/2026/ties").json()["recognised"]
    assert [each["member"] for each in told] == [world.members["rita"].code]
    with session_on(engine) as session, session.begin():
        pinned = session.merge(maybe)
        pinned.withdrawn_at = REVIEWING
    assert 'id="recognised"' not in client("cora").get(TIES).text
