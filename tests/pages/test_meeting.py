"""The pages of the panel's meeting and of the protocol, and the same by the API."""

import json
import re
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.decisions.canonical import digest_of
from app.models.decisions import RankingEntry
from app.models.panel import PanelMember, PanelRole
from app.models.people import Conflict
from app.models.reviews import TieGround
from app.pages.forms import element_id
from tests.conftest import Client, Clock
from tests.decisions.scored import REASON, ranked_call
from tests.documents.opened import text_of
from tests.factories import KNOWN, REVIEWING
from tests.world import World, key

DESK = "/en/desk/2026"
MEETING = f"{DESK}/panel-meeting"
API = "/api/v1/calls/2026"


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Eight ranked applications, and two coordinators."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        session.add(
            PanelMember(
                call_id=key(world.call),
                person_id=key(world.people["max"]),
                role=PanelRole.COORDINATOR,
                code="SECOND",
                joined_at=REVIEWING,
            )
        )
        return ranked_call(session, world)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_case_is_decided_by_two_people_and_stands_in_the_protocol(
    client: Client, codes: list[str], world: World, clock: Clock
) -> None:
    cora, max_ = client("cora"), client("max")
    agenda = cora.get(MEETING).text
    assert "In the zone: " in agenda
    assert "Everybody may stay" in agenda
    first = unquote(re.findall(rf'href="{MEETING}/([^"]+)"', agenda)[0])
    page = cora.get(f"{MEETING}/{first}").text
    assert "Nine times out of ten its true place is from" in page
    typed = {"version": "0", "minutes": "We spoke of the site.", "outcome": "pass_over", "reason": "short"}
    refused = cora.post(f"{MEETING}/{first}", data=typed)
    assert refused.status_code == 422
    assert "We spoke of the site." in refused.text
    assert f'href="#{element_id("reason")}"' in refused.text
    saved = cora.post(f"{MEETING}/{first}", data=typed | {"reason": REASON, "_action": "save"})
    assert saved.headers["location"] == f"{MEETING}?done=case_saved"
    typing = {"version": "1", "minutes": "We spoke of the site, and more.", "outcome": ""}
    kept = cora.patch(f"{MEETING}/{first}", data=typing)
    assert (kept.status_code, hidden(kept.text, "version")) == (200, "2")
    assert "passed over: waits for a second person" in cora.get(MEETING).text
    late = cora.patch(f"{MEETING}/{first}", data=typing)
    assert (late.status_code, "Somebody has saved this meanwhile" in late.text) == (409, True)
    assert cora.patch(MEETING, data={"version": "0", "notes": "All are here."}).status_code == 200
    late = max_.post(f"{MEETING}/{first}", data=typed | {"minutes": "I say otherwise.", "reason": REASON})
    assert late.status_code == 409
    assert ("I say otherwise." in late.text, "We spoke of the site, and more." in late.text) == (True, True)
    assert hidden(late.text, "version") == "2"
    waits = cora.get(MEETING).text
    assert "waits for a second person" in waits
    assert "I have read the reason and confirm it" not in waits
    cora.post(f"{DESK}/awards/{world.round.code}/line")
    seen = cora.get(f"{DESK}/awards").text
    frozen = cora.post(f"{DESK}/awards/decide", data={"version": _last_version(seen), "known": KNOWN})
    assert frozen.status_code == 409
    assert f"A second coordinator must confirm why these depart from the order: {first}." in frozen.text

    asks = max_.get(MEETING).text
    assert "Departures from the order that wait for you as the second person: 1" in max_.get(DESK).text
    given = {name: hidden(asks, name) for name in ("application", "round", "decided_at")}
    assert cora.post(f"{MEETING}/confirm", data=given).status_code == 409
    done = max_.post(f"{MEETING}/confirm", data=given)
    assert done.headers["location"] == f"{MEETING}?done=departure_confirmed#departures"
    assert max_.post(f"{MEETING}/confirm", data=given).status_code == 409

    draft = cora.get(f"{DESK}/protocol").text
    assert "A draft: nothing is decided" in draft
    press = {"version": _last_version(cora.get(f"{DESK}/awards").text), "known": KNOWN}
    cora.post(f"{DESK}/awards/decide", data=press)
    shown = cora.get(f"{DESK}/protocol").text
    assert "Confirmed by a second coordinator, SECOND" in shown
    file = cora.get(f"{DESK}/protocol/1/protocol.json")
    assert file.headers["content-disposition"].startswith('attachment; filename="protocol-2026-1.json"')
    document = json.loads(file.text)
    assert document["digest"] == digest_of(document)
    assert document["digest"] in shown
    assert cora.get(f"{DESK}/protocol/2/protocol.json").status_code == 404
    assert cora.get(f"{DESK}/protocol/0/protocol.json").status_code == 404
    pdf = cora.get(f"{DESK}/protocol/1/protocol.pdf")
    for language, words in (("ru", "Подписи"), ("kk", "Қолдар")):
        pdf = cora.get(f"/{language}/desk/2026/protocol/1/protocol.pdf")
        said = text_of(pdf.content)
        assert first in said
        assert REASON.split(",")[0] in said.replace("\n", " ")
        assert words in said
    clock.now += timedelta(days=3)
    assert cora.get("/kk/desk/2026/protocol/1/protocol.pdf").content == pdf.content


def _last_version(page: str) -> str:
    return str(re.findall(r'name="version" value="(\d+)"', page)[-1])


def test_the_api_does_the_same(client: Client, codes: list[str], world: World) -> None:
    cora, max_ = client("cora", api=True), client("max", api=True)
    nothing = cora.get(f"{API}/panel-meeting")
    assert (nothing.json()["version"], nothing.headers["etag"]) == (0, '"0"')
    meeting = {"held_on": "2026-04-02", "present": [world.members["rita"].code], "notes": "All spoke."}
    assert cora.put(f"{API}/panel-meeting", json=meeting).status_code == 428
    kept = cora.put(f"{API}/panel-meeting", json=meeting, headers={"If-Match": '"0"'})
    assert (kept.status_code, kept.headers["etag"], kept.json()["present"]) == (
        200,
        '"1"',
        meeting["present"],
    )
    wrong = cora.put(
        f"{API}/panel-meeting", json=meeting | {"present": ["NOBODY"]}, headers={"If-Match": '"1"'}
    )
    assert [each["field"] for each in wrong.json()["errors"]] == ["present"]
    listed = cora.get(f"{API}/panel-meeting/cases", params={"limit": 1}).json()
    assert (len(listed["items"]), listed["partial"]) == (1, False)
    on = {each["application"] for each in cora.get(f"{API}/panel-meeting/cases").json()["items"]}
    other = next((code for code in codes if code not in on), "")
    if other:
        added = cora.post(f"{API}/panel-meeting/cases", json={"application": other})
        assert (added.status_code, added.json()["grounds"]) == (201, ["added"])
        assert added.headers["location"].endswith(f"/panel-meeting/cases/{quote(other)}")
    case = f"{API}/panel-meeting/cases/{codes[7]}"
    if codes[7] not in {*on, other}:
        cora.post(f"{API}/panel-meeting/cases", json={"application": codes[7]})
    tag = cora.get(case).headers["etag"]
    said = {"minutes": "The better site.", "outcome": "raise", "reason": REASON}
    raised = cora.put(case, json=said, headers={"If-Match": tag})
    assert (raised.status_code, raised.json()["departure"]["waits"]) == (200, True)
    assert cora.put(case, json=said, headers={"If-Match": tag}).status_code == 412
    (departure,) = max_.get(f"{API}/departures").json()["items"]
    given = {name: departure[name] for name in ("application", "round", "decided_at")}
    assert cora.post(f"{API}/departures/confirm", json=given).status_code == 409
    assert max_.post(f"{API}/departures/confirm", json=given).status_code == 204
    assert cora.get(f"{API}/protocols").json()["total"] == 0
    document = cora.get(f"{API}/protocol").json()
    assert (document["draft"], document["digest"]) == (True, digest_of(document))
    assert cora.get(f"{API}/protocols/1").status_code == 404
    tag = cora.get(f"{API}/decision").headers["etag"]
    assert (
        cora.post(f"{API}/decision", params={"known": "wide"}, headers={"If-Match": tag}).status_code == 201
    )
    assert cora.get(f"{API}/protocols").json()["items"][0]["standing"]
    assert cora.get(f"{API}/protocols/1").text == cora.get(f"{API}/protocol").text
    assert cora.get(f"{API}/protocol.pdf").content.startswith(b"%PDF")


def test_who_has_a_tie_is_told_why_there_is_no_protocol(
    client: Client, codes: list[str], world: World, engine: Engine
) -> None:
    with session_on(engine) as session, session.begin():
        keys = {row.shown["code"]: row.application_id for row in session.exec(select(RankingEntry))}
        session.add(
            Conflict(
                call_id=key(world.call),
                application_id=keys[codes[2]],
                person_id=key(world.people["cora"]),
                ground=TieGround.DECLARED,
                stands=True,
                reason="My sister leads it.",
                decided_by=key(world.people["cora"]),
                decided_at=REVIEWING,
            )
        )
    cora = client("cora")
    page = cora.get(f"{DESK}/protocol")
    assert page.status_code == 200
    assert "another coordinator must read it" in page.text
    assert "protocol.json" not in page.text
    assert cora.get(f"{DESK}/protocol/draft/protocol.json").status_code == 404
    assert "is not shown to you" in cora.get(MEETING).text
    assert cora.get(f"{MEETING}/{codes[2]}").status_code == 404
    assert client("max").get(f"{DESK}/protocol/draft/protocol.json").status_code == 200
