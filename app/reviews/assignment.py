"""Who scores what: by hand, evenly, and again after a declared tie."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.errors import Invalid, NotFound
from app.models.calls import Call, Phase
from app.models.reviews import Assignment, ReviewState
from app.reviews.call_state import ASSIGNING, phase_held
from app.reviews.inputs import AssignmentInput
from app.reviews.notices import notify_reviewers
from app.reviews.queue import queue_key
from app.reviews.refusals import (
    AlreadyAssigned,
    AssigningOver,
    NobodyFree,
    ReviewAlreadySent,
    ReviewerBarred,
)
from app.reviews.room import Pair, Room, room_of
from app.wall import wall_of, whole_call

if TYPE_CHECKING:
    from app.scoring.assignment import Assigned
    from app.scoring.reading import Problem


@dataclass(frozen=True, slots=True)
class Distributed:
    """What a distribution did: `made` new assignments, `holes` left because everybody free is barred."""

    made: int
    holes: int


@whole_call
def distribute_evenly(session: Session, coordinator: Coordinator, now: datetime) -> Distributed:
    """Fill every hole, so that each organisation covers each application and its people read equally much.

    With the call's `reviews_per_application`, that many different organisations each. What was begun stays.
    """
    phase = check_assigning(session, coordinator, now)
    wanted = session.execute(
        select(col(Call.reviews_per_application)).where(col(Call.id) == coordinator.call_id)
    ).scalar_one()
    room = room_of(session, coordinator.call_id)
    found = best_assignment(room.problem(wanted))
    _assign(session, coordinator, room, sorted(found.pairs), phase, now)
    record(
        session,
        "assignments.distribute",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"made": len(found.pairs), "holes": found.missing},
    )
    hidden = wall_of(session).names
    made = sum(application not in hidden for _, application in found.pairs)
    return Distributed(made=made, holes=found.missing)


def best_assignment(problem: "Problem") -> "Assigned":
    """The exact optimum; what nobody may read stays a hole. Ties between equals fall as queues do."""
    # The solver takes half a second and sixty megabytes to load, which only who assigns should pay.
    from app.scoring.assignment import assign

    found = assign(problem, queue_key, holes=True)
    if found is None:
        raise ArithmeticError("with holes allowed there is always an assignment")
    return found


def assign_reviewer(
    session: Session, coordinator: Coordinator, given: AssignmentInput, now: datetime
) -> None:
    """Give one application to one reviewer; one that was taken back comes back with its text."""
    phase = check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    unknown = {}
    if given.application not in room.applications:
        unknown["application"] = "assignment.unknown_application"
    if given.reviewer not in room.members:
        unknown["reviewer"] = "assignment.unknown_reviewer"
    if unknown:
        raise Invalid(unknown)
    _assign_one(session, coordinator, room, (given.reviewer, given.application), phase, now)


def substitute_reviewer(
    session: Session, coordinator: Coordinator, application: str, organisation: str, now: datetime
) -> str:
    """After a declared tie: the least loaded colleague of the same organisation who is free of ties.

    Gives that reviewer's code.
    """
    phase = check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    bench = [each.code for each in room.members.values() if each.organisation == organisation]
    if application not in room.applications or not bench:
        raise NotFound
    if (organisation, application) in room.covered():
        raise AlreadyAssigned
    found = lightest(room, organisation, application)
    if found is None:
        raise NobodyFree
    _assign_one(session, coordinator, room, (found, application), phase, now)
    return found


def lightest(room: Room, organisation: str, application: str) -> str | None:
    """The least loaded of an organisation's people who may score an application; None where nobody may."""
    closed, loads = room.barred | room.withdrawn(), room.loads()
    able = [
        each.code
        for each in room.members.values()
        if each.organisation == organisation and (each.code, application) not in closed
    ]
    return min(able, key=lambda each: (loads[each], queue_key(each, application)), default=None)


def withdraw_assignment(
    session: Session, coordinator: Coordinator, application: str, reviewer: str, now: datetime
) -> None:
    """Take an application from a reviewer. What was written is kept; a review that was sent stays."""
    check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    row = next(
        (
            each
            for each in room.assignments
            if each.application == application and each.member == reviewer and each.withdrawn_at is None
        ),
        None,
    )
    if row is None:
        raise NotFound
    if row.state is ReviewState.SENT:
        raise ReviewAlreadySent
    session.execute(update(Assignment).where(col(Assignment.id) == row.key).values(withdrawn_at=now))
    _recorded(session, coordinator, "assignment.withdraw", (reviewer, application), now)


def check_assigning(session: Session, coordinator: Coordinator, now: datetime) -> Phase:
    """Hold the call in its phase, which this gives, and refuse unless assignments can change in it."""
    phase = phase_held(session, coordinator.call_id, now)
    if phase not in ASSIGNING:
        raise AssigningOver
    return phase


def _assign_one(
    session: Session, coordinator: Coordinator, room: Room, pair: Pair, phase: Phase, now: datetime
) -> None:
    reviewer = pair[0]
    before = [row for row in room.assignments if (row.member, row.application) == pair]
    if pair in room.barred:
        raise ReviewerBarred
    if any(row.withdrawn_at is None for row in before):
        raise AlreadyAssigned
    if before:
        session.execute(
            update(Assignment).where(col(Assignment.id) == before[0].key).values(withdrawn_at=None)
        )
        if phase is Phase.REVIEWING:
            notify_reviewers(session, coordinator.call_id, [room.members[reviewer].key], now)
    else:
        _assign(session, coordinator, room, [pair], phase, now)
    _recorded(session, coordinator, "assignment.make", pair, now)


def _assign(
    session: Session,
    coordinator: Coordinator,
    room: Room,
    pairs: Iterable[Pair],
    phase: Phase,
    now: datetime,
) -> None:
    rows = [
        {
            "call_id": coordinator.call_id,
            "application_id": room.applications[application],
            "member_id": room.members[reviewer].key,
            "organisation_id": room.members[reviewer].organisation_key,
            "queue_key": queue_key(reviewer, application),
            "created_at": now,
            "tie_note": "",
        }
        for reviewer, application in pairs
    ]
    if not rows:
        return
    session.execute(insert(Assignment), rows)
    if phase is Phase.REVIEWING:
        notify_reviewers(session, coordinator.call_id, [int(str(row["member_id"])) for row in rows], now)


def _recorded(session: Session, coordinator: Coordinator, action: str, pair: Pair, now: datetime) -> None:
    reviewer, application = pair
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=application,
        detail={"reviewer": reviewer},
    )
