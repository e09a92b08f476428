"""The order that the reviews give: closing reviewing, reading it, excusing what is missing."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import Tagging
from app.decisions import closing
from app.decisions import holes as hole_rules
from app.decisions.export import ranking_csv
from app.decisions.extra import Extra, ExtrasInput, ask_for_extras, extras
from app.decisions.fallen import Fallen, fallen
from app.decisions.full_reviews import FullReviews, full_reviews
from app.decisions.holes import Hole
from app.decisions.ranking import RankingRow, ranking
from app.decisions.reasons import ReasonInput
from app.decisions.runs import Difference, RunLine, StandingOrder, difference, runs, standing_order
from app.decisions.what_if import WhatIf, WhatIfInput, what_if
from app.wall import BehindWall
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/ranking", tags=["ranking"])


class RankingListed(Listed[RankingRow]):
    """A part of the stored order, first to last. Numbers are decimals written as strings.

    `scored` counts the lines that have a total; `organisations` is how many were to score each
    application; `seed` repeats the draw among equals; `standing` is the run that this order is of.
    """

    scored: int
    criteria: list[str]
    organisations: int
    seed: str
    decided: bool
    standing: StandingOrder | None


class Excuse(BaseModel):
    """Why one organisation did not score one application; both by their codes."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40)]
    organisation: Annotated[str, Field(min_length=1, max_length=20)]
    reason: Annotated[str, Field(max_length=2000)]


class ExcusesInput(BaseModel):
    """Missing reviews, excused cell by cell."""

    model_config = ConfigDict(extra="forbid")
    excuses: Annotated[list[Excuse], Field(min_length=1, max_length=500)]


@router.get("", name="api.ranking.list")
def list_ranking(tag: Tagging, session: Db, coordinator: AsCoordinator, paging: Paging) -> RankingListed:
    """The order as it was stored when reviewing closed; 409 before that."""
    board = ranking(session, coordinator, limit=paging.limit, offset=paging.offset)
    tag(board.version)
    return RankingListed(
        items=board.rows,
        total=board.count,
        limit=paging.limit,
        offset=paging.offset,
        scored=board.scored,
        criteria=board.criteria,
        organisations=board.organisations,
        seed=board.seed,
        decided=board.decided,
        standing=standing_order(session, coordinator),
    )


@router.get("/runs", name="api.ranking.runs")
def list_runs(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[RunLine]:
    """Every computing of the order, the newest first; none is ever thrown away."""
    found = runs(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/runs/{run}/since/{earlier}", name="api.ranking.difference")
def compare_runs(session: Db, coordinator: AsCoordinator, run: str, earlier: str) -> Difference:
    """Which places changed from the earlier run to the other, and who is on the other side of the line; 409
    for a coordinator who has a tie with an application of the call: an order with a gap would tell of it."""
    found = difference(session, coordinator, _number(earlier), _number(run))
    if found is None:
        raise BehindWall
    return found


@router.get("/fallen", name="api.ranking.fallen")
def list_fallen(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[Fallen]:
    """What was decided on an order that was thrown away when reviewing was opened again, the newest first."""
    found = fallen(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.get("/extra-reviews", name="api.ranking.extras")
def list_extras(session: Db, coordinator: AsCoordinator, now: Now, paging: Paging) -> Listed[Extra]:
    """Where one more review is most likely to change who is chosen, and who could give it; 409 while awards
    rest on the order, and for a coordinator who has a tie with an application of the call."""
    found = extras(session, coordinator, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/extra-reviews", name="api.ranking.ask_extras", status_code=204)
def ask_extras(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, given: Json[ExtrasInput]
) -> None:
    """Open reviewing again, with the reason on record, and give each out, all or none, due until the end of
    `due_on` (in seven days without it); 422 by the application's code for what is not offered, or who is not
    free, 409 as for reading them."""
    tag(ask_for_extras(session, coordinator, given, now))


@router.post("/what-if", name="api.ranking.what_if")
def try_what_if(session: Db, coordinator: AsCoordinator, given: Json[WhatIfInput]) -> WhatIf:
    """What other weights, another method or reviews left out would make of the order. Nothing is saved. 409
    for a coordinator who has a tie with an application of the call, and with more than 20,000 reviews."""
    found = what_if(session, coordinator, given)
    if found is None:
        raise BehindWall
    return found


def _number(given: str) -> int:
    """A run's number as it stands in an address; none is 0."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


@router.get(
    "/table.csv",
    name="api.ranking.export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def export_ranking(session: Db, coordinator: AsCoordinator) -> Response:
    """The order as CSV (RFC 4180, UTF-8 with a byte order mark): one row an application, with every
    organisation's means, every method's place and total, and how firm the place is; the two last not for a
    coordinator who has a tie with an application of the call. Means and totals have up to six decimals,
    enough to compute a total again. A text that a spreadsheet would run has an apostrophe in front. 409
    before reviewing has closed."""
    return Response(ranking_csv(session, coordinator), media_type="text/csv; charset=utf-8")


@router.get("/{application}/reviews", name="api.ranking.reviews")
def read_reviews(session: Db, coordinator: AsCoordinator, application: str) -> FullReviews:
    """Every review of one application that counts, with who wrote it, and what is missing; 409 before
    reviewing has closed. Who applied is not part of it."""
    return full_reviews(session, coordinator, application)


@router.post("/close", name="api.ranking.close", status_code=204)
def close_reviewing(tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now) -> None:
    """End reviewing and store the order; 409 unless reviewing is open."""
    tag(closing.close_reviewing(session, coordinator, now))


@router.get("/reopen", name="api.ranking.falls")
def read_falls(session: Db, coordinator: AsCoordinator, now: Now) -> closing.Falls:
    """What falls away when reviewing is opened again; 409 as for doing it."""
    return closing.falls_by_reopening(session, coordinator, now)


@router.post("/reopen", name="api.ranking.reopen", status_code=204)
def reopen_reviewing(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, given: Json[ReasonInput]
) -> None:
    """Let reviewers go on, and throw the order away; 409 while awards rest on it."""
    tag(closing.reopen_reviewing(session, coordinator, given.reason, now))


@router.get("/holes", name="api.ranking.holes")
def list_holes(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[Hole]:
    """Reviews that were missing when reviewing closed, in the order of the ranking."""
    return Listed(
        items=hole_rules.holes(session, coordinator, limit=paging.limit, offset=paging.offset),
        total=hole_rules.count_holes(session, coordinator, only_open=False),
        limit=paging.limit,
        offset=paging.offset,
    )


@router.put("/holes", name="api.ranking.excuse", status_code=204)
def excuse_holes(session: Db, coordinator: AsCoordinator, now: Now, given: Json[ExcusesInput]) -> None:
    """Excuse missing reviews in writing; what is not named stays as it is."""
    reasons = {(each.application, each.organisation): each.reason for each in given.excuses}
    hole_rules.excuse_holes(session, coordinator, reasons, now)
