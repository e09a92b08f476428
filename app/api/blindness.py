"""Proofs of blindness: whether anything of who applied stands in what reviewers could read."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.paging import Listed, Paging
from app.api.papers import SENDS_A_PDF
from app.api.problems import language_wished
from app.applications.readable import number_of
from app.proof.paper import proof_paper
from app.proof.reports import FullProof, check_blindness, full_proof, full_proofs
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/blindness", tags=["desk"])


class Asked(BaseModel):
    """The number of the check that has begun."""

    number: int


@router.get("", name="api.blindness.list")
def list_proofs(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullProof]:
    """All checks of the call, the newest first."""
    found = full_proofs(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("", name="api.blindness.ask", status_code=201)
def ask(session: Db, coordinator: AsCoordinator, now: Now) -> Asked:
    """Begin a check; it is made by the job worker, one at a time in a call."""
    return Asked(number=check_blindness(session, coordinator, now))


@router.get("/{number}", name="api.blindness.show")
def show_proof(session: Db, coordinator: AsCoordinator, number: str) -> FullProof:
    """One check, with where each secret that was found stands."""
    return full_proof(session, coordinator, number_of(number))


@router.get(
    "/{number}/report.pdf", name="api.blindness.paper", response_class=Response, responses=SENDS_A_PDF
)
def proof_pdf(request: Request, session: Db, coordinator: AsCoordinator, call: str, number: str) -> Response:
    """The same as a PDF; 404 while it runs, and for somebody with a tie in the call."""
    language, which = language_wished(request), number_of(number)
    made = proof_paper(session, coordinator, which, language, sender_for(request, language))
    return pdf_later(f"blindness-{call}-{which}.pdf", made)
