"""Who scores what: for coordinators, by codes."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.reviews import assignment
from app.reviews.assigned import FullAssignment, assignments
from app.reviews.inputs import AssignmentInput, SubstituteInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/assignments", tags=["assignments"])


class DistributedOut(BaseModel):
    """`made` assignments are new; `holes` could not be filled, because everybody free has a tie."""

    made: int
    holes: int


class SubstituteOut(SubstituteInput):
    """The same, and the code of the reviewer who has the application now."""

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
    """After a declared tie, give the application to the least loaded colleague of the same organisation who
    is free of ties; 409 where there is nobody, or somebody of the organisation has it already."""
    reviewer = assignment.substitute_reviewer(
        session, coordinator, given.application, given.organisation, now
    )
    return SubstituteOut(application=given.application, organisation=given.organisation, reviewer=reviewer)


@router.delete("/{application}/{reviewer}", name="api.assignments.withdraw", status_code=204)
def withdraw_assignment(
    session: Db, coordinator: AsCoordinator, now: Now, application: str, reviewer: str
) -> None:
    """Take an application back; what was written is kept. 409 once the review has been sent."""
    assignment.withdraw_assignment(session, coordinator, application, reviewer, now)
