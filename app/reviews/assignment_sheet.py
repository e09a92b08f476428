"""Who scores what as a table for a spreadsheet, and such a table read back as a proposal."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.applications.typed_codes import letters_meant, meant
from app.errors import Invalid, Problem
from app.reviews.assignment import check_assigning
from app.reviews.inputs import SheetInput
from app.reviews.proposal import coverage
from app.reviews.proposing import propose_pairs
from app.reviews.room import Pair, Room, room_of
from app.sheets import rows_of, sheet_of

HEAD = ("application", "language", "theme", "organisation", "reviewer", "name", "state")
NEEDED = ("application", "reviewer")
MISSING = "missing"
MOST_LINES = 20_000
LINES_SAID = 50
"""So many wrong lines are named: whoever has more mends these and sees the rest."""


def assignment_csv(session: Session, coordinator: Coordinator) -> str:
    """One row for each reviewer of each application, what is proposed among them, and one for each hole.

    Whoever fills in the holes may send the table back.
    """
    names = panel_names(session, coordinator)
    rows: list[tuple[object, ...]] = [HEAD]
    for row in coverage(session, coordinator):
        first = (row.application, row.language, row.theme)
        for organisation, cells in row.cells.items():
            rows += [
                (*first, organisation, cell.reviewer, names[cell.reviewer].shown, cell.state.value)
                for cell in cells
            ]
        rows += [(*first, organisation, "", "", MISSING) for organisation in row.holes]
    return sheet_of(rows)


def propose_sheet(session: Session, coordinator: Coordinator, given: SheetInput, now: datetime) -> int:
    """Propose what a table says, all of it or, where a line cannot be, nothing; gives the version.

    Lines without a reviewer and lines that say what is so already change nothing. Who is not in the table
    keeps what they have.
    """
    check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    try:
        pairs, problems = _read(room, given.rows)
    except ValueError as error:
        raise Invalid({"rows": "assignment.no_columns"}) from error
    if problems:
        said = dict(list(problems.items())[:LINES_SAID])
        count: Problem = ("assignment.lines_wrong", {"count": len(problems)})
        raise Invalid({"rows": count, **{f"rows.{line}": problem for line, problem in said.items()}})
    return propose_pairs(session, coordinator, pairs, now)


def _read(room: Room, text: str) -> tuple[list[Pair], dict[int, Problem]]:
    lines = rows_of(text)
    columns = _columns(next(lines, (0, []))[1])
    standing = {(row.member, row.application) for row in room.standing()}
    covered = {(row.organisation, row.application) for row in room.standing()}
    pairs: list[Pair] = []
    problems: dict[int, Problem] = {}
    seen: dict[Pair, int] = {}
    for line, (application, reviewer) in _cells(lines, columns):
        pair = (reviewer, application)
        if not reviewer or pair in standing:
            continue
        code = _problem(room, pair, covered)
        if pair in seen:
            problems[line] = ("assignment.line_twice", {"line": line, "same": seen[pair]})
        elif code:
            problems[line] = (
                code,
                {"line": line, "application": application[:40], "reviewer": reviewer[:40]},
            )
        else:
            covered.add((room.members[reviewer].organisation, application))
            pairs.append(pair)
        seen.setdefault(pair, line)
    return pairs, problems


def _problem(room: Room, pair: Pair, covered: set[Pair]) -> str:
    reviewer, application = pair
    if application not in room.applications:
        return "assignment.line_application"
    if reviewer not in room.members:
        return "assignment.line_reviewer"
    if pair in room.barred:
        return "assignment.line_barred"
    if (room.members[reviewer].organisation, application) in covered:
        return "assignment.line_organisation"
    return ""


def _columns(head: list[str]) -> tuple[int, int]:
    names = [cell.casefold() for cell in head]
    if not all(name in names for name in NEEDED):
        raise Invalid({"rows": "assignment.no_columns"})
    return names.index(NEEDED[0]), names.index(NEEDED[1])


def _cells(
    lines: Iterator[tuple[int, list[str]]], columns: tuple[int, int]
) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, (line, cells) in enumerate(lines):
        if number == MOST_LINES:
            raise Invalid({"rows": ("assignment.too_many_lines", {"most": MOST_LINES})})
        first, second = (cells[place] if place < len(cells) else "" for place in columns)
        yield line, (meant(first), letters_meant(second))
