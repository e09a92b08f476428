"""Moving a line and looking: who would win with so many awards, who enters and leaves, and each sum.

The same for the line at which finalists are invited to pitch. Nothing is saved here. Beside the method that
decides stand the two others, each with its own order of the same applications: they are shown and decide
nothing.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.decisions.board import rows_of
from app.decisions.cut import Pot, Standing, amounts, cut, winners
from app.decisions.general_line import Kept, general_line
from app.decisions.held import round_of
from app.decisions.order import Order, Ranked, pot_of, read_order
from app.decisions.ordering import Candidate, line_of
from app.decisions.pitching import invited_to, pitching, pitching_pot
from app.decisions.published_line import published_line
from app.decisions.refusals import NoFinalists, PitchesNotClosed, ReviewingNotClosed
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import RankingEntry
from app.models.jury import PitchRun
from app.models.keys import key_of
from app.scoring.methods import Method
from app.wall import is_walled


class LineKind(StrEnum):
    """Which line of a round: who wins, or who is invited to pitch."""

    AWARDS = "awards"
    FINALISTS = "finalists"


class MovedRow(BaseModel):
    """One winner of a line. `amount_minor` in euro cents; None without money. `seated` has a kept seat."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str
    place: int
    total: str
    amount_minor: int | None
    seated: bool
    awarded: bool


class MovedPlace(BaseModel):
    """Where the method that decides has somebody who wins by another one only."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    place: int
    total: str


class Mover(BaseModel):
    """An application that one line has and another has not."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str


class MovedLine(BaseModel):
    """The line by one method, the first place first; `given_minor` is what its winners get together.

    `enters` and `leaves`: for the method that decides against the line as it stands now, for the
    others against the one that decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    method: Method
    decides: bool
    rows: list[MovedRow]
    enters: list[Mover]
    leaves: list[Mover]
    given_minor: int | None


class Moved(BaseModel):
    """What a line for `count` awards would give, by the method that decides and then by the others.

    By written and pitch scores together where the round is `by_both`: then there is no other method.
    `count` is between `least` and `most`; `now` is for how many the line stands, `left_minor` what of the pot
    nobody gets. `others` win by another method only, `passed` stand above the line and were passed over in
    writing. `hidden` where a method rests on what this session may not know. `line`: of awards, or of
    finalists, who get no money by it. `chances`, by code, are those to be truly among the best `best`, where
    this line runs for whoever has no kept seat; empty where they are not known, or not to this session.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    line: LineKind
    count: int
    least: int
    most: int
    now: int
    lines: list[MovedLine]
    others: list[MovedPlace]
    passed: list[MovedPlace]
    best: int
    chances: dict[str, float]
    left_minor: int | None
    hidden: bool
    by_both: bool


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One line of a round: what it holds, how an order is seen from it, and who stands above it now.

    `placed` is empty before anybody is awarded, or invited; `begun` says that it stands by them.
    """

    held: Pot
    seen: Callable[[Order], list[Standing]]
    least: int
    most: int
    now: int
    placed: frozenset[int]
    begun: bool


def moved_line(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    count: int | None = None,
    line: LineKind = LineKind.AWARDS,
) -> Moved:
    """The line for so many awards; without a number as it stands. Numbers beyond it mean its ends.

    NoFinalists for the line of a round that invites none, PitchesNotClosed for the awards of one whose
    pitches count and are not scored yet.
    """
    pot = round_of(session, coordinator, round_code)
    closed, method = session.execute(
        select_columns(col(Call.reviewing_closed_at), col(Call.method)).where(
            col(Call.id) == coordinator.call_id
        )
    ).one()
    if closed is None:
        raise ReviewingNotClosed
    order = read_order(session, coordinator)
    pot = next(each for each in order.pots if each.id == pot.id)
    if line is LineKind.AWARDS and key_of(pot.id) in order.unpitched:
        raise PitchesNotClosed
    # How a round gives awards that has pitches is one order: the other methods have none of it.
    pitched = order.pitched.get(key_of(pot.id)) if line is LineKind.AWARDS else None
    orders, hidden = (
        _orders(session, coordinator, order, method)
        if pitched is None
        else ({method: replace(order, rows=pitched)}, False)
    )
    drawn = (
        _awarding(pot, orders[method]) if line is LineKind.AWARDS else _pitching(session, pot, orders[method])
    )
    wished = min(max(drawn.now if count is None else count, drawn.least), drawn.most)
    decided = _line(orders[method], drawn, wished, method, decides=True)
    stands = _standing_now(orders[method], drawn)
    titles = {row.code: str(row.shown["title"]) for row in orders[method].rows}
    lines = [_against(decided, stands, titles)]
    for other, rows in orders.items():
        if other is not method:
            own = _line(rows, drawn, wished, other, decides=False)
            lines.append(_against(own, [row.code for row in decided.rows], titles))
    held = drawn.held
    first = {row.code for row in lines[0].rows}
    further = {row.code for own in lines for row in own.rows} - first
    best = _best(session, pot, orders[method], wished, by_both=pitched is not None)
    chances = (
        {}
        if is_walled(session)
        else _chances(session, coordinator, pot, best, first | further, by_both=pitched is not None)
    )
    return Moved(
        round=round_code,
        line=line,
        count=wished,
        least=drawn.least,
        most=drawn.most,
        now=drawn.now,
        lines=lines,
        others=[
            MovedPlace(code=row.code, place=row.place, total=row.shown["total"])
            for row in orders[method].rows
            if row.code in further
        ],
        passed=_passed(orders[method], drawn, decided),
        best=best,
        chances=chances,
        left_minor=None if held.envelope_minor is None else held.envelope_minor - (decided.given_minor or 0),
        hidden=hidden,
        by_both=pitched is not None,
    )


def _awarding(pot: AwardRound, order: Order) -> _Drawn:
    held = pot_of(pot)
    return _Drawn(
        held=held,
        seen=lambda rows: rows.seen_from(pot),
        least=held.least or 1,
        most=held.places,
        now=held.taken if order.is_drawn(pot) else held.wanted,
        placed=frozenset(row.application_id for row in order.rows if row.won_in == pot.id),
        begun=order.is_drawn(pot),
    )


def _pitching(session: Session, pot: AwardRound, order: Order) -> _Drawn:
    if not pot.finalists:
        raise NoFinalists
    known = invited_to(session, pot)
    most = max(len(order.rows), 1)
    return _Drawn(
        held=pitching_pot(most),
        seen=lambda rows: pitching(rows, known),
        least=1,
        most=most,
        now=min(len(known.invited) or pot.finalists, most),
        placed=known.invited,
        begun=bool(known.invited),
    )


def _line(order: Order, drawn: _Drawn, count: int, method: Method, *, decides: bool) -> MovedLine:
    standing = drawn.seen(order)
    line = cut(drawn.held, standing, count)
    sums = amounts(drawn.held, standing, line)
    rows = {row.code: row for row in order.rows}
    return MovedLine(
        method=method,
        decides=decides,
        rows=[
            MovedRow(
                code=each.code,
                title=rows[each.code].shown["title"],
                place=rows[each.code].place,
                total=rows[each.code].shown["total"],
                amount_minor=sums[each.code],
                seated=each.code in line.seated,
                awarded=rows[each.code].application_id in drawn.placed,
            )
            for each in winners(standing, line)
        ],
        enters=[],
        leaves=[],
        given_minor=None if drawn.held.envelope_minor is None else sum(each or 0 for each in sums.values()),
    )


def _standing_now(order: Order, drawn: _Drawn) -> list[str]:
    """Whoever is awarded or invited; before anybody is, the line for as many as the round wants."""
    if drawn.begun:
        return [row.code for row in order.rows if row.application_id in drawn.placed]
    standing = drawn.seen(order)
    return [each.code for each in winners(standing, cut(drawn.held, standing, drawn.now))]


def _passed(order: Order, drawn: _Drawn, line: MovedLine) -> list[MovedPlace]:
    """Whoever would stand above the line, and was passed over in writing.

    The line runs below the last that the order itself puts above it: whoever wins from further down, in a
    kept seat or raised in writing, does not draw it there.
    """
    standing = drawn.seen(order)
    raised = {each.code for each in standing if each.explained}
    last = max((row.place for row in line.rows if not row.seated and row.code not in raised), default=0)
    return [
        MovedPlace(code=row.code, place=row.place, total=row.shown["total"])
        for row, each in zip(order.rows, standing, strict=True)
        if each.explained and not each.awarded and row.place < last
    ]


def _best(session: Session, pot: AwardRound, order: Order, count: int, *, by_both: bool) -> int:
    """Below which place the line runs for whoever has no kept seat, with so many awards (or finalists)."""
    codes = [row.code for row in order.rows]
    if by_both:
        own = order.belongs.get(key_of(pot.id), frozenset())
        group = {row.code for row in order.rows if row.application_id in own}
        return general_line(codes, count, [Kept(pot.reserved_places, group)]).place
    published = published_line(session, pot.call_id, (key_of(pot.id), count))
    ranked = [Candidate(row.application_id, row.code, "") for row in order.rows]
    return line_of(session, published, ranked, codes).place


def _chances(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    best: int,
    codes: Collection[str],
    *,
    by_both: bool,
) -> dict[str, float]:
    """By code, as they were kept when the order was stored: none of an older order, or of too far a line."""
    if by_both:
        statement = (
            select_columns(col(PitchRun.document))
            .where(col(PitchRun.round_id) == pot.id)
            .order_by(col(PitchRun.number).desc())
            .limit(1)
        )
        document = session.execute(statement).scalar()
        firm = json.loads(document)["computed"]["firm"] if document else []
        told = {each["application"]: each["chances"].get(str(best)) for each in firm}
        return {code: told[code] for code in sorted(codes) if told.get(code) is not None}
    found = {}
    for row in rows_of(session, coordinator, sorted(codes)):
        firm = row.figures.get("firm") or {}
        chance = firm.get("chance", {}).get(str(best))
        tops = firm.get("tops", ())
        if chance is None and 0 < best <= len(tops):
            chance = tops[best - 1]
        if chance is not None:
            found[row.shown["code"]] = chance
    return found


def _against(line: MovedLine, before: Sequence[str], titles: Mapping[str, str]) -> MovedLine:
    own = [row.code for row in line.rows]

    def named(codes: Sequence[str]) -> list[Mover]:
        return [Mover(code=code, title=titles.get(code, "")) for code in codes]

    return line.model_copy(
        update={
            "enters": named([code for code in own if code not in before]),
            "leaves": named([code for code in before if code not in own]),
        }
    )


def _orders(
    session: Session, coordinator: Coordinator, order: Order, method: Method
) -> tuple[Mapping[Method, Order], bool]:
    """Every application in the order of each method, and whether one is kept from this session.

    What is calibrated rests on all reviews, so that it would tell of an application with which they have a
    tie; what decides is in the board in any case.
    """
    found = session.execute(
        select_columns(
            col(RankingEntry.application_id), col(RankingEntry.shown), col(RankingEntry.figures)["by"],
            col(RankingEntry.place), col(RankingEntry.total), col(Application.code),
        )
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(
            col(RankingEntry.call_id) == coordinator.call_id, col(Application.status) != Status.WITHDRAWN
        )
        .order_by(col(RankingEntry.place))
    ).all()  # fmt: skip
    known = {row.application_id: row for row in order.rows}
    hidden = is_walled(session) and method is not Method.CALIBRATED
    wanted = [each for each in Method if not (hidden and each is Method.CALIBRATED)]
    by_method: dict[Method, list[tuple[int, str, Ranked]]] = {each: [] for each in wanted}
    for key, shown, by, place, total, code in found:
        plain = known.get(key) or Ranked(key, place, "", shown, code, None, None, None)
        if total is not None:
            by_method[method].append((place, plain.shown["total"], plain))
        for other in wanted:
            its_place, label, its_total = (by or {}).get(other.value, (0, "", ""))
            if other is not method and label:
                by_method[other].append((its_place, its_total, plain))
    walled = is_walled(session)
    orders = {
        each: replace(
            order,
            rows=[
                # A gap in the places would say where somebody stands who is kept from this session.
                replace(row, place=number if walled else place, shown={**row.shown, "total": total})
                for number, (place, total, row) in enumerate(sorted(rows, key=lambda row: row[0]), 1)
            ],
            totals=order.totals
            if each is method
            else {row.application_id: Fraction(total) for _, total, row in rows if total},
        )
        for each, rows in by_method.items()
        if rows or each is method
    }
    return orders, hidden
