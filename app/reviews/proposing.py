"""An assignment is proposed, changed by hand, and published or discarded."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.errors import Invalid, NotFound, Stale
from app.models.assigning import AssignmentProposal
from app.models.reviews import Assignment
from app.reviews.assignment import assign_pairs, check_assigning, solved
from app.reviews.basis import basis_of, changed, is_sent, untouched
from app.reviews.inputs import Act, AdjustInput, HandOnInput
from app.reviews.queue import queue_key
from app.reviews.refusals import (
    AlreadyAssigned,
    NothingToHandOn,
    ProposalExpired,
    ReviewAlreadySent,
    ReviewBegun,
    ReviewerBarred,
)
from app.reviews.room import Pair, Room, room_of
from app.reviews.rules import AssignmentRules, problem_of
from app.wall import wall_of, whole_call

if TYPE_CHECKING:
    from app.scoring.reading import Problem


def pairs_in(stored: Iterable[Any]) -> list[Pair]:
    """Pairs as they were stored: JSON knows no tuples."""
    return [(reviewer, application) for reviewer, application in stored]


def open_proposal(session: Session, call_id: int) -> AssignmentProposal | None:
    """The proposal that waits for a decision, if one does."""
    row = session.get(AssignmentProposal, call_id)
    return row if row is not None and row.ended_at is None else None


@whole_call
def propose(session: Session, coordinator: Coordinator, rules: AssignmentRules, now: datetime) -> int:
    """Fill every hole by these rules, and keep that as a proposal; gives its version.

    What is given out stays. What people had decided by hand in the proposal before it is heeded again, as
    far as it can be.
    """
    check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    _check_organisations(room, rules)
    before = open_proposal(session, coordinator.call_id)
    return _proposed(
        session,
        coordinator,
        room,
        rules,
        now,
        kept=pairs_in(before.kept) if before else (),
        closed=pairs_in(before.closed) if before else (),
        handed_on=pairs_in(before.handed_on) if before else (),
    )


@whole_call
def hand_on(session: Session, coordinator: Coordinator, given: HandOnInput, now: datetime) -> int:
    """Propose that others read what a reviewer has not begun: all of it, or the last of their queue.

    What nobody else can read stays where it is.
    """
    check_assigning(session, coordinator, now)
    room = room_of(session, coordinator.call_id)
    if given.handed_by not in room.members:
        raise Invalid({"handed_by": "assignment.unknown_reviewer"})
    before = open_proposal(session, coordinator.call_id)
    handed_on = [pair for pair in pairs_in(before.handed_on) if pair[0] != given.handed_by] if before else []
    own = sorted(
        (pair for pair in untouched(room) if pair[0] == given.handed_by), key=lambda p: queue_key(*p)
    )
    if not own:
        raise NothingToHandOn
    handed_on += own if given.number is None else own[-given.number :]
    return _proposed(
        session,
        coordinator,
        room,
        rules_of(before),
        now,
        kept=[pair for pair in pairs_in(before.kept) if pair[0] != given.handed_by] if before else (),
        closed=pairs_in(before.closed) if before else (),
        handed_on=handed_on,
    )


@whole_call
def propose_pairs(session: Session, coordinator: Coordinator, pairs: Collection[Pair], now: datetime) -> int:
    """Propose just these new pairs, which the caller has checked; holes stay until somebody fills them."""
    room = room_of(session, coordinator.call_id)
    rules = rules_of(open_proposal(session, coordinator.call_id))
    return _kept(
        session, coordinator, room, rules, now, added=pairs, kept=pairs, closed=(), handed_on=(), taken=()
    )


def rules_of(proposal: AssignmentProposal | None) -> AssignmentRules:
    """By what rules a proposal was made; the usual ones where there is none."""
    return AssignmentRules.model_validate(proposal.rules) if proposal else AssignmentRules()


@whole_call
def adjust(
    session: Session, coordinator: Coordinator, given: AdjustInput, version: int, now: datetime
) -> int:
    """Change one pair of the proposal by hand; gives its new version.

    An application that is given to a reviewer leaves the colleague of the same organisation to whom the
    proposal would have given it. What is taken from a reviewer who has it already is given back when the
    proposal is published; a review that was begun stays.
    """
    check_assigning(session, coordinator, now)
    row = _current(session, coordinator, version)
    room = room_of(session, coordinator.call_id)
    _check_fresh(room, row)
    _check_known(room, given, wall_of(session).names)
    pair = (given.reviewer, given.application)
    if given.act is Act.GIVE:
        _give(room, row, pair)
    else:
        _take(room, row, pair)
    _measured(row, room)
    row.version += 1
    session.add(row)
    session.flush()
    return row.version


@whole_call
def publish(session: Session, coordinator: Coordinator, version: int, now: datetime) -> int:
    """Make the proposal true, all of it or, where what it rests on has changed, nothing of it.

    While reviewers read, each of them who gets something is told once; before that, the opening of
    reviewing tells them. Gives how many assignments are new.
    """
    phase = check_assigning(session, coordinator, now)
    row = _current(session, coordinator, version)
    room = room_of(session, coordinator.call_id)
    _check_fresh(room, row)
    added, taken = pairs_in(row.added), pairs_in(row.taken)
    _take_back(session, room, taken, now)
    assign_pairs(session, coordinator, room, sorted(added), phase, now)
    _ended(session, row, now)
    record(
        session,
        "assignments.publish",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"made": len(added), "taken": len(taken)},
    )
    hidden = wall_of(session).names
    return sum(application not in hidden for _, application in added)


def discard(session: Session, coordinator: Coordinator, version: int, now: datetime) -> None:
    """Put the proposal aside: nothing has changed, and what was decided in it by hand is forgotten."""
    check_assigning(session, coordinator, now)
    _ended(session, _current(session, coordinator, version), now)


def _proposed(
    session: Session,
    coordinator: Coordinator,
    room: Room,
    rules: AssignmentRules,
    now: datetime,
    *,
    kept: Collection[Pair],
    closed: Collection[Pair],
    handed_on: Collection[Pair],
) -> int:
    free, standing = {*untouched(room)}, {(row.member, row.application) for row in room.standing()}
    handed_on = [pair for pair in handed_on if pair in free]
    handing = {pair[0] for pair in handed_on if pair not in closed}
    kept = [
        pair
        for pair in kept
        if pair[0] in room.members
        and pair[0] not in handing
        and pair[1] in room.applications
        and pair not in room.barred
        and pair not in standing
    ]
    problem = problem_of(room, rules, kept=kept, closed=closed, handed_on=handed_on)
    new, missing = solved(problem, connected=rules.connected)
    added = [*new, *kept]
    taken = [pair for pair in handed_on if pair in closed]
    taken += _taken(room, added, [pair for pair in handed_on if pair not in closed])
    return _kept(
        session,
        coordinator,
        room,
        rules,
        now,
        added=added,
        kept=kept,
        closed=closed,
        handed_on=handed_on,
        taken=taken,
        problem=_with_what_stays(problem, {*handed_on} - {*taken}) if missing else None,
    )


def _with_what_stays(problem: "Problem", stays: Collection[Pair]) -> "Problem":
    """Only what becomes a hole is to be explained: what nobody could take on is read where it is."""
    return replace(problem, pinned={*problem.pinned, *stays}, barred={*problem.barred} - {*stays})


def _taken(room: Room, added: Collection[Pair], handed_on: Collection[Pair]) -> list[Pair]:
    """What is handed on and somebody else has now; the rest stays, for a late review is better than none."""
    organisation = {code: each.organisation for code, each in room.members.items()}
    covered = {(organisation[reviewer], application) for reviewer, application in added}
    count = Counter(application for _, application in added)
    taken = []
    for pair in handed_on:
        if room.wanted is None:
            if (organisation[pair[0]], pair[1]) in covered:
                taken.append(pair)
        elif count[pair[1]] > 0:
            count[pair[1]] -= 1
            taken.append(pair)
    return taken


def _kept(
    session: Session,
    coordinator: Coordinator,
    room: Room,
    rules: AssignmentRules,
    now: datetime,
    *,
    added: Collection[Pair],
    kept: Collection[Pair],
    closed: Collection[Pair],
    handed_on: Collection[Pair],
    taken: Collection[Pair],
    problem: "Problem | None" = None,
) -> int:
    row = session.get(AssignmentProposal, coordinator.call_id)
    if row is None:
        row = AssignmentProposal(call_id=coordinator.call_id, version=0, made_at=now)
    row.version += 1
    row.made_at, row.ended_at = now, None
    row.rules, row.basis = rules.model_dump(mode="json"), basis_of(room)
    row.added, row.taken = _stored(added), _stored(taken)
    row.kept, row.closed, row.handed_on = _stored(kept), _stored(closed), _stored(handed_on)
    row.shortage = None if problem is None else _explained(problem)
    _measured(row, room)
    session.add(row)
    session.flush()
    return row.version


def _stored(pairs: Iterable[Pair]) -> list[list[str]]:
    return sorted(list(pair) for pair in pairs)


def _explained(problem: "Problem") -> dict[str, Any] | None:
    from app.scoring.shortage import explain

    shortage = explain(problem)
    return None if shortage is None else asdict(shortage)


def _measured(row: AssignmentProposal, room: Room) -> None:
    pairs = {(each.member, each.application) for each in room.standing()} - {*pairs_in(row.taken)}
    pairs |= {*pairs_in(row.added)}
    row.groups, row.firmness = firmness_of(pairs)


def firmness_of(pairs: Collection[Pair]) -> tuple[int, int]:
    """Into how many groups the reviewers fall who can be compared, and how firmly they hang together, in
    percent."""
    from app.scoring.connection import components, connectivity

    return len(components(pairs)), round(100 * connectivity(pairs))


def _current(session: Session, coordinator: Coordinator, version: int) -> AssignmentProposal:
    row = open_proposal(session, coordinator.call_id)
    if row is None:
        raise NotFound
    if row.version != version:
        raise Stale(version=row.version)
    return row


def _check_fresh(room: Room, row: AssignmentProposal) -> None:
    if changed(room, row.basis, pairs_in(row.taken)):
        raise ProposalExpired


def _check_organisations(room: Room, rules: AssignmentRules) -> None:
    unknown = [each for each in rules.organisation_most if each not in room.organisations]
    if unknown:
        raise Invalid({f"organisation_most.{each}": "panel.organisation" for each in unknown})


def _check_known(room: Room, given: AdjustInput, hidden: Collection[str]) -> None:
    unknown = {}
    if given.application not in room.applications or given.application in hidden:
        unknown["application"] = "assignment.unknown_application"
    if given.reviewer not in room.members:
        unknown["reviewer"] = "assignment.unknown_reviewer"
    if unknown:
        raise Invalid(unknown)


def _give(room: Room, row: AssignmentProposal, pair: Pair) -> None:
    added, taken = pairs_in(row.added), pairs_in(row.taken)
    if pair in room.barred:
        raise ReviewerBarred
    if pair in taken:
        row.taken = _stored(each for each in taken if each != pair)
        row.handed_on = _stored(each for each in pairs_in(row.handed_on) if each != pair)
        row.closed = _stored(each for each in pairs_in(row.closed) if each != pair)
        row.added, row.kept = _without_colleague(room, row, pair, ())
        return
    if pair in added or pair in {(each.member, each.application) for each in room.standing()}:
        raise AlreadyAssigned
    row.added, row.kept = _without_colleague(room, row, pair, (pair,))
    row.closed = _stored(each for each in pairs_in(row.closed) if each != pair)


def _without_colleague(
    room: Room, row: AssignmentProposal, pair: Pair, also: Collection[Pair]
) -> tuple[list[list[str]], list[list[str]]]:
    """What is added and what is kept, less what colleagues would get of this application."""
    own = room.members[pair[0]].organisation

    def stays(each: Pair) -> bool:
        return each[1] != pair[1] or room.members[each[0]].organisation != own

    return (
        _stored([*filter(stays, pairs_in(row.added)), *also]),
        _stored([*filter(stays, pairs_in(row.kept)), *also]),
    )


def _take(room: Room, row: AssignmentProposal, pair: Pair) -> None:
    added = pairs_in(row.added)
    if pair in added:
        row.added = _stored(each for each in added if each != pair)
        row.kept = _stored(each for each in pairs_in(row.kept) if each != pair)
        row.closed = _stored({*pairs_in(row.closed), pair})
        return
    if is_sent(room, pair):
        raise ReviewAlreadySent
    if pair not in {(each.member, each.application) for each in room.standing()}:
        raise Invalid({"reviewer": "assignment.not_theirs"})
    if pair not in untouched(room):
        raise ReviewBegun
    row.taken = _stored({*pairs_in(row.taken), pair})
    row.closed = _stored({*pairs_in(row.closed), pair})
    row.handed_on = _stored({*pairs_in(row.handed_on), pair})


def _take_back(session: Session, room: Room, taken: Collection[Pair], now: datetime) -> None:
    keys = [row.key for row in room.standing() if (row.member, row.application) in {*taken}]
    if keys:
        session.execute(update(Assignment).where(col(Assignment.id).in_(keys)).values(withdrawn_at=now))


def _ended(session: Session, row: AssignmentProposal, now: datetime) -> None:
    row.ended_at, row.version = now, row.version + 1
    session.add(row)
    session.flush()
