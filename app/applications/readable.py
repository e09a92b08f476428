"""A file that may leave: where its bytes are, what they are, and what they are called on the way.

Whether it may is said by the query that made it; it leaves by `web/downloads.py` alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import NotFound

ENDINGS = {"image/jpeg": ".jpg", "image/webp": ".webp", "application/pdf": ".pdf"}
"""What a clean copy and its small picture can be."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A key of the store, with the type and the name to send it with."""

    key: str
    media_type: str
    name: str


def number_of(given: str) -> int:
    """Which file an address means. NotFound for what is no number, as for a number that there is not."""
    if not (given.isascii() and given.isdigit() and len(given) < 4):
        raise NotFound
    return int(given)


def sent_file(
    files: Sequence[Mapping[str, Any]], number: int, stem: str, *, preview: bool = False
) -> Readable:
    """One of the files that a sending keeps. NotFound for a number, or a small picture, that it has not."""
    found = next((each for each in files if each["number"] == number), None)
    key = None if found is None else found["preview_sha256"] if preview else found["sha256"]
    if found is None or key is None:
        raise NotFound
    media_type = preview_type(found["media_type"]) if preview else found["media_type"]
    return Readable(key, media_type, f"{stem}-{number}{ENDINGS[media_type]}")


def preview_type(media_type: str) -> str:
    """What a file's small picture is: a page is painted anew, a photograph only made smaller."""
    return "image/webp" if media_type == "application/pdf" else media_type
