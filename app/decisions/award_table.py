"""The awards as a table for a spreadsheet: who wins what, who gave it back, and who stands by."""

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.pitch_order import pitch_rows
from app.decisions.ranking import lines_of, reading_ranking
from app.models.calls import AwardRound
from app.models.decisions import Award, AwardReturn, Departure, RankingEntry, ReserveEntry
from app.models.keys import key_of
from app.sheets import sheet_of

HEAD = (
    "round", "kind", "position", "application", "title", "place", "total", "amount_eur", "reserved_seat",
    "reason",
)  # fmt: skip


def awards_csv(session: Session, coordinator: Coordinator) -> str:
    """CSV (RFC 4180): `kind` is award, promoted, returned or reserve; sums with a point and two decimals.

    `position` is that of the reserve list, `reason` what was written where the order was departed from or an
    award was given back. ReviewingNotClosed before there is an order.
    """
    reading_ranking(session, coordinator)
    rows: list[list[object]] = [[*HEAD]]
    for pot in session.exec(
        select(AwardRound)
        .where(AwardRound.call_id == coordinator.call_id)
        .order_by(col(AwardRound.position), col(AwardRound.id))
    ):
        rows += _of_round(session, coordinator, pot)
    return sheet_of(rows)


def _of_round(session: Session, coordinator: Coordinator, pot: AwardRound) -> list[list[object]]:
    lines = {
        key: (shown["code"], shown, place)
        for place, _, shown, _, key in lines_of(session, coordinator, col(RankingEntry.application_id))
    }
    if pot.pitch_weight is not None:
        # It goes by both scores: who pitched stands first, in that order.
        pitched = {
            row.application_id: (row.code, row.shown, row.place)
            for row in pitch_rows(session, [key_of(pot.id)])
        }
        lines = pitched | {key: line for key, line in lines.items() if key not in pitched}
    reasons = dict(
        session.exec(
            select(Departure.application_id, Departure.reason).where(Departure.round_id == pot.id)
        ).all()
    )
    standby = {
        each.application_id: each
        for each in session.exec(
            select(ReserveEntry).where(ReserveEntry.round_id == pot.id).order_by(col(ReserveEntry.position))
        )
    }
    awards = {
        each.application_id: each for each in session.exec(select(Award).where(Award.round_id == pot.id))
    }
    returned = {
        each.application_id: each
        for each in session.exec(select(AwardReturn).where(AwardReturn.round_id == pot.id))
    }

    def row(kind: str, key: int, amount: int | None, reserved: bool, reason: str) -> list[object]:
        code, shown, place = lines[key]
        entry = standby.get(key)
        position = entry.position if entry else ""
        sum_ = "" if amount is None else f"{amount // 100}.{amount % 100:02d}"
        seat = "yes" if reserved else ""
        return [pot.code, kind, position, code, shown["title"], place, shown["total"], sum_, seat, reason]

    found = [
        row(
            "promoted" if key in standby else "award",
            key,
            awards[key].amount_minor,
            awards[key].reserved,
            reasons.get(key) or (standby[key].reason if key in standby else ""),
        )
        for key in lines
        if key in awards
    ]
    found += [
        row("returned", key, each.amount_minor, False, each.reason)
        for key, each in returned.items()
        if key in lines
    ]
    return found + [
        row("reserve", key, None, False, "")
        for key, each in standby.items()
        if each.instead_of is None and key in lines
    ]
