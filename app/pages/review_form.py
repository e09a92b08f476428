"""A review as its page shows it: by criterion, the application's answers and the score card beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.applications.blind import BlindCard
from app.errors import Invalid, Problem
from app.messages import words_of
from app.messages.answers import in_language
from app.messages.labels import choices
from app.pages.forms import FieldView, Form, element_id
from app.pages.review_texts import Texts
from app.reviews.completeness import CRITERION, REMARKS
from app.reviews.inputs import CANNOT_JUDGE, REASON_CAP, ReviewInput, TypedReview
from app.reviews.queries import InHand
from app.reviews.rubric import Rubric, RubricCriterion

NOT_YET, NOT_JUDGED = "–", "?"
CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class Point:
    """One radio of a scale: a score with its anchor, or the refusal to judge."""

    value: str
    label: str
    checked: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A score card, as `ui/scale.html` wants it."""

    id: str
    name: str
    legend: str
    hint: str
    error: str
    points: Sequence[Point]
    cannot_judge: Point | None
    reason: FieldView | None


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion: what feeds it, and its score card. `mark` is what the bar says of it, at `mark_id`.

    The text is `folded` but beside the first card that is still empty: a phone shows one of them. `again`
    are sections that stand above already, beside another criterion that they feed too: (where, title).
    """

    id: str
    mark_id: str
    title: str
    asks: str
    weight: int
    texts: Sequence[str]
    scale: Scale
    mark: str
    folded: bool = False
    again: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One difference between two versions."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class EarlierView:
    """A version of one's review in words, (label, text), with when and why another took its place."""

    at: datetime
    items: Sequence[tuple[str, str]]
    changed_at: datetime
    reason: str


def flat(review: ReviewInput) -> dict[str, str | list[str]]:
    """A review as the form's fields hold it."""
    given: dict[str, str | list[str]] = {name: getattr(review, name) or "" for name in REMARKS}
    for code, cell in review.scores.items():
        score = CANNOT_JUDGE if cell.cannot_judge else "" if cell.score is None else str(cell.score)
        given[f"scores.{code}.score"] = score
        given[f"scores.{code}.reason"] = cell.reason
    return given


def titled(language: str, rubric: Rubric, error: Invalid) -> Invalid:
    """The same refusal with criteria by their titles instead of their codes."""

    def with_title(problem: Problem) -> Problem:
        code, params = problem
        criterion = rubric.get(str(params.get(CRITERION, "")))
        return (code, {**params, CRITERION: in_language(language, criterion.title)}) if criterion else problem

    return Invalid({field: with_title(problem) for field, problem in error.fields.items()})


def criteria_views(language: str, hand: InHand, form: Form[TypedReview], texts: Texts) -> list[CriterionView]:
    """Every criterion in its published order, with the sections that feed it; none of them twice."""
    titles, shown, views = choices(language, "sections"), dict[str, str](), []
    marked = [(criterion.code, _mark(form.given, criterion.code)) for criterion in hand.rubric]
    first = next((code for code, mark in marked if mark == NOT_YET), "")
    for criterion, (code, mark) in zip(hand.rubric, marked, strict=True):
        fed = [section for section in criterion.sections if section in texts]
        here = f"criterion-{code}"
        views.append(
            CriterionView(
                id=here,
                mark_id=mark_id(code),
                title=in_language(language, criterion.title),
                asks=in_language(language, criterion.asks),
                weight=criterion.weight,
                texts=[texts[section] for section in fed if section not in shown],
                scale=_scale(language, criterion, form),
                mark=mark,
                folded=code != first,
                again=[(shown[section], titles[section]) for section in fed if section in shown],
            )
        )
        shown.update((section, here) for section in fed if section not in shown)
    return views


def card_of(language: str, criterion: RubricCriterion, chosen: str) -> CriterionView:
    """A criterion with its score card alone: nothing beside it, and no reason asked."""
    name = f"scores.{criterion.code}.score"
    form = Form(TypedReview, "review", language, {name: chosen})
    return CriterionView(
        id=f"criterion-{criterion.code}",
        mark_id=mark_id(criterion.code),
        title=in_language(language, criterion.title),
        asks=in_language(language, criterion.asks),
        weight=criterion.weight,
        texts=[],
        scale=replace(_scale(language, criterion, form), reason=None),
        mark=NOT_YET,
    )


def opening_texts(rubric: Rubric, texts: Texts) -> list[str]:
    """The sections that feed no criterion and stand before all."""
    fed = {section for criterion in rubric for section in criterion.sections}
    return [text for section, text in texts.items() if section not in fed]


def differences(language: str, rubric: Rubric, given: Mapping[str, Any], stored: ReviewInput) -> list[Pair]:
    """What is different between the form and what is stored, in words and in the form's order."""
    theirs = flat(stored)
    pairs = []
    for name, label in _labels(language, rubric):
        mine = str(given.get(name, "")).strip().replace("\r\n", "\n")
        if mine != theirs.get(name, ""):
            pairs.append(Pair(label, _said(language, name, mine), _said(language, name, str(theirs[name]))))
    return pairs


def written(language: str, rubric: Rubric, review: ReviewInput) -> list[tuple[str, str]]:
    """What a review says, as (label, text), without what was left empty."""
    given = flat(review)
    return [
        (label, _said(language, name, str(given[name])))
        for name, label in _labels(language, rubric)
        if given[name]
    ]


def earlier_views(language: str, hand: InHand) -> list[EarlierView]:
    """What one's review said before, the latest first."""
    return [
        EarlierView(each.at, written(language, hand.rubric, each.review), each.changed_at, each.reason)
        for each in hand.earlier
    ]


def _labels(language: str, rubric: Rubric) -> Iterator[tuple[str, str]]:
    score, reason = (words_of(language, f"review.{name}").label for name in ("score", "reason"))
    for criterion in rubric:
        title = in_language(language, criterion.title)
        yield f"scores.{criterion.code}.score", f"{title} · {score}"
        yield f"scores.{criterion.code}.reason", f"{title} · {reason}"
    for name in REMARKS:
        yield name, words_of(language, f"review.{name}").label


def _said(language: str, name: str, text: str) -> str:
    if name.endswith(".score") and text == CANNOT_JUDGE:
        return words_of(language, "review.cannot_judge").label
    if name == CONFIDENCE and text:
        return choices(language, CONFIDENCE).get(text, text)
    return text or NOT_YET


def _scale(language: str, criterion: RubricCriterion, form: Form[TypedReview]) -> Scale:
    name, reason = f"scores.{criterion.code}.score", f"scores.{criterion.code}.reason"
    chosen = form.given.get(name, "")
    cannot, why = words_of(language, "review.cannot_judge"), words_of(language, "review.reason")
    return Scale(
        id=element_id(name),
        name=name,
        legend=f"{in_language(language, criterion.title)}: {words_of(language, 'review.score').label}",
        hint=in_language(language, criterion.asks),
        error=form.error(name),
        points=[
            Point(str(score), in_language(language, anchor), chosen == str(score))
            for score, anchor in criterion.anchors.items()
        ],
        cannot_judge=Point(CANNOT_JUDGE, cannot.label, chosen == CANNOT_JUDGE, cannot.hint),
        reason=FieldView(
            id=element_id(reason),
            name=reason,
            control="textarea",
            label=why.label,
            hint=why.hint,
            value=str(form.given.get(reason, "")),
            error=form.error(reason),
            cap=REASON_CAP,
            rows=4,
        ),
    )


def mark_id(code: str) -> str:
    """Where the bar says what a criterion was given."""
    return f"mark-{code}"


def marks(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the bar says now of each criterion that was answered, as (id, mark)."""
    codes = [name.removeprefix("scores.").removesuffix(".score") for name in given if name.endswith(".score")]
    return [(mark_id(code), _mark(given, code)) for code in codes]


def _mark(given: Mapping[str, Any], code: str) -> str:
    chosen = str(given.get(f"scores.{code}.score", ""))
    return NOT_JUDGED if chosen == CANNOT_JUDGE else chosen or NOT_YET


def card_facts(language: str, card: BlindCard, themes: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The neutral facts of the card, as (label, words), without what is empty; `themes` are the call's."""
    names = {theme["code"]: in_language(language, theme["name"]) for theme in themes}
    districts, kinds = choices(language, "districts"), choices(language, "stakeholder_kind")
    facts = (
        ("card.theme", names.get(card.theme, "")),
        ("card.districts", ", ".join(districts.get(each, each) for each in card.districts)),
        ("card.stakeholders", ", ".join(kinds.get(each, each) for each in card.stakeholder_kinds)),
    )
    return [(words_of(language, code).label, words) for code, words in facts if words]
