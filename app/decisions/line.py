"""The cut line as a coordinator sees it: who is above, who was raised or passed over, what is left."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.decisions import Award, Departure, PublishedResult, RankingEntry


class LineRow(BaseModel):
    """One ranked application at the line. `needs_reason` where it departs from the order unexplained."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str
    label: str
    total: str
    above_line: bool
    awarded: bool
    amount_minor: int | None
    version: int
    elsewhere: bool
    reason: str
    needs_reason: bool


class Round(BaseModel):
    """One pot and its line. Amounts in euro cents; all None in a call without money."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: Texts
    event: Texts | None
    places: int
    taken: int
    amount_minor: int | None
    envelope_minor: int | None
    committed_minor: int
    left_minor: int | None
    revealed: int
    rows: list[LineRow]

    @property
    def unexplained(self) -> list[str]:
        """Codes that depart from the order without a written reason."""
        return [row.code for row in self.rows if row.needs_reason]


def rounds(session: Session, coordinator: Coordinator, *, below: int = 15) -> list[Round]:
    """Every pot of the call with its line: the places, and `below` more rows, and all that was awarded."""
    pots = session.exec(
        select(AwardRound)
        .where(col(AwardRound.call_id) == coordinator.call_id)
        .order_by(col(AwardRound.position))
    ).all()
    ranked = session.execute(
        select_columns(
            col(RankingEntry.application_id),
            col(RankingEntry.label),
            col(RankingEntry.shown),
            col(Application.code),
            col(Award.round_id),
            col(Award.amount_minor),
            col(Award.version),
        )
        .join(Application, col(Application.id) == RankingEntry.application_id)
        .join(Award, col(Award.application_id) == RankingEntry.application_id, isouter=True)
        .where(col(RankingEntry.call_id) == coordinator.call_id, col(RankingEntry.total).is_not(None))
        .order_by(col(RankingEntry.place))
    ).all()
    reasons = {
        (application, pot): reason
        for application, pot, reason in session.exec(
            select(Departure.application_id, Departure.round_id, Departure.reason)
            .join(AwardRound, col(AwardRound.id) == Departure.round_id)
            .where(col(AwardRound.call_id) == coordinator.call_id)
        )
    }
    revealed = list(
        session.exec(
            select(PublishedResult.round_id).where(col(PublishedResult.call_id) == coordinator.call_id)
        )
    )
    return [_round(pot, ranked, reasons, revealed.count(pot.id or 0), below) for pot in pots]


def _round(
    pot: AwardRound,
    ranked: Sequence[Row[*tuple[Any, ...]]],
    reasons: dict[tuple[int, int], str],
    revealed: int,
    below: int,
) -> Round:
    key = pot.id or 0
    rows: list[LineRow] = []
    own = 0
    for row in ranked:
        application_id, label, shown, code, won, amount, version = row
        elsewhere = won is not None and won != key
        own += not elsewhere
        above = not elsewhere and own <= pot.places
        awarded = won == key
        reason = reasons.get((application_id, key), "")
        if own > pot.places + below and not awarded and not reason:
            continue
        rows.append(
            LineRow(
                code=code,
                title=shown["title"],
                label=label,
                total=shown["total"],
                above_line=above,
                awarded=awarded,
                amount_minor=amount if awarded else None,
                version=version if awarded else 0,
                elsewhere=elsewhere,
                reason=reason,
                # While places are free an application above the line is only not awarded yet.
                needs_reason=not reason and not elsewhere and (awarded != above) and (awarded or _full(pot)),
            )
        )
    return Round(
        code=pot.code,
        name=pot.name,
        event=pot.event,
        places=pot.places,
        taken=pot.taken,
        amount_minor=pot.amount_minor,
        envelope_minor=pot.envelope_minor,
        committed_minor=pot.committed_minor,
        left_minor=None if pot.envelope_minor is None else pot.envelope_minor - pot.committed_minor,
        revealed=revealed,
        rows=rows,
    )


def _full(pot: AwardRound) -> bool:
    spent = pot.amount_minor is not None and pot.committed_minor + pot.amount_minor > (
        pot.envelope_minor or 0
    )
    return pot.taken >= pot.places or spent
