"""The container keeps its promises: no root, a health check, no secret, only what is in the source.

There may be no engine to build it with, so the file itself is read.
"""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli import cli

ROOT = Path(__file__).parents[2]
SECRET = re.compile(r"secret|password|passwd|token|api_?key|credential|smtp|database_url", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One instruction of a Dockerfile."""

    word: str
    rest: str

    @property
    def arguments(self) -> list[str]:
        """The arguments, flags aside, in either way of writing them."""
        words = [word for word in self.rest.split() if not word.startswith("--")]
        return json.loads(" ".join(words)) if words[0].startswith("[") else words


def _stages() -> list[list[Line]]:
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    stages: list[list[Line]] = []
    for line in lines:
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            stages.append([])
        stages[-1].append(Line(word, rest))
    return stages


def _lines(*words: str) -> list[Line]:
    return [line for stage in _stages() for line in stage if line.word in words]


def _last(word: str) -> Line:
    """What counts: the last of its kind, in the last stage."""
    return [line for line in _stages()[-1] if line.word == word][-1]


def _sources() -> list[str]:
    copies = [line for line in _lines("COPY") if "--from=" not in line.rest]
    return [source for line in copies for source in line.arguments[:-1]]


def test_it_stands_on_the_python_of_the_floor() -> None:
    images = [line.arguments[0] for line in _lines("FROM")]
    assert set(images) == {"python:3.11-slim"}


def test_it_does_not_run_as_root() -> None:
    user = _last("USER").arguments[0].split(":")[0]
    assert user not in {"root", "0"}
    created = [line.rest for line in _stages()[-1] if line.word == "RUN" and "useradd" in line.rest]
    assert any(f"--uid {user} " in line for line in created)


def test_what_runs_is_the_command_line() -> None:
    assert _last("ENTRYPOINT").arguments == ["python", "-m", "app"]
    (command,) = _last("CMD").arguments
    assert command in get_command(cli).commands  # type: ignore[attr-defined]


def test_it_asks_itself_whether_it_is_well() -> None:
    check = _last("HEALTHCHECK").rest
    program, flag, source = json.loads(check[check.index("[") :])
    assert (program, flag) == ("python", "-c")
    assert "/health" in source
    compile(source, "HEALTHCHECK", "exec")


def test_production_is_on_and_the_demo_is_not() -> None:
    environment = " ".join(line.rest for line in _lines("ENV"))
    assert "BAIGE_PRODUCTION=true" in environment
    assert "BAIGE_DEMO" not in environment


def test_it_holds_no_secret() -> None:
    for line in _lines("ENV", "ARG", "RUN", "LABEL"):
        assert not SECRET.search(line.rest), line
    assert not _lines("ADD")
    assert not [source for source in _sources() if Path(source).name.startswith((".env", "var"))]


def test_the_builder_gets_only_what_is_copied() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in ignore if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {line.removeprefix("!") for line in rules if line.startswith("!")}
    assert allowed == {source.rstrip("/") for source in _sources()}


@pytest.mark.parametrize("source", _sources())
def test_only_tracked_paths_are_copied(source: str) -> None:
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "--", source]
    tracked = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert tracked
    assert source.rstrip("/") not in {"", ".", "*"}
