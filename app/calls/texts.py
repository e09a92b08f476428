"""Texts of a call in the site's languages: typed in any order, complete only when the call opens."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.messages import LANGUAGES
from app.models.columns import Texts
from app.sections.text import LINE, PROSE

LINE_CAP = 120
PROSE_CAP = 3000

# The limit stands before the cleaning, so that pydantic knows it as the length of a text.
Line = Annotated[str, Field(max_length=LINE_CAP), LINE]
Prose = Annotated[str, Field(max_length=PROSE_CAP), PROSE]


class _Translated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def stored(self) -> Texts:
        """What is kept: a language that was left empty is a missing key."""
        return {language: text for language, text in self.model_dump().items() if text}


class ShortTexts(_Translated):
    """One line in each language."""

    kk: Line = ""
    ru: Line = ""
    en: Line = ""


class LongTexts(_Translated):
    """Some paragraphs in each language."""

    kk: Prose = ""
    ru: Prose = ""
    en: Prose = ""


def missing_languages(texts: Texts | None) -> list[str]:
    """The languages a text does not have yet, in the site's order."""
    return [language for language in LANGUAGES if not (texts or {}).get(language)]
