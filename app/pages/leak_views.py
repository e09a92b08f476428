"""The warning that an answer or a file may say who applies, with the two things one can do about it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.applications.coverings import BLOCKS
from app.applications.own_leaks import OwnLeak
from app.leaks.places import TITLE
from app.messages import sentence, translations, words_of
from app.messages.labels import choices
from app.messages.marked import TextPart, marked
from app.pages.answer_places import change_href
from app.pages.forms import Mistake
from app.pages.page import path_to

REVIEWERS = "reviewers"
"""The view that shows what reviewers will see."""


@dataclass(frozen=True, slots=True)
class LeakView:
    """One finding. `said` are the words that were found; `change` and `action` are empty where nobody may."""

    id: str
    words: str
    said: str
    code: str
    left: bool
    change: str
    about: str
    action: str


@dataclass(frozen=True, slots=True)
class LeakViews:
    """All findings of one application in words, and where each belongs.

    `ref` is empty where nothing can be changed; `view` is the page to come back to: `reviewers`, `files`, or
    nothing for what one wrote.
    """

    language: str
    leaks: Sequence[OwnLeak]
    data: Mapping[str, Mapping[str, Any]]
    titles: Mapping[str, str]
    ref: str = ""
    view: str = ""

    def of_answer(self, section: str, field: str) -> list[LeakView]:
        """Those of one answer, or of one cell."""
        return [self._view(each) for each in self.leaks if (each.section, each.field) == (section, field)]

    def row_ids(self, section: str, table: str) -> list[str]:
        """The ids of a table's rows, where anything was found in it; without, nobody asks for them."""
        if not any(each.section == section and each.field.startswith(f"{table}.") for each in self.leaks):
            return []
        return [row["id"] for row in self.data.get(section, {}).get(table) or ()]

    def of_file(self, code: str) -> list[LeakView]:
        """Those of one file: its title and its words."""
        return [self._view(each) for each in self.leaks if each.file == code]

    def parts(self, section: str, field: str, text: str) -> list[TextPart]:
        """The text of an answer with what was found in it marked; nothing where nothing was.

        As reviewers will see it, what was found is covered already: the blocks are marked.
        """
        here = [each for each in self.leaks if (each.section, each.field) == (section, field)]
        spans = [span for each in here for span in each.spans]
        if self.view == REVIEWERS and spans:
            spans = [each.span() for each in re.finditer(BLOCKS, text)]
        return marked(text, spans) if spans else []

    def listed(self) -> list[Mistake]:
        """Those that nobody has answered yet, as links to them, for the top of a page."""
        return [
            Mistake(f"#{leak_id(each)}", f"{self._place(each)} — {_words(self.language, each)}")
            for each in self.leaks
            if not each.left
        ]

    def _view(self, leak: OwnLeak) -> LeakView:
        return LeakView(
            id=leak_id(leak),
            words=_words(self.language, leak),
            said=in_quotes(leak.words),
            code=leak.code,
            left=leak.left,
            change=self._change(leak) if self.ref else "",
            about=self._place(leak),
            action=self._action() if self.ref else "",
        )

    def _action(self) -> str:
        back = f"?view={self.view}" if self.view else ""
        return path_to(self.language, "applications.leave_leak", ref=self.ref) + back

    def _change(self, leak: OwnLeak) -> str:
        if not leak.file:
            return change_href(self.language, self.ref, leak.section, leak.field)
        place = "f-title" if leak.field == TITLE else "card"
        return f"{path_to(self.language, 'files.list', ref=self.ref)}?back=check#{place}-{leak.file}"

    def _place(self, leak: OwnLeak) -> str:
        if leak.file:
            return self.titles.get(leak.file) or translations(self.language).ugettext("Picture and documents")
        return place_in_words(self.language, leak.section, leak.field, self.data.get(leak.section, {}))


def place_in_words(language: str, section: str, field: str, data: Mapping[str, Any]) -> str:
    """`Team strengths`, or `Activity 2: What you will do`."""
    table, _, rest = field.partition(".")
    if not rest:
        return words_of(language, f"{section}.{table}").label
    row_id, _, column = rest.partition(".")
    rows = enumerate(data.get(table) or (), 1)
    number = next((place for place, row in rows if row.get("id") == row_id), 0)
    row_words = choices(language, "rows")[f"{section}.{table}"]
    return f"{row_words} {number}: {words_of(language, f'{section}.{table}.{column}').label}"


MOST_SAID = 5


def in_quotes(words: Sequence[str]) -> str:
    """What was found, the first few of it."""
    said = ", ".join(f"«{word}»" for word in words[:MOST_SAID])
    return f"{said} …" if len(words) > MOST_SAID else said


def _words(language: str, leak: OwnLeak) -> str:
    return sentence(language, f"leak.{'sure' if leak.sure else 'maybe'}.{leak.kind}")


def leak_id(leak: OwnLeak) -> str:
    """Where its warning stands on a page, with the leak left or not."""
    return f"leak-{leak.file}{leak.code[:12]}"
