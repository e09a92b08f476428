"""Later deadlines over the API, by entity tags."""

from datetime import timedelta

from sqlalchemy import Engine

from app.database import session_on
from tests.api.program import Program, program_of
from tests.applications.steps import begin
from tests.conftest import Client, Clock
from tests.world import CLOSES, World

LATER = {"until": "2026-03-20T18:00:00+05:00", "reason": "No electricity in the village."}


def test_later_deadline_over_the_api(client: Client, engine: Engine, world: World, clock: Clock) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    cora: Program = program_of(client, "cora", "coordinator:read", "coordinator:write")
    ada: Program = program_of(client, "ada", "applicant:read", "applicant:write")
    clock.now = CLOSES + timedelta(hours=1)
    here = f"/calls/2026/extensions/{ref}"
    shown = cora.get(here)
    assert (shown["version"], shown["can_change"], shown["steps"]) == (0, True, [])
    assert cora.send("PUT", here, LATER, 428)["type"] == "precondition_required"
    assert cora.send("PUT", here, LATER, 412, tag='"3"')["type"] == "stale"
    past = LATER | {"until": "2026-03-18T18:30:00+05:00"}
    assert cora.send("PUT", here, past, 422, tag='"0"')["errors"][0]["field"] == "until"
    given = cora.send("PUT", here, LATER, tag='"0"')
    assert (given["due_at"], given["can_take_back"]) == ("2026-03-20T13:00:00Z", True)
    own = ada.get(f"/applications/{ref}")
    assert (own["due_at"], own["extended"], own["writable"]) == ("2026-03-20T13:00:00Z", True, True)
    assert own["closes_at"] == "2026-03-18T13:00:00Z"
    assert cora.get("/calls/2026/extensions")["total"] == 1
    ada.get("/calls/2026/extensions", 403)
    cora.send("POST", f"{here}/take-back", {"reason": "The wrong one."}, tag='"1"')
    assert not ada.get(f"/applications/{ref}")["writable"]
    cora.get("/calls/2026/extensions/WA26-NOBODY", 404)
