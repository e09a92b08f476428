"""What reviewers get instead of a file: a picture that was blurred, or the words of a document.

It is made when it is decided, so that whoever decides can look at it, and kept like any other file; what was
sent stays as it is, and is never a part of it.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pikepdf

from app.applications.coverings import FileHow
from app.documents.sender import Sender
from app.documents.words import words_pdf
from app.files.blurring import blur
from app.files.store import Store


def blurred(store: Store, file: Mapping[str, Any], areas: Sequence[int]) -> dict[str, Any]:
    """The decision to blur a picture, in these parts or as a whole, with the copy that was made."""
    with store.workplace() as place:
        with store.open(file["sha256"]) as source:
            made = blur(io.BytesIO(source.read()), areas, place)
        size = (place / "clean").stat().st_size
        keys = {"sha256": store.put(place / "clean"), "preview_sha256": store.put(place / "preview")}
    return {"how": FileHow.BLURRED.value, "areas": sorted(areas), "file": {**keys, **made, "size": size}}


def in_words(
    store: Store,
    file: Mapping[str, Any],
    words: str,
    code: str,
    language: str,
    sender: Sender,
    at: datetime,
) -> dict[str, Any]:
    """The decision to give the words of a document in its stead, with the copy that was made."""
    made = words_pdf(words, code, file["number"], language, sender, at)
    with store.workplace() as place:
        (place / "clean").write_bytes(made)
        key = store.put(place / "clean")
    pages = _pages(made)
    standing = {"sha256": key, "preview_sha256": None, "size": len(made), "pages": pages}
    return {
        "how": FileHow.IN_WORDS.value,
        "words": words,
        "file": {**standing, "width": 0, "height": 0},
    }


def _pages(document: bytes) -> int:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return len(pdf.pages)
