"""The stored order of a round's finalists, as far as a session may know it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.decisions.refusals import PitchesNotClosed
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Criterion
from app.models.decisions import Award
from app.models.jury import PitchEntry, PitchScoring
from app.models.keys import key_of
from app.scoring.ranking import Line, placed
from app.wall import is_walled


@dataclass(frozen=True, slots=True)
class PitchRow:
    """One finalist with its award, if any. `total` is of 100, exact; None without both scores."""

    round_id: int
    application_id: int
    place: int
    label: str
    merit: Fraction | None
    total: Fraction | None
    shown: Mapping[str, Any]
    exact: Mapping[str, str]
    code: str
    won_in: int | None
    amount_minor: int | None
    version: int | None


def pitch_rows(session: Session, rounds: Sequence[int]) -> list[PitchRow]:
    """The finalists of these rounds who are still in the call, each round's in its order.

    From whom one is kept, the places are counted anew: a gap would say where it stands.
    """
    found = session.execute(
        select_columns(
            col(PitchEntry.round_id),
            col(PitchEntry.application_id),
            col(PitchEntry.place),
            col(PitchEntry.label),
            col(PitchEntry.total),
            col(PitchEntry.exact_total),
            col(PitchEntry.shown),
            col(PitchEntry.exact),
            col(Application.code),
            col(Award.round_id),
            col(Award.amount_minor),
            col(Award.version),
        )
        .join(Application, col(Application.id) == col(PitchEntry.application_id))
        .join(Award, col(Award.application_id) == col(PitchEntry.application_id), isouter=True)
        .where(col(PitchEntry.round_id).in_(rounds), col(Application.status) != Status.WITHDRAWN)
        .order_by(col(PitchEntry.round_id), col(PitchEntry.place))
    )
    rows = [
        PitchRow(pot, key, place, label, _exact(merit), _exact(total), *rest)
        for pot, key, place, label, merit, total, *rest in found
    ]
    return _seen(session, rows) if is_walled(session) and rows else rows


def _exact(number: str | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _seen(session: Session, rows: Sequence[PitchRow]) -> list[PitchRow]:
    tie_order = session.exec(
        select(Criterion.code)
        .join(AwardRound, col(AwardRound.call_id) == col(Criterion.call_id))
        .where(col(AwardRound.id) == rows[0].round_id)
        .order_by(col(Criterion.tie_position))
    ).all()
    by_round: dict[int, list[PitchRow]] = defaultdict(list)
    for row in rows:
        by_round[row.round_id].append(row)
    seen = []
    for own in by_round.values():
        lines = [
            Line(each.code, each.merit, {code: Fraction(mean) for code, mean in each.exact.items()})
            for each in own
        ]
        for row, place in zip(own, placed(lines, tie_order=tie_order), strict=True):
            shown = {**row.shown, "decided_by": place.decided_by}
            seen.append(replace(row, place=place.place, label=place.label, shown=shown))
    return seen


def unpitched(session: Session, scored: Sequence[int]) -> frozenset[int]:
    """Of these rounds, whose pitches count, those whose scoring is not closed yet."""
    if not scored:
        return frozenset()
    closed = select_columns(col(PitchScoring.round_id)).where(
        col(PitchScoring.round_id).in_(scored), col(PitchScoring.closed_at).is_not(None)
    )
    return frozenset(scored) - frozenset(session.execute(closed).scalars())


def refuse_unpitched(session: Session, pot: AwardRound) -> None:
    """Refuse what rests on the order of a round whose pitches count, and are not scored and closed yet."""
    if pot.pitch_weight is None:
        return
    if unpitched(session, [key_of(pot.id)]):
        raise PitchesNotClosed
