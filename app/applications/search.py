"""Forgiving search: `кала` finds `Қала`, whatever keyboard it was typed on."""

import unicodedata

# Kazakh letters and their Latin look-alikes become the Russian letters that people type in their place.
_ALIKE = str.maketrans("әғқңөұүһіёih", "агкноуухиеих")


def folded(text: str) -> str:
    """Text as it is compared: one case, one letter for all that look or sound alike, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().translate(_ALIKE).split())
