"""Two texts of one answer put together, so that neither has to go."""

from collections.abc import Mapping
from typing import Any

from app.asking import Ask
from app.sections.catalogue import Section
from app.sections.drafts import Typed, new_row_id, questions

MINE, THEIRS, BOTH = "mine", "theirs", "both"


def can_be_both(section: Section, name: str) -> bool:
    """Whether two answers can stand together: texts, boxes to tick and tables can, one choice cannot."""
    ask, rows = _asked(section)[name]
    return rows or ask.control in {"textarea", "checkboxes"} or (ask.control == "text" and not ask.choices)


def merged(
    section: Section, mine: Mapping[str, Any], theirs: Mapping[str, Any], chosen: Mapping[str, str]
) -> Typed:
    """The answers of `mine`, each as it was chosen; one that nobody chose for is mine."""
    return {
        name: _one(section, name, value, theirs.get(name), chosen.get(name)) for name, value in mine.items()
    }


def _one(section: Section, name: str, mine: Any, theirs: Any, choice: str | None) -> Any:
    if choice == THEIRS:
        return theirs if theirs is not None else type(mine)()
    if choice != BOTH or not can_be_both(section, name) or not theirs or mine == theirs:
        return mine
    if not mine:
        return theirs
    ask, rows = _asked(section)[name]
    if rows:
        return _rows(mine, theirs)
    if isinstance(mine, list):
        return [*theirs, *(each for each in mine if each not in theirs)]
    return f"{theirs}\n\n{mine}" if ask.control == "textarea" else f"{theirs} / {mine}"


def _rows(mine: list[dict[str, str]], theirs: list[dict[str, str]]) -> list[dict[str, str]]:
    """All rows of both; one that each has in another wording stands twice, under an id of its own."""
    there = {row["id"]: row for row in theirs}
    more = [row for row in mine if there.get(row["id"]) != row]
    return [*theirs, *(row if row["id"] not in there else row | {"id": new_row_id()} for row in more)]


def _asked(section: Section) -> dict[str, tuple[Ask, bool]]:
    return {name: (ask, row is not None) for name, ask, row in questions(section.model)}
