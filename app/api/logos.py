"""The logos of partner organisations: reading one, putting another, removing it."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.api.files import TAKES_A_FILE
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.calls import logos
from app.calls.logos import DeskPartner, Partner
from app.errors import NotFound
from app.files.kinds import MediaType
from app.web.actors import AsCoordinator, AsDeskUploader
from app.web.clock import Now
from app.web.downloads import shown
from app.web.session import Db
from app.web.uploads import check_length, incoming, reading, received_logo, writing

router = APIRouter(prefix="/calls/{call}", tags=["calls"])
SENDS_A_LOGO: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}}}
}
MINUTE = 60


@router.get("/partners", name="api.logos.list")
def list_partners(session: Db, call: str, paging: Paging) -> Listed[Partner]:
    """The partner organisations of a public call, without a token, in its order; `logo` where one has one."""
    logos.check_public(session, call)
    found = logos.partners_of(session, call)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get(
    "/partners/{organisation}/logo",
    name="api.logos.show",
    response_class=Response,
    responses=SENDS_A_LOGO,
)
def show_logo(request: Request, session: Db, call: str, organisation: str) -> Response:
    """The logo of a partner of a public call, without a token: a WebP of at most 640 by 160 points. 409
    while its bytes cannot be read."""
    found = logos.public_logo(session, call, organisation)
    return shown(request.state.store, found.sha256, MediaType.WEBP, MINUTE)


@router.get("/setup/partners", name="api.logos.setup")
def list_own(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[DeskPartner]:
    """The partner organisations of one's own call; `version` is what putting or removing a logo names."""
    found = logos.desk_partners(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.put("/setup/partners/{organisation}/logo", name="api.logos.put", openapi_extra=TAKES_A_FILE)
async def put_logo(
    request: Request, tag: Tagging, coordinator: AsDeskUploader, now: Now, organisation: str, seen: IfMatch
) -> DeskPartner:
    """Show a picture for an organisation: JPEG, PNG, WebP or HEIC, at most 10 MB; no drawing (SVG). Its
    points are painted anew, without the empty room around them, and of the file nothing else is kept. The
    first one names version 0; 413 for more, 422 with the reason for what cannot be cleaned."""
    await reading(request, lambda session: logos.check_logo(session, coordinator, organisation, seen))
    check_length(request)
    async with incoming(request) as got:
        new = await received_logo(request, got)
    await writing(request, lambda session: logos.put_logo(session, coordinator, organisation, seen, new, now))
    found = await reading(request, lambda session: logos.desk_partners(session, coordinator))
    changed = next((each for each in found if each.code == organisation), None)
    if changed is None:
        raise NotFound
    tag(changed.version)
    return changed


@router.delete("/setup/partners/{organisation}/logo", name="api.logos.remove", status_code=204)
def remove_logo(session: Db, coordinator: AsCoordinator, now: Now, organisation: str, seen: IfMatch) -> None:
    """Show the name alone again."""
    logos.remove_logo(session, coordinator, organisation, seen, now)
