"""An evening by program, as from the pages: jury and papers, stage and rehearsal, the papers of the seal, the
door. Nobody is told a score before all is closed, nor a winner before the reveal."""

from sqlalchemy import Engine

from app.database import session_on
from app.events.audience import confirm
from tests.api.program import API, Program, program_of
from tests.conftest import Client, Clock
from tests.events.evening import EVENING, announced, event_now, sealed_evening
from tests.events.jury import NIGHT
from tests.events.test_audience import SECRET, registered
from tests.factories import REVIEWING
from tests.world import World

ALONE = "There is nobody else in this small town."


def cora_of(client: Client) -> Program:
    return program_of(client, "cora", "coordinator:read", "coordinator:write")


def test_a_program_seats_a_jury_keys_in_paper_and_closes(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = NIGHT
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
    cora, here = cora_of(client), f"/calls/2026/rounds/{world.round.code}"
    given = {"name": "Dina", "organisation": "BC", "email": "dina@example.org", "language": "ru"}
    juror = cora.send("POST", f"{here}/jury", given)["code"]
    cora.send("POST", f"{here}/jury", given | {"organisation": "NOBODY"}, 422)
    (access,) = cora.send("POST", f"{here}/jury-links")["jurors"]
    assert cora.send("POST", f"{here}/jury-links") == {"jurors": []}
    assert (access["juror"], access["mailed"]) == (juror, True)
    assert cora.get(f"{here}/jury/{juror}")["mailed"] == "queued"
    assert access["code"] not in str(cora.get(f"{here}/jury/{juror}"))
    phone = client()
    door = access["link"].removeprefix("http://testserver")
    assert phone.post(door, data={"code": access["code"]}).status_code == 303
    cora.send("POST", f"{here}/jury/{juror}/mail", None, 204)
    cora.send("DELETE", f"{here}/jury/{juror}/access", None, 204)
    cora.send("POST", f"{here}/jury/{juror}/mail", None, 409)
    assert phone.post(door, data={"code": access["code"]}).status_code == 422
    assert cora.send("POST", f"{here}/jury/{juror}/access", {"mail": False})["mailed"] is False
    other = {"name": "Dina", "email": None, "phone": "+7 701", "language": "kk"}
    assert cora.send("PUT", f"{here}/jury/{juror}", other)["issued_at"] is None
    cora.send("POST", f"{here}/jury/{juror}/access", {"mail": True}, 409)

    assert [each["begun"] for each in cora.get(f"{here}/jury")["pitches"]] == [False, False]
    begun = cora.change("PUT", f"{here}/pitches/1")
    cora.send("PUT", f"{here}/pitches/2", None, 412, tag='"0"')
    assert cora.change("PUT", f"{here}/pitches/2")["version"] == begun["version"] + 1
    whole = dict.fromkeys(world.criteria, 4)
    sheet = {"pitches": {"1": {"scores": whole}, "2": {"tie": True}}}
    assert cora.send("POST", f"{here}/ballots/{juror}", sheet) == {"agreed": 0, "wait": 2, "differ": 0}
    cora.send("POST", f"{here}/ballots/{juror}", sheet, 422)
    keyed = cora.send("POST", f"{here}/ballots/{juror}", sheet | {"reason": ALONE})
    assert keyed == {"agreed": 2, "wait": 0, "differ": 0}
    assert {each["state"] for each in cora.get(f"{here}/ballots/{juror}")["lines"]} == {"agreed"}
    before = cora.get(f"{here}/tally")
    assert (before["rows"], before["can_close"], before["digest"]) == ([], False, "")
    cora.change("PUT", f"{here}/comparing")
    assert cora.change("DELETE", f"{here}/comparing")["comparing_at"] is None
    cora.change("PUT", f"{here}/comparing")
    # Who scored on paper alone is finished by that, until somebody opens the ballots again.
    assert cora.get(f"{here}/jury/{juror}")["finished_at"] is not None
    why = {"reason": "Her telephone is in a taxi."}
    assert cora.send("POST", f"{here}/jury/{juror}/opening", why)["finished_at"] is None
    cora.change("POST", f"{here}/tally/closing", {}, 409)
    for act, ended in (("closing", True), ("opening", False), ("closing", True)):
        now = cora.send("POST", f"{here}/jury/{juror}/{act}", why)
        assert (now["closed_at"] is not None) is ended
    cora.get(f"{here}/tally")
    rows = cora.change("POST", f"{here}/tally/closing", {"reason": ""})["rows"]
    assert sorted((each["scored"], each["tied"]) for each in rows) == [(0, 1), (1, 0)]
    assert cora.send("POST", f"{here}/tally/reopening", why)["rows"] == []
    cora.send("POST", f"{here}/jury/{juror}/removal", why)
    cora.send("POST", f"{here}/jury/{juror}/access", {}, 409)
    rita = program_of(client, "rita", "reviewer:read", "reviewer:write")
    for path in ("jury", "tally", f"ballots/{juror}", "seats", "deck"):
        rita.get(f"{here}/{path}", 403)


def test_a_program_rehearses_works_the_stage_and_takes_the_sealed_papers(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        sealed_evening(session, world, 3)
    cora, pot, anybody = cora_of(client), world.round.code, client()
    stage, public = f"/calls/2026/stage/{pot}", f"{API}/stage/{pot}"
    link = cora.get(f"{stage}/hall-link")["link"]
    before = anybody.get(public).json()
    assert cora.send("PUT", f"{stage}/rehearsal")["rehearsing"]
    # In the rehearsal the stage takes no press, and what is invented is nowhere else.
    cora.change("POST", f"{stage}/scene", {"scene": "title", "slot": 1}, 409)
    shown = cora.change("POST", f"{stage}/scene?of=rehearsal", {"scene": "title", "slot": 1})
    assert (shown["rehearsal"], shown["scene"]) == (True, "title")
    shown = cora.change("POST", f"{stage}/reveal?of=rehearsal")
    assert shown["winner"]["slug"] == ""
    assert cora.get(f"{stage}/presenter")["control"]["rehearsing"]
    # But that the stage was changed: its number grows, and nothing that it shows.
    assert anybody.get(public).json() == before | {"version": before["version"] + 1}
    assert not cora.send("DELETE", f"{stage}/rehearsal")["rehearsing"]
    cora.send("PUT", f"{stage}/note?of=rehearsal", {"note": "x"}, 409)
    assert cora.send("POST", f"{stage}/hall-link")["link"] != link

    following = cora.get(stage)["next_title"]
    before = anybody.get(public).json()
    assert (before["winner"], before["winners"]) == (None, [])
    cora.change("POST", f"{stage}/scene", {"scene": "timer", "slot": 1})
    held = cora.change("POST", f"{stage}/clock", {"turn": "hold"})
    assert held["clock"]["ends_at"] is None
    cora.send("PUT", f"{stage}/note", {"note": "Slower, please."}, 204)
    cora.send("PUT", f"{stage}/note", {"note": "Other words."}, 412)
    assert cora.get(stage)["note"] == "Slower, please."
    assert cora.send("PUT", f"{stage}/hold", {"frozen": True})["frozen"]
    cora.change("POST", f"{stage}/reveal", None, 409)
    cora.send("PUT", f"{stage}/hold", {"frozen": False})
    tag = cora.tag
    assert cora.change("POST", f"{stage}/reveal")["winner"]["title"] == following
    cora.send("POST", f"{stage}/reveal", None, 412, tag=tag)
    assert following in anybody.get(public).text

    deck = f"/calls/2026/rounds/{pot}/deck"
    assert cora.get(deck)["copies"] == []
    http = cora._http
    made = http.post(API + deck, json={"kind": "cards"})
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    assert [each["kind"] for each in cora.get(deck)["copies"]] == ["cards"]


def test_a_program_counts_at_the_door_and_frees_places(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = EVENING
    here = f"/calls/2026/rounds/{world.round.code}"
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
        event_now(session, world).capacity = 1
        (key,) = registered(session, world, 1)
        confirm(session, SECRET, key, REVIEWING)
    cora = cora_of(client)
    walk = {"name": "Саян", "seen": 0}
    cora.send("POST", f"{here}/walk-ins", walk, 409)
    clock.now = REVIEWING
    cora.send("POST", f"{here}/freed-places", None, 409)
    clock.now = EVENING
    assert cora.send("POST", f"{here}/freed-places") == {"freed": 1}
    counted = cora.send("POST", f"{here}/walk-ins", walk)
    assert (counted["number"], counted["name"]) == (1, "Саян")
    cora.send("POST", f"{here}/walk-ins", walk, 409)
    seats = cora.get(f"{here}/seats")
    assert (seats["capacity"], seats["seated"], seats["came"], seats["walk_ins"]) == (1, 1, 1, 1)
    assert [each["code"] for each in cora.get(f"{here}/walk-ins")["items"]] == [counted["code"]]
    cora.send("DELETE", f"{here}/walk-ins/{counted['code']}", None, 204)
    assert cora.get(f"{here}/seats")["seated"] == 0
