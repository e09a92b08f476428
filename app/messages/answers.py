"""A section's answers in words: what people read on the check page, in the copy, while scoring.

It takes what was sent (`Packet.data`, `Identity.data`: money in tiyn, choices as codes) and, just as
well, a draft as it was typed. The applicant's own words are never changed or translated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_skeleton

from app.asking import Ask, ask_of, asked, row_model
from app.messages import formats
from app.messages.catalogue import LANGUAGES, translations
from app.messages.labels import CHOICES, choices
from app.messages.own_question import OWN, own_answers
from app.messages.questions import words_of
from app.sections.catalogue import CATALOGUE
from app.sections.numbers import parse_number
from app.sections.text import BLOCKS
from app.sections.totals import typed_line_minor, typed_resource_minor

Names = Mapping[str, Mapping[str, str]]
"""Words for codes that only a call or an application knows: list name -> code -> words."""
QUESTIONED = "questions"
"""The list of questions that a call puts in words of its own."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an answer; `rows` hold one text for each column of `head`.

    `numeric` and `own` say of each column whether it holds numbers, or the applicant's own words;
    `names` are the columns' fields, the last of a budget being `sum`.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    own: tuple[bool, ...]
    names: tuple[str, ...] = ()

    @property
    def cells(self) -> Iterator[Iterator[tuple[str, bool, str]]]:
        """Each row as (title of the column, whether it holds numbers, text)."""
        return (zip(self.head, self.numeric, row, strict=True) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer: `text`, or a `table`. Both empty: not answered.

    `own` marks the applicant's own words, which are in the language of the application.
    """

    name: str
    label: str
    text: str = ""
    table: Table | None = None
    own: bool = False
    optional: bool = False
    blind: bool = True

    @property
    def empty(self) -> bool:
        """Nothing was answered."""
        return not self.text and self.table is None


@dataclass(frozen=True, slots=True)
class _Column:
    """How one answer is read: its question's words and the list that its codes come from."""

    name: str
    label: str
    ask: Ask
    codes: Mapping[str, str] | None
    columns: tuple["_Column", ...] = ()

    @property
    def numeric(self) -> bool:
        return self.ask.control in {"number", "money"}

    @property
    def own(self) -> bool:
        return not (self.numeric or self.ask.choices or self.columns)


@cache
def _columns(language: str, section: str) -> tuple[_Column, ...]:
    model = CATALOGUE[section].model
    found = []
    for name, info, ask in asked(model):
        if name == "complete":
            continue
        inner = row_model(info)
        rows = (
            tuple(
                _column(language, f"{section}.{name}", field, ask_of(detail))
                for field, detail in inner.model_fields.items()
                if field != "id"
            )
            if inner
            else ()
        )
        found.append(_column(language, section, name, ask, rows))
    return tuple(found)


def _column(language: str, form: str, name: str, ask: Ask, columns: tuple[_Column, ...] = ()) -> _Column:
    known = choices(language, ask.choices) if ask.choices in CHOICES else None
    return _Column(name, words_of(language, f"{form}.{name}").label, ask, known, columns)


def shown(
    language: str, section: str, data: Mapping[str, Any], names: Names | None = None, *, blind: bool = False
) -> list[Answer]:
    """Every answer of a section in words, in the order of the form; with `blind`, only what reviewers get."""
    known = names or {}
    return [
        _answer(language, section, column, data.get(column.name), known, blind=blind)
        for column in _columns(language, section)
        if column.ask.blind or not blind
    ]


def blind_names(
    language: str,
    themes: list[dict[str, Any]],
    priorities: list[dict[str, Any]],
    own_question: Mapping[str, Any],
    sections: Mapping[str, Any],
) -> Names:
    """Words for the codes of a text: themes and priorities are the call's, activities its own."""
    return with_activities(
        language, call_names(language, themes, priorities, own_question), sections.get("work_plan", {})
    )


def blind_answers(
    language: str,
    themes: list[dict[str, Any]],
    priorities: list[dict[str, Any]],
    own_question: Mapping[str, Any],
    sections: Mapping[str, Any],
) -> dict[str, list[Answer]]:
    """The answers of a text that reviewers get and that were given, in words, by section.

    Of one of which nothing is left it says so: it was answered, and is not to be scored as if it were not.
    """
    names = blind_names(language, themes, priorities, own_question, sections)
    return {
        section: [
            _left_out(language, each)
            for each in shown(language, section, data, names, blind=True)
            if not each.empty
        ]
        for section, data in sections.items()
    }


def _left_out(language: str, answer: Answer) -> Answer:
    if answer.text.strip() != BLOCKS:
        return answer
    said = translations(language).ugettext("The coordinator has left this answer out.")
    return replace(answer, text=f"{BLOCKS} {said}", own=False)


def concerning(
    language: str, section: str, data: Mapping[str, Any], names: Names | None = None, *, blind: bool = False
) -> list[Answer]:
    """The same without the questions that do not concern this applicant, such as a person's organisation."""
    asked_here = {name for part in CATALOGUE[section].parts_for(data) for name in part.names}
    return [each for each in shown(language, section, data, names, blind=blind) if each.name in asked_here]


def _answer(language: str, section: str, column: _Column, value: Any, names: Names, *, blind: bool) -> Answer:
    table = None
    text = ""
    if column.columns:
        if value:
            columns = tuple(each for each in column.columns if each.ask.blind or not blind)
            table = _table(language, f"{section}.{column.name}", columns, value, names)
    else:
        text = _text(language, column, value, names)
    label = asked_as(names, f"{section}.{column.name}") or column.label
    return Answer(column.name, label, text, table, column.own, column.ask.optional, column.ask.blind)


def _table(
    language: str, code: str, columns: tuple[_Column, ...], rows: Sequence[Mapping[str, Any]], names: Names
) -> Table | None:
    """The columns that some row answers; None where no row says anything."""
    said = tuple(column for column in columns if any(row.get(column.name) for row in rows))
    if not said:
        return None
    head = tuple(column.label for column in said)
    numeric = tuple(column.numeric for column in said)
    own = tuple(column.own for column in said)
    fields = tuple(column.name for column in said)
    cells = tuple(
        tuple(_text(language, column, row.get(column.name), names) for column in said) for row in rows
    )
    sums = _sums(code, rows)
    if sums is None:
        return Table(head, cells, numeric, own, fields)
    return Table(
        (*head, translations(language).ugettext("Sum")),
        tuple((*row, formats.tenge(language, total)) for row, total in zip(cells, sums, strict=True)),
        (*numeric, True),
        (*own, False),
        (*fields, "sum"),
    )


def _sums(code: str, rows: Sequence[Mapping[str, Any]]) -> list[int] | None:
    """What each row comes to, where it is not simply said."""
    if code == "budget.lines":
        return [typed_line_minor(row) for row in rows]
    if code == "work_plan.resources" and any(row.get("hours") and not row.get("value") for row in rows):
        return [typed_resource_minor(row) for row in rows]
    return None


def _text(language: str, column: _Column, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    ask = column.ask
    if ask.control == "money":
        return _money(language, value)
    if ask.control == "number":
        return _number(language, value)
    if ask.control == "month":
        return month(language, value)
    if ask.control == "tel":
        return formats.phone(str(value))
    if ask.choices:
        codes = column.codes if column.codes is not None else names.get(ask.choices, {})
        many = value if isinstance(value, list) else [value]
        return ", ".join(codes.get(code, code) for code in many)
    return str(value)


def _money(language: str, value: int | str) -> str:
    if isinstance(value, int):
        return formats.tenge(language, value)
    try:
        return formats.tenge(language, int(parse_number(value, thousands=True) * 100))
    except ValueError:
        return value


def _number(language: str, value: int | str) -> str:
    if isinstance(value, int):
        return formats.number(language, value)
    try:
        return formats.number(language, parse_number(value, thousands=False))
    except ValueError:
        return value


@lru_cache(maxsize=512)
def month(language: str, code: str) -> str:
    """`2026-05` as "May 2026"; what is no month stays as it was typed."""
    try:
        first = date.fromisoformat(f"{code}-01")
    except ValueError:
        return code
    return format_skeleton("yMMMM", first, locale=formats.LOCALES[language])


@lru_cache(maxsize=512)
def month_short(language: str, code: str) -> str:
    """`2026-05` as "May", for a column's head."""
    return format_skeleton("MMM", date.fromisoformat(f"{code}-01"), locale=formats.LOCALES[language])


def call_names(
    language: str,
    themes: Iterable[Mapping[str, Any]],
    priorities: Iterable[Mapping[str, Any]],
    own_question: Mapping[str, Any],
    organisations: Iterable[tuple[str, Mapping[str, str]]] = (),
) -> dict[str, Mapping[str, str]]:
    """The lists of a call in a language, as `shown` and the forms want them."""
    return {
        "themes": {theme["code"]: in_language(language, theme["name"]) for theme in themes},
        "priorities": {each["code"]: in_language(language, each["name"]) for each in priorities},
        "own_answers": {
            each["code"]: in_language(language, each["name"]) for each in own_answers(own_question)
        },
        QUESTIONED: {OWN: in_language(language, own_question.get("text", {}))},
        "organisations": {code: in_language(language, name) for code, name in organisations},
    }


def with_activities(
    language: str, names: Names, work_plan: Mapping[str, Any]
) -> dict[str, Mapping[str, str]]:
    """The same lists with the work plan's activities, by id; an untitled one is called by its number."""
    word = choices(language, "rows")["work_plan.activities"]
    titles = {
        row["id"]: row.get("title") or f"{word} {number}"
        for number, row in enumerate(work_plan.get("activities", ()), 1)
    }
    return {**names, "activities": titles, "activities_or_whole": {**titles, **choices(language, "whole")}}


def asked_as(names: Names, question: str) -> str:
    """The words of a question that a call puts itself; "" for every other."""
    return names.get(QUESTIONED, {}).get(question, "")


def in_language(language: str, texts: Mapping[str, str]) -> str:
    """A text of the call in the reader's language, or in the first language that has it."""
    return texts.get(language) or next((texts[each] for each in LANGUAGES if texts.get(each)), "")


def plain(title: str, answers: Iterable[Answer]) -> str:
    """A section as plain text, for a mail or a file."""
    parts = [title.upper(), ""]
    for answer in answers:
        parts.append(answer.label)
        if answer.table is not None:
            parts.extend(_plain_rows(answer.table))
        else:
            parts.append(answer.text or "-")
        parts.append("")
    return "\n".join(parts)


def _plain_rows(table: Table) -> Iterable[str]:
    for number, row in enumerate(table.rows, 1):
        cells = (f"{label}: {text}" for label, text in zip(table.head, row, strict=True) if text)
        yield f"  {number}. " + "\n     ".join(cells)
