"""Assisted entry: a coordinator types in for somebody who is not online, by program."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.applications import actions
from app.applications.actions import AssistedInput
from app.applications.assisted import (
    FullAssisted,
    WithoutEmail,
    assisted_list,
    assisted_one,
    people_without_email,
)
from app.database import session_on
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["desk"])


class AssistedBody(AssistedInput):
    """For whom, how it came, and how that person agreed."""

    model_config = ConfigDict(extra="forbid")
    processing: Literal[True]
    publication: Literal[True]


class AssistedOut(BaseModel):
    """A new entry. `return_code` is told this once; null where the applicant has an e-mail address."""

    ref: str
    return_code: str | None


class ReturnCodeOut(BaseModel):
    """A new return code, told this once: the one before works no more."""

    return_code: str


def _secret(request: Request) -> str:
    secret: str = request.state.settings.secret_key.get_secret_value()
    return secret


@router.get("/assisted", name="api.assisted.list")
def list_entries(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullAssisted]:
    """What coordinators typed in for others, the newest first; nothing of what is written."""
    found = assisted_list(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/assisted", name="api.assisted.start", status_code=201)
def start_assisted(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    found_at: Locating,
    given: Json[AssistedBody],
) -> AssistedOut:
    """Begin an application for somebody who cannot, with their recorded consent, while the call is open.

    Its sections are written, and it is sent, like an application of one's own, until then or until it is
    handed over. Who scores in the call cannot.
    """
    entry = actions.start_assisted(session, coordinator, given, secret=_secret(request), now=now)
    found_at("api.assisted.show", call=request.path_params["call"], ref=entry.ref)
    return AssistedOut(ref=entry.ref, return_code=entry.code or None)


@router.get("/assisted/{ref}", name="api.assisted.show")
def show_entry(session: Db, coordinator: AsCoordinator, ref: str) -> FullAssisted:
    """One entry: how it came, how its owner agreed, who typed it in."""
    return assisted_one(session, coordinator, ref)


@router.post("/assisted/{ref}/return-code", name="api.assisted.renew_code", status_code=201)
def renew_code(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, ref: str
) -> ReturnCodeOut:
    """A new return code for an applicant without e-mail. It is in the log, and its owner sees it."""
    return ReturnCodeOut(
        return_code=actions.renew_code(session, coordinator, ref, secret=_secret(request), now=now)
    )


@router.post("/assisted/{ref}/hand-over", name="api.assisted.hand_over", status_code=204)
def hand_over(session: Db, coordinator: AsCoordinator, now: Now, ref: str) -> None:
    """Leave the draft to its owner, once: nobody else reads it from then on."""
    actions.hand_to_owner(session, coordinator, ref, now)


@router.get("/without-email", name="api.assisted.to_call")
def list_without_email(
    request: Request, coordinator: AsCoordinator, now: Now, paging: Paging
) -> Listed[WithoutEmail]:
    """Whom no letter reaches, with their telephones. Each reading is written into the log."""
    with session_on(request.state.engine) as own, own.begin():
        found = people_without_email(own, coordinator, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)
