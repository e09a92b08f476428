"""Award rounds, awards, reasons for departing from the order, and freezing the decision."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.decisions import awards, decide, departures, reserve, seats
from app.decisions.award_table import awards_csv
from app.decisions.awards import HIGHEST_AMOUNT, AwardInput, AwardView, LineInput
from app.decisions.departures import SHORTEST_REASON, DepartureInput
from app.decisions.line import Round, rounds
from app.decisions.moving import LineKind, Moved, moved_line
from app.decisions.reasons import ReasonInput
from app.decisions.reserve import PromotionConfirm, PromotionInput, Reserve, ReturnInput
from app.decisions.seats import Seat, SeatInput
from app.decisions.standing import Standing, standing
from app.scoring.cautions import Caution
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["awards"])

Drawn = Annotated[LineKind, Query(description="Of awards, or of finalists who are invited to pitch.")]
Count = Annotated[int | None, Query(ge=1, le=1000, description="For how many awards in all.")]
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


class OutOfTurnReason(BaseModel):
    """Why somebody else than the next is to come up."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=2000)]


class OutOfTurnConfirm(BaseModel):
    """The reason that is confirmed, as it was written at `decided_at`."""

    model_config = ConfigDict(extra="forbid")
    decided_at: AwareDatetime


class LineDrawn(BaseModel):
    """How many awards drawing the line gave."""

    given: int


class TakenBack(BaseModel):
    """How many pending awards were taken back."""

    taken_back: int


class Decided(BaseModel):
    """The SHA-256 of the canonical JSON of all that was decided; "" to whoever has a tie in the call."""

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


@router.get("/rounds/{round}/line", name="api.rounds.line")
def show_line(
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    round: str,
    count: Count = None,
    line: Drawn = LineKind.AWARDS,
) -> Moved:
    """Who would win with `count` awards, who enters and leaves, and each sum, by the method that decides and
    beside it by the others; nothing is saved. Without a count the line as it stands; the tag is the
    decision's. With `line=finalists` the line at which finalists are invited. 409 before the order is
    stored, where the round has no finalists, and for the awards of one whose pitches are not scored yet."""
    found = moved_line(session, coordinator, round, count, line)
    tag(standing(session, coordinator, now).version)
    return found


@router.put("/rounds/{round}/line", name="api.rounds.move_line")
def move_line(
    session: Db, coordinator: AsCoordinator, now: Now, round: str, seen: IfMatch, given: Json[LineInput]
) -> LineDrawn:
    """Make the awards those of this line: whoever is above it gets one, whoever is awarded below it and was
    not raised in writing loses it, and a shared pot is divided anew; how many awards are new."""
    return LineDrawn(given=awards.draw_line(session, coordinator, round, now, given.count, seen))


@router.delete("/rounds/{round}/line", name="api.rounds.withdraw_all")
def withdraw_all(session: Db, coordinator: AsCoordinator, now: Now, round: str, seen: IfMatch) -> TakenBack:
    """Take every pending award of the round back, with the reasons; how many that were. 409 once the decision
    is frozen."""
    return TakenBack(taken_back=awards.withdraw_all(session, coordinator, round, seen, now))


@router.get("/rounds/{round}/reserved", name="api.reserved.list")
def list_seats(session: Db, coordinator: AsCoordinator, round: str, paging: Paging) -> Listed[Seat]:
    """Who belongs to those for whom the round keeps seats, and who was marked; 409 where it keeps none."""
    found = seats.seats(session, coordinator, round)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.put("/rounds/{round}/reserved/{application}", name="api.reserved.mark", status_code=204)
def mark_seat(
    session: Db, coordinator: AsCoordinator, now: Now, round: str, application: str, given: Json[SeatInput]
) -> None:
    """Say whether an application belongs, and how that is known; it outdoes the answer of the form."""
    seats.mark_seat(session, coordinator, round, application, given, now)


@router.delete("/rounds/{round}/reserved/{application}", name="api.reserved.drop_mark", status_code=204)
def drop_mark(session: Db, coordinator: AsCoordinator, now: Now, round: str, application: str) -> None:
    """Take a mark back; the answer of the form counts again."""
    seats.drop_mark(session, coordinator, round, application, now)


@router.get("/rounds/{round}/reserve", name="api.reserve.show")
def show_reserve(tag: Tagging, session: Db, coordinator: AsCoordinator, now: Now, round: str) -> Reserve:
    """Who stands by, in the order stored at freezing, and what was given back; the tag is the decision's."""
    found = reserve.reserve_of(session, coordinator, round, now)
    tag(standing(session, coordinator, now).version)
    return found


@router.post("/rounds/{round}/promotions", name="api.reserve.promote", status_code=201)
def promote(
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    round: str,
    seen: IfMatch,
    given: Json[PromotionInput],
) -> AwardView:
    """Give the award that came back first to the next who stands by. Somebody else of the list needs a
    reason, and comes up so only where no other coordinator could confirm it. 409 once the list has ended,
    where nothing was given back, nobody is left, or a second person is needed."""
    code = reserve.promote(session, coordinator, round, seen, given, now)
    return awards.award_of(session, coordinator, code)


@router.put("/rounds/{round}/reserve/{application}/reason", name="api.reserve.ask", status_code=204)
def ask_promotion(
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    round: str,
    application: str,
    seen: IfMatch,
    given: Json[OutOfTurnReason],
) -> None:
    """Write down why somebody else than the next is to come up; nobody does before a second person confirms
    it. 404 for the next, and for whoever does not stand by; 409 once the list has ended, where nothing was
    given back, or nobody is left."""
    asked = PromotionInput(application=application, reason=given.reason)
    reserve.ask_promotion(session, coordinator, round, seen, asked, now)


@router.delete("/rounds/{round}/reserve/{application}/reason", name="api.reserve.drop", status_code=204)
def drop_promotion(session: Db, coordinator: AsCoordinator, now: Now, round: str, application: str) -> None:
    """Take that reason back, or turn it down. 409 once the list has ended."""
    reserve.drop_promotion(session, coordinator, round, application, now)


@router.post("/rounds/{round}/reserve/{application}/confirm", name="api.reserve.confirm", status_code=201)
def confirm_promotion(
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    round: str,
    application: str,
    given: Json[OutOfTurnConfirm],
) -> AwardView:
    """Confirm that reason as a second person, and so promote. 409 for whoever wrote it, where it was written
    anew since, and where nobody can come up."""
    confirmed = PromotionConfirm(application=application, decided_at=given.decided_at)
    code = reserve.confirm_promotion(session, coordinator, round, confirmed, now)
    return awards.award_of(session, coordinator, code)


@router.post("/awards/{application}/return", name="api.awards.give_back", status_code=204)
def give_back(
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    application: str,
    seen: IfMatch,
    given: Json[ReturnInput],
) -> None:
    """Write down that a winner gives the award back; 409 before the results are public."""
    reserve.give_back(session, coordinator, application, seen, given, now)


@router.get(
    "/rounds/table.csv",
    name="api.rounds.export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def export_awards(session: Db, coordinator: AsCoordinator) -> Response:
    """Awards, what was given back and who stands by, as CSV (RFC 4180); sums in euro with a point. 409 before
    reviewing has closed."""
    return Response(awards_csv(session, coordinator), media_type="text/csv; charset=utf-8")


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
    tag: Tagging,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    seen: IfMatch,
    known: Annotated[list[Caution] | None, Query(description="The `cautions` that you know of.")] = None,
) -> Decided:
    """Freeze order and awards; 409 while a review is missing unexcused or a departure has no reason, and
    while the decision has `cautions` that are not named as `known`."""
    decide.decide(session, coordinator, seen, now, known or ())
    session.flush()
    stands = standing(session, coordinator, now)
    tag(stands.version)
    return Decided(sha256=stands.decision_hash)


@router.post("/decision/reopen", name="api.decision.reopen", status_code=204)
def reopen_decision(session: Db, coordinator: AsCoordinator, now: Now, given: Json[ReasonInput]) -> None:
    """Open a frozen decision again; 409 once a winner is known."""
    decide.reopen_decision(session, coordinator, given.reason, now)
