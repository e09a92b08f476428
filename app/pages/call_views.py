"""A call's frozen form and rubric in the words of a page: for the public, and for the previews."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.calls.form import CallForm, FormCriterion, FormQuestion, FormSection
from app.messages import formats
from app.messages.labels import choices
from app.pages.forms import length_in_words
from app.pages.page import text_in


@dataclass(frozen=True, slots=True)
class AnchorView:
    """What one score means."""

    score: str
    text: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion as everybody reads it."""

    code: str
    title: str
    asks: str
    weight: int
    tie_position: int
    anchors: Sequence[AnchorView]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as everybody reads it; `facts` are its limits in words."""

    label: str
    hint: str
    why: str
    optional: bool
    facts: Sequence[str]
    options: Sequence[str]
    questions: Sequence["QuestionView"]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section of the form: who sees it, which criteria it feeds."""

    code: str
    number: int
    title: str
    minutes: int
    sees: str
    questions: Sequence[QuestionView]
    criteria: Sequence[CriterionView]


def criterion_views(form: CallForm, language: str) -> list[CriterionView]:
    """The rubric in a language."""
    return [_criterion(each, language) for each in form.criteria]


def section_views(form: CallForm, language: str) -> list[SectionView]:
    """Every section with every question in a language."""
    return [_section(each, number, form, language) for number, each in enumerate(form.sections, 1)]


def _criterion(criterion: FormCriterion, language: str) -> CriterionView:
    return CriterionView(
        code=criterion.code,
        title=text_in(language, criterion.title),
        asks=text_in(language, criterion.asks),
        weight=criterion.weight,
        tie_position=criterion.tie_position,
        anchors=[
            AnchorView(score, text_in(language, criterion.anchors[score]))
            for score in (str(score) for score in range(criterion.scale_max, criterion.scale_min - 1, -1))
            if score in criterion.anchors
        ],
    )


def _section(section: FormSection, number: int, form: CallForm, language: str) -> SectionView:
    sees = choices(language, "who_sees")
    return SectionView(
        code=section.code,
        number=number,
        title=text_in(language, section.title),
        minutes=section.minutes,
        sees=sees["identity" if section.identity else "blind"],
        questions=[_question(each, section, language) for each in section.questions],
        criteria=[_criterion(each, language) for each in form.criteria if each.code in section.criteria],
    )


def _question(question: FormQuestion, section: FormSection, language: str) -> QuestionView:
    return QuestionView(
        label=text_in(language, question.label),
        hint=text_in(language, question.hint),
        why=text_in(language, question.why),
        optional=question.optional,
        facts=_facts(question, section, language),
        options=[text_in(language, each.label) for each in question.choices],
        questions=[_question(each, section, language) for each in question.questions],
    )


def _facts(question: FormQuestion, section: FormSection, language: str) -> list[str]:
    words = choices(language, "question_facts")
    facts: list[str] = []
    if question.guide:
        facts.append(length_in_words(language, question.guide))
    if question.cap:
        facts.append(words["cap"].format(cap=formats.number(language, question.cap)))
    if question.rows:
        facts.append(words["rows"].format(least=question.rows[0], most=question.rows[1]))
    if not question.blind and not section.identity:
        facts.append(choices(language, "who_sees")["coordinator"])
    return facts
