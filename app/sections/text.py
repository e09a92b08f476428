"""Typed text: what is cleaned away, and how characters are counted."""

import re
import unicodedata

from pydantic import BeforeValidator

# Zero-width and direction marks come with pasted text and change nothing that is read.
# The joiner U+200D stays: emoji are made with it.
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """NFC, one kind of line end, nothing unseen. Words, quotes and bullets stay as they are."""
    text = _LINE_END.sub("\n", text)
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", _UNSEEN.sub("", text)))


def count_characters(text: str) -> int:
    """Code points as they are stored; the counter in the browser counts the same."""
    return len(clean(text))


def _prose(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


def _line(value: object) -> object:
    return _SPACES.sub(" ", clean(value)).strip() if isinstance(value, str) else value


PROSE = BeforeValidator(_prose)
"""Text of several lines."""

LINE = BeforeValidator(_line)
"""Text of one line: a line break becomes a space."""
