"""What waits for the coordinator once reviewing is closed: what freezing the decision would refuse for."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.decisions.cut import cut
from app.decisions.holes import count_holes
from app.decisions.order import Order, pot_of, read_order
from app.decisions.seen import count_given
from app.models.calls import AwardRound
from app.models.decisions import PublishedResult


class Waiting(BaseModel):
    """`to_award` are places that are free with somebody above the line to have them; `pending` are awards."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    withdrawn: int
    open_holes: int
    unexplained: int
    to_award: int
    pending: int


def waiting(session: Session, coordinator: Coordinator) -> Waiting:
    """What stands between the stored order and a frozen decision."""
    order = read_order(session, coordinator)
    lines = [cut(pot_of(pot), order.seen_from(pot)) for pot in order.pots]
    return Waiting(
        withdrawn=len(order.withdrawn),
        open_holes=count_holes(session, coordinator),
        unexplained=len({code for line in lines for code in line.unexplained}),
        to_award=sum(_to_award(order, pot, line.above) for pot, line in zip(order.pots, lines, strict=True)),
        pending=sum(pot.taken for pot in order.pots),
    )


def _to_award(order: Order, pot: AwardRound, above: frozenset[str]) -> int:
    ready = sum(row.code in above and row.won_in is None for row in order.rows)
    return max(0, min(ready, pot_of(pot).free))


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
