"""Who applies for a place in a selection. Reviewers never get this section."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import Answers
from app.sections.contacts import Email, Phone, email_meant
from app.sections.limits import Limits
from app.sections.team import AccessNeed, ContactLanguage
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
        Ask(optional=True, autocomplete="additional-name", spellcheck=False, capitals=False),
    ] = ""
    email: Annotated[Email, LINE, Ask("email", autocomplete="email", spellcheck=False)]
    phone: Annotated[Phone, LINE, Ask("tel", autocomplete="tel", width="medium")]
    contact_language: Annotated[ContactLanguage, Ask("radios", choices="languages")]
    access_kinds: Annotated[list[AccessNeed], Ask("checkboxes", optional=True, choices="access_need")] = (
        Field(default_factory=list, max_length=6)
    )
    access_needs: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)] = ""

    def display_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"

    @classmethod
    def worth_a_look(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """An address that looks mistyped."""
        meant = email_meant(data.get("email") or "")
        return {"email": ("email.looks_mistyped", {"meant": meant})} if meant else {}
