"""Corrections: a coordinator asks for named answers, the team gives them as a new sending."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.applications import Receipt
from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.applications import actions
from app.applications.actions import AnswerInput, asking
from app.applications.actions.asking import CorrectionInput, DueInput
from app.applications.corrections import (
    CorrectionChange,
    FullCorrection,
    FullCorrectionLine,
    OwnCorrection,
    full_correction,
    full_corrections,
    own_correction,
    read_change,
)
from app.database import session_on
from app.errors import NotFound
from app.web.actors import AsApplicant, AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["corrections"])


class AnswerBody(AnswerInput):
    """The named answers as they are typed, by section; one that is left out stays as it was sent.

    `number` is `next_number` of the request; sent again, it does nothing. `version`, where it is given,
    is the request's: 412 if somebody typed something else in between.
    """

    model_config = ConfigDict(extra="forbid")


class CorrectionBody(CorrectionInput):
    """What is to be corrected (`<section>.<question>`), why, and until when (five working days without)."""

    model_config = ConfigDict(extra="forbid")


class DueBody(DueInput):
    """A later date."""

    model_config = ConfigDict(extra="forbid")


class TypedBody(BaseModel):
    """Named answers as they are typed, by section; one that is left out stays as it stands."""

    model_config = ConfigDict(extra="forbid")
    answers: Annotated[dict[str, dict[str, Any]], Field(max_length=20)]


@router.get("/applications/{ref}/correction", name="api.applications.correction")
def show_own(tag: Tagging, session: Db, applicant: AsApplicant, now: Now, ref: str) -> OwnCorrection:
    """What one's own team was asked to correct last; 404 where nothing was."""
    found = own_correction(session, applicant, ref, now)
    tag(found.version)
    return found


@router.patch("/applications/{ref}/correction", name="api.applications.correction_save")
def save(
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    given: Json[TypedBody],
    version: IfMatch,
) -> OwnCorrection:
    """Keep what was typed, valid or not; nothing is sent. 412 where somebody changed the same answers."""
    actions.save_correction(session, applicant, ref, given.answers, version=version, now=now)
    found = own_correction(session, applicant, ref, now)
    tag(found.version)
    return found


@router.post("/applications/{ref}/correction", name="api.applications.correct")
def answer(session: Db, applicant: AsApplicant, now: Now, ref: str, given: Json[AnswerBody]) -> Receipt:
    """Send the corrected answers as a new sending; the same number again gives the same receipt.

    412 for a number that is not the next one; 422 names what is missing, wrong or was not asked for."""
    sent = actions.answer_correction(session, applicant, ref, given, now)
    return Receipt(ref=sent.ref, number=sent.number, sent_at=sent.sent_at.isoformat(), sha256=sent.sha256)


@router.get("/calls/{call}/corrections", name="api.corrections.list")
def list_corrections(
    session: Db, coordinator: AsCoordinator, now: Now, paging: Paging
) -> Listed[FullCorrectionLine]:
    """Every request of the call; what is awaited stands first."""
    found = full_corrections(session, coordinator, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/calls/{call}/applications/{ref}/correction", name="api.corrections.show")
def show_correction(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, ref: str
) -> FullCorrection:
    """The newest request about an application, its difference without the answers that name people."""
    found = full_correction(session, coordinator, ref, now)
    tag(found.version)
    return found


@router.get("/calls/{call}/applications/{ref}/correction/change", name="api.corrections.change")
def show_change(request: Request, coordinator: AsCoordinator, now: Now, ref: str) -> CorrectionChange:
    """The whole difference, with answers that name people. Each reading is written into the log."""
    with session_on(request.state.engine) as own, own.begin():
        found = read_change(own, coordinator, ref, now)
    if found is None:
        raise NotFound
    return found


@router.post("/calls/{call}/applications/{ref}/correction", name="api.corrections.ask", status_code=201)
def ask(
    tag: Tagging,
    found_at: Locating,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    given: Json[CorrectionBody],
) -> FullCorrection:
    """Ask one applicant to correct named answers, until reviewing opens; one request at a time."""
    asking.ask_correction(session, coordinator, ref, given, now)
    found_at("api.corrections.show", call=call, ref=ref)
    found = full_correction(session, coordinator, ref, now)
    tag(found.version)
    return found


@router.put("/calls/{call}/applications/{ref}/correction/due", name="api.corrections.extend")
def extend(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    given: Json[DueBody],
    version: IfMatch,
) -> FullCorrection:
    """Give more time, before the due date or after it."""
    asking.extend_correction(session, coordinator, ref, given, version, now)
    found = full_correction(session, coordinator, ref, now)
    tag(found.version)
    return found


@router.post("/calls/{call}/applications/{ref}/correction/close", name="api.corrections.close")
def close(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, ref: str, version: IfMatch
) -> FullCorrection:
    """Close a request without an answer: what was sent counts as it is."""
    asking.close_correction(session, coordinator, ref, version, now)
    found = full_correction(session, coordinator, ref, now)
    tag(found.version)
    return found
