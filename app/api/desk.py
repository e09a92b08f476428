"""A coordinator's view of a call: its applications, how far reviewing is, and opening it."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.applications import full
from app.applications.full import FullApplication, FullIdentity, FullLine
from app.database import session_on
from app.reviews.opening import open_reviewing
from app.reviews.progress import DeskProgress, desk_progress
from app.reviews.reminding import RemindInput, remind_reviewers
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["desk"])


class FullListed(Listed[FullLine]):
    """Applications that were sent; `drafts` never were, and only their number is told."""

    drafts: int
    withdrawn: int


class OpenedOut(BaseModel):
    """How many applications are now being scored."""

    applications: int


class RemindedOut(BaseModel):
    """How many mails were queued now; who had one today gets no second."""

    mails: int


@router.get("/applications", name="api.desk.applications")
def list_applications(session: Db, coordinator: AsCoordinator, paging: Paging) -> FullListed:
    """All applications that count, by reference and without names."""
    found = full.full_list(session, coordinator, limit=paging.limit, offset=paging.offset)
    return FullListed.model_construct(
        items=found.lines,
        total=found.total,
        limit=paging.limit,
        offset=paging.offset,
        drafts=found.drafts,
        withdrawn=found.withdrawn,
    )


@router.get("/applications/{ref}", name="api.desk.application")
def show_application(session: Db, coordinator: AsCoordinator, ref: str) -> FullApplication:
    """One application as it was last sent, without who sent it."""
    return full.full_one(session, coordinator, ref)


@router.get("/applications/{ref}/identity", name="api.desk.identity")
def show_identity(request: Request, coordinator: AsCoordinator, now: Now, ref: str) -> FullIdentity:
    """Who stands behind an application. Each reading is written into the log, in a unit of its own."""
    with session_on(request.state.engine) as own, own.begin():
        return full.read_identity(own, coordinator, ref, now)


@router.get("/progress", name="api.desk.progress")
def show_progress(session: Db, coordinator: AsCoordinator, now: Now) -> DeskProgress:
    """How far assigning and reviewing are; never a score."""
    return desk_progress(session, coordinator, now)


@router.post("/reminders", name="api.desk.remind")
def remind(session: Db, coordinator: AsCoordinator, now: Now, given: Json[RemindInput]) -> RemindedOut:
    """Send reviewers a digest of what waits for them, once a day at most."""
    return RemindedOut(mails=remind_reviewers(session, coordinator, given, now))


@router.post("/reviewing", name="api.desk.open_reviewing", status_code=201)
def open_now(session: Db, coordinator: AsCoordinator, now: Now) -> OpenedOut:
    """Open reviewing, once and after the call has closed."""
    return OpenedOut(applications=open_reviewing(session, coordinator, now))
