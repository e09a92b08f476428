"""The cut line as a coordinator sees it: who is above, who was raised or passed over, what is left."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.cut import Cut, Standing, amounts, cut
from app.decisions.one_review import is_one_review, promised
from app.decisions.order import Order, Ranked, pot_of, read_order
from app.decisions.stands import Firm, stands
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.keys import key_of
from app.scoring.shares import Split

BELOW = 15


class LineRow(BaseModel):
    """One ranked application at the line. `needs_reason` where it departs from the order unexplained, once a
    line is drawn.

    `place` runs from 1, `label` repeats for equal totals; `decided_by` is what put it before the next one:
    "total", a criterion's code, "draw", or "lottery" where lots were drawn.
    `amount_minor` of the award, `share_minor` what it gets by the line, both in euro cents; `version` of
    the award, 0 without one. `belongs` to those for whom seats are kept, and `seated` has such a seat by the
    line; `enough` is not below the threshold. `firm` is the board's word for how firm its place is: "in",
    "zone", "out" or "seated"; "" where nothing is known, from whom it is kept, and in a round with pitches,
    whose line is another one. `needs_one_more`: it rests on one review, and so passes no cut.
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
    share_minor: int | None
    version: int
    elsewhere: bool
    belongs: bool
    seated: bool
    enough: bool
    reason: str
    needs_reason: bool
    needs_one_more: bool
    firm: str


class Round(BaseModel):
    """One pot, its rule, and its line. Amounts in euro cents; all None in a call without money.

    `free` is how many more awards fit into places and envelope at the most, `wanted` for how many awards
    the line is drawn. The rule: at least `least_places` (None: none is promised), `split` divides the
    money, of which the first `full_places` get the amount whole; `reserved_places` are kept for
    `reserved_for`; nobody wins below `threshold`; the next `reserve_places` stand by until
    `reserve_until`; the first `finalists` pitch, and while `unpitched` nobody can be awarded. `drawn` once
    somebody is awarded who was not raised in writing: before that nobody departs from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: Texts
    event: Texts | None
    places: int
    least_places: int | None
    taken: int
    free: int
    wanted: int
    split: Split
    full_places: int | None
    reserved_places: int
    reserved_for: Texts | None
    threshold: int | None
    reserve_places: int
    reserve_until: datetime | None
    finalists: int | None
    pitch_weight: int | None
    unpitched: bool
    amount_minor: int | None
    envelope_minor: int | None
    committed_minor: int
    left_minor: int | None
    revealed: int
    drawn: bool
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
    wanted = promised(session, coordinator.call_id)
    shown = [_round(order, pot, revealed.get(key_of(pot.id), 0), below, wanted) for pot in order.pots]
    known = stands(session, coordinator, {row.code for pot in shown for row in pot.rows})
    return [pot if pot.pitch_weight is not None else _told(pot, known) for pot in shown]


def _told(pot: Round, known: Mapping[str, Firm]) -> Round:
    rows = [
        row.model_copy(update={"firm": known[row.code].word}) if row.code in known else row
        for row in pot.rows
    ]
    return pot.model_copy(update={"rows": rows})


def _round(order: Order, pot: AwardRound, revealed: int, below: int, wanted: int) -> Round:
    standing = order.seen_from(pot)
    unpitched = key_of(pot.id) in order.unpitched
    line = cut(pot_of(pot), standing)
    sums = amounts(pot_of(pot), standing, line)
    rows: list[LineRow] = []
    under, drawn = 0, order.is_drawn(pot)
    for ranked, each in zip(order.rows_of(pot), standing, strict=True):
        reason = order.reasons.get((ranked.application_id, key_of(pot.id)), "")
        if unpitched and not (each.awarded or reason):
            # By the written order nobody of this round stands above or below its awards' line.
            continue
        own = each.awarded or bool(reason) or each.code in line.above
        under += not own
        if own or under <= below or each.code in line.unexplained:
            thin = pot.pitch_weight is None and is_one_review(ranked.shown, wanted)
            rows.append(_row(ranked, each, line, sums.get(each.code), reason, drawn=drawn, thin=thin))
    return Round(
        code=pot.code,
        name=pot.name,
        event=pot.event,
        places=pot.places,
        least_places=pot.least_places,
        taken=pot.taken,
        free=pot_of(pot).free,
        wanted=pot_of(pot).wanted,
        split=pot.split,
        full_places=pot.full_places,
        reserved_places=pot.reserved_places,
        reserved_for=pot.reserved_for,
        threshold=pot.threshold,
        reserve_places=pot.reserve_places,
        reserve_until=pot.reserve_until,
        finalists=pot.finalists,
        pitch_weight=pot.pitch_weight,
        unpitched=unpitched,
        amount_minor=pot.amount_minor,
        envelope_minor=pot.envelope_minor,
        committed_minor=pot.committed_minor,
        left_minor=None if pot.envelope_minor is None else pot.envelope_minor - pot.committed_minor,
        revealed=revealed,
        drawn=drawn,
        rows=rows,
        unexplained=list(line.unexplained),
    )


def _row(
    ranked: Ranked,
    standing: Standing,
    line: Cut,
    share_minor: int | None,
    reason: str,
    *,
    drawn: bool,
    thin: bool,
) -> LineRow:
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
        share_minor=share_minor,
        version=(ranked.version or 0) if standing.awarded else 0,
        elsewhere=standing.elsewhere,
        belongs=standing.belongs,
        seated=standing.code in line.seated,
        enough=standing.enough,
        reason=reason,
        needs_reason=drawn and ranked.code in line.unexplained,
        needs_one_more=thin,
        firm="",
    )
