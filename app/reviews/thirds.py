"""A third review where two differ too much: found, proposed and assigned without a number leaving the server.

Before reviewing has closed a coordinator learns of an application that it needs one more opinion, and whose.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, case, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import phase
from app.errors import Invalid, Problem
from app.models.applications import Application
from app.models.calls import Call, Phase
from app.models.matters import MatterKind
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review
from app.reviews.assignment import assign_reviewer, check_assigning
from app.reviews.call_state import DATED
from app.reviews.counted import counted_cells, sheets_of
from app.reviews.fitting import Lack, lacks, nearest_first
from app.reviews.inputs import AssignmentInput
from app.reviews.matters import settle_matters
from app.reviews.progress import STANDS
from app.reviews.room import TO_SCORE, Pair, Room, room_of
from app.reviews.rubric import rubric_of
from app.reviews.tallies import IS_SENT
from app.scoring.apart import Gap, pairs_apart


class Third(BaseModel):
    """An application that needs a third opinion, of an organisation that does not read it yet.

    `free` are the reviewers who could give it, by code: who reads its language and has room for one more
    first, and of those who has least; `lacks` says of the others what stands against them. `proposed` fits,
    chosen so that nobody gets much more than others, and is empty where nobody fits. `language`: what the
    application is written in. `free` is empty where nobody of another organisation is free.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    proposed: str
    free: list[str]
    lacks: dict[str, list[Lack]]
    language: str


NO_GAP = Gap(None, None)
"""Of a call whose rule asks for no third review."""

_CALL = select(
    col(Call.divergence_points),
    col(Call.divergence_steps),
    col(Call.version),
    col(Call.frozen_hash),
    *DATED,
).where(col(Call.id) == bindparam("call_id"))
_CELLS = counted_cells(col(Assignment.call_id) == bindparam("call_id"))
_SCORED = (
    col(Assignment.call_id) == bindparam("call_id"),
    col(Application.counts_number).is_not(None),
    col(Application.status).in_(TO_SCORE),
)
_STANDING: Any = (
    select(
        col(Assignment.id).label("key"),
        col(Assignment.application_id).label("application"),
        col(Assignment.organisation_id).label("organisation"),
    )
    .join_from(Assignment, Application, col(Application.id) == col(Assignment.application_id))
    .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
    .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(*_SCORED, STANDS)
)


_BASIS: Any = (
    select(
        col(Assignment.id),
        col(Assignment.application_id),
        case((STANDS, 1), else_=0),
        case((IS_SENT, col(Review.version)), else_=0),
    )
    .join_from(Assignment, Application, col(Application.id) == col(Assignment.application_id))
    .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
    .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(*_SCORED)
    .order_by(col(Assignment.id))
)


def thirds(session: Session, coordinator: Coordinator, now: datetime) -> list[Third]:
    """Every application that needs a third review now, by code; five queries. None once reviewing is over."""
    call = session.execute(_CALL, {"call_id": coordinator.call_id}).one()
    if phase(call, now) is not Phase.REVIEWING or _gap(call) == NO_GAP:
        return []
    room = room_of(session, coordinator.call_id)
    standing = ((row.key, room.applications[row.application], row.organisation) for row in room.standing())
    due = _due(session, coordinator.call_id, call, standing)
    return _proposed(room, _readers(room), [code for code, key in room.applications.items() if key in due])


def count_thirds(session: Session, call_id: int) -> dict[int, int]:
    """Application -> one, where a third review is due; four queries."""
    call = session.execute(_CALL, {"call_id": call_id}).one()
    if _gap(call) == NO_GAP:
        return {}
    standing = (tuple(row) for row in session.execute(_STANDING, {"call_id": call_id}))
    return dict.fromkeys(_due(session, call_id, call, standing), 1)


def third_basis(session: Session, call_id: int) -> str:
    """A digest of all that third reviews rest on: of each row, so that no change makes up for another."""
    call = session.execute(_CALL, {"call_id": call_id}).one()
    told = sha256(f"{call.version} {call.frozen_hash} {_gap(call)}".encode())
    if _gap(call) != NO_GAP:
        for row in session.execute(_BASIS, {"call_id": call_id}):
            told.update("\n{} {} {} {}".format(*row).encode())
    return told.hexdigest()


def _gap(call: Any) -> Gap:
    return Gap(call.divergence_points, call.divergence_steps)


def _due(
    session: Session, call_id: int, call: Any, standing: Iterable[tuple[int, int, Hashable]]
) -> set[int]:
    """The applications of which two reviews differ too much, and that no third organisation is to read.

    `standing` are assignment, application and organisation of all that leads to a review.
    """
    rubric = rubric_of(session, call_id, call.version, call.frozen_hash)
    organisations: dict[int, Hashable] = {}
    readers: dict[int, set[Hashable]] = defaultdict(set)
    for assignment, application, organisation in standing:
        organisations[assignment] = organisation
        readers[application].add(organisation)
    found = set()
    for application, reviews in sheets_of(session.execute(_CELLS, {"call_id": call_id}), rubric).items():
        if application not in readers:
            continue
        pairs = pairs_apart([each.scores for each in reviews], rubric.weighted, _gap(call))
        theirs = ({organisations[reviews[place].assignment] for place in pair} for pair in pairs)
        if any(readers[application] <= two for two in theirs):
            found.add(application)
    return found


def _readers(room: Room) -> dict[str, set[str]]:
    """Application -> the organisations that score it or are still to: each of them is an opinion."""
    readers: dict[str, set[str]] = {code: set() for code in room.applications}
    for organisation, application in room.covered():
        if application in readers:
            readers[application].add(organisation)
    return readers


def further(session: Session, call_id: int, needing: Sequence[str]) -> list[Third]:
    """Who could read each of these once more: somebody of an organisation that does not read it yet.

    Where every organisation reads it already, somebody of one of them who does not. What is not scored in
    this call is left out.
    """
    room = room_of(session, call_id)
    known = [code for code in needing if code in room.applications]
    return _proposed(room, _readers(room), known, colleagues=True)


def _proposed(
    room: Room, readers: Mapping[str, set[str]], needing: Sequence[str], *, colleagues: bool = False
) -> list[Third]:
    """Whoever fits and has least, those applications first for which fewest people are free."""
    closed, loads = room.barred | room.withdrawn(), room.loads()
    free = {
        code: [
            each.code
            for each in room.members.values()
            if each.organisation not in readers[code] and (each.code, code) not in closed
        ]
        for code in needing
    }
    if colleagues:
        reading = {(row.member, row.application) for row in room.assignments}
        for code in needing:
            free[code] = free[code] or [
                each for each in room.members if (each, code) not in closed and (each, code) not in reading
            ]
    found = {}
    for code in sorted(needing, key=lambda each: (len(free[each]), each)):
        able = nearest_first(room, free[code], code, loads)
        lacking = {
            each: missing for each in able if (missing := lacks(room, room.members[each], code, loads))
        }
        proposed = next((each for each in able if each not in lacking), "")
        if proposed:
            loads[proposed] += 1
        found[code] = Third(
            application=code,
            proposed=proposed,
            free=able,
            lacks=lacking,
            language=room.papers[code].language,
        )
    return [found[code] for code in needing]


def assign_thirds(session: Session, coordinator: Coordinator, chosen: Sequence[Pair], now: datetime) -> int:
    """Give each (reviewer, application) of `chosen`, all or none; how many that were.

    Invalid, by the application's code, for whom nobody asked for and for what is settled meanwhile. Nobody
    is told that theirs is the third: to its reviewer it is an application like any other.
    """
    check_assigning(session, coordinator, now)
    needing = {each.application: each for each in thirds(session, coordinator, now)}
    problems: dict[str, Problem] = {}
    for reviewer, application in chosen:
        if application not in needing:
            problems[application] = ("third.settled", {})
        elif reviewer not in needing[application].free:
            problems[application] = ("third.not_free", {})
    if problems:
        raise Invalid(problems)
    for reviewer, application in chosen:
        given = AssignmentInput(application=application, reviewer=reviewer)
        assign_reviewer(session, coordinator, given, now)
    if chosen:
        keys = session.scalars(
            select(col(Application.id)).where(
                col(Application.call_id) == coordinator.call_id,
                col(Application.code).in_([application for _, application in chosen]),
            )
        )
        settle_matters(session, MatterKind.THIRD, {key: 0 for key in keys if key is not None})
        record(
            session,
            "assignments.third",
            now=now,
            person_id=coordinator.person_id,
            call_id=coordinator.call_id,
            detail={"made": len(chosen)},
        )
    return len(chosen)
