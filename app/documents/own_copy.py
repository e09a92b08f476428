"""One's own copy as a PDF: the same content as the text and the page, laid out to be printed and kept."""

from collections.abc import Sequence
from typing import Any, Protocol

from app.documents.press import pressed
from app.documents.sender import Sender, common_words
from app.messages import translations
from app.messages.answers import Answer, Table
from app.messages.copies import Copy, CopySection

MOST_COLUMNS = 5
"""A table with more would be too narrow to read: its rows become lists."""
BUDGET = (("what", ("activity", "category", "source")), ("quantity", ("unit",)), ("price", ()), ("payer", ()))
"""The columns of budget lines on paper, each with the answers that stand small under it; then the sum."""


class Bilingual(Protocol):
    """What is read in one language and was written in another, or in the same."""

    @property
    def language(self) -> str: ...

    @property
    def written_in(self) -> str: ...


def copy_pdf(copy: Copy, sender: Sender, *, answers: bool = True) -> bytes:
    """The PDF of a copy, or of its first page alone. Its date is that of the sending."""
    data = _data(copy, sender)
    return pressed("copy", data if answers else {**data, "sections": []}, copy.made_at)


def file_name(copy: Copy) -> str:
    """What the file is called, without its ending: ASCII, nothing of what was written."""
    return copy.number.replace("/", "-") or copy.ref


def _data(copy: Copy, sender: Sender) -> dict[str, Any]:
    gettext = translations(copy.language).ugettext
    name = copy.number or copy.ref
    return {
        **sender.data(),
        "lang": copy.language,
        "title": f"{name}: {copy.title}" if copy.title else name,
        "running": f"{name} · {copy.title}" if copy.title else name,
        "foot": f"{sender.brand} · {copy.call}",
        "caption": copy.call,
        "heading": copy.title or gettext("Without a title yet"),
        "heading_lang": _lang(copy, own=bool(copy.title)),
        "mark": copy.loud_mark,
        "mark_text": copy.mark_text,
        "kind": "err" if copy.unsent else "ok",
        "received": ". ".join((copy.received, *(f"{fact.label}: {fact.text}" for fact in copy.corrected))),
        "amount": {"label": copy.amount.label, "text": copy.amount.text} if copy.amount else None,
        "facts": [{"label": fact.label, "text": fact.text} for fact in copy.facts],
        "sha256": copy.sha256,
        "steps": [{"title": each.title, "when": each.when, "text": each.text} for each in copy.steps],
        "sections": [_section(copy, section) for section in copy.sections],
        "words": {
            **common_words(copy.language),
            "received": gettext("Received"),
            "next": gettext("What happens next"),
            "help": gettext("Do you need help?"),
            "not_provided": gettext("Not provided"),
            "fingerprint": gettext("Fingerprint (SHA-256)"),
            "fingerprint_why": gettext("SHA-256: it proves that nothing was changed afterwards."),
        },
    }


def _lang(copy: Bilingual, *, own: bool) -> str:
    """The language to declare on words, where it is not the document's."""
    return copy.written_in if own and copy.written_in != copy.language else ""


def _section(copy: Copy, section: CopySection) -> dict[str, Any]:
    return {
        "title": section.title,
        "answers": [answer_data(copy, each) for each in section.answers],
        "totals": [{"label": each.label, "text": each.text} for each in section.totals],
    }


def answer_data(copy: Bilingual, answer: Answer) -> dict[str, Any]:
    """One answer as `answers.typ` lays it out: a text, a table or cards."""
    table = answer.table
    as_table = table is not None and ("sum" in table.names or len(table.head) <= MOST_COLUMNS)
    return {
        "label": answer.label,
        "text": answer.text,
        "lang": _lang(copy, own=answer.own),
        "table": _table(copy, table) if table and as_table else None,
        "cards": _cards(copy, table) if table and not as_table else None,
    }


def _table(copy: Bilingual, table: Table) -> dict[str, Any]:
    places = {name: place for place, name in enumerate(table.names)}
    wanted = (*BUDGET, ("sum", ())) if "sum" in table.names else tuple((name, ()) for name in table.names)
    # A column in which nobody wrote anything is not in the table.
    shown = [(name, [each for each in beside if each in places]) for name, beside in wanted if name in places]
    return {
        "columns": [
            {
                "label": table.head[places[name]],
                "number": table.numeric[places[name]],
                "share": _share(table, places[name]),
            }
            for name, _ in shown
        ],
        "rows": [
            [
                _cell(copy, table, row, places[name], [places[each] for each in beside])
                for name, beside in shown
            ]
            for row in table.rows
        ],
    }


def _share(table: Table, place: int) -> int:
    """How much of the width a column gets: more where more is said."""
    if "sum" in table.names:
        return 7 if table.names[place] == "what" else 3
    if table.numeric[place]:
        return 3
    longest = max(len(row[place]) for row in table.rows)
    return 3 if longest < 25 else 5 if longest < 80 else 8


def _cell(
    copy: Bilingual, table: Table, row: Sequence[str], place: int, beside: Sequence[int] = ()
) -> dict[str, Any]:
    return {
        "label": table.head[place],
        "text": row[place],
        "lang": _lang(copy, own=table.own[place]),
        "notes": [_cell(copy, table, row, each) for each in beside if row[each]],
    }


def _cards(copy: Bilingual, table: Table) -> list[dict[str, Any]]:
    """Each row is called by its first words of the applicant's own."""
    called = table.own.index(True) if True in table.own else 0
    return [
        {
            "number": number,
            "title": row[called],
            "lang": _lang(copy, own=table.own[called]),
            "cells": [
                _cell(copy, table, row, place) for place in range(len(row)) if place != called and row[place]
            ],
        }
        for number, row in enumerate(table.rows, 1)
    ]
