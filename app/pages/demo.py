"""The door of the demo: sign in as anybody of its cast. Outside the demo it does not exist."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.accounts.cast import enter_as
from app.errors import NotFound
from app.pages.forms import Form, form_of
from app.pages.page import see_other
from app.pages.sign_in import set_session_cookie
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/demo")


class EnterInput(BaseModel):
    """Whom to be."""

    email: str


EnterForm = Annotated[Form[EnterInput], Depends(form_of(EnterInput, "demo"))]


@router.post("/enter", name="demo.enter")
def enter(request: Request, session: Db, now: Now, form: EnterForm) -> Response:
    if not request.state.settings.demo:
        raise NotFound
    token = enter_as(session, form.value().email, now)
    response = see_other(request, "my.home")
    set_session_cookie(request, response, token)
    return response
