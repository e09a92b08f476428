"""How firm each place is, in the board's own word, and what a draw at the line costs: for other pages.

Both were stored with the order and stay as they were when the decision is frozen. From whom a part of the
order is kept, so are they: they rest on every review.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.decisions.beside_line import beside_line
from app.decisions.firm import in_short
from app.models.applications import Application
from app.models.decisions import RankingEntry, RankingRun
from app.wall import is_walled


class Lots(BaseModel):
    """A draw that was held at the line of `line` places, and its price.

    `certain` are in by the reviews, `drawing` drew for the places `left`, in the order of their tickets.
    `hits_by_order` and `hits_drawn`: how many of those chosen are expected to be truly among the best `line`,
    by the order alone and on average over all draws.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int
    certain: int
    drawing: list[str]
    left: int
    hits_by_order: float
    hits_drawn: float


class Firm(NamedTuple):
    """How firm a place is: `word` is that of `Beside.word`; the chance to be truly above the line."""

    word: str
    chance: float


_SHORT = (
    select(col(Application.code), col(RankingEntry.in_short))
    .join(Application, col(Application.id) == col(RankingEntry.application_id))
    .where(
        col(RankingEntry.call_id) == bindparam("call_id"),
        col(Application.code).in_(bindparam("codes", expanding=True)),
    )
)
_LAST = (
    select(func.max(RankingRun.number))
    .where(col(RankingRun.call_id) == bindparam("call_id"))
    .scalar_subquery()
)
_BOARD = select(col(RankingRun.summary)["board"]).where(
    col(RankingRun.call_id) == bindparam("call_id"), col(RankingRun.number) == _LAST
)


def lots_of(board: Mapping[str, Any]) -> Lots | None:
    """The draw as it stands among the figures of a board; None without one."""
    held, line = board.get("lottery"), board.get("line")
    if not held or line is None:
        return None
    return Lots(
        line=line,
        certain=held["certain"],
        drawing=held["drawing"],
        left=held["left"],
        hits_by_order=held["order"],
        hits_drawn=held["drawn"],
    )


def lots(session: Session, coordinator: Coordinator) -> Lots | None:
    """The draw of the order that stands; None without one, and from whom a part of the order is kept."""
    return None if is_walled(session) else lots_of(_board(session, coordinator))


def stands(session: Session, coordinator: Coordinator, codes: Collection[str]) -> Mapping[str, Firm]:
    """By code how firm each place is, as the board says it; nobody's whom the model could not place.

    Empty for whom a part of the order is kept from.
    """
    if is_walled(session) or not codes:
        return {}
    beside = beside_line(session, coordinator, _board(session, coordinator))
    found = session.execute(_SHORT, {"call_id": coordinator.call_id, "codes": list(codes)})
    return {
        code: Firm(beside.word(code, known.chance), known.chance)
        for code, stored in found
        if (known := in_short(stored)) is not None and known.chance is not None
    }


def _board(session: Session, coordinator: Coordinator) -> Mapping[str, Any]:
    return session.execute(_BOARD, {"call_id": coordinator.call_id}).scalar_one_or_none() or {}
