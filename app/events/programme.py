"""Who pitches, in which order, and for how long: the announced finalists of a round, for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.events import Event, PitchCard
from app.models.jury import Juror

PITCH_SECONDS = 300
QUESTION_SECONDS = 120
SCORES = col(Juror.removed_at).is_(None)
HAS_FINISHED = or_(col(Juror.finished_at).is_not(None), col(Juror.closed_at).is_not(None))
"""By the juror's own act, or a coordinator's, for who never does."""


class Card(BaseModel):
    """One team as everybody may see it; the title is in `language`.

    `slot` names it and is never another's; `number` is the which of all who pitch it is now.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    slot: int
    number: int
    title: str
    team: str
    language: str


@dataclass(frozen=True, slots=True)
class Programme:
    """The teams in their order, and how long each pitches and is asked; `stream_url` shows it.

    Of `jurors` so many have `finished`; what they gave is nobody's to know here.
    """

    cards: tuple[Card, ...] = ()
    pitch_seconds: int = PITCH_SECONDS
    question_seconds: int = QUESTION_SECONDS
    stream_url: str = ""
    jurors: int = 0
    finished: int = 0

    def card(self, slot: int | None) -> Card | None:
        """The team of this slot."""
        return next((card for card in self.cards if card.slot == slot), None)


def numbered(slots: Iterable[int | None]) -> dict[int, int]:
    """Slot -> the which of all who pitch, from 1. The slot of a team that has left is nobody's any more, and
    whoever came for it has one behind all: so a slot alone may say 11 of 10. Pure."""
    taken = sorted(slot for slot in slots if slot is not None)
    return {slot: number for number, slot in enumerate(taken, 1)}


def numbers_of(session: Session, round_id: int) -> dict[int, int]:
    """The same of the announced finalists of a round."""
    return numbered(session.exec(select(PitchCard.slot).where(PitchCard.round_id == round_id)).all())


def programme_of(session: Session, round_id: int) -> Programme:
    """The programme of a round; without an event nobody pitches."""
    event = session.get(Event, round_id)
    if event is None:
        return Programme()
    rows = session.exec(
        select(PitchCard).where(PitchCard.round_id == round_id).order_by(col(PitchCard.slot))
    ).all()
    return Programme(
        tuple(
            Card(slot=row.slot, number=number, title=row.title, team=row.team, language=row.language)
            for number, row in enumerate(rows, 1)
        ),
        event.pitch_seconds,
        event.question_seconds,
        event.stream_url,
        *jury_of(session, round_id),
    )


def jury_of(session: Session, round_id: int) -> tuple[int, int]:
    """How many score the pitches of a round, and how many of them have finished."""
    many, finished = session.execute(
        select_columns(func.count(), func.count().filter(HAS_FINISHED)).where(
            col(Juror.round_id) == round_id, SCORES
        )
    ).one()
    return many, finished
