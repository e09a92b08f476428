"""What the macro `table` of `ui/table.html` shows: a table whose rows become cards on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column; `href` and `direction` where one may sort by it."""

    label: str
    number: bool = False
    href: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class TextCell:
    """A cell; the first of a row is its header."""

    text: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row, with as many cells as there are columns."""

    cells: Sequence[TextCell]


@dataclass(frozen=True, slots=True)
class TableView:
    """The whole table."""

    id: str
    caption: str
    columns: Sequence[ColumnView]
    rows: Sequence[RowView]
