"""The stream of a stage, with real server processes: what those who listen are told, and when."""

import http.client
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.database import session_on
from app.events.stage import freeze, reveal_next, show_scene
from app.events.watching import OF_A_CHANGE
from app.models.events import Scene
from app.web import hall as halls
from tests.events.evening import sealed_evening
from tests.factories import REVIEWING
from tests.killable import PATIENCE, Forge, Server, servers
from tests.web.between import Between
from tests.world import World


class Listener:
    """Somebody who listens, and remembers every byte with the moment it came."""

    def __init__(
        self, server: Server | Between, path: str, last: str = "", more: Mapping[str, str] | None = None
    ) -> None:
        self.lines: list[str] = []
        self.heard: dict[int, float] = {}
        self.ended = threading.Event()
        self._bell = threading.Condition()
        headers = {**({"Last-Event-ID": last} if last else {}), **(more or {})}
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._connection.request("GET", path, headers=headers)
        # Ours to shut: the connection lets go of it as soon as it knows that there is no end to wait for.
        self._socket: socket.socket = self._connection.sock
        self.answer = self._connection.getresponse()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for raw in self.answer:
                line = raw.decode().strip()
                with self._bell:
                    self.lines.append(line)
                    if line.startswith("data: "):
                        self.heard.setdefault(int(line[6:]), time.monotonic())
                    self._bell.notify_all()
        except OSError:
            pass
        finally:
            self.ended.set()

    def hears(self, number: int) -> float:
        """When this number came; fails where it does not."""
        with self._bell:
            assert self._bell.wait_for(lambda: number in self.heard, PATIENCE), self.lines
        return self.heard[number]

    def close(self) -> None:
        """Go away, as a browser does whose page is closed."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self.ended.wait(PATIENCE)
        self.answer.close()
        self._connection.close()


@dataclass
class Night:
    """The evening, pressed beside the servers, as another process would."""

    engine: Engine
    world: World
    version: int = 0

    def press(self, scene: Scene, slot: int | None = None) -> float:
        with session_on(self.engine) as session, session.begin():
            show_scene(
                session, self.world.coordinator(), self.world.round.code, scene, self.version, REVIEWING, slot
            )
        self.version += 1
        return time.monotonic()

    def reveal(self) -> tuple[str, float]:
        with session_on(self.engine) as session, session.begin():
            winner = reveal_next(
                session, self.world.coordinator(), self.world.round.code, self.version, REVIEWING
            )
        self.version += 1
        return winner.title, time.monotonic()

    def freeze(self) -> float:
        with session_on(self.engine) as session, session.begin():
            freeze(session, self.world.coordinator(), self.world.round.code, True, REVIEWING)
        self.version += 1
        return time.monotonic()


@pytest.fixture
def night(engine: Engine, world: World) -> Night:
    with session_on(engine) as session, session.begin():
        sealed_evening(session, world)
    return Night(engine, world)


def test_all_who_listen_hear_a_number_and_find_what_it_means(
    night: Night, forge: Forge, database_url: str, tmp_path: Path
) -> None:
    """Two processes on PostgreSQL and one on SQLite, one of them killed and started again in between."""
    many = 1 if database_url.startswith("sqlite") else 2
    pot = night.world.round.code
    stream, live = f"/en/stage/{pot}/stream", f"/en/live/{pot}"
    with servers(forge, database_url, tmp_path, many) as running:
        _, first, _ = running[0].get(live)
        begun = int(first)
        listeners = [Listener(each, stream) for each in running]
        assert {each.answer.headers["content-type"] for each in listeners} == {
            "text/event-stream; charset=utf-8"
        }
        assert {each.answer.headers["x-accel-buffering"] for each in listeners} == {"no"}
        for each in listeners:
            each.hears(begun)
        title, at = night.reveal()
        for each in listeners:
            assert each.hears(begun + 1 * OF_A_CHANGE) - at < 2
        for server in running:
            # Whoever is told by one process may ask another, which has not looked yet.
            status, number, text = server.get(f"{live}?v={begun}", part=True)
            assert (status, number) == (200, str(begun + 1 * OF_A_CHANGE))
            assert title in text
            assert server.get(f"{live}?v={begun + 1 * OF_A_CHANGE}", part=True)[:2] == (
                204,
                str(begun + 1 * OF_A_CHANGE),
            )
        at = night.freeze()
        for each in listeners:
            assert each.hears(begun + 2 * OF_A_CHANGE) - at < 1
        # Only numbers are said: no title, and no other word of anybody.
        said = {line for each in listeners for line in each.lines}
        assert {line.split(":")[0] for line in said if line} <= {"retry", "id", "data", "event", ""}
        assert not any(title in line for line in said)
        running[0].kill()
        assert listeners[0].ended.wait(PATIENCE)
        with session_on(night.engine) as session, session.begin():
            freeze(session, night.world.coordinator(), pot, False, REVIEWING)
        night.version += 1
        following, _ = night.reveal()
        running[0].start()
        running[0].wait()
        again = Listener(running[0], stream, last=str(begun + 2 * OF_A_CHANGE))
        again.hears(begun + 4 * OF_A_CHANGE)
        assert following in running[0].get(f"{live}?v={begun + 2 * OF_A_CHANGE}", part=True)[2]
        for server in running:
            assert server.get("/en/stage/NOTHING/stream")[0] == 404
        for each in (*listeners, again):
            each.close()


def test_what_stands_between_passes_the_stream_on_as_it_comes(
    night: Night, forge: Forge, database_url: str, tmp_path: Path
) -> None:
    """A proxy that gathers and packs whatever does not say otherwise."""
    stream = f"/en/stage/{night.world.round.code}/stream"
    with servers(forge, database_url, tmp_path, 1) as (server,), Between(server.port) as between:
        listener = Listener(between, stream, more={"Accept-Encoding": "gzip"})
        said = listener.answer.headers
        assert (said["x-accel-buffering"], said["content-encoding"]) == ("no", None)
        assert {"no-store", "no-transform"} == {*said["cache-control"].split(", ")}
        _, begun, _ = server.get(f"/en/live/{night.world.round.code}")
        listener.hears(int(begun))
        _, at = night.reveal()
        assert listener.hears(int(begun) + OF_A_CHANGE) - at < 2
        listener.close()


def test_a_stream_shows_that_it_lives_and_who_is_one_too_many_asks_instead(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beats repeat the number; without an answer of the database there are none."""
    import asyncio

    monkeypatch.setattr(halls, "BEAT_SECONDS", 0.05)
    code = night.world.round.code

    async def listen() -> tuple[list[bytes], bool, bool, int]:
        hall = halls.Hall(night.engine, most=1)
        mark = await hall.look(code)
        assert mark
        stream = hall.told(code, mark, mark.number)
        heard = [await anext(stream) for _ in range(3)]
        full = hall.is_full
        assert await hall.look("NOTHING") is None
        await stream.aclose()  # type: ignore[attr-defined]
        left = hall.listeners
        known = hall.known(code) is not None
        await hall.close()
        return heard, full, known, left

    heard, full, known, left = asyncio.run(listen())
    assert heard[0].startswith(b"retry: 2000")
    # What was heard last is not said again but as a sign of life.
    assert all(each.startswith(b": here\nevent: alive\ndata: ") for each in heard[1:])
    assert (full, known, left) == (True, False, 0)
