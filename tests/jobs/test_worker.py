"""Mail leaves once, to one recipient, and a refusal of the server is tried again."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.jobs.worker import clean, send_due
from app.models.accounts import BrowserSession, Throttle
from app.models.outbox import Mail, MailState
from app.models.people import SignIn
from app.outbox.claim import claim_mail
from app.outbox.enqueue import enqueue
from app.settings import Settings
from tests.world import NOW, World, cookie_for

SOON = NOW + timedelta(seconds=1)


class Inbox(Message):
    """Keeps what a real SMTP server received."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.received: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.received.append(message)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mailing(settings: Settings, inbox: Inbox) -> Iterator[Settings]:
    """Settings whose SMTP server is a real one on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{port}"})
    server.stop()


def queue_sign_in(engine: Engine, email: str = "somebody@example.org", language: str = "kk") -> None:
    with session_on(engine) as session, session.begin():
        row = SignIn(
            email=email, nonce="n" * 43, browser_hash="b" * 64, language=language, created_at=NOW,
            expires_at=NOW + timedelta(minutes=10),
        )  # fmt: skip
        session.add(row)
        session.flush()
        for _ in range(2):
            enqueue(session, "sign_in", dedupe_key=f"sign-in-{row.id}", now=NOW, sign_in_id=row.id)


def states(engine: Engine) -> list[tuple[MailState, int]]:
    with session_on(engine, reading=True) as session, session.begin():
        return list(session.exec(select(col(Mail.state), col(Mail.attempts))).all())


def test_mail_leaves_once_by_smtp(engine: Engine, mailing: Settings, inbox: Inbox) -> None:
    queue_sign_in(engine)
    assert send_due(engine, mailing, SOON) == 1
    assert send_due(engine, mailing, SOON + timedelta(hours=1)) == 0
    (message,) = inbox.received
    assert message["To"] == "somebody@example.org"
    assert (message["Cc"], message["Bcc"]) == (None, None)
    assert message["From"] == mailing.mail_from
    assert message["Message-ID"] == "<outbox-1@testserver>"
    assert states(engine) == [(MailState.SENT, 1)]


def test_refused_mail_is_tried_again_and_at_last_given_up(engine: Engine, settings: Settings) -> None:
    nowhere = settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})
    queue_sign_in(engine)
    now = SOON
    for attempt in range(1, 7):
        assert send_due(engine, nowhere, now) == 1
        assert send_due(engine, nowhere, now) == 0
        now += timedelta(minutes=2 ** (attempt - 1), seconds=1)
    assert states(engine) == [(MailState.FAILED, 6)]
    assert send_due(engine, nowhere, now + timedelta(days=1)) == 0


def test_claimed_mail_is_nobody_elses_before_its_lease_ends(engine: Engine, world: World) -> None:
    queue_sign_in(engine)
    claims = []
    for later in (0, 60, 121):
        with session_on(engine) as session, session.begin():
            claims.append(claim_mail(session, SOON + timedelta(seconds=later)) is not None)
    assert claims == [True, False, True]


def test_mail_to_nobody_is_cancelled(engine: Engine, settings: Settings, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ada = world.people["ada"]
        ada.disabled_at = NOW
        session.merge(ada)
        enqueue(session, "result", dedupe_key="x", now=NOW, person_id=ada.id, params={"ref": "none"})
    assert send_due(engine, settings, SOON) == 1
    assert states(engine) == [(MailState.CANCELLED, 1)]


def test_clean_forgets_what_has_ended_and_nothing_else(
    engine: Engine, settings: Settings, world: World
) -> None:
    queue_sign_in(engine)
    send_due(engine, settings, SOON)
    with session_on(engine) as session, session.begin():
        cookie_for(session, world.people["ada"], NOW)
        cookie_for(session, world.people["ben"], NOW + timedelta(days=30))
        session.add(Throttle(key="k", window_ends_at=NOW, count=3))
    clean(engine, settings, NOW + timedelta(days=31))
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(SignIn)).all() == []
        assert session.exec(select(Throttle)).all() == []
        assert [each.person_id for each in session.exec(select(BrowserSession))] == [world.people["ben"].id]
