"""The part of the order that the cut lines need: as much as there are places, not as there are rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, or_, union
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.asked import asked_minor, exact_totals
from app.decisions.cut import Pot, Standing
from app.decisions.pitch_order import pitch_rows, unpitched
from app.decisions.seats import members
from app.decisions.seen import seen_places, seen_pots, shown_at
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, Departure, RankingEntry
from app.models.keys import key_of
from app.scoring.ranking import Place
from app.scoring.shares import Split


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
    What the rules of the rounds ask for, by application: who `belongs` to those for whom a round keeps seats,
    what was `asked` for in euro cents, and the exact `totals`; each empty where no round's rule needs it.
    `pitched` is the order of each round whose pitches are scored and closed: its finalists, by both scores,
    with their `pitched_totals`. Such a round decides by no other; the `unpitched` cannot decide yet.
    """

    pots: Sequence[AwardRound]
    rows: Sequence[Ranked]
    reasons: Mapping[tuple[int, int], str]
    withdrawn: Sequence[str]
    belongs: Mapping[int, frozenset[int]] = field(default_factory=dict)
    asked: Mapping[int, int] = field(default_factory=dict)
    totals: Mapping[int, Fraction] = field(default_factory=dict)
    pitched: Mapping[int, Sequence[Ranked]] = field(default_factory=dict)
    pitched_totals: Mapping[int, Fraction] = field(default_factory=dict)
    unpitched: frozenset[int] = frozenset()

    def rows_of(self, pot: AwardRound) -> Sequence[Ranked]:
        """The order by which a round decides."""
        return self.pitched.get(key_of(pot.id), self.rows)

    def is_drawn(self, pot: AwardRound) -> bool:
        """Whether a line was drawn: somebody has an award who was not raised in writing."""
        return any(
            row.won_in == pot.id and (row.application_id, key_of(pot.id)) not in self.reasons
            for row in self.rows_of(pot)
        )

    def seen_from(self, pot: AwardRound) -> list[Standing]:
        """The places as one round sees them."""
        own = self.belongs.get(key_of(pot.id), frozenset())
        pitched = key_of(pot.id) in self.pitched
        totals = self.pitched_totals if pitched else self.totals
        return [
            Standing(
                code=row.code,
                awarded=row.won_in == pot.id,
                elsewhere=row.won_in is not None and row.won_in != pot.id,
                explained=(row.application_id, pot.id) in self.reasons,
                given=row.amount_minor if row.won_in == pot.id else None,
                asked=self.asked.get(row.application_id),
                belongs=row.application_id in own,
                # Whoever has only one of both scores wins nothing by the order.
                enough=(not pitched or row.application_id in totals)
                and (pot.threshold is None or totals.get(row.application_id, 0) >= pot.threshold),
            )
            for row in self.rows_of(pot)
        ]


def read_order(
    session: Session, coordinator: Coordinator, *, below: int = 0, also: Collection[int] = ()
) -> Order:
    """The order down to `below` places under the lowest line, and everything awarded or explained.

    `also` are applications that must not be left out, wherever they stand.
    """
    pots = seen_pots(session, coordinator.call_id)
    reasons = {
        (application, pot): reason
        for application, pot, reason in session.exec(
            select(Departure.application_id, Departure.round_id, Departure.reason)
            .join(AwardRound, col(AwardRound.id) == Departure.round_id)
            .where(AwardRound.call_id == coordinator.call_id)
        )
    }
    belongs = members(session, coordinator.call_id, pots)
    named = set(also).union(*belongs.values())
    marked = or_(
        # The few are found first: asked of each line, ten thousand would be read for them.
        col(RankingEntry.application_id).in_(
            union(select_columns(col(Award.application_id)), select_columns(col(Departure.application_id)))
        ),
        # The first of a group may stand far below the line.
        *([col(RankingEntry.application_id).in_(named)] if named else []),
    )
    reach = sum(pot.places + pot.taken + pot.reserve_places for pot in pots) + len(reasons) + below
    rows = {row.application_id: row for row in _ranked(session, coordinator, limit=reach)}
    rows |= {row.application_id: row for row in _ranked(session, coordinator, marked)}
    return Order(
        pots=pots,
        rows=sorted(rows.values(), key=lambda row: row.place),
        reasons=reasons,
        withdrawn=_withdrawn(session, coordinator),
        belongs=belongs,
        asked=asked_minor(session, coordinator.call_id) if any(map(_divides_by_asking, pots)) else {},
        totals=exact_totals(session, coordinator.call_id) if any(pot.threshold for pot in pots) else {},
        **_pitched(session, pots),
    )


def _pitched(session: Session, pots: Sequence[AwardRound]) -> dict[str, Any]:
    """The orders of the rounds whose pitches are scored; nothing is asked where no round scores any."""
    scored = [key_of(pot.id) for pot in pots if pot.pitch_weight is not None]
    found: dict[int, list[Ranked]] = {}
    totals: dict[int, Fraction] = {}
    for each in pitch_rows(session, scored) if scored else ():
        row = Ranked(
            each.application_id, each.place, each.label, each.shown, each.code, each.won_in,
            each.amount_minor, each.version,
        )  # fmt: skip
        found.setdefault(each.round_id, []).append(row)
        if each.total is not None:
            totals[each.application_id] = each.total
    return {"pitched": found, "pitched_totals": totals, "unpitched": unpitched(session, scored)}


def _divides_by_asking(pot: AwardRound) -> bool:
    return pot.split in (Split.ASKED, Split.PROPORTIONAL)


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
        split=row.split,
        full=row.full_places or 0,
        least=row.least_places,
        reserved=row.reserved_places,
    )
