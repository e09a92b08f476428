"""Proofs of blindness: whether anything of who applied stands in what reviewers could read."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.paging import Listed, Paging
from app.applications.readable import number_of
from app.proof.reports import FullProof, check_blindness, full_proof, full_proofs
from app.web.actors import AsCoordinator
from app.web.clock import Now
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
