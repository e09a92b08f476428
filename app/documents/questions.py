"""Every question of a call as a document, from the form that was frozen when the call opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.calls.form import CallForm
from app.calls.form_views import CriterionView, QuestionView, SectionView, criterion_views, section_views
from app.documents.press import pressed
from app.documents.sender import Sender, common_words
from app.messages import formats, translations
from app.messages.labels import choices

MOST_COLUMNS = 5
"""Rows with more questions are laid out one question a line."""
MOST_BLANK = 3
LETTERS_A_LINE = 85
BEFORE_TIME = datetime(2020, 1, 1, tzinfo=UTC)
"""The date in a document of a call that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What is drafted offline, in one language: in one order and with the words of the form.

    `facts` are (label, words) about the call; `at` is the date that the document bears.
    """

    language: str
    slug: str
    title: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[SectionView]
    criteria: Sequence[CriterionView]
    at: datetime

    @property
    def lead(self) -> str:
        """What this is."""
        return translations(self.language).ugettext(
            "This is the whole form. Nothing else is asked before you win."
        )

    @property
    def how(self) -> str:
        """How to use it."""
        return translations(self.language).ugettext(
            "Draft your answers here, on paper or in this file. They are sent on the site only: copy them "
            "there before the deadline. The site counts characters and sums for you."
        )

    @property
    def rubric(self) -> str:
        """How to read the rubric."""
        return translations(self.language).ugettext(
            "Reviewers read your application without your name and give each criterion a score with a "
            "reason. These words are all they go by."
        )

    @property
    def words(self) -> dict[str, str]:
        """The words between the questions."""
        gettext = translations(self.language).ugettext
        return {
            "heading": gettext("All questions"),
            "optional": gettext("optional"),
            "why": gettext("Why we ask"),
            "minutes": gettext("Minutes"),
            "scored": gettext("How it is scored"),
            "score": gettext("The score"),
            "meaning": gettext("What it means"),
            "help": gettext("Do you need help?"),
            "answer": gettext("Your answer"),
        }


def questions_of(
    form: CallForm,
    language: str,
    *,
    slug: str,
    title: str,
    facts: Sequence[tuple[str, str]],
    at: datetime | None,
) -> Questions:
    """The frozen form of a call in a language."""
    gettext = translations(language).ugettext
    minutes = (
        gettext("Time it takes, in as many sittings as you like"),
        formats.duration(language, form.minutes),
    )
    return Questions(
        language=language,
        slug=slug,
        title=title,
        facts=[*facts, minutes],
        sections=section_views(form, language),
        criteria=criterion_views(form, language),
        at=at or BEFORE_TIME,
    )


def blank_rows(question: QuestionView) -> int:
    """How many empty rows there are to draft in: as many as are needed, and one more of a short list."""
    least, most = question.rows or (0, 0)
    return max(1, min(least + 1, most, MOST_BLANK))


def is_wide(question: QuestionView) -> bool:
    """Whether a row asks too much for the columns of a table."""
    return len(question.questions) > MOST_COLUMNS


def row_name(question: QuestionView, language: str) -> str:
    """What one row of a table is called."""
    return choices(language, "rows").get(question.code, question.label)


def questions_pdf(questions: Questions, sender: Sender) -> bytes:
    """The PDF, with room to write by hand."""
    words = questions.words
    data = {
        **sender.data(),
        "lang": questions.language,
        "title": f"{words['heading']}: {questions.title}",
        "running": f"{words['heading']} · {questions.title}",
        "foot": f"{sender.brand} · {questions.title}",
        "caption": questions.title,
        "heading": words["heading"],
        "lead": questions.lead,
        "how": questions.how,
        "rubric": questions.rubric,
        "facts": [{"label": label, "text": text} for label, text in questions.facts],
        "sections": [_section(questions, section) for section in questions.sections],
        "criteria": [
            {
                "title": each.title,
                "weight": each.weight,
                "asks": each.asks,
                "anchors": [{"score": anchor.score, "text": anchor.text} for anchor in each.anchors],
            }
            for each in questions.criteria
        ],
        "words": {**common_words(questions.language), **words},
    }
    return pressed("questions", data, questions.at)


def fed_criteria(section: SectionView) -> str:
    """The criteria that a section feeds, with their weights."""
    return ", ".join(f"{each.title} ({each.weight} %)" for each in section.criteria)


def _section(questions: Questions, section: SectionView) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": section.title,
        "sees": section.sees,
        "minutes": section.minutes,
        "criteria": fed_criteria(section),
        "questions": [
            {"number": f"{section.number}.{place}", **_question(questions.language, each)}
            for place, each in enumerate(section.questions, 1)
        ],
    }


def _question(language: str, question: QuestionView) -> dict[str, Any]:
    return {
        "label": question.label,
        "optional": question.optional,
        "hint": question.hint,
        "why": question.why,
        "facts": " · ".join(question.facts),
        "options": list(question.options),
        "lines": _lines(question),
        "share": 2 if (question.cap or 0) < 120 else 3,
        "wide": is_wide(question),
        "blank": blank_rows(question),
        "row": row_name(question, language),
        "questions": [_question(language, each) for each in question.questions],
    }


def _lines(question: QuestionView) -> int:
    """Lines to write on: of a long answer about a third of what is allowed, the rest goes on other paper."""
    cap = question.cap or 0
    return 1 if cap <= LETTERS_A_LINE else max(2, min(12, cap // LETTERS_A_LINE // 2))
