"""The order as somebody sees it from whom a part is kept: its places are counted anew, without a gap.

A gap would say where the application stands with which they have a tie; so would "decided by the draw" before
a line that is not there, and a pot out of which it was paid.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.calls import AwardRound, Criterion
from app.models.decisions import Award, RankingEntry
from app.models.keys import key_of
from app.scoring.ranking import LOTTERY, Line, Place, placed
from app.wall import is_walled


def seen_places(session: Session, call_id: int) -> Mapping[int, Place] | None:
    """Application -> its place among those that this session may know; None where it may know them all."""
    if not is_walled(session):
        return None
    tie_order = session.exec(
        select(Criterion.code).where(Criterion.call_id == call_id).order_by(col(Criterion.tie_position))
    ).all()
    rows = session.exec(
        select(RankingEntry.application_id, RankingEntry.total, RankingEntry.sheet)
        .where(RankingEntry.call_id == call_id)
        .order_by(col(RankingEntry.place))
    ).all()
    lines = [
        Line(
            code=str(application),
            total=Fraction(total) if total is not None else None,
            means={code: Fraction(mean) for code, mean in sheet["exact"].items()},
        )
        for application, total, sheet in rows
    ]
    return {int(place.code): place for place in placed(lines, tie_order=tie_order)}


def shown_at(place: Place, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a line shows, with what puts it before the next one that is seen; lots parted all who drew."""
    drew = shown.get("decided_by") == LOTTERY
    return shown if isinstance(shown, dict) and drew else {**shown, "decided_by": place.decided_by}


def seen_pots(session: Session, call_id: int) -> list[AwardRound]:
    """The pots of a call in their order; of what was given out, what this session may know."""
    pots = list(
        session.exec(
            select(AwardRound)
            .where(AwardRound.call_id == call_id)
            .order_by(col(AwardRound.position), col(AwardRound.id))
        )
    )
    if not is_walled(session):
        return pots
    given = {
        pot: (taken, int(committed or 0))
        for pot, taken, committed in session.exec(
            select(Award.round_id, func.count(), func.sum(Award.amount_minor)).group_by(col(Award.round_id))
        )
    }
    return [_with(pot, *given.get(key_of(pot.id), (0, 0))) for pot in pots]


def _with(pot: AwardRound, taken: int, committed_minor: int) -> AwardRound:
    return AwardRound(**{**pot.model_dump(), "taken": taken, "committed_minor": committed_minor})


def count_given(session: Session, call_id: int) -> int:
    """How many awards a call has, of those that this session may know."""
    return sum(pot.taken for pot in seen_pots(session, call_id))
