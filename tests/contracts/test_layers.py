"""Who may import whom: the contracts of pyproject.toml hold, and each of them can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"


def linted(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache"], cwd=directory, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The application's Python files and their contracts, to break."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file in (ROOT / "app").rglob("*.py"):
        target = tmp_path / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return tmp_path


def test_import_contracts_hold() -> None:
    done = linted(ROOT)
    assert done.returncode == 0, done.stdout
    assert "broken" in done.stdout and " 0 broken" in done.stdout


def test_module_without_a_layer_is_refused(copy: Path) -> None:
    (copy / "app" / "unlisted.py").write_text('"""A module that no layer lists."""\n')
    done = linted(copy)
    assert done.returncode != 0
    assert "unlisted" in done.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("applications/blind.py", "from app.models.people import Identity", "Only these may know"),
        ("reviews/room.py", "from app.models import people", "Only these may know"),
        ("calls/phase.py", "import app.reviews.actions", "the domain knows no edge"),
        ("decisions/ranking.py", "import app.pages.page", "the domain knows no edge"),
        ("api/calls.py", "import app.pages.page", "the domain knows no edge"),
        ("reviews/actions.py", "from fastapi import HTTPException", "No rule knows HTTP"),
        ("scoring/totals.py", "import pydantic", "Scoring is arithmetic"),
    ],
    ids=["blind", "room", "earlier-slice", "edge", "sibling", "http", "arithmetic"],
)
def test_forbidden_import_is_refused(copy: Path, file: str, line: str, contract: str) -> None:
    target = copy / "app" / file
    target.write_text(target.read_text() + f"\n{line}  # noqa\n")
    done = linted(copy)
    assert done.returncode != 0
    broken = [said for said in done.stdout.splitlines() if said.endswith("BROKEN")]
    assert any(contract in said for said in broken), done.stdout
