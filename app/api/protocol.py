"""The protocol of a decision, and the panel's meeting that is part of it."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.api.paging import Listed, Paging
from app.api.problems import language_wished
from app.applications.readable import number_of
from app.decisions.protocol import KeptProtocol, full_protocol, kept_protocols, read_protocol
from app.decisions.protocol_file import Protocol
from app.decisions.protocol_words import protocol_paper
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["awards"])
SENDS_A_PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/protocols", name="api.protocols.list")
def list_protocols(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[KeptProtocol]:
    """Every protocol that was frozen, the newest first; one opened again and frozen anew has another."""
    found = kept_protocols(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/protocol", name="api.protocol.show", response_model=Protocol)
def show_protocol(session: Db, coordinator: AsCoordinator) -> Response:
    """The protocol of the decision as it stands, a draft before it is frozen: the file that `baige recompute`
    takes. Once the results are public it has an `addendum` of awards given back and of who came up, where
    there are any. 409 before reviewing is closed; 404 for whoever has a tie with an application of the
    call."""
    return _json(read_protocol(session, coordinator))


@router.get("/protocol.pdf", name="api.protocol.pdf", response_class=Response, responses=SENDS_A_PDF)
def protocol_pdf(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    """The same on paper, to be signed, in the language of `Accept-Language`; 409 and 404 as for the file."""
    language = language_wished(request)
    protocol = full_protocol(session, coordinator)
    make = protocol_paper(protocol, language, sender_for(request, language), now)
    return pdf_later(f"protocol-{call}.pdf", make)


@router.get(
    "/protocols/{number}",
    name="api.protocols.show",
    response_model=Protocol,
)
def show_kept(session: Db, coordinator: AsCoordinator, number: str) -> Response:
    """One that was frozen, as it was: no later act changes a byte of it."""
    return _json(read_protocol(session, coordinator, number_of(number)))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})
