"""Who scores what: by hand, evenly, and again after a declared tie."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.errors import Invalid, NotFound
from app.models.calls import Phase
from app.models.reviews import Assignment, ReviewState
from app.reviews.call_state import ASSIGNING, phase_held
from app.reviews.fitting import lacks, nearest_first
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
from app.reviews.rules import AssignmentRules, problem_of
from app.wall import wall_of, whole_call

if TYPE_CHECKING:
    from app.scoring.reading import Problem


@dataclass(frozen=True, slots=True)
class Distributed:
    """What a distribution did: `made` new assignments, `holes` left because nobody may or can read more."""

    made: int
    holes: int


@whole_call
def distribute_evenly(session: Session, coordinator: Coordinator, now: datetime) -> Distributed:
    """Fill every hole by the usual rules and make it true at once, without a proposal to look at.

    With the call's `reviews_per_application`, that many different organisations each. What was begun stays.
    """
    phase = check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    pairs, missing = solved(problem_of(room, AssignmentRules()), connected=True)
    assign_pairs(session, coordinator, room, sorted(pairs), phase, now)
    record(
        session,
        "assignments.distribute",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"made": len(pairs), "holes": missing},
    )
    hidden = wall_of(session).names
    made = sum(application not in hidden for _, application in pairs)
    # Who has a tie reads of the holes that are left in what they may know of.
    seen = missing if not hidden else _holes_seen(room, pairs, hidden)
    return Distributed(made=made, holes=seen)


def _holes_seen(room: Room, added: Collection[Pair], hidden: Collection[str]) -> int:
    new = {(room.members[reviewer].organisation, application) for reviewer, application in added}
    covered = [application for organisation, application in room.covered() | new]
    wanted = min(room.wanted or len(room.organisations), len(room.organisations))
    seen = room.applications.keys() - {*hidden}
    return sum(max(0, wanted - covered.count(application)) for application in seen)


def solved(problem: "Problem", *, connected: bool) -> tuple[frozenset[Pair], int]:
    """The exact optimum, and how many reviews are missing in it: what nobody may read stays a hole.

    Ties between equals fall as queues do. `connected`: reviewers who would fall apart exchange some.
    """
    # The solver takes half a second and sixty megabytes to load, which only who assigns should pay.
    from app.scoring.assignment import assign
    from app.scoring.linking import linked

    found = assign(problem, queue_key, holes=True)
    if found is None:
        raise ArithmeticError("with holes allowed there is always an assignment")
    return linked(problem, found.pairs, queue_key) if connected else found.pairs, found.missing


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
    session: Session,
    coordinator: Coordinator,
    application: str,
    organisation: str,
    now: datetime,
    *,
    nonetheless: bool = False,
) -> str:
    """After a declared tie: the colleague of the same organisation who is free of ties, reads the language,
    has room for one more, and has least. Gives that reviewer's code.

    Where nobody fits, whoever comes nearest gets it only `nonetheless`; Invalid without.
    """
    phase = check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    bench = [each.code for each in room.members.values() if each.organisation == organisation]
    if application not in room.applications or not bench:
        raise NotFound
    if (organisation, application) in room.covered():
        raise AlreadyAssigned
    found = nearest(room, organisation, application)
    if found is None:
        raise NobodyFree
    if lacks(room, room.members[found], application, room.loads()) and not nonetheless:
        raise Invalid({"nonetheless": "assignment.nobody_fits"})
    _assign_one(session, coordinator, room, (found, application), phase, now)
    return found


def nearest(room: Room, organisation: str, application: str) -> str | None:
    """Who of an organisation's people that may score an application fits best; None where nobody may."""
    closed = room.barred | room.withdrawn()
    able = [
        each.code
        for each in room.members.values()
        if each.organisation == organisation and (each.code, application) not in closed
    ]
    return next(iter(nearest_first(room, able, application, room.loads())), None)


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
    if pair in room.barred:
        raise ReviewerBarred
    if any((row.member, row.application) == pair and row.withdrawn_at is None for row in room.assignments):
        raise AlreadyAssigned
    assign_pairs(session, coordinator, room, [pair], phase, now)
    _recorded(session, coordinator, "assignment.make", pair, now)


def assign_pairs(
    session: Session,
    coordinator: Coordinator,
    room: Room,
    pairs: Sequence[Pair],
    phase: Phase,
    now: datetime,
) -> None:
    """Give these applications to these reviewers; what was taken back comes back with its text.

    While reviewers read, each of them is told once.
    """
    if not pairs:
        return
    before = {(row.member, row.application): row.key for row in room.assignments}
    back = [before[pair] for pair in pairs if pair in before]
    if back:
        session.execute(update(Assignment).where(col(Assignment.id).in_(back)).values(withdrawn_at=None))
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
        if (reviewer, application) not in before
    ]
    if rows:
        session.execute(insert(Assignment), rows)
    if phase is Phase.REVIEWING:
        told = [room.members[reviewer].key for reviewer, _ in pairs]
        notify_reviewers(session, coordinator.call_id, told, now)


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
