"""The stage of an announcement: its screen for everybody, its control for the coordinator."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.versions import IfMatch, Tagging
from app.events import stage
from app.events.stage import Screen, StageControl
from app.models.events import Scene
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["stage"])


class SceneInput(BaseModel):
    """What the screen is to show."""

    model_config = ConfigDict(extra="forbid")
    scene: Scene


@router.get("/stage/{round}", name="api.stage.screen")
def show_screen(tag: Tagging, session: Db, round: str) -> Screen:
    """What the hall's screen shows, without a token: announced winners only."""
    shown = stage.screen(session, round)
    tag(shown.version)
    return shown


@router.get("/calls/{call}/stage/{round}", name="api.stage.control")
def show_control(tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, round: str) -> StageControl:
    """The screen, and who would be revealed next."""
    shown = stage.stage_control(session, coordinator, round, now)
    tag(shown.screen.version)
    return shown


@router.post("/calls/{call}/stage/{round}/reveal", name="api.stage.reveal")
def reveal_next(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, round: str, seen: IfMatch
) -> Screen:
    """Reveal the next winner. Of two presses on one version of the stage, one reveals and one gets 412."""
    stage.reveal_next(session, coordinator, round, seen, now)
    return show_screen(tag, session, round)


@router.post("/calls/{call}/stage/{round}/scene", name="api.stage.show")
def show_scene(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    round: str,
    seen: IfMatch,
    given: Json[SceneInput],
) -> Screen:
    """Put the curtain, the last revealed winner or all of them on the screen."""
    stage.show_scene(session, coordinator, round, given.scene, seen, now)
    return show_screen(tag, session, round)
