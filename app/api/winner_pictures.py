"""Pictures of winners: showing one to everybody, and for coordinators choosing and taking away."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.decisions import winner_pictures as rules
from app.decisions.winner_pictures import PictureInput, WinnerToPicture
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import shown
from app.web.session import Db

router = APIRouter(tags=["results"])
SENDS_A_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
MINUTE = 60


@router.get(
    "/results/{slug}/picture",
    name="api.winner_pictures.open",
    response_class=Response,
    responses=SENDS_A_PICTURE,
)
def open_picture(request: Request, session: Db, slug: str) -> Response:
    """The picture of a winner, without a token: a JPEG, at most 480 points wide. 404 where none is shown, 409
    while its bytes cannot be read."""
    found = rules.public_picture(session, slug)
    return shown(request.state.store, found.sha256, found.media_type, MINUTE)


@router.get("/calls/{call}/winner-pictures", name="api.winner_pictures.list")
def list_pictures(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[WinnerToPicture]:
    """The public winners, each with whether it has a cleared picture, whether its team agreed to showing it,
    and what is shown; none before the results are public."""
    found = rules.winners_to_picture(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.put("/calls/{call}/winner-pictures/{slug}", name="api.winner_pictures.choose")
def choose_picture(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    slug: str,
    seen: IfMatch,
    given: Json[PictureInput],
) -> WinnerToPicture:
    """Show the cleared picture of a winner, or change its words; the first time version 0 is named. 409
    before the results are public, without the team's consent, and where no picture was cleared."""
    rules.choose_picture(session, coordinator, slug, seen, given, now)
    found = rules.winner_to_picture(session, coordinator, slug)
    tag(found.version)
    return found


@router.delete("/calls/{call}/winner-pictures/{slug}", name="api.winner_pictures.remove", status_code=204)
def take_away(session: Db, coordinator: AsCoordinator, now: Now, slug: str, seen: IfMatch) -> None:
    """Show the picture no more; a correction that everybody reads says so. 409 before the results are
    public."""
    rules.take_away(session, coordinator, slug, seen, now)
