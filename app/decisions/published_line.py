"""Where the rounds of a call cut its written order: at what they promised, or where they invite to pitch.

A round that decides by written and pitch scores gives no award by the written order: that says who pitches,
and its line is the last finalist's. Any other round awards by it; its line is the last award that was
promised, where more are possible than that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from app.models.calls import AwardRound
from app.models.keys import key_of


class LineOf(StrEnum):
    """What the written order decides in a call."""

    AWARDS = "awards"
    PITCHES = "pitches"
    BOTH = "both"  # one round awards by it, another one invites


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """`places` in all, 0 without rounds, and `most` as a line may be moved to; `awarding` are the rounds that
    award by the written order, the only ones whose kept seats concern it."""

    places: int
    most: int
    of: LineOf
    awarding: Sequence[AwardRound]


def published_line(session: Session, call_id: int, moved: tuple[int, int] | None = None) -> PublishedLine:
    """The line of all rounds of a call together; `moved`: a round (by id) is drawn at another number."""
    rounds = session.exec(
        select(AwardRound).where(AwardRound.call_id == call_id).order_by(col(AwardRound.position))
    ).all()
    awarding = [each for each in rounds if each.pitch_weight is None]
    number = {key_of(each.id): promised(each) for each in rounds} | dict([moved] if moved else [])
    return PublishedLine(
        places=sum(number.values()),
        most=sum(each.finalists or each.places for each in rounds),
        of=LineOf.AWARDS if len(awarding) == len(rounds) else LineOf.BOTH if awarding else LineOf.PITCHES,
        awarding=awarding,
    )


def promised(pot: AwardRound) -> int:
    """How many of the written order a round takes."""
    if pot.pitch_weight is not None and pot.finalists:
        return pot.finalists
    return pot.least_places or pot.places
