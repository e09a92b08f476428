"""Ties of people on the panel with applications: for coordinators, by codes."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.bodies import Json
from app.reviews import conflicts, known_ties
from app.reviews.known_ties import Ties
from app.reviews.substitutes import Recusal, open_recusals
from app.reviews.tie_inputs import LiftInput, SuspicionInput, TieDeclareInput, TiePinInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/ties", tags=["ties"])


class RecusalsOut(BaseModel):
    """What waits for a colleague to take over."""

    recusals: list[Recusal]


@router.get("", name="api.ties.show")
def show_ties(session: Db, coordinator: AsCoordinator) -> Ties:
    """What may be a tie and bars assigning until it is decided, what stands, and one's own.

    What one has a tie with oneself is nowhere else in this API: it is 404, and no count holds it.
    """
    return known_ties.ties(session, coordinator)


@router.get("/recusals", name="api.ties.recusals")
def list_recusals(session: Db, coordinator: AsCoordinator) -> RecusalsOut:
    """Applications whose reviewer may not score them, with the colleague who would take over."""
    return RecusalsOut(recusals=open_recusals(session, coordinator))


@router.post("", name="api.ties.pin", status_code=201)
def pin_tie(session: Db, coordinator: AsCoordinator, now: Now, given: Json[TiePinInput]) -> None:
    """Put on record that somebody on the panel has a tie; it ends their assignment. 409 if it is there."""
    conflicts.pin_tie(session, coordinator, given, now)


@router.post("/own", name="api.ties.declare", status_code=201)
def declare_own_tie(session: Db, coordinator: AsCoordinator, now: Now, given: Json[TieDeclareInput]) -> None:
    """Declare a tie of one's own: from the next request on the application is not there for one."""
    conflicts.declare_own_tie(session, coordinator, given, now)


@router.post("/decide", name="api.ties.decide", status_code=204)
def decide_suspicions(session: Db, coordinator: AsCoordinator, now: Now, given: Json[SuspicionInput]) -> None:
    """Say of suspicions, by their keys, whether each is a tie. 409 for one that points to oneself."""
    conflicts.decide_suspicions(session, coordinator, given, now)


@router.post("/lift", name="api.ties.lift", status_code=204)
def lift_tie(session: Db, coordinator: AsCoordinator, now: Now, given: Json[LiftInput]) -> None:
    """Take a tie off the record, by its key, which names the version that was looked at."""
    conflicts.lift_tie(session, coordinator, given, now)
