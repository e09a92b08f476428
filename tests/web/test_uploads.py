"""What is looked at before a body is read, how much of it is read at most, and what half of one leaves."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.files.kinds import MOST_BYTES
from app.main import UPLOADS, create_app
from app.models.files import ApplicationFile
from app.settings import Settings
from app.web.actors import desk_uploader, uploader
from app.web.clock import now_of
from app.web.uploads import AROUND
from tests.applications.steps import begin, begin_write_send
from tests.conftest import FAR_FUTURE
from tests.contracts.routes import routes_of
from tests.contracts.visitor import Asking, asking
from tests.files.made import plain_pdf
from tests.world import NOW, World, cookie_for

PIECE = 64 * 1024
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n\r\n'
TAIL = b"\r\n--x--\r\n"


class Sender:
    """A browser that sends piece by piece, and counts how many pieces were taken."""

    def __init__(self, ask: Asking, cookie: str = "") -> None:
        self.ask = ask
        self.cookie = cookie
        self.taken = 0

    def send(
        self, path: str, body: Iterator[bytes], length: int | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """POST the pieces; the connection is cut off after the last one that is not followed by an end."""
        self.taken = 0
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            piece = next(body, None)
            if piece is None:
                return {"type": "http.disconnect"}
            self.taken += len(piece)
            return {"type": "http.request", "body": piece, "more_body": piece != b""}

        async def send(message: Any) -> None:
            said.append(message)

        given = {"host": "testserver", "cookie": self.cookie} | headers
        given.setdefault("content-type", "multipart/form-data; boundary=x")
        if length is not None:
            given["content-length"] = str(length)
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 50000), "server": ("testserver", 80), "state": dict(self.ask.state),
        }  # fmt: skip
        self.ask.loop.run(asyncio.wait_for(self.ask.app(scope, receive, send), 60))
        headers_said = {name.decode(): value.decode() for name, value in said[0]["headers"]}
        return said[0]["status"], headers_said, b"".join(each.get("body", b"") for each in said[1:])


def large(megabytes: int) -> Iterator[bytes]:
    yield HEAD
    yield from (bytes(PIECE) for _ in range(megabytes * 16))
    yield TAIL
    yield b""


@pytest.fixture
def running(settings: Settings, engine: Engine) -> Iterator[Asking]:
    app = create_app(settings, engine)
    app.dependency_overrides[now_of] = lambda: NOW
    with asking(app) as ask:
        yield ask


@pytest.fixture
def ref(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        return begin(session, world.applicant())


@pytest.fixture
def sender(running: Asking, engine: Engine, world: World) -> Sender:
    with session_on(engine) as session, session.begin():
        ((name, value),) = cookie_for(session, world.people["ada"], FAR_FUTURE).items()
    return Sender(running, f"{name}={value}")


def kept(settings: Settings) -> list[Path]:
    return [path for path in settings.files_folder.rglob("*") if path.is_file()]


def test_every_address_that_takes_a_file_counts_for_itself(built: FastAPI) -> None:
    """One that the small limit of all others held would refuse half a megabyte, whatever its own says."""
    taking = [route for route in routes_of(built) if {uploader, desk_uploader} & route.needs()]
    assert {"files.add_picture", "pitch.add_slides", "setup.put_logo", "api.logos.put"} <= {
        route.name for route in taking
    }
    refused = [
        route.name for route in taking if not UPLOADS.fullmatch(route.at(**dict.fromkeys(route.params, "x")))
    ]
    assert refused == []
    others = [route for route in routes_of(built) if route not in taking and route.methods & {"POST", "PUT"}]
    let_through = [
        route.name for route in others if UPLOADS.fullmatch(route.at(**dict.fromkeys(route.params, "x")))
    ]
    assert let_through == []


def test_nothing_is_read_of_somebody_who_may_not(
    sender: Sender, engine: Engine, settings: Settings, world: World, ref: str
) -> None:
    """200 MB from nobody, from a stranger, from another site, of what was sent: not a byte of it is taken."""
    with session_on(engine) as session, session.begin():
        done = begin_write_send(session, world.applicant())
    cookie, size = sender.cookie, 200 * 1024 * 1024
    path = f"/en/apply/{ref}/files/document"
    tries = [
        ("", path, {}, 303),
        ("", f"/api/v1/applications/{ref}/uploads/document", {}, 401),
        (cookie, "/en/apply/WA26-QQQQQQ/files/document", {}, 404),
        (cookie, f"/en/apply/{done}/files/document", {}, 409),
        (cookie, path, {"sec_fetch_site": "cross-site"}, 403),
        (cookie, path, {"origin": "https://evil.example"}, 403),
        (cookie, path, {}, 413),
    ]
    for proof, where, headers, status in tries:
        sender.cookie = proof
        answer, said, _ = sender.send(where, large(200), size, **headers)
        assert (answer, sender.taken) == (status, 0), where
        if status != 403:
            assert said["connection"] == "close", "nobody sends the rest of it"
    assert kept(settings) == []


def test_a_body_without_a_length_is_read_up_to_the_limit_and_no_further(
    sender: Sender, settings: Settings, ref: str
) -> None:
    status, said, body = sender.send(f"/en/apply/{ref}/files/document", large(200))
    assert (status, said["connection"]) == (413, "close")
    assert b"This file is larger than 10 MB." in body
    assert sender.taken <= MOST_BYTES + AROUND + PIECE
    assert kept(settings) == []
    assert not list((settings.files_folder / "tmp").glob("*"))


def test_a_form_that_is_all_parts_or_all_words_is_not_kept_in_memory(sender: Sender, ref: str) -> None:
    path = f"/en/apply/{ref}/files/document"
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    word = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + bytes(2 * 1024 * 1024)
    header = b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 100_000
    for body in ([part * 1001 + b"--x--\r\n"], [word, TAIL], [header, TAIL], [b"no form at all"]):
        assert sender.send(path, iter([*body, b""]))[0] == 422
    assert sender.send(path, iter([b"x", b""]), content_type="multipart/form-data")[0] == 422


def test_half_an_upload_leaves_nothing_and_the_next_try_makes_one_file(
    sender: Sender, engine: Engine, settings: Settings, ref: str
) -> None:
    path, data = f"/en/apply/{ref}/files/document", plain_pdf()
    whole = HEAD + data + TAIL
    for percent in (10, 50, 99):
        assert sender.send(path, iter([whole[: len(whole) * percent // 100]]), len(whole))[0] == 400
        assert kept(settings) == []
    for _ in range(2):
        assert sender.send(path, iter([whole, b""]), len(whole))[0] == 303
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(ApplicationFile)).all()) == 1
    assert not list((settings.files_folder / "tmp").glob("*"))
    assert len(kept(settings)) == 3, "what was uploaded, its clean copy, and how its first page looks"


def test_a_cleaning_that_is_refused_changes_nothing_of_what_is_there(
    sender: Sender, engine: Engine, ref: str
) -> None:
    path = f"/en/apply/{ref}/files"
    assert sender.send(f"{path}/document", iter([HEAD + plain_pdf() + TAIL, b""]))[0] == 303
    with session_on(engine, reading=True) as session, session.begin():
        (row,) = session.exec(select(ApplicationFile)).all()
    broken = HEAD + plain_pdf(2)[:200] + TAIL
    assert sender.send(f"{path}/{row.code}/replace", iter([broken, b""]))[0] == 422
    with session_on(engine, reading=True) as session, session.begin():
        assert [(each.code, each.state) for each in session.exec(select(ApplicationFile))] == [
            (row.code, "kept")
        ]
