"""What a reviewer sees of an application: its cleared copy, under its spoken code, and nothing else.

The one query that fetches it goes through an assignment of one's own (`reviews/queries.py`). What was sent is
not read here, and the database refuses it to whoever reads this: nothing can fall back to it.
No reference, no time, no number of reviews, nobody's name: what is not a field here cannot leak.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.applications.readable import Readable, sent_file
from app.asking import asked
from app.models.applications import Application
from app.models.files import FileKind
from app.models.redaction import ClearedPacket
from app.sections.catalogue import CATALOGUE
from app.sections.halves import split

PACKET: tuple[Any, ...] = (
    Application.code,
    ClearedPacket.title,
    ClearedPacket.summary,
    ClearedPacket.theme,
    ClearedPacket.districts,
    ClearedPacket.language,
    ClearedPacket.data,
    ClearedPacket.files,
)
"""The columns from which a card or an application is made; `own_reviews` has joined them."""

READABLE: Mapping[str, frozenset[str]] = {
    section.code: frozenset(name for name, _, ask in asked(section.model) if ask.blind)
    for section in CATALOGUE.values()
    if not section.identity
}
"""Section -> the answers that reviewers may read; a section that names people has none."""


class BlindCard(BaseModel):
    """What a reviewer learns before saying whether there is a tie: not the text itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str
    summary: str
    theme: str
    districts: list[str]
    language: str
    stakeholder_kinds: list[str]


class BlindFile(BaseModel):
    """A clean copy, by its number: no name, no size and no hash from which one could know it again."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    kind: FileKind
    title: str
    media_type: str
    width: int
    height: int
    pages: int


class BlindApplication(BaseModel):
    """All that reviewers may read. `sections`: section code -> its answers, as they were sent.

    `files` are clean copies of what was sent, in reading order; a picture's `title` is what it shows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str
    summary: str
    theme: str
    districts: list[str]
    language: str
    sections: dict[str, dict[str, Any]]
    files: list[BlindFile]


def card(row: Any) -> BlindCard:
    """The neutral card of a row with the columns of `PACKET`."""
    stakeholders = row.data.get("need", {}).get("stakeholders", ())
    return BlindCard(
        code=row.code,
        title=row.title,
        summary=row.summary,
        theme=row.theme,
        districts=row.districts,
        language=row.language,
        stakeholder_kinds=sorted({each["kind"] for each in stakeholders}),
    )


def application(row: Any) -> BlindApplication:
    """The application of a row with the columns of `PACKET`."""
    return BlindApplication(
        code=row.code,
        title=row.title,
        summary=row.summary,
        theme=row.theme,
        districts=row.districts,
        language=row.language,
        # In the catalogue's order: PostgreSQL keeps none of its own.
        sections={
            section: split(
                section, {name: value for name, value in row.data[section].items() if name in readable}
            )[0]
            for section, readable in READABLE.items()
            if section in row.data
        },
        files=[blind_file(each) for each in row.files],
    )


def blind_file(sent: Mapping[str, Any]) -> BlindFile:
    """What a reviewer learns of one file of a packet."""
    return BlindFile.model_validate({name: sent[name] for name in BlindFile.model_fields})


def readable_file(row: Any, number: int, *, preview: bool) -> Readable:
    """The bytes of a packet's file, under a name that says the application's code and nothing else."""
    return sent_file(row.files, number, f"packet-{row.code}", preview=preview)
