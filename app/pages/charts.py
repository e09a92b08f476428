"""Charts as data: every place and width is computed here, so that a template only draws.

Each chart stands beside a table of the same numbers, and never tells anything by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.messages import formats, translations
from app.messages.answers import Names, month, month_short
from app.messages.labels import choices
from app.sections.months import is_month, month_number, months_between, months_from
from app.sections.totals import Split, Totals

COLOURS = 8
LONGEST_PLAN = 36
"""A plan of more months than this is a slip of the hand, and is not drawn."""
LABELS = 8
"""So many names of months have room on the narrowest phone."""


@dataclass(frozen=True, slots=True)
class SegmentView:
    """One piece of a bar: place and width in percent, its colour, whether it is hatched, its words."""

    x: str
    width: str
    colour: str
    hatched: bool
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class SharesView:
    """A budget in one stacked bar by category, and in a table by activity and payer."""

    title: str
    said: str
    segments: Sequence[SegmentView]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    sums: Sequence[str]


@dataclass(frozen=True, slots=True)
class MarkView:
    """A milestone in a timetable: where its month is, in percent, and its words."""

    x: str
    words: str


@dataclass(frozen=True, slots=True)
class BarView:
    """One activity in a timetable."""

    title: str
    when: str
    x: str
    width: str
    drawn: bool
    marks: Sequence[MarkView]
    output: str


@dataclass(frozen=True, slots=True)
class TickView:
    """The name of a month above a timetable, in the middle of its column."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class TimetableView:
    """A plan by months: a bar for each activity, a mark for each milestone. `lang` is of the titles."""

    said: str
    ticks: Sequence[TickView]
    bars: Sequence[BarView]
    loose: Sequence[str]
    lang: str


def shares_view(language: str, totals: Totals, names: Names) -> SharesView | None:
    """The whole budget by category and by activity; None while nothing costs anything."""
    if not totals.whole_minor:
        return None
    gettext = translations(language).ugettext
    categories = choices(language, "budget_category")
    largest = max(totals.by_category.items(), key=lambda item: item[1].whole)
    said = gettext("Largest category: {category}, {percent} %.").format(
        category=categories.get(largest[0], gettext("without a category")),
        percent=_rounded(largest[1].whole, totals.whole_minor),
    )
    activities = names.get("activities_or_whole", {})
    return SharesView(
        title=gettext("What the money goes to"),
        said=said,
        segments=_segments(language, totals, categories, gettext("without a category")),
        head=[gettext("Activity"), gettext("Grant"), gettext("Others"), gettext("Sum")],
        rows=[
            _money_row(language, activities.get(code) or gettext("without an activity"), split)
            for code, split in totals.by_activity.items()
        ],
        sums=_money_row(language, gettext("Sum"), Split(totals.grant_minor, totals.own_minor)),
    )


def _money_row(language: str, title: str, split: Split) -> list[str]:
    return [title, *(formats.tenge(language, each) for each in (split.grant, split.own, split.whole))]


def _segments(
    language: str, totals: Totals, categories: Mapping[str, str], without: str
) -> list[SegmentView]:
    """In the order of the list of categories, whatever the order of the lines."""
    known = [code for code in categories if code in totals.by_category]
    unknown = [code for code in totals.by_category if code not in categories]
    segments = []
    start = 0
    for code in [*known, *unknown]:
        amount = totals.by_category[code].whole
        if not amount:
            continue
        place = list(categories).index(code) if code in categories else COLOURS - 1
        segments.append(
            SegmentView(
                x=_percent(start, totals.whole_minor),
                width=_percent(amount, totals.whole_minor),
                colour=f"c{place % COLOURS + 1}",
                hatched=place % 2 == 1,
                label=categories.get(code, without),
                words=f"{formats.tenge(language, amount)} · {_rounded(amount, totals.whole_minor)} %",
            )
        )
        start += amount
    return segments


def _rounded(part: int, whole: int) -> int:
    return (part * 200 + whole) // (whole * 2)


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}%"


def timetable_view(language: str, plan: Mapping[str, Any], *, lang: str = "") -> TimetableView | None:
    """The plan of a draft or of what was sent, as far as its months are said; None without any."""
    rows: Sequence[Mapping[str, Any]] = plan.get("activities", ())
    milestones: Sequence[Mapping[str, Any]] = plan.get("milestones", ())
    said = [row.get(name) for row in rows for name in ("from_month", "to_month")]
    said += [row.get("month") for row in milestones] + [plan.get("starts"), plan.get("ends")]
    months = sorted(each for each in said if isinstance(each, str) and is_month(each))
    if not months or months_between(months[0], months[-1]) > LONGEST_PLAN or not rows:
        return None
    first, count = months[0], months_between(months[0], months[-1])
    ids = {row["id"] for row in rows}
    gettext = translations(language).ugettext
    return TimetableView(
        said=gettext("From {first} to {last}. Months: {count}.").format(
            first=month(language, first), last=month(language, months[-1]), count=count
        ),
        ticks=_ticks(language, first, count),
        bars=[_bar(language, row, milestones, first, count) for row in rows],
        loose=[_mark_words(language, each) for each in milestones if each.get("activity") not in ids],
        lang=lang,
    )


def _ticks(language: str, first: str, count: int) -> list[TickView]:
    step = -(-count // LABELS)
    return [
        TickView(_percent(2 * place + 1, 2 * count), month_short(language, code))
        for place, code in enumerate(months_from(first, count))
        if place % step == 0
    ]


def _bar(
    language: str,
    row: Mapping[str, Any],
    milestones: Sequence[Mapping[str, Any]],
    first: str,
    count: int,
) -> BarView:
    begins, ends = (row.get(name) or "" for name in ("from_month", "to_month"))
    drawn = is_month(begins) and is_month(ends) and begins <= ends
    marks = [each for each in milestones if each.get("activity") == row["id"]]
    number = row.get("output_number")
    return BarView(
        title=row.get("title") or choices(language, "rows")["work_plan.activities"],
        when=_span(language, begins, ends) if drawn else "",
        x=_percent(_place(begins, first), count) if drawn else "0%",
        width=_percent(months_between(begins, ends), count) if drawn else "0%",
        drawn=drawn,
        marks=[
            MarkView(_percent(2 * _place(each["month"], first) + 1, 2 * count), _mark_words(language, each))
            for each in marks
            if is_month(each.get("month") or "")
        ],
        output=f"{number} {row.get('output_unit') or ''}".strip() if number not in {None, ""} else "",
    )


def _span(language: str, begins: str, ends: str) -> str:
    if begins == ends:
        return month(language, begins)
    return f"{month(language, begins)} – {month(language, ends)}"


def _place(code: str, first: str) -> int:
    return month_number(code) - month_number(first)


def _mark_words(language: str, milestone: Mapping[str, Any]) -> str:
    name = milestone.get("name") or choices(language, "rows")["work_plan.milestones"]
    when = milestone.get("month") or ""
    return f"{name}: {month(language, when)}" if when else name
