"""The run of an evening, its checklist and its contacts by program, with the versions that pages name."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.models.audit import AuditEntry
from tests.api.program import program_of
from tests.conftest import Client, Clock
from tests.events.evening import EVENING, announced
from tests.world import World

COORDINATOR = ("coordinator:read", "coordinator:write")


def test_a_program_plans_an_evening_and_runs_it(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
    cora, here = program_of(client, "cora", *COORDINATOR), f"/calls/2026/rounds/{world.round.code}"
    empty = cora.get(f"{here}/show")
    assert (empty["segments"], empty["behind"], empty["ends_at"]) == ([], None, None)
    before = cora.tag
    parts = cora.change("POST", f"{here}/show")["segments"]
    assert [each["kind"] for each in parts] == [
        "opening", "speech", "pitch", "pause", "pitch", "deliberation", "reveal", "photos",
    ]  # fmt: skip
    assert [each["slot"] for each in parts if each["slot"]] == [1, 2]
    cora.change("POST", f"{here}/show", None, 409)
    cora.send(
        "POST", f"{here}/show/parts", {"kind": "other", "words": "Music", "minutes": 5}, 412, tag=before
    )
    cora.send("POST", f"{here}/show/parts", {"kind": "other", "minutes": 601}, 422, tag=cora.tag)
    added = cora.change("POST", f"{here}/show/parts", {"kind": "other", "words": "Music", "minutes": 5})
    music = added["segments"][-1]
    assert (music["words"], music["minutes"]) == ("Music", 5)
    press = f"{here}/show/parts/{music['code']}"
    for act in ("more", "more", "less"):
        cora.change("POST", press, {"act": act})
    found = cora.change("POST", press, {"act": "up"})["segments"]
    assert [(each["words"], each["minutes"]) for each in found[-2:]] == [("Music", 6), ("", 10)]
    cora.change("POST", press, {"act": "dance"}, 422)
    cora.change("POST", f"{here}/show/parts/none", {"act": "more"}, 404)
    clock.now = EVENING + timedelta(minutes=7)
    opening = f"{here}/show/parts/{parts[0]['code']}"
    begun = cora.change("POST", opening, {"act": "begin"})
    assert begun["behind"] > 0 and begun["segments"][0]["began_at"] is not None
    assert cora.change("POST", opening, {"act": "not_begun"})["behind"] is None
    assert cora.change("POST", press, {"act": "skip"})["segments"][-2]["skipped"]
    assert len(cora.change("POST", press, {"act": "remove"})["segments"]) == 8
    cora.send("POST", press, {"act": "more"}, 428)


def test_a_program_ticks_the_checklist_and_reads_whom_to_call(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = EVENING - timedelta(hours=1)
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
    cora, here = program_of(client, "cora", *COORDINATOR), f"/calls/2026/rounds/{world.round.code}"
    listed = cora.get(f"{here}/checklist?limit=50")
    assert listed["total"] == 14 and all(each["due"] for each in listed["items"])
    for _ in range(2):
        cora.send("PUT", f"{here}/checklist/screen", {"done": True}, 204)
    done = [each["item"] for each in cora.get(f"{here}/checklist?limit=50")["items"] if each["done_at"]]
    assert done == ["screen"]
    cora.send("PUT", f"{here}/checklist/screen", {"done": False}, 204)
    assert not any(each["done_at"] for each in cora.get(f"{here}/checklist?limit=50")["items"])
    cora.send("PUT", f"{here}/checklist/moon", {"done": True}, 422)
    cora.send("PUT", f"{here}/checklist/screen", {"done": "yes"}, 422)
    found = cora.get(f"{here}/contacts")
    assert [each["slot"] for each in found["finalists"]] == [1, 2]
    assert [each["email"] for each in found["organisers"]] == ["cora.canary@example.org"]
    with session_on(engine, reading=True) as session:
        read = select(AuditEntry.detail).where(col(AuditEntry.action) == "identity.list")
        assert session.exec(read).all() == [{"count": 2}]
    rita = program_of(client, "rita", "reviewer:read", "reviewer:write")
    for path in ("show", "checklist", "contacts"):
        rita.get(f"{here}/{path}", 403)
