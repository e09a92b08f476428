"""The order as a table for a spreadsheet: one row an application, every organisation's means beside it.

Means and totals have as many decimals as it takes to compute each total again from the means beside it. Every
other method's place and total stand behind them, and what is known of how firm the place is.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.calls.organisations import organisations_of
from app.decisions.ranking import criterion_codes, lines_of
from app.decisions.refusals import ReviewingNotClosed
from app.models.calls import Call
from app.models.decisions import RankingEntry
from app.scoring.methods import Method
from app.sheets import sheet_of
from app.wall import is_walled

FIRST = ("place", "label", "application", "title")
LAST = ("total", "spread", "reviews", "decided_by", "withdrawn")
FIRM = ("line", "chance", "place_from", "place_to")
"""The chance, 0 to 1, to be truly among the best `line`, and the places of the 90 % interval."""


def ranking_csv(session: Session, coordinator: Coordinator) -> str:
    """The stored order as CSV (RFC 4180); numbers with a point. ReviewingNotClosed before there is one.

    Without what the model says where a part of the order is kept back: that rests on every review.
    """
    if session.exec(select(Call.reviewing_closed_at).where(Call.id == coordinator.call_id)).one() is None:
        raise ReviewingNotClosed
    organisations = [each.code for each in organisations_of(session, coordinator.call_id)]
    criteria = criterion_codes(session, coordinator)
    cells = [(organisation, criterion) for organisation in organisations for criterion in criteria]
    walled = is_walled(session)
    methods = [] if walled else list(Method)
    head = [
        *FIRST,
        *criteria,
        *LAST,
        *(f"{method.value}.{name}" for method in methods for name in ("place", "total")),
        *(() if walled else FIRM),
        *(f"{organisation}.{criterion}" for organisation, criterion in cells),
    ]
    rows: list[list[object]] = [[*head]]
    columns = (col(RankingEntry.sheet), col(RankingEntry.figures))
    for place, label, shown, withdrawn, sheet, figures in lines_of(session, coordinator, *columns):
        scored = sheet["organisations"]
        # What was closed before decimals were stored has tenths alone.
        means = sheet.get("means", shown["means"])
        numbers = (sheet.get("total", shown["total"]), shown["spread"], shown["reviews"])
        line: list[object] = [place, label, shown["code"], shown["title"]]
        line += [means.get(code, "") for code in criteria]
        line += [*numbers, shown["decided_by"], "yes" if withdrawn else ""]
        if not walled:
            line += _told(figures)
        line += [scored.get(code, {}).get(criterion, "") for code, criterion in cells]
        rows.append(line)
    return sheet_of(rows)


def _told(figures: Mapping[str, Any]) -> list[object]:
    """Empty cells where nothing is known, or nothing was kept."""
    by = figures.get("by", {})
    told: list[object] = []
    for method in Method:
        place, label, total = by.get(method.value, ("", "", ""))
        told += [place if label else "", total]
    firm = figures.get("firm") or {}
    chances = firm.get("chance") or {}
    line = min(chances, key=int, default="")
    return [*told, line, chances.get(line, ""), *firm.get("outer", ("", ""))]
