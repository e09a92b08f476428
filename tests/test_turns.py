"""Writers of SQLite wait in a queue: a turn ends with what was written, however that ends."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.database import make_engine, session_on

WRITES_AND_WAITS = """
import sys, time
from sqlalchemy import text
from app.database import make_engine, session_on
session = session_on(make_engine(sys.argv[1]))
session.execute(text("UPDATE word SET number = 1000"))
print("written", flush=True)
time.sleep(60)
"""


@pytest.fixture
def words(tmp_path: Path) -> Engine:
    engine = make_engine(f"sqlite:///{tmp_path / 'words.db'}", threads=12)
    with session_on(engine) as session, session.begin():
        session.execute(text("CREATE TABLE word (id INTEGER PRIMARY KEY, number INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO word VALUES (1, 0)"))
    return engine


def number(engine: Engine) -> int:
    with session_on(engine, reading=True) as session, session.begin():
        return int(session.execute(text("SELECT number FROM word")).scalar_one())


def add_one(engine: Engine) -> None:
    with session_on(engine) as session, session.begin():
        there = session.execute(text("SELECT number FROM word")).scalar_one()
        session.execute(text("UPDATE word SET number = :n"), {"n": there + 1})


def test_a_turn_ends_however_a_unit_ends(words: Engine) -> None:
    add_one(words)
    with pytest.raises(IntegrityError), session_on(words) as session, session.begin():
        session.execute(text("INSERT INTO word VALUES (1, 1)"))
    with session_on(words) as session:
        session.execute(text("UPDATE word SET number = 7"))
        session.rollback()
    session = session_on(words)
    session.execute(text("UPDATE word SET number = 8"))
    session.close()
    add_one(words)
    assert number(words) == 2


def test_readers_take_no_turn_and_many_writers_lose_nothing(words: Engine) -> None:
    with session_on(words) as writing, writing.begin():
        writing.execute(text("UPDATE word SET number = 0"))
        assert number(words) == 0, "read while somebody writes"
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: add_one(words), range(120)))
    assert number(words) == 120


def test_a_process_that_is_killed_loses_its_turn(words: Engine) -> None:
    command = [sys.executable, "-c", WRITES_AND_WAITS, str(words.url)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"written\n"
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(add_one, words)
            assert not waiting.done(), "it is the other process's turn"
            process.kill()
            waiting.result(timeout=10)
    assert number(words) == 1, "what was not committed never was"
