"""What was asked for is committed before the answer leaves, or the answer is not a good one."""

import threading
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from app.database import session_on
from app.errors import NotFound
from app.main import create_app
from app.settings import Settings
from app.web.session import Db
from tests.conftest import entered

ADD = text("INSERT INTO organisation (code, name) VALUES ('NEW', '{}')")
COUNT = text("SELECT count(*) FROM organisation WHERE code = 'NEW'")


def add_one(session: Db) -> dict[str, bool]:
    session.execute(ADD)
    return {"done": True}


def add_and_refuse(session: Db) -> None:
    session.execute(ADD)
    raise NotFound


def add_and_break(session: Db) -> None:
    session.execute(ADD)
    raise ZeroDivisionError


@pytest.fixture
def ask(engine: Engine, settings: Settings) -> Iterator[Callable[[], TestClient]]:
    app: FastAPI = create_app(settings, engine)
    for endpoint in (add_one, add_and_refuse, add_and_break):
        app.add_api_route(f"/{endpoint.__name__}", endpoint, methods=["GET", "POST"])
    with entered(app) as opened:
        yield opened


def _kept(engine: Engine) -> int:
    with session_on(engine, reading=True) as session, session.begin():
        return int(session.execute(COUNT).scalar_one())


def test_a_good_answer_means_that_it_is_kept(engine: Engine, ask: Callable[[], TestClient]) -> None:
    assert ask().post("/add_one").json() == {"done": True}
    assert _kept(engine) == 1


def test_a_commit_that_fails_is_answered_as_a_failure(
    engine: Engine, ask: Callable[[], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Session) -> None:
        raise OSError("the disk is full")

    client = ask()
    with monkeypatch.context() as broken:
        broken.setattr(Session, "commit", fail)
        answer = client.post("/add_one")
    assert answer.status_code == 500
    assert "done" not in answer.text
    assert _kept(engine) == 0
    assert client.post("/add_one").status_code == 200, "the failed unit holds nothing any more"


@pytest.mark.parametrize(("path", "status"), [("/add_and_refuse", 404), ("/add_and_break", 500)])
def test_what_is_refused_or_breaks_leaves_nothing(
    engine: Engine, ask: Callable[[], TestClient], path: str, status: int
) -> None:
    assert ask().post(path).status_code == status
    assert _kept(engine) == 0


def test_a_get_cannot_write(engine: Engine, ask: Callable[[], TestClient]) -> None:
    assert ask().get("/add_one").status_code == 500
    assert _kept(engine) == 0


def test_the_database_is_spoken_to_in_threads_only(engine: Engine, ask: Callable[[], TestClient]) -> None:
    """In the loop a slow database would stop every other request of the process."""
    speaking: set[str] = set()

    def remember(*_: object) -> None:
        speaking.add(threading.current_thread().name)

    names = ("begin", "commit", "rollback", "before_cursor_execute")
    for name in names:
        event.listen(engine, name, remember)
    client = ask()
    try:
        assert [client.post(path).status_code for path in ("/add_and_refuse", "/add_one")] == [404, 200]
    finally:
        for name in names:
            event.remove(engine, name, remember)
    assert speaking
    assert all("worker thread" in name for name in speaking), speaking
