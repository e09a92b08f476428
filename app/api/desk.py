"""A coordinator's view of a call: its applications, how far reviewing is, and opening it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.applications import full
from app.applications.full import FullApplication, FullIdentity, FullLine
from app.applications.screened import ScreeningState
from app.applications.sifting import Code, Sieve
from app.database import session_on
from app.models.applications import Status
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


class NameLine(BaseModel):
    """Who applies, by the application's reference."""

    ref: str
    display_name: str


class OpenedOut(BaseModel):
    """How many applications are now being scored."""

    applications: int


class RemindedOut(BaseModel):
    """How many mails were queued now; who had one today gets no second."""

    mails: int


def _only(what: str) -> Any:
    return Query(description=what)


async def sieve_of(
    status: Annotated[Status | None, _only("Only those of this state.")] = None,
    screening: Annotated[ScreeningState | None, _only("Only those whose check stands there.")] = None,
    theme: Annotated[Code, _only("Only those of this theme, by its code.")] = "",
    district: Annotated[Code, _only("Only those in this district, by its code.")] = "",
    language: Annotated[Code, _only("Only those written in `kk`, `ru` or `en`.")] = "",
    flagged: Annotated[bool, _only("Only those with a flag that is not resolved.")] = False,
    alike: Annotated[bool, _only("Only those that may be duplicates of another one.")] = False,
) -> Sieve:
    """By what a list is narrowed down. Not in a thread: there is nothing to wait for."""
    return Sieve(
        status=status,
        screening=screening,
        theme=theme,
        district=district,
        language=language,
        flagged=flagged,
        alike=alike,
    )


Sifted = Annotated[Sieve, Depends(sieve_of)]
Search = Annotated[str, Query(max_length=200, description="Only what says all these words.")]


@router.get("/applications", name="api.desk.applications")
def list_applications(
    session: Db, coordinator: AsCoordinator, paging: Paging, sieve: Sifted, q: Search = ""
) -> FullListed:
    """All applications that count, by reference and without names; `total` are those that are let through.
    `q` looks in references, codes, titles and the texts that were sent."""
    found = full.full_list(
        session, coordinator, search=q, sieve=sieve, limit=paging.limit, offset=paging.offset
    )
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


@router.get("/names", name="api.desk.names")
def list_names(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    paging: Paging,
    sieve: Sifted,
    q: Search = "",
) -> Listed[NameLine]:
    """Who applies, for a part of the same list. Each reading is written into the log; 409 until the blind is
    lifted, before which names are read one by one."""
    found = full.full_list(
        session, coordinator, search=q, sieve=sieve, limit=paging.limit, offset=paging.offset
    )
    with session_on(request.state.engine) as own, own.begin():
        names = full.read_names(own, coordinator, [line.ref for line in found.lines], now)
    return Listed(
        items=[NameLine(ref=line.ref, display_name=names[line.ref]) for line in found.lines],
        total=found.total,
        limit=paging.limit,
        offset=paging.offset,
    )


@router.get("/progress", name="api.desk.progress")
def show_progress(session: Db, coordinator: AsCoordinator, now: Now) -> DeskProgress:
    """How far assigning and reviewing are; never a score."""
    return desk_progress(session, coordinator, now, with_work=True)


@router.post("/reminders", name="api.desk.remind")
def remind(session: Db, coordinator: AsCoordinator, now: Now, given: Json[RemindInput]) -> RemindedOut:
    """Send reviewers a digest of what waits for them, once a day at most."""
    return RemindedOut(mails=remind_reviewers(session, coordinator, given, now))


@router.post("/reviewing", name="api.desk.open_reviewing", status_code=201)
def open_now(session: Db, coordinator: AsCoordinator, now: Now) -> OpenedOut:
    """Open reviewing, once and after the call has closed."""
    return OpenedOut(applications=open_reviewing(session, coordinator, now))
