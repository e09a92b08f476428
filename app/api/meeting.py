"""The panel's meeting: its agenda, the cases, and second persons for departures from the order."""

from fastapi import APIRouter

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.decisions import meeting as actions
from app.decisions import seconding
from app.decisions.agenda import FullCase, agenda, read_case
from app.decisions.meeting import AddInput, CaseInput, FullMeeting, MeetingInput, meeting_of
from app.decisions.seconding import ConfirmInput, FullDeparture
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["awards"])


class CaseListed(Listed[FullCase]):
    """Cases by who leaves the room, those in which everybody may stay first, and then by place.

    `partial`: the uncertain zone is not in it, since whoever asks has a tie in the call.
    """

    partial: bool


@router.get("/panel-meeting", name="api.meeting.show")
def show_meeting(tag: Tagging, session: Db, coordinator: AsCoordinator) -> FullMeeting:
    """The meeting as it was written down; its tag is `"0"` before."""
    found = meeting_of(session, coordinator)
    tag(found.version)
    return found


@router.put("/panel-meeting", name="api.meeting.save")
def save_meeting(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    seen: IfMatch,
    given: Json[MeetingInput],
) -> FullMeeting:
    """Write the meeting down, between the closing of reviewing and the frozen decision."""
    tag(actions.save_meeting(session, coordinator, seen, given, now))
    return meeting_of(session, coordinator)


@router.get("/panel-meeting/cases", name="api.meeting.cases")
def list_cases(session: Db, coordinator: AsCoordinator, paging: Paging) -> CaseListed:
    """The agenda: places that are not firm, reviews that differ much, departures, and what was added; 409
    before reviewing is closed."""
    found = agenda(session, coordinator)
    return CaseListed(
        items=paging.of(found.cases),
        total=len(found.cases),
        limit=paging.limit,
        offset=paging.offset,
        partial=found.partial,
    )


@router.post("/panel-meeting/cases", name="api.meeting.add", status_code=201)
def add_case(
    tag: Tagging,
    found_at: Locating,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    given: Json[AddInput],
) -> FullCase:
    """Put another application on the agenda; 409 where it is there already."""
    code = actions.add_case(session, coordinator, given, now)
    found_at("api.meeting.case", call=call, application=code)
    tag(1)
    return read_case(session, coordinator, code)


@router.get("/panel-meeting/cases/{application}", name="api.meeting.case")
def show_case(tag: Tagging, session: Db, coordinator: AsCoordinator, application: str) -> FullCase:
    """One case; its tag is `"0"` until something is written of it. 409 before reviewing is closed."""
    found = read_case(session, coordinator, application)
    tag(found.version)
    return found


@router.put("/panel-meeting/cases/{application}", name="api.meeting.save_case")
def save_case(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    application: str,
    seen: IfMatch,
    given: Json[CaseInput],
) -> FullCase:
    """Write down what was said and decided. Raising gives a place, passing over takes a pending award back;
    both put the reason on record and wait for a second person, if there is one. 409 without a free place."""
    tag(actions.save_case(session, coordinator, application, seen, given, now))
    return read_case(session, coordinator, application)


@router.delete("/panel-meeting/cases/{application}", name="api.meeting.remove_case", status_code=204)
def remove_case(session: Db, coordinator: AsCoordinator, now: Now, application: str, seen: IfMatch) -> None:
    """Take an application off the agenda that was put there by mistake; 409 once something is
    written of it."""
    actions.remove_case(session, coordinator, application, seen, now)


@router.get("/departures", name="api.departures.list")
def list_departures(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullDeparture]:
    """Every departure from the order, with its reason and whether a second person has confirmed it."""
    found = seconding.departures(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/departures/confirm", name="api.departures.confirm", status_code=204)
def confirm_departure(session: Db, coordinator: AsCoordinator, now: Now, given: Json[ConfirmInput]) -> None:
    """Confirm the reason that another coordinator wrote at `decided_at`; 412 where it was written anew, 409
    for whoever wrote it."""
    seconding.confirm_departure(session, coordinator, given, now)
