"""How many reviews a call needs, from simulation, before anybody has applied."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.reviews.needed import Agreeing, Needed, NeededInput, needed, proposed
from app.web.actors import AsCoordinator
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["phases"])


@router.get("/reviews-needed", name="api.needed.show")
def show_needed(
    session: Db,
    coordinator: AsCoordinator,
    applications: Annotated[int | None, Query(ge=2, le=3000, description="How many are expected.")] = None,
    chosen: Annotated[int | None, Query(ge=1, le=1000, description="How many of them are chosen.")] = None,
    reviewers: Annotated[int | None, Query(ge=1, le=300, description="How many read, in all.")] = None,
    agreeing: Annotated[Agreeing | None, Query(description="How far reviewers will agree.")] = None,
) -> Needed:
    """How many of the truly best are found with one to eight reviews of each application. What is left out is
    taken from the call's setup; 422 where all would be chosen, or there is no earlier call to go by."""
    asked = {"applications": applications, "chosen": chosen, "reviewers": reviewers, "agreeing": agreeing}
    own = proposed(session, coordinator).model_dump()
    given = {name: value for name, value in asked.items() if value is not None}
    return needed(session, coordinator, NeededInput.model_validate(own | given))
