"""Later deadlines of single applications, given by a coordinator."""

from fastapi import APIRouter

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.applications import actions
from app.applications.actions import LaterInput, TakenBackInput
from app.applications.full import FullExtension, full_extension, full_extensions
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/extensions", tags=["desk"])


@router.get("", name="api.extensions.list")
def list_extensions(
    session: Db, coordinator: AsCoordinator, now: Now, paging: Paging
) -> Listed[FullExtension]:
    """Applications whose own deadline was moved, by reference; drafts too, without what is written."""
    found = full_extensions(session, coordinator, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/{ref}", name="api.extensions.show")
def show_extension(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, ref: str
) -> FullExtension:
    """The deadline of one application, moved or not. Its ETag is what a change must name."""
    found = full_extension(session, coordinator, ref, now)
    tag(found.version)
    return found


@router.put("/{ref}", name="api.extensions.give")
def give_extension(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    seen: IfMatch,
    given: Json[LaterInput],
) -> FullExtension:
    """Give a later deadline, or another one, and why. The applicant is told by mail."""
    actions.give_extension(session, coordinator, ref, given, version=seen, now=now)
    found = full_extension(session, coordinator, ref, now)
    tag(found.version)
    return found


@router.post("/{ref}/take-back", name="api.extensions.take_back")
def take_back_extension(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    seen: IfMatch,
    given: Json[TakenBackInput],
) -> FullExtension:
    """Take a later deadline back, with a reason. What was sent meanwhile stays."""
    actions.take_back_extension(session, coordinator, ref, given, version=seen, now=now)
    found = full_extension(session, coordinator, ref, now)
    tag(found.version)
    return found
