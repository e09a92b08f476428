"""Answers as cards: on the check page, in the copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Problem
from app.messages import translations
from app.messages.answer_problems import answer_problem
from app.messages.answers import Answer, Names, concerning
from app.messages.copies import Fact
from app.messages.labels import choices
from app.messages.marked import TextPart
from app.pages.answer_places import change_href
from app.pages.charts import SharesView, TimetableView, shares_view, timetable_view
from app.pages.leak_views import LeakView, LeakViews
from app.pages.page import path_to
from app.sections.judging import MISSING
from app.sections.totals import totals_of_draft


@dataclass(frozen=True, slots=True)
class CellView:
    """One answer in a row."""

    label: str
    text: str
    lang: str
    parts: Sequence[TextPart] = ()
    leaks: Sequence[LeakView] = ()


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer: text or rows; `href` leads to where it is changed, `missing` says that it is needed.

    `parts` are the text once more where something in it is marked, and `leaks` say what.
    """

    label: str
    text: str
    table: Sequence[Sequence[CellView]] | None
    lang: str
    href: str
    missing: str
    count: str
    parts: Sequence[TextPart] = ()
    leaks: Sequence[LeakView] = ()


@dataclass(frozen=True, slots=True)
class CardView:
    """One section's answers; `totals` are the sums of a budget."""

    id: str
    title: str
    href: str
    answers: Sequence[AnswerView]
    plan: TimetableView | None = None
    shares: SharesView | None = None
    totals: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Whose answers, in which language, and where they are changed (`ref` empty: nowhere).

    `leaks` are what may give their writer away, where that is to be shown.
    """

    language: str
    written_in: str
    names: Names
    ref: str = ""
    leaks: LeakViews | None = None

    @property
    def lang(self) -> str:
        """The language to declare on the applicant's own words, where it is not the page's."""
        return self.written_in if self.written_in != self.language else ""


def answer_card(
    written: Written,
    section: str,
    data: Mapping[str, Any],
    problems: Mapping[str, Problem] | None = None,
    *,
    blind: bool = False,
) -> CardView:
    """A section as a card; with `blind`, only what reviewers get."""
    answers = concerning(written.language, section, data, written.names, blind=blind)
    return CardView(
        id=section,
        title=choices(written.language, "sections")[section],
        href=path_to(written.language, "applications.write", ref=written.ref, section=section)
        if written.ref
        else "",
        answers=[_answer(written, section, each, problems or {}) for each in answers],
        plan=timetable_view(written.language, data, lang=written.lang) if section == "work_plan" else None,
        shares=shares_view(written.language, totals_of_draft(data), written.names)
        if section == "budget"
        else None,
    )


def _answer(written: Written, section: str, answer: Answer, problems: Mapping[str, Problem]) -> AnswerView:
    problem = problems.get(answer.name)
    missing = problem is not None and problem[0] in MISSING and answer.empty
    leaks = written.leaks
    return AnswerView(
        label=answer.label,
        text=answer.text,
        table=_rows(written, section, answer),
        lang=written.lang if answer.own else "",
        href=change_href(written.language, written.ref, section, answer.name) if written.ref else "",
        missing=answer_problem(written.language, section, answer.name, problem)
        if missing and problem
        else "",
        count=_count(written.language, answer),
        parts=leaks.parts(section, answer.name, answer.text) if leaks and answer.own else (),
        leaks=leaks.of_answer(section, answer.name) if leaks and answer.own else (),
    )


def _count(language: str, answer: Answer) -> str:
    rows = len(answer.table.rows) if answer.table else 0
    return translations(language).ungettext("{n} row", "{n} rows", rows).format(n=rows) if rows else ""


def _rows(written: Written, section: str, answer: Answer) -> list[list[CellView]] | None:
    if answer.table is None:
        return None
    ids = written.leaks.row_ids(section, answer.name) if written.leaks else ()
    columns = list(zip(answer.table.names, answer.table.head, answer.table.own, strict=True))
    return [
        [
            _cell(written, label, text, own, section, f"{answer.name}.{ids[number]}.{name}" if ids else "")
            for (name, label, own), text in zip(columns, row, strict=True)
            if text
        ]
        for number, row in enumerate(answer.table.rows)
    ]


def _cell(written: Written, label: str, text: str, own: bool, section: str, field: str) -> CellView:
    leaks = written.leaks if own and field else None
    return CellView(
        label,
        text,
        written.lang if own else "",
        leaks.parts(section, field, text) if leaks else (),
        leaks.of_answer(section, field) if leaks else (),
    )


def in_lines(answer: Answer) -> str:
    """An answer as plain lines: each row of a table is one, its cells side by side."""
    if answer.table is None:
        return answer.text
    return "\n".join(" · ".join(cell for cell in row if cell) for row in answer.table.rows)
