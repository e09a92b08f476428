"""A coordinator's own tie: which application it is, before it is hidden; and one declared by mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.errors import Conflict, Invalid
from app.messages import sentence
from app.messages.labels import choices
from app.pages.forms import FieldView, Form, Option, form_of, one
from app.pages.page import Page, see_other
from app.pages.tie_form import tie_form
from app.reviews import conflicts
from app.reviews.named_application import FoundApplication, find_applications
from app.reviews.tie_inputs import OwnLiftInput, TieDeclareInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ties")
OwnForm = Annotated[Form[TieDeclareInput], Depends(form_of(TieDeclareInput, "own_tie"))]
BackForm = Annotated[Form[OwnLiftInput], Depends(form_of(OwnLiftInput, "own_tie_back"))]


@dataclass(frozen=True, kw_only=True)
class TieSure(Page):
    """Which application it is, before a tie of one's own hides it."""

    template = "ties/sure.html"
    call: str
    call_title: str
    heading: str
    lead: str
    press: str
    application: str
    reason: str
    found: FoundApplication | None
    choice: FieldView | None


@router.get("/own", name="ties.own")
def declaring(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(TieDeclareInput, "own_tie", language_of(request))
    return tie_form(request, session, coordinator, call, "own", "ties.declare", form).response(request)


@router.post("/own", name="ties.declare")
def declare(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: OwnForm
) -> Response:
    """First which application it is, by its title; only once that is confirmed it is hidden."""
    try:
        value = form.value()
        found = find_applications(session, coordinator, value.application)
        sure = one(form.given, "sure")
        if sure not in {each.application for each in found}:
            return _sure(request, session, coordinator, call, value, found).response(request)
        chosen = TieDeclareInput(application=sure, reason=value.reason)
        conflicts.declare_own_tie(session, coordinator, chosen, now)
    except Invalid as error:
        page = tie_form(request, session, coordinator, call, "own", "ties.declare", form.refused(error))
        return page.response(request, 422)
    return see_other(request, "ties.list", call=call, done="own_tie_declared")


def _sure(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    given: TieDeclareInput,
    found: Sequence[FoundApplication],
) -> TieSure:
    language = language_of(request)
    several = [Option(each.application, f"{each.application} · {each.title}") for each in found]
    choice = FieldView(
        id="f-sure",
        name="sure",
        control="radios",
        label=sentence(language, "tie.which_application"),
        options=several,
    )
    return TieSure(
        call=call,
        call_title=call_title(session, coordinator, language),
        heading=choices(language, "tie_heading")["sure"],
        lead=choices(language, "tie_lead")["sure"],
        press=choices(language, "tie_press")["sure"],
        application=given.application,
        reason=given.reason,
        found=found[0] if len(found) == 1 else None,
        choice=choice if len(found) > 1 else None,
    )


@router.get("/own/back", name="ties.own_back")
def taking_back(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    application: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    form = Form(OwnLiftInput, "own_tie_back", language_of(request), {"application": application})
    return tie_form(request, session, coordinator, call, "back", "ties.take_back", form).response(request)


@router.post("/own/back", name="ties.take_back")
def take_back(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: BackForm
) -> Response:
    try:
        conflicts.take_back_own_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        page = tie_form(request, session, coordinator, call, "back", "ties.take_back", form.refused(error))
        return page.response(request, 422)
    except Conflict as error:
        page = tie_form(request, session, coordinator, call, "back", "ties.take_back", form, error.code)
        return page.response(request, 409)
    return see_other(request, "ties.list", call=call, done="own_tie_back")
