"""The part of the order that the cut lines need: as much as there are places, not as there are rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.cut import Pot, Standing
from app.decisions.seen import seen_places, seen_pots, shown_at
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, Departure, RankingEntry
from app.scoring.ranking import Place


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place of the order, and the award it has, if any."""

    application_id: int
    place: int
    label: str
    shown: Mapping[str, Any]
    code: str
    won_in: int | None
    amount_minor: int | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """All pots of a call with the places around their lines.

    `reasons` maps (application, round) to why it departs; `withdrawn` are awarded ones who left the call.
    """

    pots: Sequence[AwardRound]
    rows: Sequence[Ranked]
    reasons: Mapping[tuple[int, int], str]
    withdrawn: Sequence[str]

    def seen_from(self, pot: AwardRound) -> list[Standing]:
        """The places as one round sees them."""
        return [
            Standing(
                code=row.code,
                awarded=row.won_in == pot.id,
                elsewhere=row.won_in is not None and row.won_in != pot.id,
                explained=(row.application_id, pot.id) in self.reasons,
            )
            for row in self.rows
        ]


def read_order(session: Session, coordinator: Coordinator, *, below: int = 0) -> Order:
    """The order down to `below` places under the lowest line, and everything awarded or explained."""
    pots = seen_pots(session, coordinator.call_id)
    reasons = {
        (application, pot): reason
        for application, pot, reason in session.exec(
            select(Departure.application_id, Departure.round_id, Departure.reason)
            .join(AwardRound, col(AwardRound.id) == Departure.round_id)
            .where(AwardRound.call_id == coordinator.call_id)
        )
    }
    marked = or_(
        col(Award.id).is_not(None),
        exists().where(col(Departure.application_id) == col(RankingEntry.application_id)),
    )
    reach = sum(pot.places + pot.taken for pot in pots) + len(reasons) + below
    rows = {row.application_id: row for row in _ranked(session, coordinator, limit=reach)}
    rows |= {row.application_id: row for row in _ranked(session, coordinator, marked)}
    return Order(
        pots=pots,
        rows=sorted(rows.values(), key=lambda row: row.place),
        reasons=reasons,
        withdrawn=_withdrawn(session, coordinator),
    )


def _ranked(
    session: Session, coordinator: Coordinator, *where: ColumnElement[bool], limit: int | None = None
) -> list[Ranked]:
    found = session.execute(
        select_columns(
            col(RankingEntry.application_id),
            col(RankingEntry.place),
            col(RankingEntry.label),
            col(RankingEntry.shown),
            col(Application.code),
            col(Award.round_id),
            col(Award.amount_minor),
            col(Award.version),
        )
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .join(Award, col(Award.application_id) == col(RankingEntry.application_id), isouter=True)
        .where(
            col(RankingEntry.call_id) == coordinator.call_id,
            col(RankingEntry.total).is_not(None),
            col(Application.status) != Status.WITHDRAWN,
            *where,
        )
        .order_by(col(RankingEntry.place))
        .limit(limit)
    )
    seen = seen_places(session, coordinator.call_id)
    ranked = [Ranked(*row) for row in found]
    return ranked if seen is None else [_as_seen(each, seen[each.application_id]) for each in ranked]


def _as_seen(ranked: Ranked, place: Place) -> Ranked:
    return replace(ranked, place=place.place, label=place.label, shown=shown_at(place, ranked.shown))


def _withdrawn(session: Session, coordinator: Coordinator) -> Sequence[str]:
    return [code for code, _ in withdrawn_winners(session, coordinator)]


def withdrawn_winners(session: Session, coordinator: Coordinator) -> list[tuple[str, int]]:
    """Awarded applications that have left the call: (code, version of the award). Each must be taken back."""
    rows = session.exec(
        select(Application.code, Award.version)
        .join(Award, col(Award.application_id) == col(Application.id))
        .where(Application.call_id == coordinator.call_id, Application.status == Status.WITHDRAWN)
        .order_by(col(Application.code))
    )
    return [(code, version) for code, version in rows]


def pot_of(row: AwardRound) -> Pot:
    """What the pure rules of the line need of a round."""
    return Pot(
        places=row.places,
        taken=row.taken,
        amount_minor=row.amount_minor,
        envelope_minor=row.envelope_minor,
        committed_minor=row.committed_minor,
    )
