"""Tables for spreadsheets: CSV as they write it, and as they read it without running anything."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import xlsxwriter

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a file without it for the letters of the machine's own country."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell may begin with to be run instead of read."""

SEPARATORS = ",;\t"
"""A spreadsheet separates by what its country's decimal sign leaves free."""

MOST_CHARACTERS = 32_767
"""What one cell of a workbook can hold."""
MOST_WIDE = 420
"""So many points of a screen wide is a column at the most."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Signs that XML, of which a workbook is made, cannot hold."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .ods files begin, and .xls files."""


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


def workbook_of(sheets: Mapping[str, Sequence[Sequence[object]]], at: datetime) -> bytes:
    """Sheets by their names as a file of a spreadsheet (.xlsx): equal rows and time make equal bytes.

    Every text is written as a text: none is run, followed or guessed to be a number.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(line, column, cell)
                else:
                    words = _UNSEEN.sub("", str(cell))[:MOST_CHARACTERS]
                    sheet.write_string(line, column, words, bold if line == 0 else None)
        sheet.autofit(MOST_WIDE)
    book.close()
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


def is_workbook(raw: bytes) -> bool:
    """Whether a file is a spreadsheet's own, in which no text can be read, and not CSV."""
    return raw.startswith(WORKBOOKS)


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, "Unicode text" of a spreadsheet, or what an older one writes in Kazakh and
    Russian."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("kz1048", errors="replace")
