"""Reading documents as a program for reading them does: text, tags, metadata."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pypdfium2
from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """All words of a PDF, page after page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    finally:
        document.close()


def root_of(pdf: bytes) -> Any:
    """The catalogue of a PDF, where it says what it is."""
    return PdfReader(BytesIO(pdf)).trailer["/Root"]


def words_of(text: str) -> str:
    """The text with single spaces: where a line or a table broke does not matter."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


_RANDOM = re.compile(r"<xmpMM:(\w+ID)>[^<]*</xmpMM:\1>")
"""A number drawn from the whole content, in letters that may look like a word."""


def unpacked(body: bytes) -> str:
    """A body as text: a PDF's words with its metadata, the parts of an office file, else as it is."""
    if body.startswith(b"%PDF"):
        root, about = root_of(body), PdfReader(BytesIO(body)).metadata
        # A file that was built anew says nothing about itself.
        more = _RANDOM.sub("", root["/Metadata"].get_data().decode()) if "/Metadata" in root else ""
        return f"{text_of(body)}\n{about}\n{more}"
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return body.decode("utf-8", "replace")


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """(role, language) of every element of the structure tree, in reading order."""
    found: list[tuple[str, str]] = []
    _walk(root_of(pdf)["/StructTreeRoot"], found)
    return found


def _walk(element: Any, found: list[tuple[str, str]]) -> None:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for each in element:
            _walk(each, found)
    elif isinstance(element, dict):
        if "/S" in element:
            found.append((str(element["/S"]), str(element.get("/Lang", ""))))
        if "/K" in element:
            _walk(element["/K"], found)
