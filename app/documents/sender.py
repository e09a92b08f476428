"""From whom a document is: the programme's name, its funder and where to ask."""

from dataclasses import dataclass
from typing import Any

from app.messages import translations
from app.messages.answers import in_language
from app.models.panel import Programme


@dataclass(frozen=True, slots=True)
class Sender:
    """The programme in one language. The funder's emblem is shown only where it is the European Union."""

    brand: str
    funder: str
    eu: bool
    help: str
    disclaimer: str

    def data(self) -> dict[str, Any]:
        """What a template needs of it."""
        return {
            "brand": self.brand,
            "funder": self.funder,
            "eu": self.eu,
            "help": self.help,
            "disclaimer": self.disclaimer,
        }


def sender_of(language: str, programme: Programme | None) -> Sender:
    """The programme of this installation in a language."""
    name = (in_language(language, programme.name) if programme else "") or "Baige"
    eu = bool(programme and programme.eu_funded)
    words = translations(language).ugettext(
        "This document was made with the financial support of the European Union. Its contents do not "
        "necessarily reflect the views of the European Union. Solely responsible for them: {name}."
    )
    return Sender(
        brand=name,
        funder=in_language(language, programme.funder or {}) if programme else "",
        eu=eu,
        help=in_language(language, programme.help) if programme else "",
        disclaimer=words.format(name=name) if eu else "",
    )


def common_words(language: str) -> dict[str, str]:
    """Words that every document may need."""
    gettext = translations(language).ugettext
    return {
        "emblem": gettext("Emblem of the European Union"),
        "squares": gettext(
            "A sign that the letters of this document lack stands as □. The copy as text has it as typed."
        ),
        "cut": gettext("A very long text was shortened here. The copy as text has all of it."),
    }
