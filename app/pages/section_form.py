"""A section's form, made from its model: fields and rows with what was typed and what is wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel

from app.applications.own_models import OwnCall, OwnPart
from app.asking import Ask
from app.errors import Problem
from app.messages import translations, words_of
from app.messages.answer_problems import answer_problem, listed_problem
from app.messages.answers import Names, asked_as, call_names, month, with_activities
from app.messages.labels import CHOICES, choices
from app.pages.beside import row_sum, sum_in_words
from app.pages.forms import FieldView, Mistake, Option, RowsView, RowView, element_id, guide_in_words
from app.sections.answers import is_blank
from app.sections.catalogue import CATALOGUE, Part, Section
from app.sections.drafts import questions
from app.sections.months import months_from

MONTHS_OFFERED = 30
SHORT = 150
"""A short answer in a row says nothing of its limit until it is over it."""
SUMMED = frozenset({"budget.lines", "work_plan.resources"})
"""The tables whose rows come to something; its place is there before it is known."""
Given = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Writing:
    """What a section's form is made from: the draft with the call's lists, in one language.

    `problems` are those to show; `focus` is the id of a row whose first field takes the focus,
    `closed` are the ids of rows that are done and need not be open; `guides` are what only the call can say;
    `notices` what is worth a look at a field.
    """

    language: str
    section: Section
    data: Mapping[str, Any]
    names: Names
    problems: Mapping[str, Problem]
    lang: str
    focus: str = ""
    closed: frozenset[str] = frozenset()
    guides: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)

    def mistakes(self, part: Part) -> list[Mistake]:
        """The error summary of a page."""
        return [
            Mistake(f"#{element_id(name)}", self.listed(name, problem))
            for name, problem in self.problems.items()
            if name.split(".", 1)[0] in part.names
        ]

    def listed(self, name: str, problem: Problem) -> str:
        """One problem in words, with its row."""
        return listed_problem(self.language, self.section.code, name, problem, self.data)

    def views(self, part: Part) -> list[FieldView | RowsView]:
        """The questions of a page, in order."""
        return [
            self._rows(name, ask, row) if row else self._field(self.section.code, name, name, ask, self.data)
            for name, ask, row in questions(self.section.model)
            if name in part.names
        ]

    def _error(self, name: str) -> str:
        problem = self.problems.get(name)
        return answer_problem(self.language, self.section.code, name, problem) if problem else ""

    def _field(
        self, form: str, name: str, full_name: str, ask: Ask, data: Mapping[str, Any], focus: bool = False
    ) -> FieldView:
        value = data.get(name) or ""
        values = value if isinstance(value, list) else [value] if value else []
        plain = _plain_view(self.language, form, name)
        return replace(
            plain,
            id=element_id(full_name),
            name=full_name,
            label=asked_as(self.names, f"{form}.{name}") or plain.label,
            value=values[0] if values else "",
            values=values,
            options=self._options(ask, values) if ask.choices else (),
            guide=self.guides.get(full_name) or plain.guide,
            notice=self.notices.get(full_name),
            error=self._error(full_name),
            lang="" if ask.choices or ask.control in {"number", "money", "tel", "email"} else self.lang,
            focus=focus,
        )

    def _options(self, ask: Ask, values: Sequence[str]) -> list[Option]:
        name = ask.choices or ""
        known = choices(self.language, name) if name in CHOICES else self.names.get(name, {})
        options = [Option(code, words, "", code in values) for code, words in known.items()]
        gone = [value for value in values if value not in known]
        return options + [Option(value, _gone(self.language, name, value), "", True) for value in gone]

    def _rows(self, name: str, ask: Ask, model: type[BaseModel]) -> RowsView:
        code = f"{self.section.code}.{name}"
        words = words_of(self.language, code)
        rows: list[Mapping[str, Any]] = self.data.get(name, [])
        least, most = ask.rows
        return RowsView(
            id=element_id(name),
            name=name,
            label=words.label,
            hint=words.hint,
            why=words.why,
            rows=[self._row(name, code, model, number, row) for number, row in enumerate(rows, 1)],
            add_label=words.add,
            can_add=len(rows) < most,
            min=least,
            max=most,
            error=self._error(name),
            empty="",
            sums=code in SUMMED,
        )

    def _row(
        self, table: str, code: str, model: type[BaseModel], number: int, row: Mapping[str, Any]
    ) -> RowView:
        start = f"{table}.{row['id']}"
        asked = [(name, ask) for name, ask, _ in questions(model) if name != "id"]
        return RowView(
            id=row["id"],
            number=number,
            legend=_legend(self.language, code, asked, row),
            fields=[
                self._field(code, name, f"{start}.{name}", ask, row, row["id"] == self.focus and place == 0)
                for place, (name, ask) in enumerate(asked)
            ],
            errors=any(name.startswith(f"{start}.") for name in self.problems),
            summary=self._sum(code, row),
            closed=row["id"] in self.closed and row["id"] != self.focus,
        )

    def _sum(self, code: str, row: Mapping[str, Any]) -> str:
        amount = row_sum(code, row) if code in SUMMED else None
        return sum_in_words(self.language, amount) if amount else ""


def _legend(language: str, code: str, asked: Sequence[tuple[str, Ask]], row: Mapping[str, Any]) -> str:
    """A row is called by its first text of one line, or else by what it is."""
    called = next((row.get(name) for name, ask in asked if ask.control == "text"), "")
    return called or choices(language, "rows")[code]


def _gone(language: str, choice: str, value: str) -> str:
    if choice.startswith("activities"):
        return translations(language).ugettext("An activity that is no longer in the work plan")
    return month(language, value) if choice == "months" else value


@cache
def _plain_view(language: str, form: str, name: str) -> FieldView:
    """Everything about a field that does not depend on what was typed."""
    ask = _asks(form)[name]
    words = words_of(language, f"{form}.{name}")
    return FieldView(
        id="",
        name=name,
        control=ask.control,
        label=words.label,
        hint=words.hint,
        why=words.why,
        optional=ask.optional,
        guide=guide_in_words(language, ask),
        cap=None if "." in form and (ask.cap or 0) <= SHORT else ask.cap,
        inputmode=ask.inputmode,
        autocomplete=ask.autocomplete,
        spellcheck=ask.spellcheck,
        suffix=ask.suffix,
        width=ask.width,
        capitals=ask.capitals,
        rows=3 if (ask.cap or 0) <= 500 else 8,
    )


@cache
def _asks(form: str) -> dict[str, Ask]:
    section, _, table = form.partition(".")
    model = CATALOGUE[section].model
    if table:
        model = next(row for name, _, row in questions(model) if name == table and row)
    return {name: ask for name, ask, _ in questions(model)}


@lru_cache(maxsize=64)
def _months(language: str, first: str) -> dict[str, str]:
    return {code: month(language, code) for code in months_from(first, MONTHS_OFFERED)}


def names_of(language: str, part: OwnPart) -> Names:
    """The words for every list that only this call or this application knows."""
    plan = part.section.data if part.section.code == "work_plan" else part.work_plan
    return names_in(language, part.call, plan)


def names_in(language: str, call: OwnCall, plan: Mapping[str, Any]) -> Names:
    """The same for a call and a work plan."""
    names = call_names(language, call.themes, call.priorities, call.own_question, call.organisations)
    return {**with_activities(language, names, plan), "months": _months(language, call.first_month)}


def given_answers(section: Section, part: Part, form: Given) -> dict[str, Any]:
    """What a page's form sent, by question: a box that was left unticked is an answer too."""
    return {
        name: _given_rows(name, row, form) if row else _given(ask, form.get(name, ""))
        for name, ask, row in questions(section.model)
        if name in part.names
    }


def _given(ask: Ask, value: str | list[str]) -> str | list[str]:
    if ask.control == "checkboxes":
        return value if isinstance(value, list) else [value] if value else []
    return value[-1] if isinstance(value, list) else value


def _given_rows(table: str, model: type[BaseModel], form: Given) -> list[dict[str, str]]:
    """The rows of a table; a field that the page does not ask is left, as it is outside of tables."""
    asked = {name for name, _, _ in questions(model)} - {"id"}
    rows: dict[str, dict[str, str]] = {}
    for name, value in _in_table(table, form.items()):
        row_id, _, field = name.partition(".")
        if field in asked:
            rows.setdefault(row_id, {"id": row_id})[field] = value[-1] if isinstance(value, list) else value
    return list(rows.values())


def _in_table(
    table: str, items: Iterable[tuple[str, str | list[str]]]
) -> Iterator[tuple[str, str | list[str]]]:
    start = f"{table}."
    return ((name.removeprefix(start), value) for name, value in items if name.startswith(start))


def done_rows(part: Part, data: Mapping[str, Any], problems: Mapping[str, Problem]) -> frozenset[str]:
    """The rows of a page that say everything and nothing wrong."""
    unfinished = {tuple(name.split(".")[:2]) for name in problems}
    return frozenset(
        row["id"]
        for table in part.names
        for row in _rows_of(data.get(table))
        if (table, row["id"]) not in unfinished and not is_blank(row)
    )


def _rows_of(value: object) -> list[dict[str, str]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
