"""The cut line as a coordinator sees it: who is above, who was raised or passed over, what is left."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.cut import Cut, Standing, cut
from app.decisions.order import Order, Ranked, pot_of, read_order
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.keys import key_of

BELOW = 15


class LineRow(BaseModel):
    """One ranked application at the line. `needs_reason` where it departs from the order unexplained.

    `place` runs from 1, `label` repeats for equal totals; `decided_by` is what put it before the next one:
    "total", a criterion's code, or "draw".
    `amount_minor` in euro cents; `version` of the award, 0 without one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str
    place: int
    label: str
    decided_by: str
    total: str
    above_line: bool
    awarded: bool
    amount_minor: int | None
    version: int
    elsewhere: bool
    reason: str
    needs_reason: bool


class Round(BaseModel):
    """One pot and its line. Amounts in euro cents; all None in a call without money.

    `free` is how many more awards fit into places and envelope.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: Texts
    event: Texts | None
    places: int
    taken: int
    free: int
    amount_minor: int | None
    envelope_minor: int | None
    committed_minor: int
    left_minor: int | None
    revealed: int
    rows: list[LineRow]
    unexplained: list[str]


def rounds(session: Session, coordinator: Coordinator, *, below: int = BELOW) -> list[Round]:
    """Every pot of the call with its line: the places, `below` more rows, and all that was awarded."""
    order = read_order(session, coordinator, below=below)
    revealed: Mapping[int, int] = dict(
        session.exec(
            select(PublishedResult.round_id, func.count())
            .where(PublishedResult.call_id == coordinator.call_id)
            .group_by(col(PublishedResult.round_id))
        ).all()
    )
    return [_round(order, pot, revealed.get(key_of(pot.id), 0), below) for pot in order.pots]


def _round(order: Order, pot: AwardRound, revealed: int, below: int) -> Round:
    standing = order.seen_from(pot)
    line = cut(pot_of(pot), standing)
    rows: list[LineRow] = []
    under = 0
    for ranked, each in zip(order.rows, standing, strict=True):
        reason = order.reasons.get((ranked.application_id, key_of(pot.id)), "")
        own = each.awarded or bool(reason) or each.code in line.above
        under += not own
        if own or under <= below or each.code in line.unexplained:
            rows.append(_row(ranked, each, line, reason))
    return Round(
        code=pot.code,
        name=pot.name,
        event=pot.event,
        places=pot.places,
        taken=pot.taken,
        free=pot_of(pot).free,
        amount_minor=pot.amount_minor,
        envelope_minor=pot.envelope_minor,
        committed_minor=pot.committed_minor,
        left_minor=None if pot.envelope_minor is None else pot.envelope_minor - pot.committed_minor,
        revealed=revealed,
        rows=rows,
        unexplained=list(line.unexplained),
    )


def _row(ranked: Ranked, standing: Standing, line: Cut, reason: str) -> LineRow:
    return LineRow(
        code=ranked.code,
        title=ranked.shown["title"],
        place=ranked.place,
        label=ranked.label,
        decided_by=ranked.shown["decided_by"],
        total=ranked.shown["total"],
        above_line=ranked.code in line.above,
        awarded=standing.awarded,
        amount_minor=ranked.amount_minor if standing.awarded else None,
        version=(ranked.version or 0) if standing.awarded else 0,
        elsewhere=standing.elsewhere,
        reason=reason,
        needs_reason=ranked.code in line.unexplained,
    )
