"""What is wrong with an answer, in words; in a row it says which row."""

from collections.abc import Mapping
from typing import Any

from app.errors import Problem
from app.messages.labels import choices
from app.messages.questions import QUESTIONS, words_of
from app.messages.sentences import sentence

EMPTY = frozenset({"missing", "too_short", "string_too_short"})


def answer_problem(language: str, section: str, name: str, problem: Problem) -> str:
    """The sentence beside an answer; `name` is `question` or `table.<row id>.question`."""
    code, params = problem
    return _own_words(language, section, name, code) or sentence(language, code, params)


def listed_problem(language: str, section: str, name: str, problem: Problem, data: Mapping[str, Any]) -> str:
    """The same for a list far from the answer, which says the row and the question: "Line 2. Price of one:
    Enter a number.". What a question says of itself when it is empty names it already."""
    words = answer_problem(language, section, name, problem)
    row = _row_in_words(language, section, name, data)
    if _own_words(language, section, name, problem[0]):
        return f"{row}: {words}" if row else words
    label = words_of(language, _question(section, name)).label
    named = label if label.endswith("?") else f"{label}:"
    return f"{row}. {named} {words}" if row else f"{named} {words}"


def listed_notice(language: str, section: str, name: str, problem: Problem, data: Mapping[str, Any]) -> str:
    """What is only worth a look says itself what it is about, in a row also which row."""
    words = answer_problem(language, section, name, problem)
    row = _row_in_words(language, section, name, data)
    return f"{row}: {words}" if row else words


def _own_words(language: str, section: str, name: str, code: str) -> str:
    """What the question itself says when it is empty; nothing for all that can be wrong with any question."""
    if code not in EMPTY:
        return ""
    return words_of(language, _question(section, name)).empty


def _question(section: str, name: str) -> str:
    """The code of a question, without its row's id; what is wrong with a row itself belongs to its table."""
    table, _, rest = name.partition(".")
    code = f"{section}.{table}"
    in_row = f"{code}.{rest.partition('.')[2]}"
    return in_row if in_row in QUESTIONS else code


def _row_in_words(language: str, section: str, name: str, data: Mapping[str, Any]) -> str:
    """Which row of which table; nothing for what is in none."""
    table, _, rest = name.partition(".")
    row_id = rest.partition(".")[0]
    rows = (row.get("id") if isinstance(row, Mapping) else None for row in data.get(table, ()) if rest)
    number = next((place for place, identity in enumerate(rows, 1) if identity == row_id), 0)
    # A list of ticked choices has no rows to number: `districts.0` is a choice that does not exist.
    return f"{choices(language, 'rows')[f'{section}.{table}']} {number}" if number else ""
