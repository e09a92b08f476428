"""The runs in which a call's order was computed: none is ever thrown away, and the newest one stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.decisions.refusals import ReviewingNotClosed
from app.decisions.stands import Lots, lots_of
from app.errors import NotFound
from app.models.calls import Call, Criterion
from app.models.columns import Texts
from app.models.decisions import RankingRun
from app.models.panel import Organisation, PanelMember, PanelRole
from app.scoring.methods import Method
from app.wall import is_walled


class RunLine(BaseModel):
    """One run on record. `input_hash` is the SHA-256 of all that the order follows from, `by` who closed
    reviewing, by their code on the panel.

    From whom a part of the order is kept, so are how many `applications` there were (None) and the digest
    (""): a guess at what is kept could be tried against it. `line` is kept from them too.
    `stands` where the order of now is this one: no other closing came after it, and reviewing is closed.
    `line`: below which place its line runs, None without one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    computed_at: datetime
    by: str
    method: Method
    input_hash: str
    applications: int | None
    line: int | None
    stands: bool


class Moved(BaseModel):
    """One application whose place is another one; None where it had none, and `crosses` "in" or "out"."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    before: int | None
    after: int | None
    crosses: str


class Difference(BaseModel):
    """From one run to another. `same_input`: both follow from the same reviews and rules.

    `line` is that of the later one, `line_before` that of the other; `seated`, by code, who sits in a kept
    seat in the later one and did not in the other, `unseated` the reverse: by them the line moves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    before: int
    after: int
    line: int | None
    line_before: int | None
    same_input: bool
    seated: list[str]
    unseated: list[str]
    moved: list[Moved]


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures of the run that stands: `board` is said above the rows, `summary` on the other pages."""

    number: int
    computed_at: datetime
    method: Method
    input_hash: str
    summary: Mapping[str, Any]

    @property
    def board(self) -> Mapping[str, Any]:
        """What is said above the rows; empty for a run of before it was."""
        found: Mapping[str, Any] = self.summary.get("board", {})
        return found


_CLOSED = select(col(Call.reviewing_closed_at)).where(col(Call.id) == bindparam("call_id"))
_NEWEST = (
    select(
        col(RankingRun.number),
        col(RankingRun.computed_at),
        col(RankingRun.method),
        col(RankingRun.input_hash),
        col(RankingRun.summary),
    )
    .join(Call, col(Call.id) == col(RankingRun.call_id))
    .where(col(RankingRun.call_id) == bindparam("call_id"), col(Call.reviewing_closed_at).is_not(None))
    .order_by(col(RankingRun.number).desc())
    .limit(1)
)
_RUNS = (
    select(
        col(RankingRun.number),
        col(RankingRun.computed_at),
        col(RankingRun.method),
        col(RankingRun.input_hash),
        col(RankingRun.summary)["applications"].as_integer().label("applications"),
        col(RankingRun.summary)[("board", "line")].as_integer().label("line"),
        func.coalesce(col(PanelMember.code), "").label("by"),
    )
    .outerjoin(
        PanelMember,
        and_(
            col(PanelMember.call_id) == col(RankingRun.call_id),
            col(PanelMember.person_id) == col(RankingRun.computed_by),
            col(PanelMember.role) == PanelRole.COORDINATOR,
        ),
    )
    .where(col(RankingRun.call_id) == bindparam("call_id"))
    .order_by(col(RankingRun.number).desc())
)
_ORDERS = select(
    col(RankingRun.number), col(RankingRun.order), col(RankingRun.input_hash), col(RankingRun.summary)
).where(
    col(RankingRun.call_id) == bindparam("call_id"),
    col(RankingRun.number).in_(bindparam("numbers", expanding=True)),
)


def standing_run(session: Session, coordinator: Coordinator) -> Standing | None:
    """The run that stands; None to whom a part of it is kept from: its figures rest on every review.

    ReviewingNotClosed where no order stands.
    """
    found = session.execute(_NEWEST, {"call_id": coordinator.call_id}).one_or_none()
    if found is None:
        raise ReviewingNotClosed
    if is_walled(session):
        return None
    return Standing(found.number, found.computed_at, found.method, found.input_hash, found.summary)


def runs(session: Session, coordinator: Coordinator) -> list[RunLine]:
    """Every run of the call, the newest first."""
    key = {"call_id": coordinator.call_id}
    closed = session.execute(_CLOSED, key).scalar_one() is not None
    walled = is_walled(session)
    return [
        RunLine(
            number=row.number,
            computed_at=row.computed_at,
            by=row.by,
            method=row.method,
            input_hash="" if walled else row.input_hash,
            applications=None if walled else row.applications or 0,
            line=None if walled else row.line,
            stands=closed and place == 0,
        )
        for place, row in enumerate(session.execute(_RUNS, key))
    ]


def difference(session: Session, coordinator: Coordinator, before: int, after: int) -> Difference | None:
    """Which places differ between two runs, the best of the later one first; NotFound without both.

    None to whom a part is kept from: an order with a gap would say where it stands.
    """
    rows = session.execute(_ORDERS, {"call_id": coordinator.call_id, "numbers": [before, after]}).all()
    found = {row.number: row for row in rows}
    if before not in found or after not in found:
        raise NotFound
    if is_walled(session):
        return None
    # A run that stood before the line was stored has none.
    new, old = (found[each].summary.get("board", {}) for each in (after, before))
    line = new.get("line")
    sits, sat = new.get("seated", []), old.get("seated", [])
    return Difference(
        before=before,
        after=after,
        line=line,
        line_before=old.get("line"),
        seated=[code for code in sits if code not in sat],
        unseated=[code for code in sat if code not in sits],
        same_input=found[before].input_hash == found[after].input_hash,
        moved=_moved(found[before].order, found[after].order, line),
    )


def _moved(before: Sequence[Any], after: Sequence[Any], line: int | None) -> list[Moved]:
    old = {code: place for place, (code, *_) in enumerate(before, start=1)}
    new = {code: place for place, (code, *_) in enumerate(after, start=1)}
    return [
        Moved(
            application=code,
            before=old.get(code),
            after=new.get(code),
            crosses=_crosses(old.get(code), new.get(code), line),
        )
        for code in sorted({*old, *new}, key=lambda each: (new.get(each, len(new) + 1), old.get(each, 0)))
        if old.get(code) != new.get(code)
    ]


def _crosses(before: int | None, after: int | None, line: int | None) -> str:
    if line is None:
        return ""
    was, is_now = (place is not None and place <= line for place in (before, after))
    return "" if was == is_now else "in" if is_now else "out"


def latest_number(session: Session, call_id: int) -> int:
    """The number of the newest run of a call; 0 before there is one."""
    statement = select(func.max(col(RankingRun.number))).where(col(RankingRun.call_id) == call_id)
    return session.execute(statement).scalar() or 0


class OwnOrderFigures(BaseModel):
    """What each reviewer's order alone makes of the line, by code in the order that stands; it decides
    nothing.

    `none` says why there is no such order ("too_few", "too_many", "not_connected"), else "". `left_out` are
    those whom no reviewer compared with another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    none: str
    enter: list[str]
    leave: list[str]
    left_out: list[str]


class OrderFigures(BaseModel):
    """What is said of the whole order that stands, by the calibrated model and the first `line` places.

    `certain_in`, `in_zone` and `certain_out` count applications whose chance to be truly among the first is
    above 0.9, between, and below 0.1; `zone` are those between, and `crossing` those that not every method
    puts on the same side, by code in the published order. `expected_hits`: how many of the first are expected
    to be truly among the best as many. `unranked` says why nothing could be told apart, and else is "".
    `lottery` is there where lots were drawn at the line; `own_orders` is None in a run of before it was kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int | None
    certain_in: int
    in_zone: int
    certain_out: int
    zone: list[str]
    crossing: list[str]
    expected_hits: float | None
    reliability: float | None
    groups: int
    incomplete: int
    unranked: str
    lottery: Lots | None
    own_orders: OwnOrderFigures | None


class StandingOrder(BaseModel):
    """The run that stands. From whom a part of the order is kept, so are `input_hash` ("") and `figures`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    run: int
    computed_at: datetime
    method: Method
    method_hash: str
    input_hash: str
    figures: OrderFigures | None


def standing_order(session: Session, coordinator: Coordinator) -> StandingOrder | None:
    """None for an order of before runs were kept; ReviewingNotClosed where none stands."""
    key = {"call_id": coordinator.call_id}
    if session.execute(_CLOSED, key).scalar_one() is None:
        raise ReviewingNotClosed
    found = session.execute(_NEWEST, key).one_or_none()
    if found is None:
        return None
    board = found.summary.get("board", {})
    return StandingOrder(
        run=found.number,
        computed_at=found.computed_at,
        method=found.method,
        method_hash=board.get("rules", ""),
        input_hash="" if is_walled(session) else found.input_hash,
        figures=None if is_walled(session) else _order_figures(found.summary),
    )


def own_order_figures(summary: Mapping[str, Any]) -> OwnOrderFigures | None:
    """As stored with a run; None for one of before it was."""
    stored = summary.get("own_orders")
    if stored is None:
        return None
    return OwnOrderFigures(
        none=stored.get("none", ""),
        enter=stored.get("enter", []),
        leave=stored.get("leave", []),
        left_out=stored.get("left_out", []),
    )


def _order_figures(summary: Mapping[str, Any]) -> OrderFigures:
    board = summary.get("board", {})
    stands = board.get("stands", {})
    return OrderFigures(
        line=board.get("line"),
        certain_in=stands.get("in", 0),
        in_zone=stands.get("zone", 0),
        certain_out=stands.get("out", 0),
        zone=board.get("zone", []),
        crossing=board.get("crossing", []),
        expected_hits=board.get("hits"),
        reliability=board.get("reliability"),
        groups=board.get("apart", 0),
        incomplete=board.get("incomplete", 0),
        unranked=board.get("unranked", ""),
        lottery=lots_of(board),
        own_orders=own_order_figures(summary),
    )


_SPEAK_FOR = (
    select(col(PanelMember.code), col(Organisation.code))
    .join(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
    .where(col(PanelMember.call_id) == bindparam("call_id"), col(PanelMember.role) == PanelRole.REVIEWER)
)
_SCALES = (
    select(col(Criterion.code), col(Criterion.title), col(Criterion.scale_min), col(Criterion.scale_max))
    .where(col(Criterion.call_id) == bindparam("call_id"))
    .order_by(col(Criterion.position))
)


def reviewer_organisations(session: Session, coordinator: Coordinator) -> dict[str, str]:
    """Reviewer -> organisation, by code, of everybody who reviews or did."""
    rows = session.execute(_SPEAK_FOR, {"call_id": coordinator.call_id})
    return {row[0]: row[1] for row in rows}


def scales_of(session: Session, coordinator: Coordinator) -> list[tuple[str, Texts, int, int]]:
    """Code, title and the ends of the scale of each criterion, in the call's order."""
    return [
        (code, title, low, high)
        for code, title, low, high in session.execute(_SCALES, {"call_id": coordinator.call_id})
    ]
