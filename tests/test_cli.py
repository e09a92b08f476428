"""What an operator can mend is said in one line, with a status that a script understands."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli


@pytest.fixture(autouse=True)
def _of_this_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BAIGE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("BAIGE_VAR", str(tmp_path))


def told(*words: str) -> tuple[int, str]:
    """The status, and what was said beside the output."""
    answer = CliRunner().invoke(cli, words)
    assert "Traceback" not in answer.output
    return answer.exit_code, answer.stderr


def test_a_port_in_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("BAIGE_PORT", str(port))
        status, words = told("serve")
    assert status == 1
    assert words == f"Cannot listen on 127.0.0.1:{port}: Address already in use. See BAIGE_PORT.\n"


@pytest.mark.parametrize("words", [("demo",), ("manager", "cora@example.org")], ids=lambda each: each[0])
def test_a_database_without_tables_leads_to_migrate(words: tuple[str, ...]) -> None:
    status, said = told(*words)
    assert status == 1
    assert said.count("\n") == 1
    assert said.endswith("Is it there, and has `migrate` run?\n")


def test_an_address_that_is_none_is_refused() -> None:
    assert told("migrate") == (0, "")
    status, said = told("manager", "notanaddress")
    assert status == 1
    assert said.count("\n") == 1


def test_a_day_that_is_none_is_refused() -> None:
    status, said = told("demo", "--today", "nonsense")
    assert status == 2
    assert "'nonsense'" in said


def test_open_data_of_a_call_that_is_not_there_are_said_in_one_line() -> None:
    told("migrate")
    nothing = "There is no such call, or none of its winners is public.\n"
    assert told("check-awards", "nowhere") == (2, nothing)


def test_a_proof_of_a_call_that_is_not_there_is_said_in_one_line() -> None:
    told("migrate")
    assert told("prove", "nowhere") == (2, "There is no such call, or a check of it is under way.\n")
