"""The calls of the demo programme whose reviews are all in, as they are stored: codes and scores."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from app.decisions.written import input_of
from app.scoring.run import Run, run

GOLDEN = Path(__file__).parent / "golden" / "demo_calls.json"
LINES = {"yards-2026": (5, 6, 8, 11), "2019-eight": (6, 10), "tonight-2026": (6, 10)}
"""At which lines each of them is looked at: the promised one, the finalists', and as it might be moved."""
EVERY = [(name, line) for name, lines in LINES.items() for line in lines]


@cache
def _documents() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(GOLDEN.read_text())
    return found


@cache
def fitted(name: str, line: int) -> Run:
    """One of them, computed with its line there."""
    applications, sheets, rules = input_of(_documents()[name])
    return run(applications, sheets, replace(rules, lines=[line]))
