"""Who stands on neither side of the line of the written order, and what is left for that order to decide.

Whoever sits in a kept seat does not compete at it. Once finalists are invited it has done its work: they
pitch, nobody else can, and who wins is said by written and pitch scores together.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.firm import stand
from app.decisions.published_line import LineOf
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.events import Finalist, FinalistState
from app.models.jury import PitchScoring


class Fate(StrEnum):
    """Why somebody stands on neither side."""

    SEATED = "seated"
    PITCHES = "pitches"


class Beside(NamedTuple):
    """`fates` by code; `is_over` where nobody stands at the line any more, since it was for inviting."""

    fates: Mapping[str, Fate]
    is_over: bool
    of: LineOf

    def word(self, code: str, chance: float | None) -> str:
        """The one word for how firm a place is, wherever it stands: a `Fate` or a `Stand`; "" where the line
        is over, and where nothing is known of it."""
        if chance is None:
            return ""
        if code in self.fates:
            return self.fates[code].value
        return "" if self.is_over else stand(chance).value


NOTHING = Beside({}, False, LineOf.AWARDS)


class PitchedRound(NamedTuple):
    """A round that decides by written and pitch scores, `weight` percent by the pitch; `closed` once that is
    computed."""

    code: str
    name: Texts
    finalists: int
    weight: int
    closed: bool


def beside_line(session: Session, coordinator: Coordinator, board: Mapping[str, Any]) -> Beside:
    """By the figures of the whole order (`app.decisions.firm.board_figures`)."""
    of = LineOf(board.get("line_of", LineOf.AWARDS))
    fates = dict.fromkeys(board.get("seated", ()), Fate.SEATED)
    if of is LineOf.AWARDS:
        return Beside(fates, False, of)
    invited = session.exec(
        select(Application.code)
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .where(
            Application.call_id == coordinator.call_id,
            Application.status != Status.WITHDRAWN,
            Finalist.state != FinalistState.DECLINED,
        )
        .order_by(col(Application.code))
    ).all()
    fates |= dict.fromkeys(invited, Fate.PITCHES)
    return Beside(fates, of is LineOf.PITCHES and bool(invited), of)


def pitched_rounds(session: Session, coordinator: Coordinator) -> list[PitchedRound]:
    """The rounds of the call that invite to pitch, in their order."""
    rows = session.exec(
        select(AwardRound, PitchScoring.closed_at)
        .outerjoin(PitchScoring, col(PitchScoring.round_id) == col(AwardRound.id))
        .where(AwardRound.call_id == coordinator.call_id, col(AwardRound.pitch_weight).is_not(None))
        .order_by(col(AwardRound.position))
    ).all()
    return [
        PitchedRound(pot.code, pot.name, pot.finalists or 0, pot.pitch_weight or 0, closed is not None)
        for pot, closed in rows
    ]
