"""One's own mails over the API: the same ones as on the page, and nobody else's."""

from datetime import timedelta

from sqlalchemy import Engine

from app.accounts.messages import keep_message
from app.database import session_on
from tests.api.program import program_of
from tests.conftest import Client
from tests.world import NOW, World, key


def test_own_messages_are_listed_and_read_by_their_reader_alone(
    client: Client, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        for number in range(3):
            keep_message(
                session,
                key(world.people["ada"]),
                ref="",
                language="kk",
                subject=f"Хат {number}",
                body="Сәлем!",
                now=NOW + timedelta(minutes=number),
            )
    ada, ben = program_of(client, "ada", "applicant:read"), program_of(client, "ben", "applicant:read")
    listed = ada.get("/messages?limit=2")
    assert (listed["total"], [each["subject"] for each in listed["items"]]) == (3, ["Хат 2", "Хат 1"])
    assert [each["subject"] for each in ada.get("/messages?limit=2&offset=2")["items"]] == ["Хат 0"]
    assert "body" not in listed["items"][0]
    code = listed["items"][0]["code"]
    read = ada.get(f"/messages/{code}")
    assert (read["body"], read["language"]) == ("Сәлем!", "kk")
    assert ben.get("/messages")["total"] == 0
    ben.get(f"/messages/{code}", 404)
    ada.get("/messages/nothing", 404)
    program_of(client, "rita", "reviewer:read").get("/messages", 403)
