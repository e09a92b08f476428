"""Who scores what: for coordinators, by codes."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.reviews import assignment, proposing
from app.reviews.assigned import FullAssignment, assignments
from app.reviews.assignment_sheet import assignment_csv, propose_sheet
from app.reviews.inputs import AdjustInput, AssignmentInput, HandOnInput, SheetInput, SubstituteInput
from app.reviews.proposal import FullProposal, full_proposal
from app.reviews.rules import AssignmentRules
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/assignments", tags=["assignments"])


class DistributedOut(BaseModel):
    """`made` assignments are new; `holes` could not be filled, because everybody free has a tie."""

    made: int
    holes: int


class PublishedOut(BaseModel):
    """`made` assignments are new."""

    made: int


class SubstituteOut(BaseModel):
    """The reviewer who has the application now, by code."""

    application: str
    organisation: str
    reviewer: str


@router.get("", name="api.assignments.list")
def list_assignments(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullAssignment]:
    """Assignments that were not taken back, with their progress; never a score."""
    items, total = assignments(session, coordinator, limit=paging.limit, offset=paging.offset)
    return Listed(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("", name="api.assignments.make", status_code=201)
def make_assignment(session: Db, coordinator: AsCoordinator, now: Now, given: Json[AssignmentInput]) -> None:
    """Give one application to one reviewer; 409 for a tie, an own application or a repetition."""
    assignment.assign_reviewer(session, coordinator, given, now)


@router.post("/distribute", name="api.assignments.distribute")
def distribute(session: Db, coordinator: AsCoordinator, now: Now) -> DistributedOut:
    """Fill every hole evenly; what is assigned already stays."""
    done = assignment.distribute_evenly(session, coordinator, now)
    return DistributedOut(made=done.made, holes=done.holes)


@router.post("/substitute", name="api.assignments.substitute", status_code=201)
def substitute(
    session: Db, coordinator: AsCoordinator, now: Now, given: Json[SubstituteInput]
) -> SubstituteOut:
    """After a declared tie, give the application to the colleague of the same organisation who is free of
    ties, reads its language, has room for one more and has least. Where nobody fits, `nonetheless` gives it
    to whoever comes nearest, and 422 without; 409 where there is nobody, or somebody of the organisation has
    it already."""
    reviewer = assignment.substitute_reviewer(
        session, coordinator, given.application, given.organisation, now, nonetheless=given.nonetheless
    )
    return SubstituteOut(application=given.application, organisation=given.organisation, reviewer=reviewer)


@router.get("/proposal", name="api.assignments.proposal")
def show_proposal(tag: Tagging, session: Db, coordinator: AsCoordinator) -> FullProposal:
    """What is proposed and not yet published: loads, what changes, what lacks; 404 where nothing is."""
    return _tagged(tag, session, coordinator)


@router.post("/proposal", name="api.assignments.propose", status_code=201)
def propose(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, given: Json[AssignmentRules]
) -> FullProposal:
    """Fill every hole by these rules and keep that as the call's one proposal. What was decided by hand in
    an open proposal is heeded again. What cannot be filled is explained in `shortage`."""
    proposing.propose(session, coordinator, given, now)
    return _tagged(tag, session, coordinator)


@router.patch("/proposal", name="api.assignments.adjust")
def adjust(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    given: Json[AdjustInput],
    version: IfMatch,
) -> FullProposal:
    """Give one application to a reviewer in the proposal, or take it from them; 409 once it has expired."""
    proposing.adjust(session, coordinator, given, version, now)
    return _tagged(tag, session, coordinator)


@router.post("/publish", name="api.assignments.publish")
def publish(session: Db, coordinator: AsCoordinator, now: Now, version: IfMatch) -> PublishedOut:
    """Make the whole proposal true; 409, and nothing, where what it rests on has changed."""
    return PublishedOut(made=proposing.publish(session, coordinator, version, now))


@router.delete("/proposal", name="api.assignments.discard", status_code=204)
def discard(session: Db, coordinator: AsCoordinator, now: Now, version: IfMatch) -> None:
    """Put the proposal aside: nothing changes."""
    proposing.discard(session, coordinator, version, now)


@router.post("/hand-on", name="api.assignments.hand_on", status_code=201)
def hand_on(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, given: Json[HandOnInput]
) -> FullProposal:
    """Propose that others read what a reviewer has not begun, all or the last `number` of it; 409 where there
    is nothing. What nobody else can read stays where it is."""
    proposing.hand_on(session, coordinator, given, now)
    return _tagged(tag, session, coordinator)


@router.get(
    "/table.csv",
    name="api.assignments.export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def export_sheet(session: Db, coordinator: AsCoordinator) -> Response:
    """Who scores what as CSV (RFC 4180, UTF-8 with a byte order mark), what is proposed among it, and a line
    without a reviewer for each hole."""
    return Response(assignment_csv(session, coordinator), media_type="text/csv; charset=utf-8")


@router.post("/table", name="api.assignments.read_sheet", status_code=201)
def read_sheet(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, given: Json[SheetInput]
) -> FullProposal:
    """Propose what a CSV text says in its columns `application` and `reviewer`; what is given out stays. 422
    names each line that cannot be, and then nothing is proposed."""
    propose_sheet(session, coordinator, given, now)
    return _tagged(tag, session, coordinator)


def _tagged(tag: Tagging, session: Db, coordinator: AsCoordinator) -> FullProposal:
    found = full_proposal(session, coordinator)
    tag(found.version)
    return found


@router.delete("/{application}/{reviewer}", name="api.assignments.withdraw", status_code=204)
def withdraw_assignment(
    session: Db, coordinator: AsCoordinator, now: Now, application: str, reviewer: str
) -> None:
    """Take an application back; what was written is kept. 409 once the review has been sent."""
    assignment.withdraw_assignment(session, coordinator, application, reviewer, now)
