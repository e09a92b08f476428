"""Where a text stands that reviewers will read: an answer, a cell of a row, a file's title or words."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.leaks.finder import Finder
from app.leaks.kinds import Hit, Kind
from app.sections.catalogue import CATALOGUE
from app.sections.drafts import questions

WRITTEN = frozenset({"text", "textarea"})
"""The controls into which people write words of their own."""
SOURCES = frozenset({"need.sources.link", "budget.lines.source"})
"""Where a link is what was asked for: there only one's own is worth a word."""
TITLE, TEXT = "title", "text"


@dataclass(frozen=True, slots=True)
class Place:
    """`section` and `field` (`question` or `table.<row id>.question`); or `file`, a key of the caller's, with
    `title` or `text` as its field."""

    section: str
    field: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """One text and its place. `links` is whether a stranger's link is worth a word there."""

    place: Place
    text: str
    links: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What one text gives away of one kind. `hits` are in order; `code` changes when the text does."""

    place: Place
    kind: Kind
    sure: bool
    hits: tuple[Hit, ...]
    text: str

    @property
    def code(self) -> str:
        """Names this finding, in this text: no finding of a changed text has the same."""
        said = "\n".join((self.place.section, self.place.field, self.kind, " ".join(self.text.split())))
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """From and up to, in code points of the text."""
        return [(hit.start, hit.end) for hit in self.hits]

    @property
    def words(self) -> list[str]:
        """What was found, each once."""
        return words_at(self.text, self.spans)


def words_at(text: str, spans: Iterable[Sequence[int]]) -> list[str]:
    """What stands at these places of a text, each once."""
    return list(dict.fromkeys(" ".join(text[start:end].split()) for start, end in spans))


def text_at(sections: Mapping[str, Mapping[str, Any]], section: str, field: str) -> str:
    """The text that a field of these sections holds; nothing where it holds none."""
    question, _, rest = field.partition(".")
    value = sections.get(section, {}).get(question)
    if rest:
        row_id, _, column = rest.partition(".")
        rows = value if isinstance(value, list) else []
        value = next((row.get(column) for row in rows if row["id"] == row_id), "")
    return value if isinstance(value, str) else ""


def found_in(finder: Finder, texts: Iterable[Written]) -> list[Found]:
    """Everything, in the order of the texts; what is of one kind in one text is one finding."""
    texts, found = list(texts), []
    hits_of = finder.hits_in([(each.text, each.links) for each in texts])
    for each, its_hits in zip(texts, hits_of, strict=True):
        kinds: dict[Kind, list[Hit]] = {}
        for hit in its_hits:
            kinds.setdefault(hit.kind, []).append(hit)
        found += [
            Found(each.place, kind, any(hit.sure for hit in hits), tuple(hits), each.text)
            for kind, hits in kinds.items()
        ]
    return found


def answers_of(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[Written]:
    """Every text of these sections that reviewers will read, typed or as it was sent, in the order given."""
    for section, data in sections.items():
        for name, columns in _written(section):
            value = data.get(name)
            if columns is None:
                if isinstance(value, str) and value:
                    yield Written(Place(section, name), value)
            elif isinstance(value, list):
                yield from _cells(section, name, columns, value)


def _cells(section: str, table: str, columns: tuple[str, ...], rows: Iterable[Any]) -> Iterator[Written]:
    for row in rows:
        for column in columns:
            text = row.get(column)
            if isinstance(text, str) and text:
                links = f"{section}.{table}.{column}" not in SOURCES
                yield Written(Place(section, f"{table}.{row['id']}.{column}"), text, links)


@cache
def _written(section: str) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    """The questions answered in one's own words that reviewers read; of a table its columns."""
    known = CATALOGUE[section]
    if known.identity:
        return ()
    found: list[tuple[str, tuple[str, ...] | None]] = []
    for name, ask, row in questions(known.model):
        if not ask.blind:
            continue
        if row is not None:
            columns = tuple(
                each
                for each, inner, _ in questions(row)
                if inner.blind and inner.control in WRITTEN and not inner.choices
            )
            if columns:
                found.append((name, columns))
        elif ask.control in WRITTEN and not ask.choices:
            found.append((name, None))
    return tuple(found)
