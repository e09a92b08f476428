"""The PostgreSQL of the tests is a real one, is shared, is quick to copy, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests import databases
from tests.databases import (
    PostgresUnavailable,
    create_database,
    drop_database,
    postgres_cluster,
    template_database,
)
from tests.sharing import lot_of

HOLDS_A_CLUSTER = """
import time
from tests.databases import postgres_cluster
with postgres_cluster() as url:
    print(url, flush=True)
    time.sleep(60)
"""


def _ask(url: str, words: str) -> list[object]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(words))
        return list(result.scalars()) if result.returns_rows else []


def _fill(url: str) -> None:
    _ask(url, "CREATE TABLE word (word text); INSERT INTO word VALUES ('Ақшоқы'), ('Береке')")


def _home(url: str) -> Path:
    host = make_url(url).query["host"]
    assert isinstance(host, str)
    return Path(host)


@pytest.mark.postgres
def test_a_copy_of_the_template_is_real_and_separate(postgres_admin_url: str) -> None:
    template = template_database(postgres_admin_url, _fill, "words_template")
    assert template_database(postgres_admin_url, pytest.fail, "words_template") == template
    one = create_database(postgres_admin_url, "words_one", template)
    two = create_database(postgres_admin_url, "words_two", template)
    try:
        _ask(one, "DELETE FROM word")
        assert _ask(one, "SELECT word FROM word") == []
        assert _ask(two, "SELECT upper(word) FROM word ORDER BY word") == ["АҚШОҚЫ", "БЕРЕКЕ"]
        assert _ask(two, "SHOW timezone") == ["UTC"]
    finally:
        drop_database(postgres_admin_url, "words_one")
        drop_database(postgres_admin_url, "words_two")
    with pytest.raises(OperationalError):
        _ask(one, "SELECT 1")


@pytest.mark.postgres
def test_a_template_that_failed_is_made_again(postgres_admin_url: str) -> None:
    def fail(url: str) -> None:
        _ask(url, "CREATE TABLE half (done boolean)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        template_database(postgres_admin_url, fail, "again_template")
    name = template_database(postgres_admin_url, _fill, "again_template")
    url = create_database(postgres_admin_url, "again", name)
    assert _ask(url, "SELECT count(*) FROM word") == [2]
    drop_database(postgres_admin_url, "again")


@pytest.mark.postgres
def test_nothing_is_left_after_the_block(postgres_admin_url: str) -> None:
    with postgres_cluster(durable=True) as url:
        assert url != postgres_admin_url
        assert _ask(url, "SHOW fsync") == ["on"]
        assert _home(url).is_dir()
    assert not _home(url).exists()


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_admin_url")
def test_nothing_is_left_after_a_kill() -> None:
    command = [sys.executable, "-c", HOLDS_A_CLUSTER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        home = _home(holder.stdout.readline().strip())
        postmaster = int((home / "data" / "postmaster.pid").read_text().split()[0])
        holder.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while home.exists() or _is_alive(postmaster):
        assert time.monotonic() < until
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_postgres_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(databases, "DEBIAN", tmp_path)
    monkeypatch.setattr(databases, "WHEEL", "no_such_wheel")
    with pytest.raises(PostgresUnavailable, match="install Debian's package postgresql"), postgres_cluster():
        pytest.fail("there is nothing to start")


def test_one_test_on_two_engines_is_one_test() -> None:
    ran = databases.ran_on(
        ["tests/a.py::test_a[sqlite]", "tests/a.py::test_a[postgresql]", "tests/a.py::test_b[3-sqlite]"]
    )
    assert ran["postgresql"] == {"tests/a.py::test_a[*]"}
    assert ran["sqlite"] - ran["postgresql"] == {"tests/a.py::test_b[3-*]"}
    assert databases.ran_on(["tests/test_sqlite.py::test_sqlite_words"])["sqlite"] == set()


def test_who_shares_the_fair_is_one_lot() -> None:
    """An engine's fair takes longer to make than most tests that visit it."""
    blind = "tests/contracts/test_blindness.py::test_nobody"
    assert lot_of(f"{blind}[sqlite-ada]") == lot_of(f"{blind}[embedded-max]") == "the fair on SQLite"
    assert lot_of("tests/contracts/test_wall.py::test_nothing[postgresql]") == "the fair on PostgreSQL"
    assert (
        lot_of("tests/pages/test_home.py::test_home[sqlite]") == "tests/pages/test_home.py::test_home[sqlite]"
    )
