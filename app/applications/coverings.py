"""What a coordinator can decide of a text or a file, and the copy that comes of it. Pure: no database."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.leaks.places import TITLE, Place, Written, answers_of
from app.models.files import FileKind
from app.sections.text import BLOCKS as BLOCKS

FILES = "files"
"""The section of a place in a file: `files.<number>.title`."""


class TextHow(StrEnum):
    """What becomes of a text."""

    KEPT = "kept"
    COVERED = "covered"
    EDITED = "edited"


class FileHow(StrEnum):
    """What becomes of a file."""

    CLEARED = "cleared"
    BLURRED = "blurred"
    """A picture in which nobody can be recognised, as a whole or in some of nine parts."""
    IN_WORDS = "in_words"
    """A document's words, typeset anew, with what was found in them covered."""
    DROPPED = "dropped"


HOWS = {
    FileKind.PICTURE: (FileHow.CLEARED, FileHow.BLURRED, FileHow.DROPPED),
    FileKind.DOCUMENT: (FileHow.CLEARED, FileHow.IN_WORDS, FileHow.DROPPED),
}
"""What can become of a file of each kind."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What reviewers are to read."""

    title: str
    summary: str
    data: dict[str, Any]
    files: list[dict[str, Any]]


def digest(text: str) -> str:
    """Names a text: a decision on it is one on no other."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def place_key(section: str, field: str, file: int | None = None) -> str:
    """The key of a place in the decisions, and in addresses and forms."""
    return f"{FILES}.{file}.{field}" if file is not None else f"{section}.{field}"


def key_of_place(place: Place) -> str:
    """The same for a place that the finder knows."""
    return place_key(place.section, place.field, int(place.file) if place.file else None)


def covered(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The text with blocks where the spans (from, up to) are; those that touch are one."""
    parts: list[str] = []
    reached = 0
    for start, end in sorted((int(span[0]), int(span[1])) for span in spans):
        if end <= reached:
            continue
        if start > reached or not parts:
            parts += [text[reached:start], BLOCKS]
        reached = end
    return "".join([*parts, text[reached:]])


def all_covered(
    data: Mapping[str, Mapping[str, Any]], spans: Mapping[str, Sequence[Sequence[int]]]
) -> dict[str, dict[str, Any]]:
    """The same sections with blocks at every place that was found."""
    return replaced(
        data, {place: covered(text, spans[place]) for place, text in texts_of(data, ()) if place in spans}
    )


def replaced(data: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The same sections with other texts at some places, by `section.field`."""
    copy = {section: deepcopy(dict(answers)) for section, answers in data.items()}
    for place, text in texts.items():
        _put(copy, place, text)
    return copy


def texts_of(data: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Place and text of all that people wrote in what reviewers are to read, in the order of the form."""
    for each in answers_of(data):
        yield key_of_place(each.place), each.text
    for file in files:
        written = Written(Place("", TITLE, str(file["number"])), file["title"])
        yield key_of_place(written.place), written.text


def standing(decided: Mapping[str, Any] | None, text: str) -> Mapping[str, Any] | None:
    """A decision, if it was made of this very text."""
    return decided if decided is not None and decided["of"] == digest(text) else None


def reads(decision: Mapping[str, Any], text: str) -> str:
    """What stands in place of a text: blocks where it was emptied, so that nobody takes it for one that was
    not answered."""
    return BLOCKS if text and not decision["text"].strip() else str(decision["text"])


def how_of(decided: Any) -> FileHow:
    """What was decided of a file: a word, or where another stands for it, that with the word."""
    return FileHow(decided["how"] if isinstance(decided, Mapping) else decided)


def stands_in(decided: Any) -> dict[str, Any]:
    """What of a file is another one's: its bytes, and how large they are."""
    return dict(decided["file"]) if isinstance(decided, Mapping) else {}


def cleared_copy(packet: Any, texts: Mapping[str, Any], files: Mapping[str, Any]) -> Copy:
    """What was sent, with the decisions applied: a file that was dropped is not there, and one that nobody
    has cleared neither. Of one for which another stands nothing is left."""
    kept = [
        dict(each) | stands_in(decided)
        for each in packet.files
        if (decided := files.get(each["sha256"])) is not None and how_of(decided) is not FileHow.DROPPED
    ]
    new = {
        place: reads(decision, text)
        for place, text in texts_of(packet.data, kept)
        if (decision := standing(texts.get(place), text)) is not None
    }
    for file in kept:
        file["title"] = new.get(place_key("", TITLE, file["number"]), file["title"])
    data = replaced(packet.data, new)
    title = new.get("motivation.title", packet.title) if "brief" not in data else packet.title
    return Copy(
        title=new.get("brief.title", title),
        summary=new.get("brief.summary", packet.summary),
        data=data,
        files=kept,
    )


def _put(data: dict[str, Any], place: str, text: str) -> None:
    section, _, field = place.partition(".")
    if section == FILES:
        return
    question, _, rest = field.partition(".")
    if not rest:
        data[section][question] = text
        return
    row_id, _, column = rest.partition(".")
    for row in data[section][question]:
        if row["id"] == row_id:
            row[column] = text


def places_changed(before: Copy, after: Copy) -> list[str]:
    """The places that read otherwise now: texts, files that were dropped, came or are others, and a section
    where something else differs."""
    was, now = dict(texts_of(before.data, before.files)), dict(texts_of(after.data, after.files))
    changed = [place for place in {**now, **was} if was.get(place) != now.get(place)]
    hashes_before = {each["number"]: each["sha256"] for each in before.files}
    hashes_now = {each["number"]: each["sha256"] for each in after.files}
    for number in sorted({*hashes_before, *hashes_now}):
        if hashes_before.get(number) != hashes_now.get(number):
            changed.append(f"{FILES}.{number}")
    for section in after.data:
        told = any(place.startswith(f"{section}.") for place in changed)
        if not told and before.data.get(section) != after.data[section]:
            changed.append(section)
    return changed
