"""The pictures of the ranking as data: every place and width is computed here, so that a template only draws.

Each stands beside a table of the same numbers; what a mark means is said by its shape, its colour repeats it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.decisions.beside_line import NOTHING, Beside
from app.decisions.board import FiguredRow
from app.decisions.firm import Stand, stand
from app.messages import formats
from app.messages.labels import choices
from app.pages.said import between, percent
from app.scoring.methods import Method

ROW = 28
"""Height of a row in pixels: a finger finds its link."""


class Tick(NamedTuple):
    """A number on an axis and where it stands, in percent; `strong` at the line, or on a phone
    too."""

    x: str
    label: str
    strong: bool = False


class Interval(NamedTuple):
    """One application: its middle, and the ends of both intervals, in percent across and pixels down.

    `shape` is in, zone, out, seated, pitches or beside; `words` say all of it.
    """

    code: str
    href: str
    title: str
    y: int
    dot: str
    thick: tuple[str, str]
    thin: tuple[str, str]
    shape: str
    words: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class IntervalsView:
    """Where each application may truly stand: a dot, 50 % thick, 90 % thin, and the line at K."""

    said: str
    height: int
    rows: Sequence[Interval]
    ticks: Sequence[Tick]
    line: str
    cut: int
    head: Sequence[str]
    legend: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StripView:
    """All of them at once, best first from the left; paths in a box of `width` by `depth`, best on top."""

    width: int
    depth: int
    thin: str
    thick: str
    dots: str
    line: int
    cut: int


def intervals_view(
    language: str, rows: Sequence[FiguredRow], line: int, address: str, beside: Beside = NOTHING
) -> IntervalsView | None:
    """The rows around the line; None where none of them could be calibrated."""
    known = [row for row in rows if "firm" in row.figures]
    if not known:
        return None
    most = max([line + 1, *(row.figures["firm"]["outer"][1] for row in known)])
    words = choices(language, "stand")
    drawn = []
    for number, row in enumerate(known):
        firm = row.figures["firm"]
        low, high = firm["inner"]
        first, last = firm["outer"]
        code, told = row.shown["code"], stand(firm["chance"][str(line)]).value
        # Who does not stand at the line is on no side of it, and after it was used nobody is.
        shape = beside.fates.get(code, "" if beside.is_over else told)
        chance, rank = percent(firm["chance"][str(line)]), formats.number(language, firm["rank"], 1)
        drawn.append(
            Interval(
                code=code,
                href=f"{address}/{code}",
                title=row.shown["title"],
                y=number * ROW + ROW // 2,
                dot=_across(firm["rank"], most),
                thick=(_across(low - 0.35, most), _across(high + 0.35, most)),
                thin=(_across(first - 0.35, most), _across(last + 0.35, most)),
                shape=shape or "beside",
                words=f"{code}: {between(firm['outer'])}" + (f", {words[shape]}" if shape else ""),
                cells=[
                    str(row.place),
                    rank,
                    between(firm["inner"]),
                    between(firm["outer"]),
                    chance,
                    words[shape] if shape else "–",
                ],
            )
        )
    above = sum(row.place <= line for row in known)
    return IntervalsView(
        said=choices(language, "chart_said")["intervals"].format(count=len(drawn), line=line),
        height=len(drawn) * ROW,
        rows=drawn,
        ticks=_ticks(language, most, line),
        line=_across(line + 0.5, most),
        cut=above * ROW if 0 < above < len(drawn) else 0,
        head=[each.format(line=line) for each in choices(language, "interval_head").values()],
        legend=[
            (each, words[each])
            for each in words
            if (each in set(Stand) and not beside.is_over) or any(row.shape == each for row in drawn)
        ],
    )


def strip_view(rows: Sequence[FiguredRow], line: int, step: int) -> StripView | None:
    """Every application, or every `step`th, from the best to the last."""
    known = [(n, row.figures["firm"]) for n, row in enumerate(rows) if "firm" in row.figures]
    if not known:
        return None
    depth = max([line + 1, *(firm["outer"][1] for _, firm in known)])
    return StripView(
        width=len(rows),
        depth=depth,
        thin=" ".join(f"M{n}.5 {firm['outer'][0] - 1}V{firm['outer'][1]}" for n, firm in known),
        thick=" ".join(f"M{n}.5 {firm['inner'][0] - 1}V{firm['inner'][1]}" for n, firm in known),
        dots=" ".join(f"M{n}.5 {firm['rank'] - 0.5:.1f}h0" for n, firm in known),
        line=line,
        cut=max(1, line // step),
    )


class Leniency(NamedTuple):
    """One reviewer by code: the dot, the ends of the 95 % interval, the dot's size, and the sentence."""

    code: str
    y: int
    dot: str
    ends: tuple[str, str]
    size: int
    sentence: str
    flags: Sequence[str]
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class LeniencyView:
    """How much stricter or kinder each reviewer is than the others; the average one stands at `zero`."""

    said: str
    height: int
    rows: Sequence[Leniency]
    ticks: Sequence[Tick]
    zero: str
    head: Sequence[str]


def leniency_view(
    language: str, reviewers: Mapping[str, Mapping[str, Any]], organisations: Mapping[str, str]
) -> LeniencyView | None:
    """Strictest first, each by their code; None without any."""
    if not reviewers:
        return None
    ordered = sorted(reviewers.items(), key=lambda each: (each[1]["leniency"], each[0]))
    reach = max(1.0, *(abs(end) for _, each in ordered for end in each["interval"]))
    most = max(each["reviews"] for _, each in ordered)
    flags = choices(language, "reviewer_flags")
    rows = []
    for number, (code, each) in enumerate(ordered):
        low, high = each["interval"]
        raised = [words for name, words in flags.items() if _is_raised(name, each)]
        rows.append(
            Leniency(
                code=code,
                y=number * ROW + ROW // 2,
                dot=_around(each["leniency"], reach),
                ends=(_around(low, reach), _around(high, reach)),
                size=3 + round(5 * (each["reviews"] / most) ** 0.5),
                sentence=leniency_words(language, each),
                flags=raised,
                cells=[
                    organisations.get(code, ""),
                    str(each["reviews"]),
                    _signed(language, each["leniency"]),
                    f"{_signed(language, low)} … {_signed(language, high)}",
                    "–" if each["slope"] is None else formats.number(language, each["slope"], 2),
                    "–" if each["noise"] is None else formats.number(language, each["noise"], 2),
                    "; ".join(raised) or "–",
                ],
            )
        )
    step = _step(reach)
    marks = range(-int(reach // step), int(reach // step) + 1)
    # On a phone only so many numbers stand beside each other.
    sparse = -(-len(marks) // 4)
    return LeniencyView(
        said=choices(language, "chart_said")["leniency"].format(count=len(rows)),
        height=len(rows) * ROW,
        rows=rows,
        ticks=[
            Tick(_around(mark * step, reach), _signed(language, mark * step, 0), mark % sparse == 0)
            for mark in marks
        ],
        zero=_around(0, reach),
        head=list(choices(language, "leniency_head").values()),
    )


def _is_raised(name: str, habit: Mapping[str, Any]) -> bool:
    """Whose totals are all the same tells nothing apart, which need not be said twice."""
    return bool(habit.get(name)) and not (name == "flat" and habit["constant"])


def leniency_words(language: str, habit: Mapping[str, Any]) -> str:
    """What the number means, in one sentence: who cannot be told from others is not called strict."""
    low, high = habit["interval"]
    words = choices(language, "leniency_said")
    if low <= 0 <= high:
        return words["unknown"].format(low=_points(language, -low), high=_points(language, high))
    points = _points(language, habit["leniency"])
    ends = sorted((abs(low), abs(high)))
    said = words["lower" if habit["leniency"] < 0 else "higher"]
    return said.format(points=points, low=_points(language, ends[0]), high=_points(language, ends[1]))


def _points(language: str, value: float) -> str:
    return formats.number(language, round(abs(value)))


class HeatCell(NamedTuple):
    """One criterion of an application: its shade from 0 to 4, hatched where fewer than two judged it."""

    x: str
    shade: int
    hatched: bool
    label: str


class HeatRow(NamedTuple):
    """One application in the order."""

    code: str
    href: str
    title: str
    y: int
    place: str
    cells: Sequence[HeatCell]
    read: Sequence[str]


@dataclass(frozen=True, slots=True)
class HeatView:
    """Applications in their order, criterion by criterion: `letters` stand above the columns."""

    said: str
    height: int
    column: str
    letters: Sequence[tuple[str, str, str]]
    rows: Sequence[HeatRow]
    titles: Sequence[str]


class Scale(NamedTuple):
    """A criterion's code, title, and the ends of its scale."""

    code: str
    title: str
    low: int
    high: int


ENOUGH = 2
SHADES = 5


def heat_view(
    language: str, rows: Sequence[FiguredRow], scales: Sequence[Scale], address: str
) -> HeatView | None:
    """Calibrated means, each on its criterion's scale; None where nothing could be calibrated."""
    known = [row for row in rows if row.figures.get("firm", {}).get("means")]
    if not known:
        return None
    width = 100 / len(scales)
    return HeatView(
        said=choices(language, "chart_said")["heat"],
        height=len(known) * ROW,
        column=f"{width:.3f}%",
        letters=[
            (f"{(n + 0.5) * width:.3f}%", chr(ord("A") + n), scale.title) for n, scale in enumerate(scales)
        ],
        rows=[_heat_row(language, number, row, scales, width, address) for number, row in enumerate(known)],
        titles=[scale.title for scale in scales],
    )


def _heat_row(
    language: str, number: int, row: FiguredRow, scales: Sequence[Scale], width: float, address: str
) -> HeatRow:
    means, judged = row.figures["firm"]["means"], row.figures.get("judged", {})
    cells, read = [], []
    for n, scale in enumerate(scales):
        few = judged.get(scale.code, 0) < ENOUGH
        if scale.code not in means:
            cells.append(HeatCell(f"{n * width:.3f}%", 0, True, "–"))
            read.append("–")
            continue
        value = float(means[scale.code])
        share = (value - scale.low) / max(1, scale.high - scale.low)
        label = formats.number(language, f"{value:.1f}", 1)
        cells.append(HeatCell(f"{n * width:.3f}%", min(SHADES - 1, max(0, int(share * SHADES))), few, label))
        read.append(f"{label} ({judged.get(scale.code, 0)})")
    code = row.shown["code"]
    return HeatRow(code, f"{address}/{code}", row.shown["title"], number * ROW, str(row.place), cells, read)


class BumpLine(NamedTuple):
    """One application over the methods: a path through a box of 100 by the view's height."""

    path: str
    enters: bool
    ends: Sequence[tuple[str, int, str]]


class BumpRow(NamedTuple):
    """The same in words: its places, and what the published method makes of it."""

    code: str
    href: str
    title: str
    places: Sequence[str]
    side: str


@dataclass(frozen=True, slots=True)
class BumpView:
    """The applications that not every method puts on the same side of the line."""

    said: str
    height: int
    columns: Sequence[tuple[str, str, str]]
    cut: int
    lines: Sequence[BumpLine]
    labels: Sequence[tuple[str, int]]
    rows: Sequence[BumpRow]
    heads: Sequence[str]


def bump_view(
    language: str, rows: Sequence[FiguredRow], line: int, method: Method, address: str
) -> BumpView | None:
    """None where all methods agree about the line. The published method's column says so."""
    known = [row for row in rows if row.figures.get("by")]
    if not known:
        return None
    places = sorted({row.figures["by"][each.value][0] for row in known for each in Method})
    at = {place: (n + 0.5 + (place > line)) * ROW for n, place in enumerate(places)}
    cut = sum(place <= line for place in places)
    across = {each: 8 + 23 * n for n, each in enumerate(Method)}
    short, sides = choices(language, "method_short"), choices(language, "line_side")
    drawn, table, labels = [], [], []
    for row in known:
        by = {each: row.figures["by"][each.value][0] for each in Method}
        points = [(across[each], round(at[by[each]])) for each in Method]
        drawn.append(
            BumpLine(
                path="M" + "L".join(f"{x} {y}" for x, y in points),
                enters=row.place <= line,
                ends=[(f"{x}%", y, str(by[each])) for (x, y), each in zip(points, Method, strict=True)],
            )
        )
        code = row.shown["code"]
        labels.append((code, points[-1][1]))
        table.append(
            BumpRow(
                code,
                f"{address}/{code}",
                row.shown["title"],
                [*(str(by[each]) for each in Method), str(row.figures.get("own", "–"))],
                sides["above" if row.place <= line else "below"],
            )
        )
    decides = choices(language, "line_side")["decides"]
    return BumpView(
        said=choices(language, "chart_said")["bump"].format(count=len(known)),
        height=(len(places) + 1) * ROW,
        columns=[(f"{across[each]}%", short[each], decides if each is method else "") for each in Method],
        cut=cut * ROW + ROW // 2,
        lines=drawn,
        labels=labels,
        rows=table,
        heads=[*(short[each] for each in Method), choices(language, "own_orders")["short"]],
    )


def _across(place: float, most: int) -> str:
    """Where a place from 1 to `most` stands, in percent of the width."""
    share = (place - 0.5) / most
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"


def _around(value: float, reach: float) -> str:
    """Where a difference stands whose middle is 0, with room for a dot at both ends."""
    return f"{50 + 46 * value / reach:.2f}%"


def _ticks(language: str, last: int, line: int) -> list[Tick]:
    """Round numbers, and that of the line, which stands in the place of any too near."""
    step = _step(float(last))
    marks = [mark for mark in (1, *range(step, last + 1, step)) if abs(mark - line) * 12 > last]
    return [
        Tick(_across(mark, last), formats.number(language, mark), mark == line)
        for mark in sorted({*marks, line})
        if mark == line or mark == 1 or (mark - 1) * 12 > last
    ]


STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def _step(reach: float) -> int:
    """A round distance, so that six marks or fewer cover it."""
    return next((step for step in STEPS if reach / step <= 6), STEPS[-1])


def _signed(language: str, value: float, places: int = 1) -> str:
    """A difference in points with its sign; the sign of less is a minus, not a hyphen."""
    words = formats.number(language, f"{abs(value):.{places}f}", places)
    if float(f"{value:.{places}f}") == 0:
        return words
    return ("+" if value > 0 else "−") + words
