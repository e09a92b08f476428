"""What a reviewer tells the coordinators of an application."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.errors import Invalid, NotFound
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.reviews.flagging import check_flagging, flag_own
from app.reviews.inputs import OwnFlagInput
from app.reviews.queries import (
    Situation,
    in_hand,
)
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")
FlagForm = Annotated[Form[OwnFlagInput], Depends(form_of(OwnFlagInput, "flag"))]


@dataclass(frozen=True, kw_only=True)
class ReviewFlag(Page):
    """What one tells the coordinator of an application."""

    template = "reviews/flag.html"
    call: str
    code: str
    form: Form[OwnFlagInput]


@router.get("/{call}/{code}/flag", name="reviews.flag")
def show_flag(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str
) -> Response:
    situation = in_hand(session, reviewer, code, now).own.situation
    if situation is Situation.TIED:
        raise NotFound
    if situation is not Situation.SCORING:
        return see_other(request, "reviews.edit", call=call, code=code)
    form = Form(OwnFlagInput, "flag", language_of(request))
    return ReviewFlag(call=call, code=code, form=form).response(request)


@router.post("/{call}/{code}/flag", name="reviews.raise_flag")
def raise_flag(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, form: FlagForm
) -> Response:
    try:
        flag_own(session, reviewer, code, form.value(), now)
    except Invalid as error:
        check_flagging(session, reviewer, code, now)
        return ReviewFlag(call=call, code=code, form=form.refused(error)).response(request, 422)
    return see_other(request, "reviews.edit", call=call, code=code, done="flag_raised")
