"""Steps that are left to the clock: opening reviewing, and the discussion, at an instant named beforehand.

Closing reviewing is never left to it: what is missing then is somebody's to see and to answer for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.calls.inputs import Instant
from app.calls.phase import Phase
from app.errors import Invalid
from app.models.calls import Call
from app.models.phases import PlannedStep, Step
from app.reviews.call_state import phase_held
from app.reviews.discussing import open_discussion
from app.reviews.opening import open_reviewing
from app.reviews.refusals import DiscussionNotMeant, DiscussionOpen, StepNotPlanned, StepTaken
from app.wall import BehindWall, is_walled

TAKE: dict[Step, Callable[[Session, Coordinator, datetime], object]] = {
    Step.REVIEWING: open_reviewing,
    Step.DISCUSSION: open_discussion,
}
BEFORE: dict[Step, frozenset[Phase]] = {
    Step.REVIEWING: frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.GRACE, Phase.CLOSED}),
    Step.DISCUSSION: frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.GRACE, Phase.CLOSED, Phase.REVIEWING}),
}
"""The phases in which a step still lies ahead."""


class PlanInput(BaseModel):
    """Which step, and when the clock is to take it."""

    model_config = ConfigDict(extra="forbid")
    step: Annotated[Step, Ask("radios", choices="steps")]
    at: Instant


class Plan(BaseModel):
    """A step left to the clock. `refused` is what stood in the way when it was due; it is tried again."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    step: Step
    at: datetime
    refused: str


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step whose time has come, and in whose name it is taken."""

    step: Step
    coordinator: Coordinator


_PLANS = (
    select(col(PlannedStep.step), col(PlannedStep.at), col(PlannedStep.refused))
    .where(col(PlannedStep.call_id) == bindparam("call_id"))
    .order_by(col(PlannedStep.at))
)
_DUE = (
    select(col(PlannedStep.step), col(PlannedStep.call_id), col(PlannedStep.planned_by))
    .where(col(PlannedStep.at) <= bindparam("now"))
    .order_by(col(PlannedStep.at), col(PlannedStep.call_id))
)


def plans(session: Session, coordinator: Coordinator) -> list[Plan]:
    """What of this call is left to the clock."""
    rows = session.execute(_PLANS, {"call_id": coordinator.call_id})
    return [
        Plan(
            step=row.step,
            at=row.at,
            # What stands in the way may be about what somebody with a tie must not know.
            refused=BehindWall.code if row.refused and is_walled(session) else row.refused,
        )
        for row in rows
    ]


def plan_step(session: Session, coordinator: Coordinator, given: PlanInput, now: datetime) -> None:
    """Leave a step to the clock, or move it; the instant lies ahead, and the step too."""
    check_planning(session, coordinator, given.step, now)
    if given.at <= now:
        raise Invalid({"at": "plan.not_ahead"})
    session.execute(_forgetting(coordinator.call_id, given.step))
    session.add(
        PlannedStep(
            call_id=coordinator.call_id,
            step=given.step,
            at=given.at,
            planned_by=coordinator.person_id,
            planned_at=now,
        )
    )
    session.flush()
    _recorded(session, coordinator, "phase.plan", given.step, now)


def check_planning(session: Session, coordinator: Coordinator, step: Step, now: datetime) -> None:
    """Refuse a step that lies behind, or that the call never promised."""
    if phase_held(session, coordinator.call_id, now) not in BEFORE[step]:
        raise StepTaken
    if step is Step.DISCUSSION:
        call = session.execute(
            select(col(Call.discussion), col(Call.discussion_opened_at)).where(
                col(Call.id) == coordinator.call_id
            )
        ).one()
        if not call.discussion:
            raise DiscussionNotMeant
        if call.discussion_opened_at is not None:
            raise DiscussionOpen


def unplan_step(session: Session, coordinator: Coordinator, step: Step, now: datetime) -> None:
    """Take it from the clock again; StepNotPlanned if it was not left to it."""
    gone = session.execute(_forgetting(coordinator.call_id, step))
    if getattr(gone, "rowcount", 0) == 0:
        raise StepNotPlanned
    _recorded(session, coordinator, "phase.unplan", step, now)


def due_steps(session: Session, now: datetime) -> Sequence[DueStep]:
    """Every step of every call whose time has come."""
    rows = session.execute(_DUE, {"now": now})
    return [DueStep(row.step, Coordinator(row.planned_by, row.call_id)) for row in rows]


def take_step(session: Session, due: DueStep, now: datetime) -> None:
    """Do now what was planned, in the name of who planned it; refused as it would be by hand.

    What was done by hand meanwhile, or lies behind for another reason, is only forgotten.
    """
    taken = session.execute(
        select(col(PlannedStep.step))
        .where(col(PlannedStep.call_id) == due.coordinator.call_id, col(PlannedStep.step) == due.step)
        .with_for_update()
    ).first()
    if taken is None:
        return
    if _lies_ahead(session, due, now):
        TAKE[due.step](session, due.coordinator, now)
        _recorded(session, due.coordinator, "phase.by_clock", due.step, now)
    session.execute(_forgetting(due.coordinator.call_id, due.step))


def _lies_ahead(session: Session, due: DueStep, now: datetime) -> bool:
    try:
        check_planning(session, due.coordinator, due.step, now)
    except (StepTaken, DiscussionOpen):
        return False
    return True


def step_refused(session: Session, due: DueStep, code: str) -> None:
    """Keep what stood in the way, for the coordinators to read; it is tried again."""
    session.execute(
        update(PlannedStep)
        .where(col(PlannedStep.call_id) == due.coordinator.call_id, col(PlannedStep.step) == due.step)
        .values(refused=code)
    )


def _forgetting(call_id: int, step: Step) -> Any:
    return delete(PlannedStep).where(col(PlannedStep.call_id) == call_id, col(PlannedStep.step) == step)


def _recorded(session: Session, coordinator: Coordinator, action: str, step: Step, now: datetime) -> None:
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=str(step),
    )
