"""What waits for the coordinator once reviewing is closed: what freezing the decision would refuse for."""

from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.decisions.cut import cut
from app.decisions.holes import count_holes
from app.decisions.order import Order, pot_of, read_order
from app.decisions.reserve import StandbyState, reserve_of
from app.decisions.seats import unconfirmed
from app.decisions.seconding import departures
from app.decisions.seen import count_given, seen_pots
from app.models.calls import AwardRound
from app.models.decisions import PublishedResult


class Waiting(BaseModel):
    """`seats` are claims to a reserved seat that nobody has confirmed or refused.

    `to_confirm` are departures that wait for whoever reads this, `unconfirmed` those for somebody else.
    `to_award` are places that are free with somebody above the line to have them; `pending` are awards.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    withdrawn: int
    open_holes: int
    unexplained: int
    seats: int
    to_confirm: int
    unconfirmed: int
    to_award: int
    pending: int


def waiting(session: Session, coordinator: Coordinator) -> Waiting:
    """What stands between the stored order and a frozen decision."""
    order = read_order(session, coordinator)
    lines = [cut(pot_of(pot), order.seen_from(pot)) for pot in order.pots]
    waits = [each.mine for each in departures(session, coordinator) if each.waits]
    return Waiting(
        withdrawn=len(order.withdrawn),
        open_holes=count_holes(session, coordinator),
        # Before a line is drawn nobody has left it.
        unexplained=len(
            {
                code
                for pot, line in zip(order.pots, lines, strict=True)
                if order.is_drawn(pot)
                for code in line.unexplained
            }
        ),
        seats=len(unconfirmed(session, coordinator.call_id, order.pots)),
        to_confirm=waits.count(False),
        unconfirmed=waits.count(True),
        to_award=sum(_to_award(order, pot, line.above) for pot, line in zip(order.pots, lines, strict=True)),
        pending=sum(pot.taken for pot in order.pots),
    )


def _to_award(order: Order, pot: AwardRound, above: frozenset[str]) -> int:
    if pot.id in order.unpitched:
        return 0
    ready = sum(row.code in above and row.won_in is None for row in order.rows_of(pot))
    held = pot_of(pot)
    return max(0, min(ready, held.free, held.wanted - held.taken))


class ComingUp(NamedTuple):
    """Of a round with a reserve list that has not ended: `promotable` awards were given back for which
    somebody can come up; out of turn `to_confirm` wait for whoever reads this, `unconfirmed` for somebody
    else."""

    round: str
    promotable: int
    to_confirm: int
    unconfirmed: int


def coming_up(session: Session, coordinator: Coordinator, now: datetime) -> list[ComingUp]:
    """What waits at the reserve lists of the call, a round each."""
    lists = [
        reserve_of(session, coordinator, pot.code, now)
        for pot in seen_pots(session, coordinator.call_id)
        if pot.reserve_places
    ]
    return [
        ComingUp(
            round=each.round,
            promotable=min(each.open_places, sum(one.state is StandbyState.WAITING for one in each.entries)),
            to_confirm=sum(one.waits and not one.mine for one in each.out_of_turn) if each.open_places else 0,
            unconfirmed=sum(one.waits and one.mine for one in each.out_of_turn) if each.open_places else 0,
        )
        for each in lists
        if not each.ended
    ]


def count_unannounced(session: Session, coordinator: Coordinator) -> int:
    """How many winners of a frozen decision nobody knows yet."""
    revealed, winners = count_revealed(session, coordinator)
    return winners - revealed


def count_revealed(session: Session, coordinator: Coordinator) -> tuple[int, int]:
    """How many winners of a frozen decision everybody knows, and how many there are."""
    known = session.exec(
        select(func.count())
        .select_from(PublishedResult)
        .where(PublishedResult.call_id == coordinator.call_id)
    ).one()
    return known, count_given(session, coordinator.call_id)
