"""A text in pieces, those that were found in it marked."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a text, as it was written."""

    text: str
    marked: bool


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[TextPart]:
    """The whole text in order; `spans` are pairs of from and up to in code points, and may overlap."""
    parts: list[TextPart] = []
    at = 0
    for start, end in sorted(spans):
        if start > at:
            parts.append(TextPart(text[at:start], marked=False))
        if end > at:
            parts.append(TextPart(text[max(start, at) : end], marked=True))
            at = end
    if at < len(text):
        parts.append(TextPart(text[at:], marked=False))
    return parts
