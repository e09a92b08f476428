"""Tables for spreadsheets: CSV as they write it, and as they read it without running anything."""

import csv
import io
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a file without it for the letters of the machine's own country."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell may begin with to be run instead of read."""

SEPARATORS = ",;\t"
"""A spreadsheet separates by what its country's decimal sign leaves free."""


def harmless(cell: object) -> object:
    """A text that a spreadsheet would run gets an apostrophe in front, and is read."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def sheet_of(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV (RFC 4180), with a byte order mark."""
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of a line and its cells, from 1; lines without any word are left out.

    The first line says by what cells are separated. ValueError where it is no table.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ValueError(reader.line_num) from error


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, or what an older spreadsheet writes in Kazakh and Russian."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("kz1048", errors="replace")
