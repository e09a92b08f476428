"""The stage of an announcement: its screen for everybody, its control for the coordinator.

A rehearsal is worked by the same operations, with `of=rehearsal`: nothing invented comes onto the stage.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.evening import AtRound, Here
from app.api.versions import IfMatch, Tag, Tagging
from app.events import presenting, rehearsal, stage
from app.events.link import link_key
from app.events.live import hall_screen
from app.events.presenting import Monitor
from app.events.scenes import Turn
from app.events.stage import NoteInput, Screen, StageControl
from app.events.watching import Mark, marks
from app.models.events import Scene
from app.web.session import Db

router = APIRouter(tags=["stage"])
CONTROL = "/calls/{call}/stage/{round}"
Of = Annotated[
    Literal["stage", "rehearsal"], Query(description="Of which it is: the stage, or a rehearsal of it.")
]


class SceneInput(BaseModel):
    """What the screen is to show. `slot` names the team of a scene that shows one, else it is who is on."""

    model_config = ConfigDict(extra="forbid")
    scene: Scene
    slot: Annotated[int | None, Field(ge=1, le=999)] = None


class TurnInput(BaseModel):
    """What is done with the clock on the screen."""

    model_config = ConfigDict(extra="forbid")
    turn: Turn


class HoldInput(BaseModel):
    """Whether nothing but the curtain is shown."""

    model_config = ConfigDict(extra="forbid")
    frozen: bool


class HallLink(BaseModel):
    """The hall's own link: with it the screen follows a rehearsal, too."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    link: str


@router.get("/stage/{round}", name="api.stage.screen")
def show_screen(tag: Tagging, session: Db, round: str) -> Screen:
    """What the hall's screen shows, without a token: announced winners only."""
    shown = stage.screen(session, round)
    tag(shown.version)
    return shown


@router.get(CONTROL, name="api.stage.control")
def show_control(tag: Tagging, here: AtRound) -> StageControl:
    """The screen, and who would be revealed next; of the rehearsal while there is one."""
    shown = presenting.control_of(*here.round, here.now)
    tag(shown.screen.version)
    return shown


@router.get(CONTROL + "/presenter", name="api.stage.presenter")
def show_monitor(tag: Tagging, here: AtRound) -> Monitor:
    """What the presenter reads: what is on, what is next, and how it is pronounced."""
    found = presenting.monitor(*here.round, here.now)
    tag(found.control.screen.version)
    return found


@router.post(CONTROL + "/reveal", name="api.stage.reveal")
def reveal_next(tag: Tagging, here: AtRound, seen: IfMatch, of: Of = "stage") -> Screen:
    """Reveal the next winner. Of two presses on one version of the stage, one reveals and one gets 412."""
    reveal = stage.reveal_next if of == "stage" else rehearsal.reveal
    reveal(*here.round, seen, here.now)
    return _screen(tag, here, of)


@router.post(CONTROL + "/scene", name="api.stage.show")
def show_scene(
    tag: Tagging, here: AtRound, seen: IfMatch, given: Json[SceneInput], of: Of = "stage"
) -> Screen:
    """Put the curtain, a team of the evening, the last revealed winner or all of them on the screen."""
    show = stage.show_scene if of == "stage" else rehearsal.show
    show(*here.round, given.scene, seen, here.now, given.slot)
    return _screen(tag, here, of)


@router.post(CONTROL + "/clock", name="api.stage.turn")
def turn_clock(
    tag: Tagging, here: AtRound, seen: IfMatch, given: Json[TurnInput], of: Of = "stage"
) -> Screen:
    """Hold the clock on the screen, let it go on, or give it half a minute more; 409 where there is none."""
    turn = stage.turn if of == "stage" else rehearsal.turn
    turn(*here.round, given.turn, seen, here.now)
    return _screen(tag, here, of)


@router.put(CONTROL + "/hold", name="api.stage.hold")
def hold(tag: Tagging, here: AtRound, given: Json[HoldInput], of: Of = "stage") -> Screen:
    """Hold the stage, or let it go, whatever its version is by now: who sees something wrong presses once."""
    freeze = stage.freeze if of == "stage" else rehearsal.freeze
    freeze(*here.round, given.frozen, here.now)
    return _screen(tag, here, of)


@router.put(CONTROL + "/note", name="api.stage.note", status_code=204)
def write_note(here: AtRound, given: Json[NoteInput], of: Of = "stage") -> None:
    """Say something to the presenter; 412 where somebody else has said something since `was`."""
    write = stage.write_note if of == "stage" else rehearsal.write_note
    write(*here.round, given, here.now)


@router.put(CONTROL + "/rehearsal", name="api.stage.rehearse")
def rehearse(tag: Tagging, here: AtRound) -> StageControl:
    """Begin a rehearsal of invented teams and winners; 409 once the evening has begun. It mails nobody."""
    rehearsal.begin(*here.round, here.now)
    return show_control(tag, here)


@router.delete(CONTROL + "/rehearsal", name="api.stage.end_rehearsal")
def end_rehearsal(tag: Tagging, here: AtRound) -> StageControl:
    """End the rehearsal: every screen shows the stage again."""
    rehearsal.end(*here.round, here.now)
    return show_control(tag, here)


@router.get(CONTROL + "/hall-link", name="api.stage.link")
def show_link(here: AtRound) -> HallLink:
    """The hall's own link, for the machine that shows the screen."""
    # Another call's round is refused before its link is made.
    presenting.control_of(*here.round, here.now)
    mark = marks(here.session, [here.code]).get(here.code, Mark())
    key = link_key(here.secret, here.code, mark.link)
    return HallLink(link=here.address(f"/en/stage/{here.code}/screen?t={key}"))


@router.post(CONTROL + "/hall-link", name="api.stage.renew_link")
def renew_link(here: AtRound) -> HallLink:
    """Make another link for the hall; whoever has the old one sees what everybody sees."""
    rehearsal.renew_link(*here.round, here.now)
    here.session.flush()
    return show_link(here)


def _screen(tag: Tag, here: Here, of: str) -> Screen:
    """What is shown by now, of the stage or of the rehearsal."""
    here.session.flush()
    shown = (stage.screen if of == "stage" else hall_screen)(here.session, here.code)
    tag(shown.version)
    return shown
