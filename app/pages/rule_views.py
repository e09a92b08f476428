"""Each published rule with what its applicants said about it: nobody has to seek it in the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.actions.screening import ScreeningInput
from app.applications.full import FullApplication
from app.applications.rules import ABOUT, FINDINGS
from app.applications.screened import FullScreening
from app.calls.titles import organisation_names
from app.messages import formats, sentence, words_of
from app.messages.answers import Names, call_names, in_language, shown, with_activities
from app.messages.labels import choices
from app.pages.check_views import answer_words
from app.pages.forms import FieldView, Form, Option, element_id

TOLD = frozenset({"kind", "amount", "who_cannot"})
"""The rules of which `_about` says what was answered."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the team said; `own` marks its own words."""

    label: str
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule as radios, and what was said about it."""

    field: FieldView
    facts: Sequence[Fact]


def rule_views(
    session: Session,
    coordinator: Coordinator,
    language: str,
    found: FullScreening,
    sent: FullApplication,
    form: Form[ScreeningInput],
) -> list[RuleView]:
    """The rules of the call in their order."""
    links = organisation_names(session, coordinator, language) if found.applies_as.links else {}
    names = with_activities(
        language,
        call_names(language, sent.themes, sent.priorities, sent.own_question),
        sent.sections.get("work_plan", {}),
    )
    return [
        RuleView(
            _field(language, rule, found, form),
            [
                *_before(language, rule, found),
                *_about(language, rule, found, links),
                *_answers(language, rule, sent, names),
            ],
        )
        for rule in found.rules
    ]


def _field(language: str, rule: str, found: FullScreening, form: Form[ScreeningInput]) -> FieldView:
    name = f"checks.{rule}"
    given = form.given.get(name, "")
    words = choices(language, "screening_findings")
    return FieldView(
        id=element_id(name),
        name=name,
        control="yesno",
        label=choices(language, "screening_rules")[rule],
        hint=_hint(language, rule, found),
        options=[Option(each, words[each], "", each == given) for each in FINDINGS],
        error=form.error(name),
    )


def _hint(language: str, rule: str, found: FullScreening) -> str:
    """What a rule is judged by, where that is no answer of the form."""
    if rule == "who_cannot":
        return in_language(language, found.excluded)
    return sentence(language, "screening.age_by") if rule == "age" else ""


def _before(language: str, rule: str, found: FullScreening) -> list[Fact]:
    if rule not in found.answered:
        return []
    answer = answer_words(rule, language)[found.answered[rule]]
    return [Fact(sentence(language, "screening.before"), answer)]


def _about(language: str, rule: str, found: FullScreening, links: Mapping[str, str]) -> list[Fact]:
    said, kinds = found.applies_as, choices(language, "applicant_kind")
    kind = [Fact(words_of(language, "team.applicant_kind").label, kinds[said.kind])] if said.kind else []
    match rule:
        case "kind":
            wanted = "; ".join(words for code, words in kinds.items() if code in said.kinds)
            return [*kind, Fact(sentence(language, "screening.kinds"), wanted)]
        case "who_cannot":
            named = "; ".join(links.get(code, code) for code in said.links)
            return kind + ([Fact(words_of(language, "team.partner_links").label, named)] if named else [])
        case "amount" if said.asked_minor is not None and said.ceiling_minor is not None:
            asked = formats.money(language, said.asked_minor, said.rate_minor)
            ceiling = formats.euros(language, said.ceiling_minor)
            return [
                Fact(sentence(language, "screening.asked"), asked),
                Fact(sentence(language, "screening.ceiling"), ceiling),
            ]
    return []


def _answers(language: str, rule: str, sent: FullApplication, names: Names) -> list[Fact]:
    wanted = () if rule in TOLD else ABOUT.get(rule, ())
    return [
        Fact(each.label, each.text, each.own)
        for section in dict.fromkeys(field.partition(".")[0] for field in wanted)
        if section in sent.sections
        for each in shown(language, section, sent.sections[section], names)
        if f"{section}.{each.name}" in wanted and each.text
    ]
