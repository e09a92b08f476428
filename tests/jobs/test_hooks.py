"""Webhooks: each event once, signed so that the receiver can check it, and never into a private network."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col, select

from app.calls.hooks import (
    ATTEMPTS,
    HookInput,
    HookMade,
    TooManyHooks,
    add_hook,
    address_problem,
    end_hook,
    hooks,
    new_secret,
    try_hook,
)
from app.calls.reachable import is_public_address
from app.database import session_on
from app.errors import Invalid
from app.jobs import hook_sending
from app.jobs.hook_sending import NotSent, post
from app.jobs.hooks import queue_hooks, tell_next
from app.models.calls import Call
from app.models.public import DeliveryState, HookEvent, Webhook, WebhookDelivery
from app.settings import Settings
from tests.world import CLOSES, NOW, World

SECRET = Settings(_env_file=None).secret_key.get_secret_value()
HOUR = timedelta(hours=1)


@dataclass
class Receiver:
    """A server that keeps what it is sent."""

    status: int = 204
    drip: bool = False
    port: int = 0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=grants"


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((self.path, headers, body))
            if receiver.drip:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                try:
                    for number in range(100):
                        self.wfile.write(b"X-%d: 1\r\n" % number)
                        time.sleep(0.05)
                except OSError:
                    return
            self.send_response(receiver.status)
            self.send_header("Location", receiver.url)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def trying(settings: Settings) -> Settings:
    """Settings that allow what is tried out here: a loopback address."""
    return settings.model_copy(update={"webhooks_private": True})


def hooked(engine: Engine, world: World, url: str, *events: HookEvent) -> HookMade:
    with session_on(engine) as session, session.begin():
        given = HookInput(url=url, events=list(events))
        return add_hook(session, world.coordinator(), given, secret_key=SECRET, private=True, now=NOW)


def deliveries(engine: Engine) -> list[WebhookDelivery]:
    with session_on(engine, reading=True) as session:
        return list(session.exec(select(WebhookDelivery).order_by(col(WebhookDelivery.id))))


def test_each_event_is_told_once_signed_and_with_what_is_public_alone(
    engine: Engine, world: World, trying: Settings, receiver: Receiver
) -> None:
    made = hooked(engine, world, receiver.url)
    # It had opened before anybody asked to be told; it closes once the extra time is over.
    ends = CLOSES + timedelta(minutes=15)
    assert queue_hooks(engine, trying, NOW) == queue_hooks(engine, trying, ends - timedelta(seconds=1)) == 0
    assert (queue_hooks(engine, trying, ends), queue_hooks(engine, trying, ends)) == (1, 0)
    with session_on(engine) as session, session.begin():
        session.execute(update(Call).values(published_at=ends + HOUR))
    assert queue_hooks(engine, trying, ends) == 0
    assert (queue_hooks(engine, trying, ends + HOUR), queue_hooks(engine, trying, ends + HOUR)) == (1, 0)
    sent = [tell_next(engine, trying, ends + HOUR) for _ in range(3)]
    assert sent == [True, True, False]
    told = []
    for path, headers, body in receiver.got:
        assert path == "/hook?of=grants"
        said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(made.secret.removeprefix("whsec_"))
        signed = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{signed}"
        assert headers["webhook-timestamp"] == str(int((ends + HOUR).timestamp()))
        assert b"canary" not in body.lower()
        told.append(json.loads(body))
    assert [each["type"] for each in told] == ["call.closed", "call.published"]
    assert told[1]["data"].keys() == {
        "call", "title", "opens_at", "closes_at", "url", "results_url", "awards_url"}  # fmt: skip
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 2
    assert {(each.state, each.status) for each in deliveries(engine)} == {(DeliveryState.DELIVERED, 204)}


def test_a_refusal_is_tried_again_with_the_same_message_and_a_redirect_is_one(
    engine: Engine, world: World, trying: Settings, receiver: Receiver
) -> None:
    receiver.status = 302
    hooked(engine, world, receiver.url, HookEvent.CLOSED)
    now = CLOSES + HOUR
    queue_hooks(engine, trying, now)
    waits, (delivery,) = [], deliveries(engine)
    for _ in range(ATTEMPTS):
        assert tell_next(engine, trying, now)
        (delivery,) = deliveries(engine)
        assert not tell_next(engine, trying, now), "it waits"
        waits.append((delivery.not_before - now) // timedelta(minutes=1))
        now = max(now, delivery.not_before)
    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64]
    assert (delivery.state, delivery.status, delivery.problem) == (DeliveryState.FAILED, 302, "refused")
    assert len(receiver.got) == ATTEMPTS
    assert len({(headers["webhook-id"], body) for _, headers, body in receiver.got}) == 1
    assert len({headers["webhook-signature"] for _, headers, _ in receiver.got}) == ATTEMPTS


def test_tests_new_secrets_and_an_end(
    engine: Engine, world: World, trying: Settings, receiver: Receiver
) -> None:
    made, cora = hooked(engine, world, receiver.url), world.coordinator()
    with session_on(engine) as session, session.begin():
        try_hook(session, cora, made.code, NOW)
        other = new_secret(session, cora, made.code, secret_key=SECRET, now=NOW)
        assert other.secret != made.secret
        row = session.exec(select(Webhook)).one()
        assert made.secret[6:20] not in repr(row) and other.secret[6:20] not in repr(row)
    assert tell_next(engine, trying, NOW)
    assert json.loads(receiver.got[0][2])["type"] == "test"
    with session_on(engine) as session, session.begin():
        try_hook(session, cora, made.code, NOW)
        session.flush()
        end_hook(session, cora, made.code, NOW)
    assert not tell_next(engine, trying, NOW + HOUR)
    assert queue_hooks(engine, trying, CLOSES + HOUR) == 0
    with session_on(engine) as session, session.begin():
        assert hooks(session, cora) == []
        for number in range(5):
            given = HookInput(url=f"https://example.org/{number}")
            add_hook(session, cora, given, secret_key=SECRET, private=False, now=NOW)
            session.flush()
        one_more = HookInput(url="https://example.org/6")
        with pytest.raises(TooManyHooks):
            add_hook(session, cora, one_more, secret_key=SECRET, private=False, now=NOW)


NOT_SENT_TO = {
    "hook.no_address": (
        "", "nothing", "file:///etc/passwd", "https://", "https://user:word@example.org/", "https://example.org:0/",
        "https://exa mple.org/", "https://example.org/#part", "https://[::1", "https://приём.example/",
        "https://example.org/\nHost: other",
    ),
    "hook.not_https": ("http://example.org/", "ftp://example.org/", "//example.org/"),
    "hook.private": (
        "https://localhost/", "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/", "https://0x7f.1/",
        "https://2130706433/", "https://127.1/", "https://intranet/", "https://db.internal/",
        "https://printer.local/", "https://localhost./", "https://100.64.0.1/", "https://224.0.0.1/",
    ),
}  # fmt: skip


def test_nothing_is_sent_into_a_private_network(
    engine: Engine, world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, addresses in NOT_SENT_TO.items():
        told = {each: address_problem(each, private=False) for each in addresses}
        assert told == dict.fromkeys(addresses, code)
    for fair in ("https://example.org", "https://hooks.example.org:8443/a?b=c", "https://93.184.215.14/"):
        assert address_problem(fair, private=False) == ""
    given = HookInput(url="https://127.0.0.1/")
    with session_on(engine) as session, session.begin(), pytest.raises(Invalid):
        add_hook(session, world.coordinator(), given, secret_key=SECRET, private=False, now=NOW)
    assert not any(map(is_public_address, ("::ffff:10.0.0.1", "2002:7f00:1::", "fe80::1%eth0", "words", "")))
    assert is_public_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    # A name that is public by its looks is looked up, and any private address of it is one too many.
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", receiver.port))
    private = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))
    connected: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: connected.append(given))
    for found in ([private], [public, private]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(NotSent, match="private"):
            post(f"http://hooks.example.org:{receiver.port}/", {}, b"{}", private=False)
    assert (connected, receiver.got) == ([], [])


def test_who_answers_drop_by_drop_is_cut_off(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.drip = True
    monkeypatch.setattr(hook_sending, "SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(NotSent, match="too_slow"):
        post(receiver.url, {}, b"{}", private=True)
    assert time.monotonic() - began < 2
    with pytest.raises(NotSent, match="no_answer"):
        post("http://127.0.0.1:1/", {}, b"{}", private=True)
