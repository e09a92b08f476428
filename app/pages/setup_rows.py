"""Rows of texts in a form of the setup: what was typed, and what a row's button does with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from app.pages.forms import nested
from app.pages.setup_part import fields_of

Rows = dict[str, list[dict[str, Any]]]
Given = Mapping[str, str | list[str]]
MOST_DIGITS = 3


def pressed(given: Given) -> tuple[str, str, str]:
    """What the pressed button says: act, table, row. Empty where only "Save" was pressed."""
    act, _, rest = str(given.get("_action", "")).partition(":")
    name, _, row = rest.partition(":")
    return act, name, row


def rows_in(model: type[BaseModel], tables: Sequence[str], given: Given) -> Rows:
    """The typed rows of each table in their order; a row in which nothing was typed is no row."""
    tree = nested(fields_of(model, given))
    return {name: [row for row in _numbered(tree.get(name)) if _has_words(row)] for name in tables}


def _numbered(found: object) -> list[dict[str, Any]]:
    if not isinstance(found, dict):
        return []
    rows = [
        (int(key), row) for key, row in found.items() if _number(key) is not None and isinstance(row, dict)
    ]
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else None


def _has_words(row: Mapping[str, Any]) -> bool:
    texts = [texts for texts in row.values() if isinstance(texts, dict)]
    return any(str(text).strip() for each in texts for text in each.values())


def acted(rows: Rows, act: str, name: str, row: str) -> Rows:
    """The rows after a button that copies, moves or removes one; an unknown row changes nothing."""
    table = rows.get(name)
    place = _number(row)
    if table is None or place is None or place >= len(table):
        return rows
    if act == "remove":
        del table[place]
    elif act == "copy":
        table.append({**table[place], **({"code": ""} if "code" in table[place] else {})})
    else:
        other = place + {"up": -1, "down": 1}.get(act, 0)
        if 0 <= other < len(table):
            table[place], table[other] = table[other], table[place]
    return rows
