"""One section's answers in two: what reviewers may read, and what only the coordinator gets. And together."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.sections.catalogue import CATALOGUE
from app.sections.drafts import questions

Data = Mapping[str, Any]


@cache
def kept_back(section: str) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The questions of a section that reviewers never get, and of its tables the columns."""
    asked = questions(CATALOGUE[section].model)
    whole = frozenset(name for name, ask, _ in asked if not ask.blind)
    columns = {
        name: hidden
        for name, _, row in asked
        if row and (hidden := frozenset(each for each, ask, _ in questions(row) if not ask.blind))
    }
    return whole, columns


def split(section: str, data: Data) -> tuple[dict[str, Any], dict[str, Any]]:
    """The blind half and the other. A row with a hidden cell stands in both, under its id."""
    whole, columns = kept_back(section)
    blind = {name: value for name, value in data.items() if name not in whole}
    hidden = {name: value for name, value in data.items() if name in whole}
    for table, names in columns.items():
        rows = blind.get(table) or ()
        if rows:
            blind[table] = [_without(row, names) for row in rows]
        said = [_only(row, names) for row in rows if any(row.get(name) for name in names)]
        if said:
            hidden[table] = said
    return blind, hidden


def join(section: str, blind: Data, hidden: Data) -> dict[str, Any]:
    """What was split, as it was."""
    _, columns = kept_back(section)
    joined = {**blind, **{name: value for name, value in hidden.items() if name not in columns}}
    for table in columns:
        cells = {row["id"]: row for row in hidden.get(table) or ()}
        if cells and table in joined:
            joined[table] = [{**row, **cells.get(row["id"], {})} for row in joined[table]]
    return joined


def _without(row: Data, names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _only(row: Data, names: frozenset[str]) -> dict[str, Any]:
    return {"id": row["id"], **{name: row[name] for name in names if name in row}}
