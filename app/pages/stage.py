"""The announcement: the hall's screen for everybody, its control for the coordinator."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.calls.titles import call_title, text_of
from app.errors import Stale
from app.events import stage
from app.events.stage import RevealedWinner, Screen, StageControl
from app.messages import formats
from app.models.events import Scene
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
screen_router = APIRouter(prefix="/stage/{pot}")
control_router = APIRouter(prefix="/desk/{call}/stage/{pot}")
REFRESH_SECONDS = "3"


class PressInput(BaseModel):
    """A press on the control: on which stage it was pressed, and what to show."""

    version: Annotated[int, Field(ge=0, le=10**9)]
    scene: Scene = Scene.CURTAIN


PressForm = Annotated[Form[PressInput], Depends(form_of(PressInput, "stage"))]


@dataclass(frozen=True, slots=True)
class ShownWinner:
    """A winner in the words of the screen."""

    position: int
    title: str
    team: str
    lang: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class StageScreen(Page):
    """The hall's screen. It asks anew every few seconds; the answer names announced winners only."""

    template = "stage/screen.html"
    fragment = "scene"
    pot: str
    call_title: str
    event: str
    scene: str
    places: int
    winner: ShownWinner | None
    winners: list[ShownWinner]


@dataclass(frozen=True, kw_only=True)
class StageControlPage(Page):
    """The control, thumb-sized. `armed` shows who would appear, and asks for the second tap."""

    template = "stage/control.html"
    call: str
    call_title: str
    pot: str
    control: StageControl
    scene: str
    next_amount: str
    armed: bool
    stale: bool


@screen_router.get("/screen", name="stage.screen")
def show_screen(request: Request, session: Db, pot: str) -> Response:
    shown = stage.screen(session, pot)
    response = _screen_page(shown, language_of(request)).response(request)
    # Without JavaScript the browser reloads by itself; a meta element would fail the accessibility rules.
    response.headers["Refresh"] = REFRESH_SECONDS
    return response


def _screen_page(shown: Screen, language: str) -> StageScreen:
    return StageScreen(
        pot=shown.round,
        call_title=text_of(shown.call_title, language),
        event=text_of(shown.event or {}, language),
        scene=shown.scene.value,
        places=shown.places,
        winner=_winner(shown.winner, language) if shown.winner else None,
        winners=[_winner(each, language) for each in shown.winners],
    )


def _winner(winner: RevealedWinner, language: str) -> ShownWinner:
    return ShownWinner(
        position=winner.position,
        title=winner.title,
        team=winner.team,
        lang=winner.language,
        amount=_money(winner.amount_minor, language),
    )


def _money(amount: int | None, language: str) -> str:
    return formats.euros(language, amount) if amount is not None else ""


@control_router.get("", name="stage.control")
def control(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    armed = request.query_params.get("armed") == "1"
    return _control_page(request, session, coordinator, now, call, pot, armed=armed).response(request)


def _control_page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    *,
    armed: bool = False,
    stale: bool = False,
) -> StageControlPage:
    language = language_of(request)
    shown = stage.stage_control(session, coordinator, pot, now)
    return StageControlPage(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        control=shown,
        scene=shown.screen.scene.value,
        next_amount=_money(shown.next_amount_minor, language),
        armed=armed and shown.can_reveal,
        stale=stale,
    )


@control_router.post("/reveal", name="stage.reveal")
def reveal(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: PressForm
) -> Response:
    try:
        stage.reveal_next(session, coordinator, pot, form.value().version, now)
    except Stale:
        return _control_page(request, session, coordinator, now, call, pot, stale=True).response(request, 409)
    return see_other(request, "stage.control", call=call, pot=pot, done="revealed")


@control_router.post("/scene", name="stage.show")
def show_scene(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: PressForm
) -> Response:
    given = form.value()
    try:
        stage.show_scene(session, coordinator, pot, given.scene, given.version, now)
    except Stale:
        return _control_page(request, session, coordinator, now, call, pot, stale=True).response(request, 409)
    return see_other(request, "stage.control", call=call, pot=pot, done="scene_changed")


router.include_router(screen_router)
router.include_router(control_router)
