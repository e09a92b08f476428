"""The door of the demo: sign in as anybody of its cast, or as a juror. Outside it does not exist."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import Session

from app.accounts.cast import enter_as
from app.errors import NotFound
from app.events.trying import TryEvening, enter_as_juror, evenings_to_try
from app.pages.forms import Form, form_of
from app.pages.jury_sign_in import set_juror_cookie
from app.pages.page import see_other
from app.pages.sign_in import secret_of, set_session_cookie
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/demo")
PLACES = {
    "event": "event.show",
    "control": "stage.control",
    "presenter": "stage.presenter",
    "tally": "tally.show",
    "seal": "seal.show",
    "letters": "letters.list",
    "feedback": "feedback.list",
}
OF_THE_CALL = frozenset({"letters", "feedback"})
"""Pages of the evening where one can begin; some are of its whole call."""


class EnterInput(BaseModel):
    """Whom to be: somebody of the cast, or a juror by code; and at which evening's page to begin."""

    email: str = ""
    juror: str = ""
    place: str = ""
    pot: str = ""


EnterForm = Annotated[Form[EnterInput], Depends(form_of(EnterInput, "demo"))]


@router.post("/enter", name="demo.enter")
def enter(request: Request, session: Db, now: Now, form: EnterForm) -> Response:
    if not request.state.settings.demo:
        raise NotFound
    given = form.value()
    evening = _evening(session, given.pot, now)
    if given.juror and evening is not None:
        client = request.client.host if request.client else ""
        token = enter_as_juror(
            session,
            evening.call,
            evening.round,
            given.juror,
            client=client,
            secret=secret_of(request),
            now=now,
        )
        response = see_other(request, "jury.home", pot=evening.round)
        set_juror_cookie(request, response, token)
        return response
    token = enter_as(session, given.email, now)
    response = _at(request, evening, given.place)
    set_session_cookie(request, response, token)
    return response


def _evening(session: Session, pot: str, now: datetime) -> TryEvening | None:
    """The evening that is named; NotFound for one that cannot be tried."""
    if not pot:
        return None
    found = next((each for each in evenings_to_try(session, now) if each.round == pot), None)
    if found is None:
        raise NotFound
    return found


def _at(request: Request, evening: TryEvening | None, place: str) -> Response:
    """Where to begin: at a page of the evening, or at one's own first page."""
    route = PLACES.get(place)
    if evening is None or route is None:
        return see_other(request, "my.home")
    if place in OF_THE_CALL:
        return see_other(request, route, call=evening.call)
    return see_other(request, route, call=evening.call, pot=evening.round)
