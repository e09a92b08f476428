"""Award rounds, awards, reasons for departing from the order, and freezing the decision."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.decisions import awards, decide, departures
from app.decisions.awards import HIGHEST_AMOUNT, AwardInput, AwardView
from app.decisions.departures import DepartureInput
from app.decisions.line import Round, rounds
from app.decisions.reasons import ReasonInput
from app.decisions.standing import Standing, standing
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["awards"])

RoundCode = Annotated[str, Field(min_length=1, max_length=16, description="The round's code.")]


class AwardInRound(AwardInput):
    """One award, and the round that gives it."""

    round: RoundCode


class AmountInput(BaseModel):
    """Another amount, in euro cents."""

    model_config = ConfigDict(extra="forbid")
    amount_minor: Annotated[int, Field(gt=0, le=HIGHEST_AMOUNT)]


class DepartureInRound(DepartureInput):
    """A reason, and the round in which it departs from the order."""

    round: RoundCode


class LineDrawn(BaseModel):
    """How many awards drawing the line gave."""

    given: int


class Decided(BaseModel):
    """The SHA-256 of the canonical JSON of all that was decided."""

    sha256: str


@router.get("/rounds", name="api.rounds.list")
def list_rounds(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, paging: Paging
) -> Listed[Round]:
    """Every round with its pot and the applications around its line; the tag is the decision's. 409 before
    the order is stored."""
    found = rounds(session, coordinator)
    tag(standing(session, coordinator, now).version)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/rounds/{round}/line", name="api.rounds.draw_line")
def draw_line(session: Db, coordinator: AsCoordinator, now: Now, round: str) -> LineDrawn:
    """Award every free place to those above the line; how many that were. 409 where nothing could be
    awarded: every place is taken, the envelope ends, or nobody is left in the order."""
    return LineDrawn(given=awards.draw_line(session, coordinator, round, now))


@router.get("/awards", name="api.awards.list")
def list_awards(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[AwardView]:
    """The awards, pending or announced, by round and place."""
    return Listed(
        items=awards.award_list(session, coordinator, limit=paging.limit, offset=paging.offset),
        total=awards.count_awards(session, coordinator),
        limit=paging.limit,
        offset=paging.offset,
    )


@router.post("/awards", name="api.awards.give", status_code=201)
def give_award(
    tag: Tagging,
    found_at: Locating,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    given: Json[AwardInRound],
) -> AwardView:
    """Award one application. Without `amount_minor` it gets the round's amount; below the line it needs
    a reason. 409 where the places or the envelope end."""
    one = AwardInput(application=given.application, amount_minor=given.amount_minor, reason=given.reason)
    tag(awards.award_application(session, coordinator, given.round, one, now))
    found_at("api.awards.show", call=call, application=given.application)
    return awards.award_of(session, coordinator, given.application)


@router.get("/awards/{application}", name="api.awards.show")
def show_award(tag: Tagging, session: Db, coordinator: AsCoordinator, application: str) -> AwardView:
    """The award of one application."""
    found = awards.award_of(session, coordinator, application)
    tag(found.version)
    return found


@router.put("/awards/{application}", name="api.awards.change")
def change_award(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    application: str,
    seen: IfMatch,
    given: Json[AmountInput],
) -> AwardView:
    """Give another amount within the envelope."""
    version = awards.change_award(session, coordinator, application, seen, given.amount_minor, now)
    tag(version)
    return awards.award_of(session, coordinator, application)


@router.delete("/awards/{application}", name="api.awards.withdraw", status_code=204)
def withdraw_award(
    session: Db, coordinator: AsCoordinator, now: Now, application: str, seen: IfMatch
) -> None:
    """Take a pending award back; its place and money return to the round."""
    awards.withdraw_award(session, coordinator, application, seen, now)


@router.post("/departures", name="api.departures.explain", status_code=204)
def explain_departure(
    session: Db, coordinator: AsCoordinator, now: Now, given: Json[DepartureInRound]
) -> None:
    """Put on record why an application is passed over or raised."""
    one = DepartureInput(application=given.application, reason=given.reason)
    departures.explain_departure(session, coordinator, given.round, one, now)


@router.delete("/departures/{round}/{application}", name="api.departures.take_back", status_code=204)
def take_back_departure(
    session: Db, coordinator: AsCoordinator, now: Now, round: str, application: str
) -> None:
    """Take a reason back; the application stands in the order again."""
    departures.take_back_departure(session, coordinator, round, application, now)


@router.get("/decision", name="api.decision.show")
def show_decision(tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now) -> Standing:
    """How far the decision has come; its tag is what freezing and publishing name."""
    found = standing(session, coordinator, now)
    tag(found.version)
    return found


@router.post("/decision", name="api.decision.freeze", status_code=201)
def freeze_decision(
    tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, seen: IfMatch
) -> Decided:
    """Freeze order and awards; 409 while a review is missing unexcused or a departure has no reason."""
    sha256 = decide.decide(session, coordinator, seen, now)
    session.flush()
    tag(standing(session, coordinator, now).version)
    return Decided(sha256=sha256)


@router.post("/decision/reopen", name="api.decision.reopen", status_code=204)
def reopen_decision(session: Db, coordinator: AsCoordinator, now: Now, given: Json[ReasonInput]) -> None:
    """Open a frozen decision again; 409 once a winner is known."""
    decide.reopen_decision(session, coordinator, given.reason, now)
