"""Who applies. Reviewers never get this section."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import Answers, Row
from app.sections.contacts import Bin, Email, Phone, bin_looks_wrong, email_meant
from app.sections.limits import Limits
from app.sections.text import LINE, PROSE

ApplicantKind = Literal["person", "group", "ngo", "company", "public_body"]
ContactWay = Literal["phone", "message", "email", "text_only"]
ContactTime = Literal["any", "morning", "day", "evening"]
ContactLanguage = Literal["kk", "ru", "en"]
AccessNeed = Literal["step_free", "sign_language", "hearing", "large_print", "helper", "rest"]
PERSONS = frozenset({"person", "group"})
ORGANISATIONS = frozenset({"ngo", "company", "public_body"})


class Member(Row):
    """One member of the team."""

    name: Annotated[str, Field(max_length=100), LINE, Ask(cap=100, spellcheck=False)]
    role: Annotated[str, Field(max_length=60), LINE, Ask(cap=60)]
    email: Annotated[Email | Literal[""], LINE, Ask("email", optional=True, spellcheck=False)] = ""


class Team(Answers):
    """The applicant, as a person or an organisation, and the team."""

    applicant_kind: Annotated[ApplicantKind, Ask("radios", choices="applicant_kind")]
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
    stage_name: Annotated[str, Field(max_length=60), LINE, Ask(optional=True, cap=60)] = ""
    email: Annotated[Email, LINE, Ask("email", autocomplete="email", spellcheck=False)]
    phone: Annotated[Phone, LINE, Ask("tel", autocomplete="tel", width="medium")]
    contact_way: Annotated[ContactWay, Ask("radios", choices="contact_way")]
    contact_time: Annotated[ContactTime | None, Ask("radios", optional=True, choices="contact_time")] = None
    contact_language: Annotated[ContactLanguage, Ask("radios", choices="languages")]
    access_kinds: Annotated[list[AccessNeed], Ask("checkboxes", optional=True, choices="access_need")] = (
        Field(default_factory=list, max_length=6)
    )
    access_needs: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)] = ""
    organisation_name_kk: Annotated[str, Field(max_length=200), LINE, Ask(optional=True, cap=200)] = ""
    organisation_name_ru: Annotated[str, Field(max_length=200), LINE, Ask(optional=True, cap=200)] = ""
    legal_form: Annotated[str, Field(max_length=100), LINE, Ask(optional=True, cap=100)] = ""
    bin: Annotated[
        Bin | Literal[""], LINE, Ask(optional=True, inputmode="numeric", width="medium", spellcheck=False)
    ] = ""
    address: Annotated[
        str, Field(max_length=200), LINE, Ask(optional=True, autocomplete="street-address")
    ] = ""
    website: Annotated[
        str,
        Field(max_length=200),
        LINE,
        Ask(optional=True, inputmode="url", spellcheck=False, capitals=False),
    ] = ""
    members: Annotated[list[Member], Ask("rows", optional=True, rows=(0, 8))] = Field(
        default_factory=list, max_length=8
    )
    partner_links: Annotated[list[str], Ask("checkboxes", optional=True, choices="organisations")] = Field(
        default_factory=list, max_length=20
    )
    partner_links_note: Annotated[
        str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)
    ] = ""

    def display_name(self) -> str:
        """What the applicant is called: the organisation, or given and family name."""
        organisation = self.organisation_name_ru or self.organisation_name_kk
        if self.applicant_kind in ORGANISATIONS and organisation:
            return organisation
        return f"{self.given_name} {self.family_name}"

    @classmethod
    def broken(cls, team: Self, limits: Limits) -> Mapping[str, Problem]:
        """An organisation has a name; links are with partners of this call."""
        problems: dict[str, Problem] = {}
        if team.applicant_kind in ORGANISATIONS and not (
            team.organisation_name_kk or team.organisation_name_ru
        ):
            problems["organisation_name_kk"] = ("team.organisation_without_name", {})
        if not set(team.partner_links) <= set(limits.organisations):
            problems["partner_links"] = ("choice.unknown", {})
        return problems

    @classmethod
    def worth_a_look(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """An address that looks mistyped; a BIN whose last digit does not fit."""
        notices: dict[str, Problem] = {}
        meant = email_meant(data.get("email") or "")
        if meant:
            notices["email"] = ("email.looks_mistyped", {"meant": meant})
        if bin_looks_wrong(data.get("bin") or ""):
            notices["bin"] = ("bin.check_digit", {})
        return notices
