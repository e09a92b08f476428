"""What is wrong with an answer, in words; in a row it says which row."""

from collections.abc import Mapping
from typing import Any

from app.errors import Problem
from app.messages.labels import choices
from app.messages.questions import words_of
from app.messages.sentences import sentence

EMPTY = frozenset({"missing", "too_short", "string_too_short"})


def answer_problem(language: str, section: str, name: str, problem: Problem) -> str:
    """The sentence beside an answer; `name` is `question` or `table.<row id>.question`."""
    code, params = problem
    if code in EMPTY:
        table, _, rest = name.partition(".")
        question = f"{table}.{rest.partition('.')[2]}" if rest else table
        empty = words_of(language, f"{section}.{question}").empty
        if empty:
            return empty
    return sentence(language, code, params)


def listed_problem(language: str, section: str, name: str, problem: Problem, data: Mapping[str, Any]) -> str:
    """The same for a list far from the answer: "Line 2: Enter the price of one."."""
    words = answer_problem(language, section, name, problem)
    table, _, rest = name.partition(".")
    if not rest:
        return words
    row_id = rest.partition(".")[0]
    rows = (row.get("id") if isinstance(row, Mapping) else None for row in data.get(table, ()))
    number = next((place for place, identity in enumerate(rows, 1) if identity == row_id), 0)
    # A list of ticked choices has no rows to number: `districts.0` is a choice that does not exist.
    return f"{choices(language, 'rows')[f'{section}.{table}']} {number}: {words}" if number else words
