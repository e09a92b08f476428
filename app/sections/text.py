"""Typed text: what is cleaned away, and how characters are counted."""

import re
import unicodedata

from pydantic import BeforeValidator

BLOCKS = "▇▇▇"
"""What stands where something is covered: always as long, so that it does not say how long a name is."""

# Zero-width and direction marks come with pasted text and change nothing that is read;
# control characters and half letters cannot be stored. The joiner U+200D stays: emoji are made with it.
_UNWANTED = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
)
_LINE_END = re.compile("\r\n?|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """NFC, one kind of line end, nothing unseen. Words, quotes and bullets stay as they are."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_END.sub("\n", text)))


def as_prose(text: str) -> str:
    """Text of several lines as it is sent: clean, without the empty space around it."""
    return clean(text).strip()


def as_line(text: str) -> str:
    """Text of one line as it is sent: clean, each stretch of empty space one space."""
    return " ".join(clean(text).split())


def count_characters(text: str, *, line: bool = False) -> int:
    """Code points of what would be sent. The counter in the browser (app.js) counts the same: both are held
    to `tests/sections/counting.json`."""
    return len(as_line(text) if line else as_prose(text))


def _prose(value: object) -> object:
    return as_prose(value) if isinstance(value, str) else value


def _line(value: object) -> object:
    return as_line(value) if isinstance(value, str) else value


# Each stands after its Field: `Annotated[str, Field(max_length=…), PROSE]`. The other way round a text that
# is too long is refused as a list would be, and its schema knows no length.

PROSE = BeforeValidator(_prose)
"""Text of several lines."""

LINE = BeforeValidator(_line)
"""Text of one line: a line break becomes a space."""
