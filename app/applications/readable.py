"""A file that may leave: where its bytes are, what they are, and what they are called on the way.

Whether it may is said by the query that made it; it leaves by `web/downloads.py` alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import NotFound

ENDINGS = {"image/jpeg": ".jpg", "application/pdf": ".pdf"}
"""What a clean copy can be."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A key of the store, with the type and the name to send it with."""

    key: str
    media_type: str
    name: str


def sent_file(
    files: Sequence[Mapping[str, Any]], number: int, stem: str, *, preview: bool = False
) -> Readable:
    """One of the files that a sending keeps. NotFound for a number, or a small picture, that it has not."""
    found = next((each for each in files if each["number"] == number), None)
    key = None if found is None else found["preview_sha256"] if preview else found["sha256"]
    if found is None or key is None:
        raise NotFound
    return Readable(key, found["media_type"], f"{stem}-{number}{ENDINGS[found['media_type']]}")
