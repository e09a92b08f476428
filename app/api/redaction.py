"""The redaction queue: what a coordinator decides that reviewers may read, and clearing it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.files import SENDS_A_FILE
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.applications.actions import redacting
from app.applications.actions.redacting import DecisionsInput
from app.applications.readable import number_of
from app.applications.redaction import (
    FullRedaction,
    RedactionCounts,
    RedactionLine,
    RedactionState,
    full_redaction,
    read_redaction,
    redaction_list,
    stand_in,
)
from app.database import session_on
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import sent
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/redaction", tags=["desk"])


class RedactionListed(Listed[RedactionLine]):
    """Applications of the queue; `counts` are of all of it."""

    counts: RedactionCounts


class CountBody(BaseModel):
    """How many applications are to be cleared at once: the number that was shown."""

    model_config = ConfigDict(extra="forbid")
    count: Annotated[int, Field(ge=0, le=1_000_000)]


class ClearedOut(BaseModel):
    """How many applications were cleared."""

    cleared: int


class NumberBody(BaseModel):
    """The sending that was looked at."""

    model_config = ConfigDict(extra="forbid")
    number: Annotated[int, Field(ge=1, le=10_000)]


@router.get("", name="api.redaction.list")
def list_redactions(
    session: Db,
    coordinator: AsCoordinator,
    paging: Paging,
    state: Annotated[RedactionState | None, Query(description="Only those that stand there.")] = None,
) -> RedactionListed:
    """Every application that counts, by its spoken code, and whether reviewers may read it."""
    found = redaction_list(session, coordinator, state=state, limit=paging.limit, offset=paging.offset)
    return RedactionListed(
        items=found.lines,
        total=found.total,
        limit=paging.limit,
        offset=paging.offset,
        counts=found.counts,
    )


@router.post("", name="api.redaction.clear_plain")
def clear_plain(session: Db, coordinator: AsCoordinator, now: Now, given: Json[CountBody]) -> ClearedOut:
    """Clear at once all in which nothing was found and that have no file; 409 if their number changed."""
    return ClearedOut(cleared=redacting.clear_plain(session, coordinator, given.count, now))


@router.get("/{ref}", name="api.redaction.show")
def show_redaction(
    request: Request, tag: Tagging, coordinator: AsCoordinator, now: Now, ref: str
) -> FullRedaction:
    """One application with every text, what was found in it and what was decided. Each reading is logged."""
    with session_on(request.state.engine) as own, own.begin():
        found = read_redaction(own, coordinator, ref, now)
    tag(found.version)
    return found


@router.patch("/{ref}", name="api.redaction.decide")
def decide(
    request: Request,
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    given: Json[DecisionsInput],
    version: IfMatch,
) -> FullRedaction:
    """Decide some texts and files; the others stay. Reviewers read nothing of it before it is cleared.
    503 where a file is told in words and the files do not answer."""
    redacting.decide_redaction(session, coordinator, ref, given, version, now, request.state.store)
    found = full_redaction(session, coordinator, ref)
    tag(found.version)
    return found


@router.get(
    "/{ref}/files/{number}",
    name="api.redaction.file",
    response_class=Response,
    responses=SENDS_A_FILE,
)
def open_stand_in(
    request: Request, session: Db, coordinator: AsCoordinator, ref: str, number: str
) -> Response:
    """The blurred picture, or the words of a document, that is to stand for a file as it was decided. 409
    while its bytes cannot be read."""
    return sent(request.state.store, stand_in(session, coordinator, ref, number_of(number)))


@router.post("/{ref}/clear", name="api.redaction.clear")
def clear(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    ref: str,
    given: Json[NumberBody],
    version: IfMatch,
) -> FullRedaction:
    """Let reviewers read it as it was decided; 409 while something that was found is undecided."""
    redacting.clear_application(session, coordinator, ref, number=given.number, seen=version, now=now)
    found = full_redaction(session, coordinator, ref)
    tag(found.version)
    return found
