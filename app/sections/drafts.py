"""What was typed in a section, valid or not: the shape in which a draft is kept."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

from app.asking import Ask, asked, row_model
from app.errors import Invalid, Problem
from app.random_codes import random_code
from app.sections.catalogue import Section
from app.sections.text import clean

Typed = dict[str, Any]
"""Texts, lists of texts, and lists of rows (each a dict of texts with an `id`)."""

MOST_CHARACTERS = 20_000
"""Of one answer. Far above every cap: a draft that is too long is kept, and refused when it is sent."""
SPARE_ROWS = 10
"""A draft may hold this many rows more than can be sent."""
ROW_ID = re.compile(r"[a-z0-9]{1,16}\Z", re.ASCII)


def new_row_id() -> str:
    """A random id for a row, which it keeps wherever it is moved."""
    return random_code(8).lower()


def typed_answers(section: Section, given: Mapping[str, Any]) -> Typed:
    """What is kept of what came in: known questions only, as text. Invalid at what no form could send."""
    problems: dict[str, Problem] = {}
    typed: Typed = {}
    for name, ask, row in questions(section.model):
        if name in given:
            typed[name] = _answer(name, ask, row, given[name], problems)
    unknown = given.keys() - section.model.model_fields.keys()
    problems.update({name: ("extra_forbidden", {}) for name in sorted(unknown)})
    if problems:
        raise Invalid(problems)
    return typed


@cache
def questions(model: type[BaseModel]) -> tuple[tuple[str, Ask, type[BaseModel] | None], ...]:
    """Each question of a model, how it is asked, and the model of its rows if it is a table."""
    return tuple((name, ask, row_model(field)) for name, field, ask in asked(model))


def _answer(
    name: str, ask: Ask, row: type[BaseModel] | None, value: object, problems: dict[str, Problem]
) -> object:
    if row is not None:
        return _rows(name, row, ask, value, problems)
    if ask.control == "checkboxes":
        return _choices(name, value, problems)
    return _text(name, value, problems)


def _text(name: str, value: object, problems: dict[str, Problem]) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        problems[name] = ("string_type", {})
        return ""
    text = clean(value)
    if len(text) > MOST_CHARACTERS:
        problems[name] = ("string_too_long", {"max_length": MOST_CHARACTERS})
    return text


def _choices(name: str, value: object, problems: dict[str, Problem]) -> list[str]:
    if not isinstance(value, list):
        problems[name] = ("list_type", {})
        return []
    if len(value) > 50:
        problems[name] = ("too_long", {"max_length": 50})
        return []
    return [_text(name, each, problems) for each in value if each]


def _rows(
    name: str, model: type[BaseModel], ask: Ask, value: object, problems: dict[str, Problem]
) -> list[Typed]:
    if not isinstance(value, list):
        problems[name] = ("list_type", {})
        return []
    most = ask.rows[1] + SPARE_ROWS
    if len(value) > most:
        problems[name] = ("too_long", {"max_length": most})
        return []
    rows = [_row(f"{name}.{index}", model, row, problems) for index, row in enumerate(value)]
    if len({row["id"] for row in rows}) < len(rows):
        problems[name] = ("row.same_id", {})
    return rows


def _row(name: str, model: type[BaseModel], value: object, problems: dict[str, Problem]) -> Typed:
    if not isinstance(value, Mapping):
        problems[name] = ("dict_type", {})
        return {"id": name}
    unknown = value.keys() - model.model_fields.keys()
    problems.update({f"{name}.{field}": ("extra_forbidden", {}) for field in sorted(unknown)})
    return {"id": _row_id(name, value.get("id"), problems)} | {
        field: _text(f"{name}.{field}", value[field], problems)
        for field, _, _ in questions(model)
        if field != "id" and field in value
    }


def _row_id(name: str, value: object, problems: dict[str, Problem]) -> str:
    if value is None or value == "":
        return new_row_id()
    if isinstance(value, str) and ROW_ID.match(value):
        return value
    problems[f"{name}.id"] = ("row.id", {})
    return ""


def row_ids(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ids of a table's rows, in order."""
    rows: Sequence[Mapping[str, str]] = data.get(name, ())
    return tuple(row["id"] for row in rows)
