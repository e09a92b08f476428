"""A call's frozen form and rubric in one language: for the public pages, the previews, the documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.calls.examples import examples
from app.calls.form import CallForm, FormCriterion, FormQuestion, FormSection
from app.messages import formats
from app.messages.answers import in_language
from app.messages.labels import choices
from app.messages.lengths import length_in_words


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
    """One question as everybody reads it; `facts` are its limits in words.

    `cap` in characters, and `rows` the fewest and the most of a table, say how much room an answer needs.
    """

    label: str
    hint: str
    why: str
    optional: bool
    facts: Sequence[str]
    options: Sequence[str]
    questions: Sequence["QuestionView"]
    cap: int | None = None
    rows: tuple[int, int] | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ExampleView:
    """What an invented project answers to one question."""

    question: str
    answer: str


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
    example: Sequence[ExampleView]


PUBLIC_IF_WON = frozenset(
    {"brief.title", "brief.summary", "brief.theme", "brief.districts", "motivation.title"}
)
"""The answers that are published of a winner."""


def criterion_views(form: CallForm, language: str) -> list[CriterionView]:
    """The rubric in a language."""
    return [_criterion(each, language) for each in form.criteria]


def section_views(form: CallForm, language: str) -> list[SectionView]:
    """Every section with every question in a language."""
    return [_section(each, number, form, language) for number, each in enumerate(form.sections, 1)]


def _criterion(criterion: FormCriterion, language: str) -> CriterionView:
    return CriterionView(
        code=criterion.code,
        title=in_language(language, criterion.title),
        asks=in_language(language, criterion.asks),
        weight=criterion.weight,
        tie_position=criterion.tie_position,
        anchors=[
            AnchorView(score, in_language(language, criterion.anchors[score]))
            for score in (str(score) for score in range(criterion.scale_max, criterion.scale_min - 1, -1))
            if score in criterion.anchors
        ],
    )


def _section(section: FormSection, number: int, form: CallForm, language: str) -> SectionView:
    sees = choices(language, "who_sees")
    criteria = [_criterion(each, language) for each in form.criteria if each.code in section.criteria]
    feeds = [each.title for each in criteria]
    return SectionView(
        code=section.code,
        number=number,
        title=in_language(language, section.title),
        minutes=section.minutes,
        sees=sees["identity" if section.identity else "blind"],
        questions=[_question(each, section, feeds, language) for each in section.questions],
        criteria=criteria,
        example=_example(section, language),
    )


def _example(section: FormSection, language: str) -> list[ExampleView]:
    """The invented project's answers to those questions that this call asks, in their order."""
    answers = examples().get(section.code, {})
    named = ((each, each.code.partition(".")[2]) for each in section.questions)
    return [
        ExampleView(in_language(language, each.label), in_language(language, answers[name]))
        for each, name in named
        if name in answers
    ]


def _question(
    question: FormQuestion, section: FormSection, feeds: Sequence[str], language: str, *, inner: bool = False
) -> QuestionView:
    return QuestionView(
        label=in_language(language, question.label),
        hint=in_language(language, question.hint),
        why=in_language(language, question.why),
        optional=question.optional,
        facts=_facts(question, language) if inner else _all_facts(question, section, feeds, language),
        options=[in_language(language, each.label) for each in question.choices],
        questions=[_question(each, section, feeds, language, inner=True) for each in question.questions],
        cap=question.cap,
        rows=question.rows,
        code=question.code,
    )


def _all_facts(
    question: FormQuestion, section: FormSection, feeds: Sequence[str], language: str
) -> list[str]:
    """Its limits, who will see the answer, and the criteria that it feeds."""
    sees, words = choices(language, "who_sees"), choices(language, "question_facts")
    facts = _facts(question, language)
    if section.identity or not question.blind:
        facts.append(sees["only_coordinator"])
    else:
        facts.append(sees["reviewers"])
        facts += [words["feeds"].format(criterion=each) for each in feeds]
    if question.code in PUBLIC_IF_WON:
        facts.append(sees["public"])
    return facts


def _facts(question: FormQuestion, language: str) -> list[str]:
    words = choices(language, "question_facts")
    facts: list[str] = []
    if question.guide:
        facts.append(length_in_words(language, question.guide))
    if question.cap:
        facts.append(words["cap"].format(cap=formats.number(language, question.cap)))
    if question.rows:
        facts.append(words["rows"].format(least=question.rows[0], most=question.rows[1]))
    return facts
