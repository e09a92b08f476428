"""Coming as a guest over REST: asked, confirmed, waiting, moved up, left; and no word of who else comes."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.events.audience import attendee_key
from app.models.outbox import Mail
from app.models.people import Attendee
from app.settings import Settings
from tests.api.everything import everything
from tests.api.program import API
from tests.conftest import Client, Clock
from tests.events.evening import EVENING, announced, event_now
from tests.factories import REVIEWING
from tests.world import World

SECRET = Settings(_env_file=None).secret_key.get_secret_value()


def guest(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name.title(), "email": f"{name}@example.org", "agreed": True} | more


def keys(engine: Engine) -> list[str]:
    with session_on(engine, reading=True) as session:
        rows = session.exec(select(Attendee).order_by(col(Attendee.id)))
        return [attendee_key(SECRET, row.code, row.nonce) for row in rows]


def templates(engine: Engine) -> list[str]:
    with session_on(engine, reading=True) as session:
        sent = select(Mail.template).where(col(Mail.template).startswith("attend_")).order_by(col(Mail.id))
        return list(session.exec(sent))


def test_a_hall_of_one_takes_one_and_moves_the_next_up(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
        event_now(session, world).capacity = 1
    anybody, here = client(), f"{API}/calls/2026/rounds/{world.round.code}"
    for name in ("dana", "erlan"):
        answer = anybody.post(
            f"{here}/registrations", json=guest(name), headers={"Accept-Language": "ru, en;q=0.5"}
        )
        assert (answer.status_code, answer.json()) == (202, None)
    with session_on(engine, reading=True) as session:
        assert set(session.exec(select(Attendee.language))) == {"ru"}
    dana, erlan = keys(engine)
    place = anybody.get(f"{API}/attendance/{dana}").json()
    assert (place["state"], place["over"], place["call"]) == ("asked", False, "2026")
    assert set(place) == {
        "call", "round", "name", "timezone", "starts_at", "place", "stream_url", "state", "ahead", "over",
    }  # fmt: skip
    assert anybody.post(f"{API}/attendance/{dana}/confirm").json()["state"] == "confirmed"
    assert anybody.post(f"{API}/attendance/{dana}/confirm").json()["state"] == "confirmed"
    waits = anybody.post(f"{API}/attendance/{erlan}/confirm").json()
    assert (waits["state"], waits["ahead"]) == ("waiting", 0)
    assert anybody.get(f"{here}/event").json()["free"] == 0
    assert anybody.post(f"{API}/attendance/{dana}/leave").json()["state"] == "cancelled"
    assert anybody.get(f"{API}/attendance/{erlan}").json()["state"] == "confirmed"
    assert templates(engine) == [
        "attend_asked", "attend_asked", "attend_place", "attend_place", "attend_moved_up",
    ]  # fmt: skip
    clock.now = EVENING
    assert anybody.post(f"{API}/attendance/{dana}/confirm").status_code == 409
    assert anybody.post(f"{here}/registrations", json=guest("late")).status_code == 409


def test_the_answer_says_nothing_of_an_address_and_refusals_write_nothing(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
    anybody, here = client(), f"{API}/calls/2026/rounds/{world.round.code}/registrations"
    first = anybody.post(here, json=guest("dana"))
    again = [anybody.post(here, json=guest("dana")) for _ in range(4)]
    assert {(each.status_code, each.content) for each in (first, *again)} == {(202, b"null")}
    assert len(templates(engine)) == 3, "one address is written to three times at most"
    before = everything(engine)
    wrong = {
        "agreed": guest("erlan", agreed=False),
        "email": guest("erlan", email="nobody"),
        "name": guest("erlan") | {"name": ""},
        "seat": guest("erlan", seat="1A"),
    }
    for field, given in wrong.items():
        refused = anybody.post(here, json=given)
        assert refused.status_code == 422
        assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert anybody.post(here, data=guest("erlan")).status_code == 415
    elsewhere = f"{API}/calls/2025/rounds/{world.round.code}/registrations"
    assert anybody.post(elsewhere, json=guest("erlan")).status_code == 404
    (key,) = keys(engine)
    forged = [key[:-1] + ("0" if key[-1] != "0" else "1"), key.split("-")[0], "none", "x" * 500]
    for each in forged:
        for method, path in (("GET", ""), ("POST", "/confirm"), ("POST", "/leave")):
            assert anybody.request(method, f"{API}/attendance/{each}{path}").status_code == 404
    assert everything(engine) == before


def test_one_client_registers_forty_times_an_hour(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
    anybody, here = client(), f"{API}/calls/2026/rounds/{world.round.code}/registrations"
    answers = [anybody.post(here, json=guest(f"g{number}")) for number in range(41)]
    assert [each.status_code for each in answers] == [202] * 40 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].headers["content-type"] == "application/problem+json"
