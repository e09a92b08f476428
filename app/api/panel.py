"""The whole panel of a call: who coordinates it, who answers for a partner organisation, who reviews."""

from fastapi import APIRouter

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.calls import actions
from app.calls.inputs import MemberInput
from app.calls.panel import FullMember, member_of, panel_of
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/panel", tags=["reviewers"])


@router.get("", name="api.panel.list")
def list_panel(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullMember]:
    """Everybody on the panel now: coordinators, contacts, then reviewers, by organisation."""
    found = panel_of(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("", name="api.panel.add", status_code=201)
def add_member(
    found_at: Locating, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Json[MemberInput]
) -> FullMember:
    """Add somebody at once, without an invitation; their account is made if there is none. A contact and a
    reviewer speak for an organisation of the call. 422 for who applies in the call or sits on the panel."""
    code = actions.add_member(session, coordinator, given, now)
    found_at("api.panel.show", call=call, member=code)
    return member_of(session, coordinator, code)


@router.get("/{member}", name="api.panel.show")
def show_member(session: Db, coordinator: AsCoordinator, member: str) -> FullMember:
    """One of them, by the code of the membership."""
    return member_of(session, coordinator, member)


@router.delete("/{member}", name="api.panel.remove", status_code=204)
def remove_member(session: Db, coordinator: AsCoordinator, now: Now, member: str) -> None:
    """End a membership; the very next request of that person finds no role. 409 for the last coordinator.
    Who is to speak for another organisation is removed, then added for that one."""
    actions.remove_member(session, coordinator, member, now)
