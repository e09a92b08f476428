"""An evening by program: prepared, answered, drawn and announced; what everybody may read of it."""

from sqlalchemy import Engine

from app.database import session_on
from app.scoring.draw import drawn_order
from tests.api.program import program_of
from tests.conftest import Client, Clock
from tests.decisions.scored import ranked_call
from tests.events.evening import SETUP, with_final
from tests.factories import REVIEWING
from tests.world import World


def test_a_program_prepares_an_evening(client: Client, engine: Engine, world: World, clock: Clock) -> None:
    with session_on(engine) as session, session.begin():
        with_final(session, world, 2)
        codes = ranked_call(session, world, 3)
        here = f"/calls/2026/rounds/{world.round.code}"
    cora = program_of(client, "cora", "coordinator:read", "coordinator:write")
    ada = program_of(client, "ada", "applicant:read", "applicant:write")
    clock.now = REVIEWING
    assert client().get(f"/api/v1{here}/event").status_code == 404
    assert cora.get(f"{here}/event/preparing")["set_up"] is None
    given = SETUP.model_dump(mode="json")
    cora.change("PUT", f"{here}/event/preparing", given)
    past = given | {"starts_at": "2026-01-01T10:00:00+05:00"}
    cora.change("PUT", f"{here}/event/preparing", past, status=422)
    named = cora.change("POST", f"{here}/finalists")
    assert [each["application"] for each in named["finalists"]] == codes[:2]
    cora.send("PUT", f"{here}/finalists/{codes[0]}", {"comes": True}, 204, tag='"1"')
    cora.send("PUT", f"{here}/finalists/{codes[1]}", {"comes": False}, 204, tag='"1"')
    ref = cora.get(f"{here}/finalists/{codes[2]}")["ref"]
    assert ada.get(f"/applications/{ref}/pitch")["slot"] is None
    assert ada.change("POST", f"/applications/{ref}/pitch", {"comes": True})["state"] == "confirmed"
    note = {"spoken_title": "Trees", "access_needs": "A ramp"}
    ada.send("PUT", f"/applications/{ref}/pitch/note", note, 204, tag='"0"')
    assert cora.get(f"{here}/finalists/{codes[2]}")["access_needs"] == "A ramp"
    cora.get(f"{here}/event/preparing")
    cora.change("POST", f"{here}/running-order")
    cora.change("POST", f"{here}/announcement")
    shown = client().get(f"/api/v1{here}/event").json()
    order = shown["order"]
    assert [each["title"] for each in shown["finalists"]] == list(
        drawn_order(order["titles"], seed=order["seed"], call=order["round"])
    )
    assert ada.get(f"/applications/{ref}/pitch")["slot"] in (1, 2)
    assert cora.get(f"{here}/attendees")["total"] == 0
