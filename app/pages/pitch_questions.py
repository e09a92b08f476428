"""What a reviewer asks finalists before they pitch; a finalist never learns who asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.errors import Conflict, Invalid
from app.events.questions import BlindFinalist, QuestionInput, ask, askable, take_back
from app.messages import sentence
from app.pages.forms import Form, Option, Typed, form_of, one
from app.pages.page import Page, see_other
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review/{call}/pitch-questions")
QuestionForm = Annotated[Form[QuestionInput], Depends(form_of(QuestionInput, "pitch_question"))]


@dataclass(frozen=True, kw_only=True)
class PitchQuestions(Page):
    """The finalists whom one may ask, and what one has asked."""

    template = "pitch/questions.html"
    call: str
    rows: Sequence[BlindFinalist]
    open: bool
    form: Form[QuestionInput]
    refused: str


@router.get("", name="pitch_questions.list")
def list_questions(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str) -> Response:
    form = Form(QuestionInput, "pitch_question", language_of(request))
    return _page(request, session, reviewer, now, call, form).response(request)


@router.post("", name="pitch_questions.ask")
def ask_now(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, form: QuestionForm
) -> Response:
    try:
        ask(session, reviewer, form.value(), now)
    except Invalid as error:
        page = _page(request, session, reviewer, now, call, form.refused(error))
        return page.response(request, 422)
    except Conflict as error:
        words = sentence(language_of(request), error.code, error.params)
        return _page(request, session, reviewer, now, call, form, words).response(request, 409)
    return see_other(request, "pitch_questions.list", call=call, done="question_asked")


@router.post("/take-back", name="pitch_questions.take_back")
def take_back_now(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, typed: Typed
) -> Response:
    take_back(session, reviewer, one(typed, "question"), now)
    return see_other(request, "pitch_questions.list", call=call, done="question_taken_back")


def _page(
    request: Request,
    session: Db,
    reviewer: AsReviewer,
    now: Now,
    call: str,
    form: Form[QuestionInput],
    refused: str = "",
) -> PitchQuestions:
    rows = askable(session, reviewer, now)
    offered = [Option(each.application, f"{each.application} · {each.title}") for each in rows if each.open]
    return PitchQuestions(
        call=call, rows=rows, open=bool(offered), form=form.offering(application=offered), refused=refused
    )
