"""The eligibility check in words: its questions, what was answered, and why a call is not for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.calls.eligibility import ANSWERS, EligibilityAnswers, Obstacle
from app.calls.public import PublicCheck
from app.messages import formats, words_of
from app.messages.labels import choices
from app.models.calls import CallKind
from app.pages.forms import FieldView, Option, element_id
from app.pages.page import path_to, text_in


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """One question with its answer, and where it can be changed."""

    question: str
    answer: str
    href: str


@dataclass(frozen=True, slots=True)
class ObstacleView:
    """One answer that stands in the way: why, and where else to go."""

    reason: str
    elsewhere: str


def question_view(check: PublicCheck, code: str, chosen: str, error: str, language: str) -> FieldView:
    """One question as radios; the label is the page's heading."""
    name = _words(check, code)
    words = words_of(language, name)
    answers = answer_words(code, language)
    return FieldView(
        id=element_id(code),
        name=code,
        control="radios",
        label=_filled(check, words.label, language),
        hint=words.hint,
        why=words.why,
        options=[Option(each, answers[each], "", each == chosen) for each in ANSWERS[code]],
        error=error,
    )


def answered_views(
    check: PublicCheck, answers: EligibilityAnswers, language: str, back: str = ""
) -> list[AnsweredView]:
    """What was answered so far, in the order of the questions; `back` is where a change leads back to."""
    query = f"?back={back}" if back else ""
    return [
        AnsweredView(
            _filled(check, words_of(language, _words(check, code)).label, language),
            answer_words(code, language)[answers.given[code]],
            path_to(language, "check.question", call=check.slug, step=step) + query,
        )
        for step, code in enumerate(check.questions, 1)
        if code in answers.given
    ]


def obstacle_views(check: PublicCheck, obstacles: Sequence[Obstacle], language: str) -> list[ObstacleView]:
    """Why the call is not, or not wholly, for this person, and where else to go."""
    reasons = choices(language, "check_reasons")
    return [
        ObstacleView(
            _filled(
                check, reasons.get(f"{each.question}.{each.answer}", reasons.get(each.question, "")), language
            ),
            text_in(language, check.settings.elsewhere(each.question)),
        )
        for each in obstacles
    ]


def answer_words(code: str, language: str) -> dict[str, str]:
    """Answer -> words of one question."""
    return dict(choices(language, "applicant_kind" if code == "kind" else f"check_{code}"))


def _words(check: PublicCheck, code: str) -> str:
    selecting = check.kind is CallKind.SELECTION and code == "place"
    return f"check.{'selection_place' if selecting else code}"


def _filled(check: PublicCheck, words: str, language: str) -> str:
    """The words with what is the call's own: its place, its ceiling, its least age, whom it takes."""
    kinds = choices(language, "applicant_kind")
    ceiling = formats.euros(language, check.ceiling_minor) if check.ceiling_minor is not None else ""
    if check.ceiling_tiyn is not None:
        ceiling = f"{ceiling} ({formats.tenge(language, check.ceiling_tiyn)})"
    return words.format(
        years=check.settings.least_age,
        place=text_in(language, check.settings.place.stored),
        ceiling=ceiling,
        kinds="; ".join(kinds[each] for each in kinds if each in check.settings.kinds),
    )
