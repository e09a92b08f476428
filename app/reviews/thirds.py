"""A third review where two differ too much: found, proposed and assigned without a number leaving the server.

Before reviewing has closed a coordinator learns of an application that it needs one more opinion, and whose.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import phase
from app.errors import Invalid, Problem
from app.models.calls import Call, Phase
from app.models.reviews import Assignment
from app.reviews.assignment import assign_reviewer, check_assigning
from app.reviews.call_state import DATED
from app.reviews.counted import Sheet, counted_cells, sheets_of
from app.reviews.inputs import AssignmentInput
from app.reviews.queue import queue_key
from app.reviews.room import Pair, Room, room_of
from app.reviews.rubric import rubric_of
from app.scoring.apart import Gap, pairs_apart


class Third(BaseModel):
    """An application that needs a third opinion, of an organisation that does not read it yet.

    `free` are the reviewers who could give it, by code, who has least first; `proposed` is one of them,
    chosen so that nobody gets much more than others. Both are empty where nobody of another one is free.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    proposed: str
    free: list[str]


_CALL = select(
    col(Call.divergence_points),
    col(Call.divergence_steps),
    col(Call.version),
    col(Call.frozen_hash),
    *DATED,
).where(col(Call.id) == bindparam("call_id"))
_CELLS = counted_cells(col(Assignment.call_id) == bindparam("call_id"))


def thirds(session: Session, coordinator: Coordinator, now: datetime) -> list[Third]:
    """Every application that needs a third review now, by code; five queries. None once reviewing is over."""
    key = {"call_id": coordinator.call_id}
    call = session.execute(_CALL, key).one()
    gap = Gap(call.divergence_points, call.divergence_steps)
    if phase(call, now) is not Phase.REVIEWING or (gap.points is None and gap.steps is None):
        return []
    rubric = rubric_of(session, coordinator.call_id, call.version, call.frozen_hash)
    sheets = sheets_of(session.execute(_CELLS, key), rubric)
    room = room_of(session, coordinator.call_id)
    organisations = {row.key: row.organisation for row in room.assignments}
    readers = _readers(room)
    needing = []
    for code, application in room.applications.items():
        reviews: Sequence[Sheet] = sheets.get(application, ())
        pairs = pairs_apart([each.scores for each in reviews], rubric.weighted, gap)
        theirs = ({organisations[reviews[place].assignment] for place in pair} for pair in pairs)
        if any(readers[code] <= two for two in theirs):
            needing.append(code)
    return _proposed(room, readers, needing)


def _readers(room: Room) -> dict[str, set[str]]:
    """Application -> the organisations that score it or are still to: each of them is an opinion."""
    readers: dict[str, set[str]] = {code: set() for code in room.applications}
    for organisation, application in room.covered():
        if application in readers:
            readers[application].add(organisation)
    return readers


def _proposed(room: Room, readers: Mapping[str, set[str]], needing: Sequence[str]) -> list[Third]:
    """Whoever has least, those applications first for which fewest people are free."""
    closed, loads = room.barred | room.withdrawn(), room.loads()
    free = {
        code: [
            each.code
            for each in room.members.values()
            if each.organisation not in readers[code] and (each.code, code) not in closed
        ]
        for code in needing
    }
    found = {}
    for code in sorted(needing, key=lambda each: (len(free[each]), each)):
        able = sorted(free[code], key=lambda each: (loads[each], queue_key(each, code)))
        if able:
            loads[able[0]] += 1
        found[code] = Third(application=code, proposed=able[0] if able else "", free=able)
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
        record(
            session,
            "assignments.third",
            now=now,
            person_id=coordinator.person_id,
            call_id=coordinator.call_id,
            detail={"made": len(chosen)},
        )
    return len(chosen)
