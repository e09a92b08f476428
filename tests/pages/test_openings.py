"""E-mail me when it opens: an address that agreed, two mails at most, and a button that deletes it."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.jobs import letters
from app.jobs.worker import clean, send_due
from app.models.outbox import Mail, MailState
from app.models.people import DevelopmentMail, OpeningReminder
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.pages.test_calls import write
from tests.world import OPENS

BEFORE = OPENS - timedelta(days=2)
TYPED = {"email": "Zoe@Example.org", "agreed": "yes"}


@pytest.fixture
def waiting(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser two days before the call opens; mail is rendered at the same instant."""

    class Rendering:
        @staticmethod
        def now(zone: object) -> object:
            return clock.now

    monkeypatch.setattr(letters, "datetime", Rendering)
    clock.now = BEFORE
    return client()


def mails(engine: Engine) -> list[tuple[str, str]]:
    with session_on(engine, reading=True) as session:
        rows = session.exec(select(DevelopmentMail).order_by(DevelopmentMail.id)).all()  # type: ignore[arg-type]
        return [(row.recipient, row.subject + "\n" + row.body) for row in rows]


def kept(engine: Engine) -> int:
    with session_on(engine, reading=True) as session:
        return len(session.exec(select(OpeningReminder)).all())


def test_an_address_is_told_twice_and_forgotten(
    waiting: TestClient, engine: Engine, settings: Settings, clock: Clock
) -> None:
    assert 'id="remind"' in waiting.get("/ru/calls/2026").text
    first = waiting.post("/ru/calls/2026/remind", data=TYPED)
    again = waiting.post("/ru/calls/2026/remind", data=TYPED)
    # Nobody learns whether an address waits already.
    assert (first.status_code, first.headers["location"]) == (again.status_code, again.headers["location"])
    assert "письмо с подтверждением" in waiting.get(first.headers["location"]).text
    assert kept(engine) == 1
    assert send_due(engine, settings, clock.now) == 1
    clean(engine, settings, clock.now)
    assert kept(engine) == 1
    clock.now = OPENS + timedelta(seconds=1)
    assert send_due(engine, settings, clock.now) == 1
    (to, kept_mail), (_, open_mail) = mails(engine)
    assert to == "zoe@example.org"
    assert "Мы сообщим, когда конкурс откроется" in kept_mail
    assert "Приём заявок открыт" in open_mail
    assert "http://testserver/ru/calls/2026\n" in open_mail
    clean(engine, settings, clock.now)
    assert kept(engine) == 0
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Mail)).all() == []


def test_the_link_asks_for_a_press_and_deletes_the_address(
    waiting: TestClient, engine: Engine, settings: Settings, clock: Clock
) -> None:
    waiting.post("/en/calls/2026/remind", data=TYPED)
    send_due(engine, settings, clock.now)
    found = re.search(r"http://testserver(/en/calls/2026/remind/stop\?key=\S+)", mails(engine)[0][1])
    assert found
    assert waiting.get(found[1]).status_code == 200
    assert kept(engine) == 1
    stopped = waiting.post(found[1])
    never = waiting.post("/en/calls/2026/remind/stop?key=never-was")
    assert (stopped.status_code, stopped.content) == (never.status_code, never.content) == (303, b"")
    assert kept(engine) == 0
    clock.now = OPENS + timedelta(hours=1)
    assert send_due(engine, settings, clock.now) == 0


def test_without_an_address_or_agreement_nothing_is_kept(waiting: TestClient, engine: Engine) -> None:
    for typed, said in (
        ({"email": "nobody", "agreed": "yes"}, "Enter an e-mail address like"),
        ({"email": "zoe@example.org"}, "Tick this box: without it we cannot keep your address."),
    ):
        answer = waiting.post("/en/calls/2026/remind", data=typed)
        assert answer.status_code == 422
        assert answer.text.count(said) == 2
        assert typed["email"] in answer.text
    assert kept(engine) == 0


def test_only_a_call_that_waits_to_open_reminds(
    waiting: TestClient, engine: Engine, settings: Settings, clock: Clock
) -> None:
    """A call that is cancelled meanwhile sends nothing; an open one takes no address."""
    waiting.post("/en/calls/2026/remind", data=TYPED)
    write(engine, cancelled_at=clock.now)
    clock.now = OPENS + timedelta(hours=1)
    send_due(engine, settings, clock.now)
    assert mails(engine) == []
    with session_on(engine, reading=True) as session:
        assert {each.state for each in session.exec(select(Mail))} == {MailState.CANCELLED}
    write(engine, cancelled_at=None)
    assert waiting.post("/en/calls/2026/remind", data=TYPED).status_code == 409
    assert waiting.get("/en/calls/2026/remind").status_code == 409
    assert waiting.post("/en/calls/3021/remind", data=TYPED).status_code == 404
    assert waiting.post("/en/calls/3021/remind/stop?key=x").status_code == 404


def test_one_browser_cannot_flood_others(waiting: TestClient, engine: Engine) -> None:
    statuses = {
        waiting.post("/en/calls/2026/remind", data={**TYPED, "email": f"a{number}@example.org"}).status_code
        for number in range(25)
    }
    assert statuses == {303, 429}
    assert kept(engine) == 20
