"""The control of a stage, for a phone in one hand: every press is a plain form, and names what it was
pressed on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.errors import Conflict, NotFound, Stale
from app.events import rehearsal, stage
from app.events.link import link_key
from app.events.next_step import Act, NextStep, next_step
from app.events.presenting import control_of
from app.events.scenes import OF_A_TEAM, Turn
from app.events.stage import NoteInput, StageControl
from app.events.watching import Mark, marks
from app.messages import sentence
from app.models.events import Scene
from app.pages.clocks import ClockView, clock_view, wall_clock
from app.pages.evening import AtEvening, Here
from app.pages.forms import Form, form_of
from app.pages.halls import milliseconds, with_number
from app.pages.next_steps import Link, step_in_words
from app.pages.page import Page, path_to, wants_fragment
from app.pages.stage import money
from app.settings import Settings

ARMED_SECONDS = 5
LATE_SECONDS = 15
"""A second tap that comes later reveals nobody: a phone in a pocket may still show the first."""
ASIDE = frozenset(Act) - {Act.BEGIN, Act.PITCHES, Act.ALL_PITCHED, Act.REVEAL, Act.PUBLISH}
"""Steps that are done on another page, and to which nothing here leads already."""
SEALING = frozenset({Act.SEAL, Act.CONFIRM_SEAL, Act.SEAL_WAITS})
"""Steps that not every round needs."""

router = APIRouter(prefix="/desk/{call}/stage/{pot}")


class PressInput(BaseModel):
    """A press on the control: on which stage it was pressed, and what to show.

    `armed` is when the first tap of a reveal was, in milliseconds of the server.
    """

    version: Annotated[int, Field(ge=0, le=10**9)]
    of: Literal["stage", "rehearsal"] = "stage"
    scene: Scene = Scene.CURTAIN
    slot: Annotated[int | None, Field(ge=1, le=999)] = None
    armed: Annotated[int | None, Field(ge=0, le=10**15)] = None


class ClockInput(BaseModel):
    """A press on the clock."""

    version: Annotated[int, Field(ge=0, le=10**9)]
    of: Literal["stage", "rehearsal"] = "stage"
    turn: Turn


class HoldInput(BaseModel):
    """Hold the stage, or let it go: whatever its version is by now."""

    of: Literal["stage", "rehearsal"] = "stage"
    frozen: bool


class SaidInput(NoteInput):
    """A note, and to whose presenter."""

    of: Literal["stage", "rehearsal"] = "stage"


PressForm = Annotated[Form[PressInput], Depends(form_of(PressInput, "stage"))]
ClockForm = Annotated[Form[ClockInput], Depends(form_of(ClockInput, "stage"))]
HoldForm = Annotated[Form[HoldInput], Depends(form_of(HoldInput, "stage"))]
NoteForm = Annotated[Form[SaidInput], Depends(form_of(SaidInput, "stage"))]


@dataclass(frozen=True, kw_only=True)
class StageControlPage(Page):
    """The control, thumb-sized. `armed` shows who would appear, and asks for the second tap.

    `of` is the stage, or the rehearsal; `refused` is why nothing happened; `hall_link` is the hall's own.
    `ahead` is what comes next away from the stage, before anybody can be revealed; `state` names what the
    control alone shows, of which no number tells those who listen.
    """

    template = "stage/control.html"
    fragment = "control"
    call: str
    call_title: str
    pot: str
    number: int
    of: str
    control: StageControl
    scenes: list[Scene]
    clock: ClockView | None
    time: tuple[str, int]
    next_amount: str
    armed: bool
    armed_at: int
    refused: str
    ahead: Link | None
    state: str
    hall_link: str
    can_rehearse: bool


@router.get("", name="stage.control")
def control(here: AtEvening) -> Response:
    mark = mark_of(here.session, here.pot)
    if has_it(here.request, mark) and here.request.query_params.get("s") == _state(_step(here)):
        return with_number(Response(status_code=204), mark.number, here.now)
    armed = here.request.query_params.get("armed") == "1" and not wants_fragment(here.request)
    return with_number(_page(here, armed=armed).response(here.request), mark.number, here.now)


def mark_of(session: Session, pot: str) -> Mark:
    """What the control and the monitor depend on; they know the number as everybody does."""
    return marks(session, [pot]).get(pot, Mark())


def has_it(request: Request, mark: Mark) -> bool:
    """Whether a script asks again and has already what there is."""
    return wants_fragment(request) and request.query_params.get("v") == str(mark.number)


def _step(here: Here) -> NextStep:
    return next_step(*here.round, here.now)


def _state(step: NextStep) -> str:
    """The awards, the freezing and the seal, in a word."""
    return f"{step.step}.{step.done}.{step.of}"


def _page(here: Here, *, armed: bool = False, refused: str = "") -> StageControlPage:
    language, pot, now = here.language, here.pot, here.now
    mark = mark_of(here.session, pot)
    shown, step = control_of(*here.round, now), _step(here)
    on_stage = shown.screen.rehearsal or shown.can_reveal
    waits = step.step in ASIDE and not on_stage and (shown.unsealed or step.step not in SEALING)
    settings: Settings = here.request.state.settings
    key = link_key(settings.secret_key.get_secret_value(), pot, mark.link)
    return StageControlPage(
        call=here.call,
        call_title=here.title,
        pot=pot,
        number=mark.number,
        of="rehearsal" if shown.screen.rehearsal else "stage",
        control=shown,
        scenes=_scenes(shown),
        clock=clock_view(shown.screen.clock, language, now),
        time=wall_clock(now),
        next_amount=money(language, shown.next_amount_minor),
        armed=armed and shown.can_reveal and not shown.screen.frozen,
        armed_at=milliseconds(now),
        refused=refused,
        ahead=step_in_words(language, step, here.call, pot) if waits else None,
        state=_state(step),
        hall_link=f"{path_to(language, 'stage.screen', pot=pot)}?t={key}",
        can_rehearse=not (shown.published or shown.revealed or mark.rehearsing)
        and shown.screen.scene is Scene.CURTAIN,
    )


def _scenes(shown: StageControl) -> list[Scene]:
    """What can be shown now beside what is: of a team only where one is on, or was."""
    now_on = shown.screen.scene
    if shown.screen.frozen:
        return [] if now_on is Scene.CURTAIN else [Scene.CURTAIN]
    offered = [Scene.CURTAIN]
    if shown.screen.card is not None:
        offered += OF_A_TEAM
    if shown.cards:
        offered.append(Scene.SCORING)
    if shown.revealed:
        offered += [Scene.WINNER, Scene.BOARD]
    return [scene for scene in offered if scene is not now_on or scene in {Scene.TIMER, Scene.QUESTIONS}]


def _pressed(here: Here, act: Callable[[], object], done: str = "") -> Response:
    """Do it, and show the control; or say why nothing happened, and how the stage stands.

    What the control shows anyway is not `done` in words: they would move the next button from under a thumb.
    """
    try:
        act()
    except NotFound:
        raise
    except Conflict as why:
        stale = isinstance(why, Stale)
        words = sentence(here.language, "stage.stale", {}) if stale else here.said(why)
        page = _page(here, refused=words)
        return with_number(page.response(here.request, 409), page.number, here.now)
    return here.done("stage.control", done)


class TooLate(Conflict):
    """The first tap was too long ago."""

    code = "stage.armed_long_ago"


@router.post("/reveal", name="stage.reveal")
def reveal(here: AtEvening, form: PressForm) -> Response:
    given = form.value()

    def act() -> None:
        if given.armed is not None and milliseconds(here.now) - given.armed > LATE_SECONDS * 1000:
            raise TooLate
        reveal_one = stage.reveal_next if given.of == "stage" else rehearsal.reveal
        reveal_one(*here.round, given.version, here.now)

    return _pressed(here, act, "revealed")


@router.post("/scene", name="stage.show")
def show_scene(here: AtEvening, form: PressForm) -> Response:
    given = form.value()
    show = stage.show_scene if given.of == "stage" else rehearsal.show
    return _pressed(here, lambda: show(*here.round, given.scene, given.version, here.now, given.slot))


@router.post("/clock", name="stage.turn")
def turn_clock(here: AtEvening, form: ClockForm) -> Response:
    given = form.value()
    turn = stage.turn if given.of == "stage" else rehearsal.turn
    return _pressed(here, lambda: turn(*here.round, given.turn, given.version, here.now))


@router.post("/hold", name="stage.hold")
def hold(here: AtEvening, form: HoldForm) -> Response:
    given = form.value()
    freeze = stage.freeze if given.of == "stage" else rehearsal.freeze
    done = "stage_held" if given.frozen else "stage_let_go"
    return _pressed(here, lambda: freeze(*here.round, given.frozen, here.now), done)


@router.post("/note", name="stage.note")
def note(here: AtEvening, form: NoteForm) -> Response:
    given = form.value()
    write = stage.write_note if given.of == "stage" else rehearsal.write_note
    return _pressed(here, lambda: write(*here.round, given, here.now), "note_shown")


@router.post("/rehearsal", name="stage.rehearse")
def rehearse(here: AtEvening) -> Response:
    return _pressed(here, lambda: rehearsal.begin(*here.round, here.now), "rehearsal_begun")


@router.post("/rehearsal/end", name="stage.end_rehearsal")
def end_rehearsal(here: AtEvening) -> Response:
    return _pressed(here, lambda: rehearsal.end(*here.round, here.now), "rehearsal_ended")


@router.post("/link", name="stage.renew_link")
def renew_link(here: AtEvening) -> Response:
    return _pressed(here, lambda: rehearsal.renew_link(*here.round, here.now), "hall_link_renewed")
