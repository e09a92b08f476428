"""What a correction changed, answer by answer, in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.applications.corrections import CorrectionChange
from app.messages.answers import Answer, Names, shown
from app.messages.labels import choices
from app.messages.marked import TextPart, marked
from app.messages.questions import words_of
from app.pages.leak_views import in_quotes

_WORD = re.compile(r"\w+|[^\w\s]")
MOST_WORDS = 1500
LITTLE = 0.4
"""From this likeness on two texts are compared word by word."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One named answer as it was sent first and then; `same` where it was left as it was.

    `was` and `now` are the same texts with what differs marked, and `gone` and `new` are those words; all are
    empty where hardly anything is left of a text.
    """

    label: str
    before: str
    after: str
    same: bool
    was: Sequence[TextPart] = ()
    now: Sequence[TextPart] = ()
    gone: str = ""
    new: str = ""


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
                views.append(_change(field_in_words(language, f"{section}.{answer.name}"), old, new))
    return views


def _change(label: str, old: str, new: str) -> ChangeView:
    gone, added = differences(old, new) if old != new else ([], [])
    return ChangeView(
        label,
        old,
        new,
        old == new,
        marked(old, gone) if gone or added else (),
        marked(new, added) if gone or added else (),
        in_quotes([old[start:end].strip() for start, end in gone]),
        in_quotes([new[start:end].strip() for start, end in added]),
    )


def differences(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What is only in the old text and what only in the new one, from and up to; whole words and signs.

    Nothing where the two have too little in common to be compared, or are very long.
    """
    was, now = [*_WORD.finditer(old)], [*_WORD.finditer(new)]
    if not was or not now or max(len(was), len(now)) > MOST_WORDS:
        return [], []
    found = SequenceMatcher(
        None, [each.group() for each in was], [each.group() for each in now], autojunk=False
    )
    if found.ratio() < LITTLE:
        return [], []
    gone, added = [], []
    for kind, start, end, new_start, new_end in found.get_opcodes():
        if kind != "equal" and end > start:
            gone.append((was[start].start(), was[end - 1].end()))
        if kind != "equal" and new_end > new_start:
            added.append((now[new_start].start(), now[new_end - 1].end()))
    return gone, added


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
