"""A juror comes in: the personal link is opened, six digits are typed. A GET signs nobody in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.errors import Invalid
from app.events.jury_access import LIVES, EnterInput, enter, leave
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.pages.sign_in import secret_of
from app.web.actors import AsJuror, juror_cookie
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/jury/{pot}")
EnterForm = Annotated[Form[EnterInput], Depends(form_of(EnterInput, "enter"))]
LONGEST_KEY = 100


@dataclass(frozen=True, kw_only=True)
class JurySignIn(Page):
    """Asks for the six digits. Without a link (`key` is empty) it says where that is."""

    template = "jury/sign_in.html"
    pot: str
    key: str
    form: Form[EnterInput]


@router.get("/sign-in", name="jury.sign_in")
def sign_in(request: Request, pot: str, key: str = "") -> Response:
    form = Form(EnterInput, "enter", language_of(request))
    return JurySignIn(pot=pot, key=key[:LONGEST_KEY], form=form).response(request)


@router.post("/sign-in", name="jury.enter")
def enter_jury(request: Request, session: Db, now: Now, pot: str, form: EnterForm, key: str = "") -> Response:
    key = key[:LONGEST_KEY]
    client = request.client.host if request.client else ""
    try:
        token = enter(session, pot, key, form.value(), client=client, secret=secret_of(request), now=now)
    except Invalid as error:
        return JurySignIn(pot=pot, key=key, form=form.refused(error)).response(request, 422)
    response = see_other(request, "jury.home", pot=pot)
    set_juror_cookie(request, response, token)
    return response


def set_juror_cookie(request: Request, response: Response, token: str) -> None:
    """Sign this browser in as a juror, for an evening and the morning after."""
    secure = request.state.settings.secure
    response.set_cookie(
        juror_cookie(secure),
        token,
        max_age=int(LIVES.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


@router.post("/sign-out", name="jury.leave")
def leave_jury(request: Request, session: Db, juror: AsJuror, pot: str) -> Response:
    leave(session, juror)
    response = see_other(request, "jury.sign_in", pot=pot)
    secure = request.state.settings.secure
    response.delete_cookie(juror_cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")
    return response
