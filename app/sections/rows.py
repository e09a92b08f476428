"""What the buttons of a table do to a draft: add, copy, move, remove, undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Invalid
from app.sections.catalogue import Section
from app.sections.drafts import SPARE_ROWS, Typed, new_row_id, questions

REMOVED = "_removed"
"""Where a draft keeps the row that was removed last, so that it can come back."""


@dataclass(frozen=True, slots=True)
class RowAct:
    """One press: what (`add`, `copy`, `up`, `down`, `remove`, `undo`), in which table, on which row."""

    act: str
    table: str
    row: str = ""

    @classmethod
    def read(cls, section: Section, value: str) -> "RowAct | None":
        """The act that a button's value (`remove:lines:ab12cd34`) names; None if it names none."""
        act, _, rest = value.partition(":")
        table, _, row = rest.partition(":")
        tables = {name for name, _, model in questions(section.model) if model is not None}
        known = act in {"add", "undo"} or (act in {"copy", "up", "down", "remove"} and bool(row))
        return cls(act, table, row) if known and table in tables else None


def act_on(section: Section, data: Mapping[str, Any], act: RowAct) -> tuple[Typed, str]:
    """The draft after the act, and the id of the row to look at next (empty: the table itself)."""
    rows = [dict(row) for row in data.get(act.table, ())]
    place = next((index for index, row in enumerate(rows) if row["id"] == act.row), None)
    if act.act == "add":
        return _put(section, data, act.table, rows, len(rows), {"id": new_row_id()})
    if act.act == "undo":
        return _undo(section, data, act.table, rows)
    if place is None:
        return dict(data), ""
    if act.act == "copy":
        return _put(section, data, act.table, rows, place + 1, rows[place] | {"id": new_row_id()})
    if act.act == "remove":
        removed = {"table": act.table, "place": place, "row": rows.pop(place)}
        return {**data, act.table: rows, REMOVED: removed}, ""
    other = place + (1 if act.act == "down" else -1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return {**data, act.table: rows}, act.row


def _undo(
    section: Section, data: Mapping[str, Any], table: str, rows: list[dict[str, Any]]
) -> tuple[Typed, str]:
    removed = data.get(REMOVED)
    if not removed or removed["table"] != table:
        return dict(data), ""
    kept = {name: value for name, value in data.items() if name != REMOVED}
    if any(row["id"] == removed["row"]["id"] for row in rows):
        # It came back by itself: with an older page, whose writer chose to keep it.
        return {**kept, table: rows}, removed["row"]["id"]
    return _put(section, kept, table, rows, removed["place"], removed["row"])


def _put(
    section: Section,
    data: Mapping[str, Any],
    table: str,
    rows: list[dict[str, Any]],
    place: int,
    row: dict[str, Any],
) -> tuple[Typed, str]:
    most = next(ask.rows[1] for name, ask, _ in questions(section.model) if name == table) + SPARE_ROWS
    if len(rows) >= most:
        raise Invalid({table: ("too_long", {"max_length": most})})
    rows.insert(place, row)
    return {**data, table: rows}, row["id"]
