"""Where a call is and how it came there: its steps, those left to the clock, and lifting the blind."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.calls import lifting
from app.calls.ledger import FullLedgerEntry, full_ledger
from app.calls.lifting import Blind, LiftInput
from app.models.phases import Step
from app.reviews import planning
from app.reviews.discussing import open_discussion
from app.reviews.planning import Plan, PlanInput
from app.reviews.stands import Stands, stands_of
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["phases"])


class PhasesOut(BaseModel):
    """Where the call is, whether its discussion has begun, how many reviews are still awaited, and what is
    left to the clock."""

    stands: Stands
    plans: list[Plan]


class StepBody(BaseModel):
    """Which step."""

    model_config = ConfigDict(extra="forbid")
    step: Step


@router.get("/phases", name="api.phases.show")
def show_phases(session: Db, coordinator: AsCoordinator, now: Now) -> PhasesOut:
    """The phase that the call is in, and the steps that are left to the clock."""
    return PhasesOut(stands=stands_of(session, coordinator, now), plans=planning.plans(session, coordinator))


@router.get("/phases/acts", name="api.phases.list")
def list_acts(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullLedgerEntry]:
    """Every act that moved the call on, the newest first: when, whose (`by`, a membership's code), why. One
    that the clock took is `phase.by_clock`, in the name of who had planned it."""
    acts = full_ledger(session, coordinator)
    return Listed(items=paging.of(acts), total=len(acts), limit=paging.limit, offset=paging.offset)


@router.put("/phases/plans", name="api.phases.plan")
def plan(session: Db, coordinator: AsCoordinator, now: Now, given: Json[PlanInput]) -> PhasesOut:
    """Leave a step to the clock, or move it; 409 for one that lies behind or that the call never promised.
    Closing reviewing is never left to it."""
    planning.plan_step(session, coordinator, given, now)
    return show_phases(session, coordinator, now)


@router.post("/phases/plans/remove", name="api.phases.unplan")
def unplan(session: Db, coordinator: AsCoordinator, now: Now, given: Json[StepBody]) -> PhasesOut:
    """Take a step from the clock again; 409 if it was not left to it."""
    planning.unplan_step(session, coordinator, given.step, now)
    return show_phases(session, coordinator, now)


@router.post("/phases/discussion", name="api.phases.open_discussion")
def open_now(session: Db, coordinator: AsCoordinator, now: Now) -> PhasesOut:
    """Let reviewers read each other's reasons, while reviewing is open. It is never closed again."""
    open_discussion(session, coordinator, now)
    return show_phases(session, coordinator, now)


@router.get("/blind", name="api.blind.show")
def show_blind(session: Db, coordinator: AsCoordinator, now: Now) -> Blind:
    """Whether names may be read together, who asked for it and why, and who agreed."""
    return lifting.blind_of(session, coordinator, now)


@router.post("/blind", name="api.blind.ask", status_code=201)
def ask_to_lift(session: Db, coordinator: AsCoordinator, now: Now, given: Json[LiftInput]) -> Blind:
    """Ask that names be shown before the decision, once reviewing has closed. Where there is no second
    coordinator it is done at once, and everybody reads the reason in the call's ledger."""
    lifting.ask_to_lift(session, coordinator, given, now)
    return show_blind(session, coordinator, now)


@router.post("/blind/confirm", name="api.blind.confirm")
def confirm_lift(session: Db, coordinator: AsCoordinator, now: Now) -> Blind:
    """Agree to what another coordinator asked for; 409 for who asked, as long as there is another one."""
    lifting.confirm_lift(session, coordinator, now)
    return show_blind(session, coordinator, now)


@router.post("/blind/turn-down", name="api.blind.turn_down")
def turn_down_lift(session: Db, coordinator: AsCoordinator, now: Now) -> Blind:
    """Refuse it, or take it back, as long as nobody has agreed."""
    lifting.turn_down_lift(session, coordinator, now)
    return show_blind(session, coordinator, now)
