"""Which tests of a run go to the same process, and which begin first.

As a pytest plugin it hands out tests one by one, and as one lot those that share what takes seconds to make:
the fair of an engine, and the demo. Lots come first, the largest before all.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ON_SQLITE = ("[sqlite", "[embedded")
ON_POSTGRESQL = "[postgresql"


def lot_of(nodeid: str) -> str:
    """What this test shares, or its own name."""
    file, _, test = nodeid.partition("::")
    if file == "tests/demo/test_load.py":
        return "the demo"
    if _visits_the_fair(file):
        if any(each in test for each in ON_SQLITE):
            return "the fair on SQLite"
        if ON_POSTGRESQL in test:
            return "the fair on PostgreSQL"
    return nodeid


@cache
def _visits_the_fair(file: str) -> bool:
    return "running: Running" in (ROOT / file).read_text("utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Called where a run has several processes."""
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class Lots(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return lot_of(nodeid)

    return Lots(config, log)
