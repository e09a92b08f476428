"""The rows of the board, laid out once: whoever reads the same lines next gets the same markup.

What is kept is found by every letter of the lines that were just read from the database, and by all else that
their words depend on, never by whose they are: an application that has left the call since, or whose title is
erased, makes other lines. What a reader sees from whom a part is kept is laid out for them alone.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from app.decisions.beside_line import NOTHING, Beside
from app.decisions.board import Board, BoardRow
from app.messages.labels import choices
from app.pages.page import environment
from app.pages.said import percent
from app.pages.tied import tie_words
from app.scoring.methods import Method
from app.scoring.ranking import TOTAL

KEPT = 24
"""Parts of boards in one process, in one language each: about 170 kB of markup for 253 rows."""


class ShownRow(NamedTuple):
    """One line of the board as it is read: numbers with the language's decimal sign.

    `place` is empty without a total; `means` are by criterion; `href` leads to the
    reviews; `missing` says how many organisations of how many scored it, where some did not; `others` are the
    place and the total by every other method, and where that is on the other side of the line. `firm` is a
    word for how firm the place is, empty where nobody stands at the line any more, `tone` its colour,
    `between` the places of the 90 % interval. `notes` counts what reviewers wrote to the coordinator alone;
    `cut` where the line runs below.

    A tuple, which a template takes apart at once: of hundreds of rows each look-up of a name would be felt.
    """

    place: str
    code: str
    href: str
    title: str
    tie: str
    withdrawn: bool
    notes: int
    missing: str
    means: Sequence[str]
    total: str
    others: Sequence[tuple[str, str, str]]
    firm: str
    tone: str
    between: str
    spread: str
    cut: bool


class ZoneRow(NamedTuple):
    """One line of the zone: its chance in words, and on which side of the line the published order has it."""

    place: str
    code: str
    href: str
    title: str
    chance: str
    between: str
    side: str


class LaidOut(NamedTuple):
    """The bodies of the board's two tables, as their template escaped them; `zone` is empty without one."""

    rows: str
    zone: str


_kept: dict[Hashable, LaidOut] = {}


def laid_out(
    language: str, found: Board, titles: Mapping[str, str], address: str, beside: Beside = NOTHING
) -> LaidOut:
    """The markup of these rows. `titles` are the criteria's, `address` leads to the board."""
    if not found.lines.key:
        return _rendered(language, found, titles, address, beside)
    key = (
        language,
        address,
        found.lines.key,
        found.zoned.key,
        tuple(titles.items()),
        found.method,
        found.organisations,
        found.figures.get("line"),
        found.figures.get("below"),
        tuple(found.figures.get("zone", ())),
        tuple(beside.fates.items()),
        beside.is_over,
    )
    laid = _kept.get(key)
    if laid is None:
        laid = _rendered(language, found, titles, address, beside)
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = laid
    return laid


def _rendered(
    language: str, found: Board, titles: Mapping[str, str], address: str, beside: Beside
) -> LaidOut:
    macros: Any = environment(language).get_template("ranking/_rows.html").module
    columns = len(titles) + (4 if found.hidden else 7)
    zone = [] if beside.is_over else _zone(found, language, address)
    return LaidOut(
        macros.rows(_shown(found, titles, language, address, beside), columns, found.hidden),
        macros.zone(zone, found.figures["line"]) if zone else "",
    )


def other_methods(found: Board) -> list[Method]:
    """Those that stand beside the published one."""
    return [each for each in Method if each is not found.method]


def _shown(
    found: Board, titles: Mapping[str, str], language: str, address: str, beside: Beside
) -> list[ShownRow]:
    """Every row, ready to be read."""
    marks = str.maketrans("", "") if language == "en" else str.maketrans(".", ",")
    words, sides = choices(language, "stand"), choices(language, "other_side")
    line = found.figures.get("line")
    places = [list(Method).index(each) for each in other_methods(found)]
    codes = list(titles)
    cut_at = _last_above(found.rows, found.figures.get("below", line))
    rows = []
    for place, label, shown, withdrawn, known in found.rows:
        means, code = shown["means"], shown["code"]
        decided_by, coverage = shown["decided_by"], shown["coverage"]
        tie = between = firm = tone = ""
        if decided_by != TOTAL or label != str(place):
            tie = tie_words(language, _Line(place, label, decided_by), titles)
        if known and known.chance is not None:
            between = f"{known.low}–{known.high}" if known.low != known.high else f"{known.low}"
            tone = beside.word(code, known.chance)
            firm = words[tone] if tone else ""
        rows.append(
            ShownRow(
                str(place) if label else "",
                code,
                f"{address}/{code}",
                shown["title"],
                tie,
                withdrawn,
                shown.get("notes", 0),
                f"{coverage} / {found.organisations}" if coverage < found.organisations else "",
                [means[each].translate(marks) if each in means else "–" for each in codes],
                shown["total"].translate(marks),
                [
                    (
                        str(known.places[at] or "–"),
                        known.totals[at].translate(marks),
                        _crossing(line, place if label else None, known.places[at], sides),
                    )
                    for at in places
                ]
                if known
                else [],
                firm,
                tone,
                between,
                shown["spread"].translate(marks),
                place == cut_at,
            )
        )
    return rows


class _Line(NamedTuple):
    place: int
    label: str
    decided_by: str


def _crossing(line: int | None, place: int | None, other: int | None, sides: Mapping[str, str]) -> str:
    """On which side of the line another method has what the published one has on this."""
    if line is None or place is None or other is None or (place <= line) == (other <= line):
        return ""
    return sides["in" if other <= line else "out"]


def _last_above(rows: Sequence[BoardRow], line: int | None) -> int:
    """The place below which the line runs: who has left the call takes none of its places."""
    if line is None or not rows:
        return 0
    if rows[0].place != 1:
        return line
    standing = [row.place for row in rows if not row.withdrawn and row.label]
    return standing[line - 1] if len(standing) > line else 0


def _zone(found: Board, language: str, address: str) -> list[ZoneRow]:
    line = found.figures.get("line")
    words = choices(language, "line_side")
    return [
        ZoneRow(
            str(row.place),
            row.shown["code"],
            f"{address}/{row.shown['code']}",
            row.shown["title"],
            percent(row.short.chance),
            f"{row.short.low}–{row.short.high}",
            words["above" if row.place <= line else "below"],
        )
        for row in found.zone
        if row.short and row.short.chance is not None and line
    ]
