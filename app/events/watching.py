"""What changes when a stage does: numbers, for processes that watch many stages with one question."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.events.programme import HAS_FINISHED, SCORES
from app.models.calls import AwardRound, Call
from app.models.decisions import AwardReturn, ResultSeal
from app.models.events import Event, Rehearsal, Stage
from app.models.jury import Juror
from app.models.panel import PartnerLogo

OF_A_CHANGE = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything that what is shown of a round depends on. Two marks that are equal show the same."""

    stage: int = 0
    rehearsal: int = 0
    event: int = 0
    call: int = 0
    published: bool = False
    rehearsing: bool = False
    link: int = 1
    jurors: int = 0
    finished: int = 0
    seals: int = 0
    logos: int = 0
    returned: int = 0

    @property
    def number(self) -> int:
        """Grows with every change of what is shown: all that those who listen are told.

        How many jurors have finished may fall again, when one goes on; so it counts for less than any change.
        """
        changes = self.stage + self.rehearsal + self.event + self.published + self.seals + self.logos
        changes += self.returned
        return changes * OF_A_CHANGE + min(self.finished, OF_A_CHANGE - 1)


def marks(session: Session, round_codes: Iterable[str]) -> dict[str, Mark]:
    """The marks of these rounds; a round of a call that was never opened has none."""
    rows = session.execute(_marks(), {"codes": list(round_codes)})
    return {
        row.code: Mark(
            row.stage or 0,
            row.rehearsal or 0,
            row.event or 0,
            row.call,
            row.published_at is not None,
            bool(row.rehearsing),
            row.link or 1,
            row.jurors,
            row.finished,
            row.seals,
            row.logos or 0,
            row.returned,
        )
        for row in rows
    }


@cache
def _marks() -> Any:
    jurors = (
        select(func.count())
        .select_from(Juror)
        .where(col(Juror.round_id) == col(AwardRound.id), SCORES)
        .correlate(AwardRound)
    )
    # One more with each that is confirmed, and with each that becomes void.
    seals = (
        select(func.count(col(ResultSeal.confirmed_at)) + func.count(col(ResultSeal.voided_at)))
        .where(col(ResultSeal.round_id) == col(AwardRound.id))
        .correlate(AwardRound)
    )
    # The curtain shows them, and their versions only ever grow.
    logos = (
        select(func.sum(col(PartnerLogo.version)))
        .where(col(PartnerLogo.call_id) == col(AwardRound.call_id))
        .correlate(AwardRound)
    )
    # A winner that gave its award back is marked; nobody takes that back.
    returned = (
        select(func.count())
        .select_from(AwardReturn)
        .where(col(AwardReturn.round_id) == col(AwardRound.id))
        .correlate(AwardRound)
    )
    return (
        select(
            col(AwardRound.code).label("code"),
            col(Stage.version).label("stage"),
            col(Stage.rehearsing).label("rehearsing"),
            col(Stage.link).label("link"),
            col(Rehearsal.version).label("rehearsal"),
            col(Event.version).label("event"),
            col(Call.version).label("call"),
            col(Call.published_at).label("published_at"),
            jurors.scalar_subquery().label("jurors"),
            jurors.where(HAS_FINISHED).scalar_subquery().label("finished"),
            seals.scalar_subquery().label("seals"),
            logos.scalar_subquery().label("logos"),
            returned.scalar_subquery().label("returned"),
        )
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .outerjoin(Stage, col(Stage.round_id) == col(AwardRound.id))
        .outerjoin(Rehearsal, col(Rehearsal.round_id) == col(AwardRound.id))
        .outerjoin(Event, col(Event.round_id) == col(AwardRound.id))
        .where(col(AwardRound.code).in_(bindparam("codes", expanding=True)), col(Call.opened_at).is_not(None))
    )
