"""A tie that a coordinator puts on the record of somebody on the panel, and one that is taken off it."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.panel import panel_of
from app.errors import Conflict, Invalid
from app.pages.forms import Form, Option, form_of
from app.pages.page import see_other
from app.pages.tie_form import TieForm, tie_form
from app.pages.tie_views import Told
from app.reviews import conflicts, known_ties
from app.reviews.known_ties import KnownTie
from app.reviews.tie_inputs import LiftInput, TiePinInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ties")
PinForm = Annotated[Form[TiePinInput], Depends(form_of(TiePinInput, "tie_pin"))]
LiftForm = Annotated[Form[LiftInput], Depends(form_of(LiftInput, "tie_lift"))]


@router.get("/pin", name="ties.pin")
def pinning(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(TiePinInput, "tie_pin", language_of(request))
    return _pin(request, session, coordinator, call, form).response(request)


@router.post("/pin", name="ties.pin_now")
def pin(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: PinForm
) -> Response:
    try:
        conflicts.pin_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        return _pin(request, session, coordinator, call, form.refused(error)).response(request, 422)
    except Conflict as error:
        return _pin(request, session, coordinator, call, form, error.code).response(request, 409)
    return see_other(request, "ties.list", call=call, done="tie_pinned")


def _pin(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    form: Form[TiePinInput],
    refusal: str = "",
) -> TieForm:
    told = Told(session, coordinator, language_of(request))
    members = [Option(each.code, told.who(each.code)) for each in panel_of(session, coordinator)]
    offered = form.offering(member=members)
    return tie_form(request, session, coordinator, call, "pin", "ties.pin_now", offered, refusal)


@router.get("/lift", name="ties.lift")
def lifting(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(LiftInput, "tie_lift", language_of(request))
    return _lift(request, session, coordinator, call, form).response(request)


@router.post("/lift", name="ties.lift_now")
def lift(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: LiftForm
) -> Response:
    try:
        conflicts.lift_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        return _lift(request, session, coordinator, call, form.refused(error)).response(request, 422)
    return see_other(request, "ties.list", call=call, done="tie_lifted")


def _lift(
    request: Request, session: Session, coordinator: Coordinator, call: str, form: Form[LiftInput]
) -> TieForm:
    told = Told(session, coordinator, language_of(request))
    known: Mapping[str, KnownTie] = {
        each.key: each for each in known_ties.ties(session, coordinator).standing if each.key
    }
    options: Sequence[Option] = [
        Option(key, f"{each.application} · {told.who(each.member)}") for key, each in known.items()
    ]
    offered = form.offering(tie=options)
    return tie_form(request, session, coordinator, call, "lift", "ties.lift_now", offered, empty=not options)
