"""Who applies for a place in a selection. Reviewers never get this section."""

from typing import Annotated

from pydantic import Field

from app.asking import Ask
from app.sections.answers import Answers
from app.sections.contacts import Email, Phone
from app.sections.team import ContactLanguage
from app.sections.text import LINE, PROSE


class Candidate(Answers):
    """One person."""

    family_name: Annotated[
        str, Field(max_length=100), LINE, Ask(autocomplete="family-name", spellcheck=False)
    ]
    given_name: Annotated[str, Field(max_length=100), LINE, Ask(autocomplete="given-name", spellcheck=False)]
    patronymic: Annotated[
        str,
        Field(max_length=100),
        LINE,
        Ask(optional=True, autocomplete="additional-name", spellcheck=False),
    ] = ""
    email: Annotated[Email, LINE, Ask("email", autocomplete="email", spellcheck=False)]
    phone: Annotated[Phone, LINE, Ask("tel", autocomplete="tel", width="medium")]
    contact_language: Annotated[ContactLanguage, Ask("radios", choices="languages")]
    access_needs: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)] = ""

    def display_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"
