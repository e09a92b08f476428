"""The eligibility check: one question a page, plain POST-redirects, before anybody signs in.

Whoever does not fit is told why and where else to go: that is a result, never an error. The answers stay
with the browser (`web/checked.py`) and go along when an application begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from app.calls.eligibility import EligibilityAnswers, outcome_of
from app.calls.phase import Phase
from app.calls.public import PublicCheck, public_calls, public_check
from app.errors import NotFound
from app.messages import sentence
from app.messages.labels import choices
from app.pages.check_views import AnsweredView, ObstacleView, answered_views, obstacle_views, question_view
from app.pages.forms import FieldView, Mistake, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.setup_part import Summary
from app.web.actors import is_on_the_panel
from app.web.checked import checked_answers, keep_answers
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/check")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]
BEFORE_CLOSING = frozenset({Phase.SCHEDULED, Phase.OPEN})
"""While somebody can still begin: in the grace after that only what was begun is received."""
BACK = {"consent": "applications.consent", "result": "check.result"}
"""Where answers are shown to be changed, and where a change therefore leads back to."""
TONES = {"yes": "ok", "probably": "info", "no": ""}


@dataclass(frozen=True, slots=True)
class OtherCall:
    """Another call that somebody might fit better."""

    title: str
    purpose: str
    href: str


@dataclass(frozen=True, kw_only=True)
class CheckQuestion(Page):
    """One question."""

    template = "check/question.html"
    slug: str
    title: str
    step: int
    steps: int
    back: str
    action: str
    field: FieldView
    wrong: Summary


@dataclass(frozen=True, kw_only=True)
class CheckResult(Page):
    """What the answers say, why, and where else to go."""

    template = "check/result.html"
    slug: str
    title: str
    heading: str
    verdict: str
    tone: str
    begins: bool
    waits: bool
    obstacles: Sequence[ObstacleView]
    answered: Sequence[AnsweredView]
    others: Sequence[OtherCall]


@router.get("/result", name="check.result")
def result(request: Request, session: Db, now: Now, call: str) -> Response:
    """The verdict; whoever has not answered everything is led to the first question that waits."""
    check = public_check(session, call, now)
    answers = checked_answers(request, call, now)
    open_ones = [step for step, code in enumerate(check.questions, 1) if code not in answers.given]
    if check.phase not in BEFORE_CLOSING or not check.questions:
        return see_other(request, "calls.show", call=call)
    if open_ones:
        return see_other(request, "check.question", call=call, step=open_ones[0])
    return _result(request, session, check, answers, now).response(request)


@router.get("/{step}", name="check.question")
def question(request: Request, session: Db, now: Now, call: str, step: str, back: str = "") -> Response:
    check = public_check(session, call, now)
    place = _place(check, step)
    if check.phase not in BEFORE_CLOSING:
        return see_other(request, "calls.show", call=call)
    chosen = checked_answers(request, call, now).given.get(check.questions[place], "")
    return _question(request, check, place, chosen, back).response(request)


@router.post("/{step}", name="check.answer")
def answer(
    request: Request, session: Db, now: Now, call: str, step: str, given: Given, back: str = ""
) -> Response:
    """Keep one answer and go on, or back to where it was changed from; a missing one is asked for again."""
    check = public_check(session, call, now)
    place = _place(check, step)
    code = check.questions[place]
    before = checked_answers(request, call, now).given
    try:
        answers = EligibilityAnswers.model_validate({**before, code: given.get(code)})
    except ValidationError:
        answers = EligibilityAnswers()
    if code not in answers.given:
        error = sentence(language_of(request), "check.unanswered")
        return _question(request, check, place, before.get(code, ""), back, error).response(request, 422)
    response = _next(request, check, place, answers, back)
    keep_answers(request, response, call, answers, now)
    return response


def _next(
    request: Request, check: PublicCheck, place: int, answers: EligibilityAnswers, back: str
) -> Response:
    """The next question, or where a change came from; whom the change leaves out is told why first."""
    fits = outcome_of(check.settings, check.questions, answers).verdict != "no"
    if back == "consent" and fits and check.phase is Phase.OPEN:
        return see_other(request, "applications.consent", call=check.slug)
    if back in BACK or place + 1 == len(check.questions):
        return see_other(request, "check.result", call=check.slug)
    return see_other(request, "check.question", call=check.slug, step=place + 2)


def _place(check: PublicCheck, step: str) -> int:
    """The place of a question in the check; there is none at any other number."""
    known = {str(number): number - 1 for number in range(1, len(check.questions) + 1)}
    if step not in known:
        raise NotFound
    return known[step]


def _question(
    request: Request, check: PublicCheck, place: int, chosen: str, back: str, error: str = ""
) -> CheckQuestion:
    language = language_of(request)
    action = path_to(language, "check.answer", call=check.slug, step=place + 1)
    before = path_to(language, "check.question", call=check.slug, step=place)
    view = question_view(check, check.questions[place], chosen, error, language)
    return CheckQuestion(
        slug=check.slug,
        title=text_in(language, check.title),
        step=place + 1,
        steps=len(check.questions),
        back=path_to(language, BACK.get(back, "calls.show"), call=check.slug)
        if back in BACK or not place
        else before,
        action=f"{action}?back={back}" if back in BACK else action,
        field=view,
        wrong=Summary([Mistake(f"#{view.id}", error)] if error else []),
    )


def _result(
    request: Request, session: Session, check: PublicCheck, answers: EligibilityAnswers, now: datetime
) -> CheckResult:
    language = language_of(request)
    outcome = outcome_of(check.settings, check.questions, answers)
    fits = outcome.verdict != "no"
    opened = check.phase is Phase.OPEN and not is_on_the_panel(request, session, check.slug, now)
    return CheckResult(
        slug=check.slug,
        title=text_in(language, check.title),
        heading=choices(language, "check_verdicts")[outcome.verdict],
        verdict=outcome.verdict,
        tone=TONES[outcome.verdict],
        begins=fits and opened,
        waits=fits and check.phase is Phase.SCHEDULED,
        obstacles=obstacle_views(check, outcome.obstacles, language),
        answered=answered_views(check, answers, language, "result"),
        others=[] if fits else _others(session, check.slug, language, now),
    )


def _others(session: Session, slug: str, language: str, now: datetime) -> list[OtherCall]:
    """The other calls of the programme that are open or will be."""
    return [
        OtherCall(
            text_in(language, each.title),
            text_in(language, each.purpose),
            path_to(language, "calls.show", call=each.slug),
        )
        for each in public_calls(session, now)
        if each.phase in {Phase.OPEN, Phase.SCHEDULED} and each.slug != slug
    ]
