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
from app.messages.labels import choices
from app.models.events import Scene
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other, wants_fragment
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

LONG_TITLE = 40

router = APIRouter()
screen_router = APIRouter(prefix="/stage/{pot}")
control_router = APIRouter(prefix="/desk/{call}/stage/{pot}")
BESIDE = {"kk": "ru", "ru": "kk", "en": "kk"}
"""The second language of the screen: everybody in the hall reads at least one of the two."""


class PressInput(BaseModel):
    """A press on the control: on which stage it was pressed, and what to show."""

    version: Annotated[int, Field(ge=0, le=10**9)]
    scene: Scene = Scene.CURTAIN


PressForm = Annotated[Form[PressInput], Depends(form_of(PressInput, "stage"))]


@dataclass(frozen=True, slots=True)
class ShownWinner:
    """A winner in the words of the screen; `long` titles are set smaller."""

    position: int
    title: str
    team: str
    lang: str
    amount: str
    long: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The same words once more, small, in the second language."""

    lang: str
    event: str
    call_title: str
    winner: str
    winners: str


@dataclass(frozen=True, kw_only=True)
class StageScreen(Page):
    """The hall's screen. It asks anew every few seconds; the answer names announced winners only."""

    template = "stage/screen.html"
    fragment = "scene"
    pot: str
    call_title: str
    event: str
    scene: str
    version: int
    places: int
    winner: ShownWinner | None
    winners: list[ShownWinner]
    beside: Beside


@dataclass(frozen=True, kw_only=True)
class StageControlPage(Page):
    """The control, thumb-sized. `armed` shows who would appear, and asks for the second tap."""

    template = "stage/control.html"
    call: str
    call_title: str
    pot: str
    control: StageControl
    scenes: list[Scene]
    next_amount: str
    armed: bool
    stale: bool


@screen_router.get("/screen", name="stage.screen")
def show_screen(request: Request, session: Db, pot: str) -> Response:
    shown = stage.screen(session, pot)
    # Nothing is swapped while nothing changes: a swap would begin the rise of the title again.
    if wants_fragment(request) and request.query_params.get("seen") == str(shown.version):
        return Response(status_code=204, headers={"Vary": "HX-Request"})
    return _screen_page(shown, language_of(request)).response(request)


def _screen_page(shown: Screen, language: str) -> StageScreen:
    return StageScreen(
        pot=shown.round,
        call_title=text_of(shown.call_title, language),
        event=text_of(shown.event or {}, language),
        scene=shown.scene.value,
        version=shown.version,
        places=shown.places,
        winner=_winner(shown.winner, language) if shown.winner else None,
        winners=[_winner(each, language) for each in shown.winners],
        beside=_beside(shown, BESIDE[language]),
    )


def _beside(shown: Screen, language: str) -> Beside:
    words = choices(language, "stage")
    return Beside(
        lang=language,
        event=(shown.event or {}).get(language, ""),
        call_title=shown.call_title.get(language, ""),
        winner=words["winner"],
        winners=words["winners"],
    )


def _winner(winner: RevealedWinner, language: str) -> ShownWinner:
    return ShownWinner(
        position=winner.position,
        title=winner.title,
        team=winner.team,
        lang=winner.language,
        amount=_money(winner.amount_minor, language),
        long=len(winner.title) > LONG_TITLE,
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
        scenes=[
            scene
            for scene in Scene
            if scene is not shown.screen.scene and (shown.revealed or scene is Scene.CURTAIN)
        ],
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
