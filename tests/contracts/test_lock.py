"""What is installed is what was pinned: by hash, the same for use and for tests, from no named address."""

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
ADDRESS = re.compile(
    r"[a-z]+://|file:|--(extra-)?index-url|--find-links|--trusted-host|^-i\b|^-f\b| @ ", re.MULTILINE
)
REGISTRY = re.compile(rb"pypi\.org|pythonhosted\.org|registry\.npm|npmmirror", re.IGNORECASE)


def _locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Package -> what is pinned, and the hashes that may be installed."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in text.splitlines():
        words, *hashes = line.split("--hash=")
        requirement = Requirement(words)
        found[canonicalize_name(requirement.name)] = (requirement, [each.strip() for each in hashes])
    return found


def _asked(name: str) -> set[str]:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("-r")}


@pytest.mark.parametrize("name", [*LOCKS, "requirements.in", "requirements-dev.in", "pyproject.toml"])
def test_no_address_is_written_down(name: str) -> None:
    assert not ADDRESS.search((ROOT / name).read_text())


def test_no_tracked_file_names_a_registry() -> None:
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    assert len(files) > 50
    naming = {file.name for file in files if file.is_file() and REGISTRY.search(file.read_bytes())}
    assert naming <= {Path(__file__).name}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_by_hash(name: str) -> None:
    locked = _locked(name)
    assert len(locked) > 20
    for requirement, hashes in locked.values():
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement


def test_what_is_asked_for_is_pinned() -> None:
    assert _asked("requirements.in") <= _locked("requirements.txt").keys()
    assert _asked("requirements-dev.in") <= _locked("requirements-dev.txt").keys()


def test_tests_run_on_what_is_used() -> None:
    used, tested = (_locked(name) for name in LOCKS)
    for package, (requirement, hashes) in used.items():
        assert package in tested
        assert tested[package][0].specifier == requirement.specifier
        assert tested[package][1] == hashes


def test_what_is_installed_is_what_was_pinned() -> None:
    here = [
        each
        for each, _ in _locked("requirements-dev.txt").values()
        if not each.marker or each.marker.evaluate()
    ]
    assert {each.name: f"=={metadata.version(each.name)}" for each in here} == {
        each.name: str(each.specifier) for each in here
    }
