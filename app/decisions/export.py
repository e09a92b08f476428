"""The order as a table for a spreadsheet: one row an application, every organisation's means beside it.

Means and totals have as many decimals as it takes to compute each total again from the means beside it.
"""

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.calls.organisations import organisations_of
from app.decisions.ranking import criterion_codes, lines_of
from app.decisions.refusals import ReviewingNotClosed
from app.models.calls import Call
from app.models.decisions import RankingEntry
from app.sheets import sheet_of

FIRST = ("place", "label", "application", "title")
LAST = ("total", "spread", "reviews", "decided_by", "withdrawn")


def ranking_csv(session: Session, coordinator: Coordinator) -> str:
    """The stored order as CSV (RFC 4180); numbers with a point. ReviewingNotClosed before there is one."""
    if session.exec(select(Call.reviewing_closed_at).where(Call.id == coordinator.call_id)).one() is None:
        raise ReviewingNotClosed
    organisations = [each.code for each in organisations_of(session, coordinator.call_id)]
    criteria = criterion_codes(session, coordinator)
    cells = [(organisation, criterion) for organisation in organisations for criterion in criteria]
    head = [*FIRST, *criteria, *LAST, *(f"{organisation}.{criterion}" for organisation, criterion in cells)]
    rows: list[list[object]] = [[*head]]
    for place, label, shown, withdrawn, sheet in lines_of(session, coordinator, col(RankingEntry.sheet)):
        scored = sheet["organisations"]
        # What was closed before decimals were stored has tenths alone.
        means = sheet.get("means", shown["means"])
        numbers = (sheet.get("total", shown["total"]), shown["spread"], shown["reviews"])
        line: list[object] = [place, label, shown["code"], shown["title"]]
        line += [means.get(code, "") for code in criteria]
        line += [*numbers, shown["decided_by"], "yes" if withdrawn else ""]
        line += [scored.get(code, {}).get(criterion, "") for code, criterion in cells]
        rows.append(line)
    return sheet_of(rows)
