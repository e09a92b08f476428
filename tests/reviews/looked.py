"""The job worker's look at what waits for coordinators, and what their desk counts then."""

from sqlmodel import Session

from app.applications.screened import desk_waiting
from app.models.calls import Phase
from app.reviews.looking import keep_matters, look_for_matters
from tests.factories import REVIEWING
from tests.world import World


def looked(session: Session, world: World) -> tuple[int, int, int]:
    """How often something had changed; suspicions and third reviews that the desk counts then."""
    found = look_for_matters(session, REVIEWING)
    keep_matters(session, found)
    waiting = desk_waiting(session, world.coordinator(), Phase.REVIEWING)
    return len(found), waiting.suspected, waiting.thirds


def waiting(session: Session, world: World) -> tuple[int, int]:
    """Suspicions and third reviews that the desk counts, without a look."""
    found = desk_waiting(session, world.coordinator(), Phase.REVIEWING)
    return found.suspected, found.thirds
