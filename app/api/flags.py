"""Flags about applications: raised by the panel, resolved by coordinators."""

from fastapi import APIRouter

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.applications.actions import flagging
from app.applications.actions.flagging import AnswerFlagInput
from app.applications.flagged import FullFlag, full_flag, full_flags
from app.applications.flags import FlagInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["desk"])


@router.get("/flags", name="api.flags.list")
def list_flags(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullFlag]:
    """Every flag of the call: what is open stands first, the oldest first."""
    found = full_flags(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/flags/{flag}", name="api.flags.show")
def show_flag(tag: Tagging, session: Db, coordinator: AsCoordinator, flag: str) -> FullFlag:
    """One flag. Its ETag is what resolving it must name."""
    found = full_flag(session, coordinator, flag)
    tag(found.version)
    return found


@router.post("/applications/{ref}/flags", name="api.flags.raise", status_code=201)
def raise_flag(
    tag: Tagging,
    found_at: Locating,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    given: Json[FlagInput],
) -> FullFlag:
    """Raise a flag about an application, to one coordinator (`to`: the code of a membership) or to all."""
    code = flagging.flag_application(session, coordinator, ref, given, now)
    found_at("api.flags.show", call=call, flag=code)
    return show_flag(tag, session, coordinator, code)


@router.post("/flags/{flag}/resolve", name="api.flags.resolve")
def resolve(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    flag: str,
    seen: IfMatch,
    given: Json[AnswerFlagInput],
) -> FullFlag:
    """Resolve a flag with a reason."""
    flagging.resolve_flag(session, coordinator, flag, given, version=seen, now=now)
    return show_flag(tag, session, coordinator, flag)
