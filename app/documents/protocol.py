"""The protocol of a decision on paper: chapters of facts, tables and texts, and room for signatures.

The same chapters stand on the desk's page. Signatures are asked for in Kazakh and Russian side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.documents.press import SECONDS_OF_MANY, pressed
from app.documents.sender import Sender, common_words
from app.messages import translations
from app.messages.catalogue import N_


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are."""

    items: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each column has a name and says whether it holds numbers. The first cell heads its row."""

    id: str
    caption: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Said:
    """Under a small heading: lines that we say, and texts as somebody wrote them."""

    title: str
    lines: Sequence[str]
    texts: Sequence[tuple[str, str]]
    kind: str = "said"


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph of ours; `code` is to be copied as it stands."""

    words: str
    code: str = ""
    kind: str = "note"


Block = Facts | Table | Said | Note


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the protocol."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is said around the chapters. `mark` stands on every page of a draft; `signers` sign."""

    language: str
    call: str
    title: str
    state: str
    mark: str
    signers: Sequence[str]
    at: datetime


def protocol_pdf(paper: Paper, chapters: Sequence[Chapter], sender: Sender) -> bytes:
    """Tagged, with a heading for each chapter; equal protocols make equal bytes."""
    data = {
        **sender.data(),
        "lang": paper.language,
        "title": f"{paper.title}: {paper.call}",
        "running": f"{paper.title} · {paper.call}",
        "foot": f"{sender.brand} · {paper.call}",
        "caption": paper.call,
        "heading": paper.title,
        "state": paper.state,
        "mark": paper.mark,
        "chapters": [
            {"title": each.title, "blocks": [_block(block) for block in each.blocks]} for each in chapters
        ],
        "signers": list(paper.signers),
        "words": {
            **common_words(paper.language),
            "signatures": _in_both(paper.language, N_("Signatures")),
            "who": _in_both(paper.language, N_("Who")),
            "name": _in_both(paper.language, N_("Name of who signs")),
            "signature": _in_both(paper.language, N_("Signature")),
            "date": _in_both(paper.language, N_("Date")),
        },
    }
    return pressed("protocol", data, paper.at, SECONDS_OF_MANY)


def _block(block: Block) -> dict[str, object]:
    match block:
        case Facts():
            return {"kind": "facts", "items": [list(each) for each in block.items]}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "columns": [list(each) for each in block.columns],
                "rows": [list(each) for each in block.rows],
            }
        case Said():
            return {
                "kind": "said",
                "title": block.title,
                "lines": list(block.lines),
                "texts": [list(each) for each in block.texts],
            }
        case Note():
            return {"kind": "note", "words": block.words, "code": block.code}


def _in_both(language: str, words: str) -> str:
    """In Kazakh and Russian, and in English too where that is the document's language."""
    wanted = ["kk", "ru"] if language != "en" else ["kk", "ru", "en"]
    return " / ".join(translations(each).ugettext(words) for each in wanted)
