"""The short message shown once after an act; its code travels in the address."""

from app.messages.catalogue import translations
from app.messages.words import PARTS

FLASHES: dict[str, str] = {code: words for part in PARTS for code, words in part.FLASHES.items()}


def flash_of(language: str, code: str) -> str:
    """The message for a code; nothing for an unknown one, since anybody can type an address."""
    message = FLASHES.get(code)
    return translations(language).ugettext(message) if message else ""
