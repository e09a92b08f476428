"""Checking applications against the published rules, and what is alike."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.versions import IfMatch, Tagging
from app.applications.actions import screening as actions
from app.applications.actions.screening import NoteInput, ScreeningInput
from app.applications.screened import FullScreening, FullScreenings, full_screening, full_screenings
from app.applications.traces import FullAlike, SetAsideInput, full_alike, set_aside
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["desk"])


class AlikeOut(BaseModel):
    """Other applications, of this call first, that may come from the same people."""

    items: list[FullAlike]


@router.get("/screening", name="api.screening.counts")
def show_counts(session: Db, coordinator: AsCoordinator) -> FullScreenings:
    """How many applications stand where, and the reference of the next one to be checked."""
    return full_screenings(session, coordinator)


@router.get("/applications/{ref}/screening", name="api.screening.show")
def show_screening(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, ref: str
) -> FullScreening:
    """One application as it is checked: the rules, what was found, and every act. Its ETag is what an act
    must name."""
    found = full_screening(session, coordinator, ref, now)
    tag(found.version)
    return found


@router.get("/applications/{ref}/alike", name="api.screening.alike")
def show_alike(session: Db, coordinator: AsCoordinator, ref: str) -> AlikeOut:
    """What is like an application that counts; nothing yet in the minute after it was sent."""
    return AlikeOut(items=full_alike(session, coordinator, ref))


@router.post("/applications/{ref}/alike", name="api.screening.aside")
def aside(
    session: Db, coordinator: AsCoordinator, now: Now, ref: str, given: Json[SetAsideInput]
) -> AlikeOut:
    """Say that another one, by its reference, is not the same one sent twice. It is shown again if the two
    turn out to be alike in another way. Gives what is still like it."""
    set_aside(session, coordinator, ref, given, now)
    return show_alike(session, coordinator, ref)


@router.put("/applications/{ref}/screening", name="api.screening.save")
def save(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    seen: IfMatch,
    given: Json[ScreeningInput],
) -> FullScreening:
    """Keep what was found of each rule; with `pass` it meets the rules, with `refuse` a refusal is proposed,
    or holds at once where one person alone runs the call."""
    actions.save_screening(session, coordinator, ref, given, version=seen, now=now)
    return show_screening(tag, session, coordinator, now, ref)


@router.post("/applications/{ref}/screening/confirm", name="api.screening.confirm")
def confirm(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, ref: str, seen: IfMatch
) -> FullScreening:
    """The second person confirms a refusal; the team is told at once."""
    actions.confirm_refusal(session, coordinator, ref, version=seen, now=now)
    return show_screening(tag, session, coordinator, now, ref)


@router.post("/applications/{ref}/screening/decline", name="api.screening.decline")
def decline(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    seen: IfMatch,
    given: Json[NoteInput],
) -> FullScreening:
    """Do not refuse it: it is to be checked again."""
    actions.decline_refusal(session, coordinator, ref, given, version=seen, now=now)
    return show_screening(tag, session, coordinator, now, ref)


@router.post("/applications/{ref}/screening/reinstate", name="api.screening.reinstate")
def reinstate(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    seen: IfMatch,
    given: Json[NoteInput],
) -> FullScreening:
    """Take a refusal back, until reviewing closes; the team is told at once. The rules of the refusal count
    as met, and the application is to be checked again."""
    actions.reinstate(session, coordinator, ref, given, version=seen, now=now)
    return show_screening(tag, session, coordinator, now, ref)
