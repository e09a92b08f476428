"""A proposed assignment as the call's coordinators read it: loads, coverage, what changes and what lacks."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.errors import NotFound
from app.models.assigning import AssignmentProposal
from app.models.reviews import ReviewState
from app.reviews.basis import Part, changed
from app.reviews.proposing import firmness_of, open_proposal, pairs_in, rules_of
from app.reviews.room import Pair, Room, room_of
from app.reviews.rules import AssignmentRules
from app.wall import taken_down, wall_of


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProposedPair(_Model):
    """Who gets what, or gives it back; `by_hand`: because a coordinator said so."""

    application: str
    reviewer: str
    by_hand: bool


class ProposedLoad(_Model):
    """One reviewer: how much they have, get and give back, and have then; `most` they said they can take."""

    reviewer: str
    organisation: str
    now: int
    gets: int
    gives: int
    after: int
    most: int | None
    languages: list[str]


class ProposedOrganisation(_Model):
    """One partner organisation: its reviews now and then, and how many applications it covers then."""

    organisation: str
    now: int
    after: int
    covered: int
    holes: int


class StarvingNeed(_Model):
    """So many reviews of one application, by one organisation or by any."""

    application: str
    number: int
    organisation: str | None


class StarvingSet(_Model):
    """Needs of which `able`, all who may read them, can fill only `possible` of `wanted`."""

    needs: list[StarvingNeed]
    able: list[str]
    wanted: int
    possible: int


class Relief(_Model):
    """One thing that would have to give: so much more by `who`, or an application left as it is."""

    way: Literal["missing", "more", "organisation_more", "fewer", "unwanted"]
    who: str
    application: str
    number: int


class FullShortage(_Model):
    """Why not every review can be given out. `relaxations`, all taken together, would make it possible."""

    wanted: int
    possible: int
    missing: dict[str, int]
    starving: list[StarvingSet]
    relaxations: list[Relief]


class FullProposal(_Model):
    """A proposal. `expired` names what has changed since it was made; then it can only be made again.

    `staying` was to be handed on, and nobody else can read it: it stays where it is, and is no hole.
    `missing` counts reviews that nobody is to write then. In `groups` reviewers hang together by what they
    share; `firmness` in percent says how firmly. `shortage` is as it was when the proposal was made;
    somebody with a tie in the call does not get it.
    """

    version: int
    made_at: datetime
    expired: list[Part]
    rules: AssignmentRules
    applications: int
    wanted: int
    added: list[ProposedPair]
    taken: list[ProposedPair]
    staying: list[ProposedPair]
    missing: int
    groups: int
    firmness: int
    loads: list[ProposedLoad]
    organisations: list[ProposedOrganisation]
    shortage: FullShortage | None


class CellState(StrEnum):
    """How a reviewer stands to an application once the proposal is published."""

    SENT = "sent"
    BEGUN = "begun"
    GIVEN = "given"
    NEW = "new"
    LEAVES = "leaves"


@dataclass(frozen=True, slots=True)
class Cell:
    """One reviewer of an application."""

    reviewer: str
    state: CellState


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Who of which organisation reads one application; `holes`: organisations without anybody.

    Where any organisation will do, a hole has no name.
    """

    application: str
    language: str
    theme: str
    cells: dict[str, list[Cell]]
    holes: list[str]

    @property
    def changes(self) -> bool:
        """Whether publishing changes who reads it."""
        return any(
            cell.state in {CellState.NEW, CellState.LEAVES} for own in self.cells.values() for cell in own
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What its reader may know of a proposal; not `whole` for somebody with a tie in the call."""

    added: list[Pair]
    taken: list[Pair]
    staying: list[Pair]
    expired: list[Part]
    whole: bool


def full_proposal(session: Session, coordinator: Coordinator) -> FullProposal:
    """The proposal that is open; NotFound where there is none."""
    return read_proposal(session, coordinator)[0]


def read_proposal(session: Session, coordinator: Coordinator) -> tuple[FullProposal, list[CoverageRow]]:
    """The proposal that is open, and the whole coverage with it; NotFound where there is none."""
    row = open_proposal(session, coordinator.call_id)
    if row is None:
        raise NotFound
    room = room_of(session, coordinator.call_id)
    with taken_down(session):
        whole = room_of(session, coordinator.call_id) if wall_of(session) else room
    seen = _Seen(
        added=[pair for pair in pairs_in(row.added) if pair[1] in room.applications],
        taken=[pair for pair in pairs_in(row.taken) if pair[1] in room.applications],
        staying=_staying(room, row),
        expired=changed(whole, row.basis, pairs_in(row.taken)),
        whole=whole is room,
    )
    rows = coverage_of(room, seen.added, seen.taken)
    return _full(room, row, rows, seen), rows


def _staying(room: Room, row: AssignmentProposal) -> list[Pair]:
    taken = {*pairs_in(row.taken)}
    standing = {(each.member, each.application) for each in room.standing()}
    return [pair for pair in pairs_in(row.handed_on) if pair not in taken and pair in standing]


def coverage(session: Session, coordinator: Coordinator) -> list[CoverageRow]:
    """Who reads what now, with what is proposed if something is."""
    row = open_proposal(session, coordinator.call_id)
    room = room_of(session, coordinator.call_id)
    if row is None:
        return coverage_of(room, (), ())
    return coverage_of(room, pairs_in(row.added), pairs_in(row.taken))


def coverage_of(room: Room, added: Collection[Pair], taken: Collection[Pair]) -> list[CoverageRow]:
    """One row for each application that is to be scored, by its code."""
    leaving = {*taken}
    cells: dict[str, dict[str, list[Cell]]] = {
        code: {organisation: [] for organisation in room.organisations} for code in room.applications
    }
    for row in room.standing():
        state = _state(row.state)
        if (row.member, row.application) in leaving and state is not CellState.SENT:
            state = CellState.LEAVES
        cells[row.application].setdefault(row.organisation, []).append(Cell(row.member, state))
    for reviewer, application in added:
        if application in cells and reviewer in room.members:
            own = cells[application].setdefault(room.members[reviewer].organisation, [])
            own.append(Cell(reviewer, CellState.NEW))
    return [
        CoverageRow(
            application=code,
            language=room.papers[code].language,
            theme=room.papers[code].theme,
            cells=own,
            holes=_holes(room, own),
        )
        for code, own in cells.items()
    ]


def _state(state: ReviewState | None) -> CellState:
    if state is None:
        return CellState.GIVEN
    return CellState.SENT if state is ReviewState.SENT else CellState.BEGUN


def _holes(room: Room, cells: dict[str, list[Cell]]) -> list[str]:
    filled = {code for code, own in cells.items() if any(cell.state is not CellState.LEAVES for cell in own)}
    if room.wanted is None:
        return [code for code in room.organisations if code not in filled]
    return [""] * max(0, min(room.wanted, len(room.organisations)) - len(filled))


def _full(room: Room, row: AssignmentProposal, rows: Collection[CoverageRow], seen: _Seen) -> FullProposal:
    """Of a proposal that is not seen whole, sums are counted anew, and why something lacks is left out."""
    kept, closed = {*pairs_in(row.kept)}, {*pairs_in(row.closed)}
    added, taken = seen.added, seen.taken
    groups, firmness = row.groups, row.firmness
    if not seen.whole:
        standing = {(each.member, each.application) for each in room.standing()}
        groups, firmness = firmness_of((standing - {*taken}) | {*added})
    return FullProposal(
        version=row.version,
        made_at=row.made_at,
        expired=seen.expired,
        rules=rules_of(row),
        applications=len(room.applications),
        wanted=min(room.wanted or len(room.organisations), len(room.organisations)),
        added=[ProposedPair(application=a, reviewer=r, by_hand=(r, a) in kept) for r, a in added],
        taken=[ProposedPair(application=a, reviewer=r, by_hand=(r, a) in closed) for r, a in taken],
        staying=[ProposedPair(application=a, reviewer=r, by_hand=False) for r, a in seen.staying],
        missing=sum(len(each.holes) for each in rows),
        groups=groups,
        firmness=firmness,
        loads=_loads(room, added, taken),
        organisations=_organisations(room, rows),
        shortage=_shortage(row.shortage) if row.shortage is not None and seen.whole else None,
    )


def _shortage(stored: dict[str, object]) -> FullShortage:
    return FullShortage.model_validate({name: stored[name] for name in FullShortage.model_fields})


def _loads(room: Room, added: Collection[Pair], taken: Collection[Pair]) -> list[ProposedLoad]:
    now = Counter(row.member for row in room.standing())
    gets = Counter(reviewer for reviewer, _ in added)
    gives = Counter(reviewer for reviewer, _ in taken)
    return [
        ProposedLoad(
            reviewer=code,
            organisation=each.organisation,
            now=now[code],
            gets=gets[code],
            gives=gives[code],
            after=now[code] + gets[code] - gives[code],
            most=each.capacity,
            languages=list(each.languages),
        )
        for code, each in room.members.items()
    ]


def _organisations(room: Room, rows: Collection[CoverageRow]) -> list[ProposedOrganisation]:
    found = []
    for organisation in room.organisations:
        own = [row.cells.get(organisation, []) for row in rows]
        states = [[cell.state for cell in cells] for cells in own]
        covered = sum(any(state is not CellState.LEAVES for state in each) for each in states)
        found.append(
            ProposedOrganisation(
                organisation=organisation,
                now=sum(state is not CellState.NEW for each in states for state in each),
                after=sum(state is not CellState.LEAVES for each in states for state in each),
                covered=covered,
                holes=len(own) - covered if room.wanted is None else 0,
            )
        )
    return found
