"""Who scores what as a table for a spreadsheet, and such a table read back as a proposal."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.applications.typed_codes import letters_meant, meant
from app.errors import Invalid, Problem
from app.models.panel import Organisation
from app.reviews.assignment import check_assigning
from app.reviews.inputs import SheetInput
from app.reviews.proposal import coverage
from app.reviews.proposing import propose_pairs
from app.reviews.room import Pair, Room, room_of
from app.sheets import rows_of, sheet_of

HEAD = ("application", "language", "theme", "organisation", "reviewer", "name", "state")
NEEDED = ("application", "reviewer")
READ = (*NEEDED, "name", "organisation", "state")
MISSING = "missing"
MOST_LINES = 20_000
NOWHERE = MOST_LINES
"""The place of a column that a table does not have: no line has as many cells."""
LINES_SAID = 50
"""So many wrong lines are named: whoever has more mends these and sees the rest."""

_NAMES = select(col(Organisation.code), col(Organisation.name)).where(
    col(Organisation.code).in_(bindparam("codes", expanding=True))
)


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

    A reviewer is called by the code, the address or the name. An organisation need not be named; where one
    is, by its code or name, it must be the reviewer's. Lines without a reviewer and lines that say what is so
    already change nothing: a table of such lines alone is refused, so that no proposal gives way to it. Who
    is not in the table keeps what they have.
    """
    check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    try:
        pairs, problems = _read(room, _called(session, coordinator, room), _bodies(session, room), given.rows)
    except ValueError as error:
        raise Invalid({"rows": "assignment.no_columns"}) from error
    lost = sum(map(_lost_letters, problems.values()))
    if lost:
        # One cause, and not so many lines: no code has this sign, and a spreadsheet puts it for what it lost.
        raise Invalid({"rows": ("assignment.letters_lost", {"count": lost})})
    if problems:
        named = list(problems)[:LINES_SAID]
        said = {f"rows.{line}": problems[line] for line in named}
        if len(problems) > len(named):
            said["rows.more"] = ("assignment.lines_more", {"count": len(problems) - len(named)})
        count: Problem = ("assignment.lines_wrong", {"count": len(problems)})
        raise Invalid({"rows": count, **said})
    if not pairs:
        raise Invalid({"rows": "assignment.nothing_new"})
    return propose_pairs(session, coordinator, pairs, now)


def _called(session: Session, coordinator: Coordinator, room: Room) -> dict[str, str]:
    """What a table may call a reviewer beside the code: the address, and the name where no other has it."""
    names = panel_names(session, coordinator)
    said = [
        (each, code)
        for code in room.members
        for each in {names[code].email.casefold(), names[code].name.casefold()}
        if each
    ]
    times = Counter(each for each, _ in said)
    return {each: code for each, code in said if times[each] == 1}


def _bodies(session: Session, room: Room) -> dict[str, set[str]]:
    """What a table may call each organisation: the code, and the name in any language."""
    rows = session.execute(_NAMES, {"codes": room.organisations})
    return {row.code: {row.code.casefold(), *(name.casefold() for name in row.name.values())} for row in rows}


def _read(
    room: Room, called: Mapping[str, str], bodies: Mapping[str, set[str]], text: str
) -> tuple[list[Pair], dict[int, Problem]]:
    lines = rows_of(text)
    columns = _columns(next(lines, (0, []))[1])
    standing = {(row.member, row.application) for row in room.standing()}
    covered = {(row.organisation, row.application) for row in room.standing()}
    pairs: list[Pair] = []
    problems: dict[int, Problem] = {}
    seen: dict[Pair, int] = {}
    for line, (application, code, name, organisation, state) in _cells(lines, columns):
        # A name typed into a hole means somebody; beside a code it is what the table says itself.
        reviewer = code or (name if state in ("", MISSING) else "")
        pair = (called.get(reviewer.casefold()) or letters_meant(reviewer), application)
        if not reviewer or pair in standing:
            continue
        theirs = room.members[pair[0]].organisation if pair[0] in room.members else ""
        why = _problem(room, pair, covered)
        if why in ("", "assignment.line_organisation") and not _is(organisation, bodies.get(theirs, set())):
            why = "assignment.line_other"
        if pair in seen:
            problems[line] = ("assignment.line_twice", {"line": line, "same": seen[pair]})
        elif why:
            problems[line] = (
                why,
                {
                    "line": line,
                    "application": application[:40],
                    "reviewer": reviewer[:40],
                    "theirs": theirs,
                    "organisation": organisation[:40],
                },
            )
        else:
            covered.add((theirs, application))
            pairs.append(pair)
        seen.setdefault(pair, line)
    return pairs, problems


def _lost_letters(problem: Problem) -> bool:
    return problem[0] == "assignment.line_application" and "?" in str(problem[1]["application"])


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


def _is(organisation: str, called: set[str]) -> bool:
    """Whether it is the one that is called so; where none is named, any is."""
    return organisation.casefold() in {"", *called}


def _columns(head: list[str]) -> tuple[int, ...]:
    """Where the needed columns are, and the organisation's: behind all where there is none."""
    names = [cell.casefold() for cell in head]
    if not all(name in names for name in NEEDED):
        raise Invalid({"rows": "assignment.no_columns"})
    return tuple(names.index(each) if each in names else NOWHERE for each in READ)


def _cells(
    lines: Iterator[tuple[int, list[str]]], columns: tuple[int, ...]
) -> Iterator[tuple[int, tuple[str, str, str, str, str]]]:
    for number, (line, cells) in enumerate(lines):
        if number == MOST_LINES:
            raise Invalid({"rows": ("assignment.too_many_lines", {"most": MOST_LINES})})
        first, second, name, body, state = (cells[place] if place < len(cells) else "" for place in columns)
        yield line, (meant(first), second, name.strip(), body.strip(), state.strip().casefold())
