"""The question about ties: before a text opens, and answered anew later."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.errors import Invalid
from app.pages.forms import Form, form_of
from app.pages.page import see_other
from app.pages.review_pages import read_page, tie_page, to_next
from app.reviews import actions
from app.reviews.inputs import TieInput
from app.reviews.queries import (
    Situation,
    in_hand,
)
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")
TieForm = Annotated[Form[TieInput], Depends(form_of(TieInput, "tie"))]


@router.get("/{call}/{code}/tie", name="reviews.tie")
def edit_tie(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str) -> Response:
    hand = in_hand(session, reviewer, code, now)
    if hand.own.situation not in {Situation.ASKED, Situation.SCORING}:
        return read_page(request, call, hand).response(request)
    given: dict[str, str | list[str]] = {"tie": hand.own.tie or "", "note": hand.own.tie_note}
    form = Form(TieInput, "tie", language_of(request), given)
    return tie_page(request, call, hand, form).response(request)


@router.post("/{call}/{code}/tie", name="reviews.answer_tie")
def answer_tie(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, form: TieForm
) -> Response:
    try:
        given = form.value()
        actions.answer_tie(session, reviewer, code, given, now)
    except Invalid as error:
        actions.check_open(session, reviewer, code, now)
        hand = in_hand(session, reviewer, code, now)
        return tie_page(request, call, hand, form.refused(error)).response(request, 422)
    if given.tie != "tie":
        return see_other(request, "reviews.edit", call=call, code=code)
    return to_next(request, session, reviewer, call, code, "tie_declared")
