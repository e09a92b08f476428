"""The short message shown once after an act; its code travels in the address."""

from app.messages import formats
from app.messages.catalogue import translations
from app.messages.words import PARTS

FLASHES: dict[str, str] = {code: words for part in PARTS for code, words in part.FLASHES.items()}


MOST_DIGITS = 6


def flash_of(language: str, code: str, count: str = "") -> str:
    """The message for a code, with a count where it has one; nothing where either is not one of ours,
    since anybody can type an address."""
    message = FLASHES.get(code)
    if not message:
        return ""
    words = translations(language).ugettext(message)
    if "{count}" not in message:
        return words
    if not (count.isascii() and count.isdigit() and len(count) <= MOST_DIGITS):
        return ""
    return words.format(count=formats.number(language, int(count)))
