"""What a correction changed, answer by answer, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.applications.corrections import CorrectionChange
from app.messages.answers import Answer, Names, shown
from app.messages.labels import choices
from app.messages.questions import words_of


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One named answer as it was sent first and then; `same` where it was left as it was."""

    label: str
    before: str
    after: str
    same: bool


def changes_in_words(language: str, change: CorrectionChange | None, names: Names) -> list[ChangeView]:
    """Every named answer of a correction, in the order of the form."""
    if change is None:
        return []
    views = []
    for section, after in change.after.items():
        before = change.before.get(section, {})
        named = before.keys() | after.keys()
        was = {each.name: each for each in shown(language, section, before, names)}
        for answer in shown(language, section, after, names):
            if answer.name in named:
                old, new = flat(was[answer.name]), flat(answer)
                views.append(
                    ChangeView(field_in_words(language, f"{section}.{answer.name}"), old, new, old == new)
                )
    return views


def flat(answer: Answer) -> str:
    """An answer as plain text, a table with a line for each row."""
    if answer.table is None:
        return answer.text
    return "\n".join(" · ".join(cell for cell in row if cell) for row in answer.table.rows)


def field_in_words(language: str, field: str) -> str:
    """A question with its section: "Need · What problem do you want to solve?"."""
    section = field.partition(".")[0]
    return f"{choices(language, 'sections')[section]} · {words_of(language, field).label}"


def fields_in_words(language: str, fields: Sequence[str]) -> list[str]:
    """Several questions, in order."""
    return [field_in_words(language, field) for field in fields]
