"""The words of somebody's document, typeset anew, where the document itself says who applies."""

from datetime import datetime

from app.documents.press import pressed
from app.documents.sender import Sender, common_words
from app.messages import translations

PART = 2000
"""Characters that are set at once; a document's own paragraphs are not known any more."""


def words_pdf(words: str, code: str, number: int, language: str, sender: Sender, at: datetime) -> bytes:
    """The document of this number, by the application's spoken code: its title may say who applies too."""
    gettext = translations(language).ugettext
    heading = gettext("The text of document {n}").format(n=number)
    data = {
        **sender.data(),
        "lang": language,
        "title": f"{code}: {heading}",
        "running": f"{code} · {heading}",
        "foot": sender.brand,
        "caption": code,
        "heading": heading,
        "parts": _parts(words),
        "words": {
            **common_words(language),
            "about": gettext(
                "Only its words: pictures, tables and layout are left out. ▇▇▇ stands where something was "
                "covered."
            ),
        },
    }
    return pressed("words", data, at)


def _parts(words: str) -> list[str]:
    """Whole lines, a few at once."""
    parts = [""]
    for line in words.splitlines():
        for start in range(0, max(1, len(line)), PART):
            piece = line[start : start + PART]
            if parts[-1] and len(parts[-1]) + len(piece) > PART:
                parts.append("")
            parts[-1] += f"\n{piece}" if parts[-1] else piece
    return parts
