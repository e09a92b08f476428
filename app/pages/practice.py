"""Practising on invented proposals: one's own scores beside the panel's. Nothing of it is stored."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.messages import words_of
from app.messages.answers import in_language
from app.pages.page import Page
from app.pages.review_form import NOT_YET, CriterionView, card_of
from app.pages.review_texts import Texts, laid_out
from app.reviews.inputs import CANNOT_JUDGE, ScoreInput
from app.reviews.practice import Compared, OwnPractice, compared, own_practice
from app.reviews.rubric import RubricCriterion
from app.web.actors import AsReviewer
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")


@dataclass(frozen=True, slots=True)
class ComparedView:
    """One criterion in words: what one gave oneself, what the panel gave and why."""

    title: str
    own: str
    panel: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PracticeShow(Page):
    """An invented proposal beside its score cards; `compared` once something was given."""

    template = "reviews/practice.html"
    call: str
    call_title: str
    number: int
    title: str
    summary: str
    criteria: list[CriterionView]
    compared: list[ComparedView]
    following: int | None


@router.get("/{call}/practice/{number}", name="reviews.practice")
def practise(request: Request, session: Db, reviewer: AsReviewer, call: str, number: int) -> Response:
    language = language_of(request)
    own = own_practice(session, reviewer, number, language)
    asked = request.query_params
    given = {each.code: asked.get(f"scores.{each.code}.score", "") for each in own.rubric}
    sections = own.proposal.sections
    texts = laid_out(language, [], [], {}, sections, language, set(sections))
    return PracticeShow(
        call=call,
        call_title=in_language(language, own.call),
        number=number,
        title=own.proposal.title,
        summary=own.proposal.summary,
        criteria=_criteria(language, own, given, texts),
        compared=_compared(language, own, given),
        following=own.following,
    ).response(request)


def _criteria(language: str, own: OwnPractice, given: dict[str, str], texts: Texts) -> list[CriterionView]:
    views = []
    for each in own.rubric:
        view = card_of(language, each, given[each.code])
        views.append(replace(view, texts=[texts[name] for name in each.sections if name in texts]))
    return views


def _compared(language: str, own: OwnPractice, given: dict[str, str]) -> list[ComparedView]:
    """What is no score of the criterion's scale was typed into the address, and is none."""
    scores = {each.code: _score(each, given[each.code]) for each in own.rubric}
    return [
        ComparedView(
            title=in_language(language, each.title),
            own=_own(language, each),
            panel=each.panel,
            reason=in_language(language, each.reason),
        )
        for each in compared(own, scores)
    ]


def _score(criterion: RubricCriterion, chosen: str) -> ScoreInput:
    if chosen == CANNOT_JUDGE:
        return ScoreInput(cannot_judge=True)
    known = {str(score): score for score in range(criterion.scale_min, criterion.scale_max + 1)}
    return ScoreInput(score=known.get(chosen))


def _own(language: str, each: Compared) -> str:
    if each.cannot_judge:
        return words_of(language, "review.cannot_judge").label
    return NOT_YET if each.own is None else str(each.own)
