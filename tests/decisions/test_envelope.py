"""The envelope and the places hold, whoever writes and however many at once.

Two real server processes take 40 awards at the same moment; then SQL goes around them.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.accounts.scopes import SCOPES
from app.database import session_on
from app.models.calls import AwardRound
from app.models.decisions import Award
from tests.decisions.scored import PLACE, pot_now, ranked_call, resize
from tests.killable import Forge, servers
from tests.world import NOW, World, token_for

ROOT = Path(__file__).parents[2]
TOGETHER = 40
FIT = 10
SECONDS = 120


@contextmanager
def served(database_url: str, directory: Path) -> Iterator[int]:
    """The application as it is really served, by two web workers; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "BAIGE_DATABASE_URL": database_url,
        "BAIGE_PORT": str(port),
        "BAIGE_BASE_URL": f"http://127.0.0.1:{port}",
        "BAIGE_WORKERS": "2",
        "BAIGE_VAR": str(directory),
        "PYTHONPATH": str(ROOT),
    }
    log = directory / "served.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=directory, env=environment, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(port, server, log)
            assert _web_workers(server.pid) >= 2
            yield port
        finally:
            server.terminate()
            try:
                server.wait(SECONDS)
            finally:
                if server.poll() is None:
                    os.killpg(server.pid, signal.SIGKILL)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/api/v1/stage/NOTHING")
                if connection.getresponse().status == 404:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text()[-2000:])


def _web_workers(pid: int) -> int:
    """Children of the server that hold its port: the web workers; one more child works the outbox."""
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=True)
    return len(children.stdout.split()) - 1


def _award(port: int, token: str, body: dict[str, str], together: Barrier) -> tuple[int, str, str]:
    """Status, content type and problem of one award, sent at the same moment as all others."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        connection.connect()
        together.wait()
        connection.request("POST", "/api/v1/calls/2026/awards", json.dumps(body), headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        return answer.status, answer.headers.get_content_type(), str(told.get("type", ""))


def prepare(engine: Engine, world: World, *, places: int, envelope: int | None) -> tuple[list[str], str]:
    """Forty ranked applications and a round of this size; their codes and Cora's token."""
    with session_on(engine) as session, session.begin():
        codes = ranked_call(session, world, TOGETHER)
        resize(session, world, places=places, envelope=envelope)
        return codes, token_for(session, world.people["cora"], SCOPES, NOW)


def all_at_once(
    ports: list[int], token: str, world: World, codes: list[str]
) -> Counter[tuple[int, str, str]]:
    """What forty awards at the same moment were answered, at these ports in turns."""
    reason = "Everybody is wanted at once in this test."
    bodies = [{"round": world.round.code, "application": code, "reason": reason} for code in codes]
    together = Barrier(len(bodies))
    with ThreadPoolExecutor(len(bodies)) as presses:
        answers = presses.map(lambda body, port: _award(port, token, body, together), bodies, cycle(ports))
        return Counter(answers)


WON = (201, "application/json", "")


@pytest.mark.slow
def test_forty_awards_over_two_processes_never_exceed_the_envelope(
    engine: Engine, database_url: str, world: World, tmp_path: Path
) -> None:
    codes, token = prepare(engine, world, places=TOGETHER, envelope=FIT * PLACE + PLACE - 1)
    with served(database_url, tmp_path) as port:
        answers = all_at_once([port], token, world, codes)
    refused = (409, "application/problem+json", "award.envelope_exceeded")
    assert answers == {WON: FIT, refused: TOGETHER - FIT}
    with session_on(engine, reading=True) as session, session.begin():
        pot = pot_now(session, world.round.code)
        assert (pot.taken, pot.committed_minor) == (FIT, FIT * PLACE)
        assert session.exec(select(func.sum(Award.amount_minor))).one() == FIT * PLACE
    _refused_by_sql(engine, world)


@pytest.mark.slow
def test_forty_awards_over_two_processes_never_exceed_the_places_of_a_selection(
    engine: Engine, database_url: str, world: World, forge: Forge, tmp_path: Path
) -> None:
    codes, token = prepare(engine, world, places=FIT, envelope=None)
    with servers(forge, database_url, tmp_path, 2) as both:
        answers = all_at_once([each.port for each in both], token, world, codes)
    refused = (409, "application/problem+json", "award.no_place_left")
    assert answers == {WON: FIT, refused: TOGETHER - FIT}
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(Award.amount_minor)).all() == [None] * FIT
        pot = pot_now(session, world.round.code)
        assert (pot.taken, pot.committed_minor) == (FIT, 0)
    _refused_by_sql(engine, world)


INSERT = """INSERT INTO award (round_id, application_id, amount_minor, version, awarded_by, awarded_at)
            SELECT :round, application.id, :amount, 1, :person, :now FROM application
            WHERE application.id NOT IN (SELECT application_id FROM award) LIMIT :count"""


def _refused_by_sql(engine: Engine, world: World) -> None:
    """The round is full: the database itself refuses one more row, and one row made larger."""
    money = world.round.amount_minor if pot_of(engine, world).envelope_minor is not None else None
    values = {
        "round": world.round.id, "amount": money, "person": world.people["cora"].id, "now": NOW, "count": 1,
    }  # fmt: skip
    statements = [(INSERT, values)]
    if money is not None:
        statements.append(("UPDATE award SET amount_minor = amount_minor + :more", {"more": PLACE}))
        statements.append(("UPDATE award_round SET envelope_minor = committed_minor - 1", {}))
    statements.append(("UPDATE award_round SET places = taken - 1", {}))
    statements.append(("UPDATE award_round SET taken = places + 1", {}))
    before = pot_of(engine, world)
    for statement, parameters in statements:
        with pytest.raises(IntegrityError, match=r"(?i)check|award: "), engine.begin() as connection:
            connection.execute(text(statement), parameters)
    after = pot_of(engine, world)
    assert (after.taken, after.committed_minor) == (before.taken, before.committed_minor)


def pot_of(engine: Engine, world: World) -> AwardRound:
    """The round as another process sees it."""
    with session_on(engine, reading=True) as session, session.begin():
        return pot_now(session, world.round.code)


APPENDED = ("decision_protocol", "ranking_record", "result_seal")


def test_the_triggers_are_there(engine: Engine) -> None:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    # What each refuses is in test_false_awards.py, test_rules.py and test_reserve.py.
    expected = {
        "sqlite": {
            "award_refused", "award_added", "award_moved", "award_change_refused", "award_changed",
            "award_removal_refused", "award_removed", "award_round_added", "award_round_summed",
            "award_round_turned", "awarded_application_added", "awarded_application_moved",
            "audit_entry_kept_1", "audit_entry_kept_2", "audit_entry_kept_3", "award_round_rule_kept",
            "reserve_entry_added", "reserve_entry_changed", "reserve_entry_removed", "award_return_added",
            "award_return_changed", "award_return_removed",
            *(f"{table}_kept_{act}" for table in APPENDED for act in (1, 2, 3)),
        },
        "postgresql": {
            "award_refused", "award_counted", "award_kept", "award_round_summed",
            "awarded_application_kept", "audit_entry_kept", "audit_entry_whole", "award_round_rule_kept",
            "reserve_entry_kept", "reserve_entry_whole", "award_return_kept", "award_return_whole",
            *(f"{table}_{what}" for table in APPENDED for what in ("kept", "whole")),
        },
    }  # fmt: skip
    with engine.begin() as connection:
        found = set(connection.execute(text(names[engine.dialect.name])).scalars())
    assert expected[engine.dialect.name] - found == set()


def test_sql_around_the_application_is_summed_too(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ranked_call(session, world, 4)
    values = {
        "round": world.round.id, "amount": 700_000, "person": world.people["cora"].id, "now": NOW, "count": 4,
    }  # fmt: skip
    steps = [
        (INSERT, values, (4, 2_800_000)),
        ("UPDATE award SET amount_minor = 100000 WHERE amount_minor = 700000", {}, (4, 400_000)),
        ("DELETE FROM award WHERE id IN (SELECT min(id) FROM award)", {}, (3, 300_000)),
        ("DELETE FROM award", {}, (0, 0)),
    ]
    for statement, parameters, sums in steps:
        with engine.begin() as connection:
            connection.execute(text(statement), parameters)
        pot = pot_of(engine, world)
        assert (pot.taken, pot.committed_minor) == sums


def test_the_log_of_acts_is_only_appended_to(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ranked_call(session, world, 1)
    for statement in ("UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"):
        with pytest.raises(Exception, match="only ever appended"), engine.begin() as connection:
            connection.execute(text(statement))
