"""What the presenter reads on a monitor of their own: what is on, what is next, and how it is pronounced."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.held import round_of
from app.events.programme import Card
from app.events.rehearsal import rehearsal_control
from app.events.stage import StageControl, stage_control
from app.models.events import PitchCard, Stage
from app.models.people import PitchNote


class Spoken(BaseModel):
    """A team as the presenter says it; what it did not write is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    card: Card
    title: str
    pronunciation: str
    text: str


class Monitor(BaseModel):
    """The presenter's monitor. `on` is the team that is on the screen, `next_` the one after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    control: StageControl
    on: Spoken | None
    next_: Spoken | None


def control_of(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> StageControl:
    """The control as it is now: of the rehearsal while there is one, else of the stage."""
    pot = round_of(session, coordinator, round_code)
    stage = session.get(Stage, pot.id)
    if stage is not None and stage.rehearsing:
        return rehearsal_control(session, coordinator, round_code)
    return stage_control(session, coordinator, round_code, now)


def monitor(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> Monitor:
    """The presenter's monitor of a round."""
    control = control_of(session, coordinator, round_code, now)
    shown = control.screen
    cards = [card for card in (shown.card, shown.next_card) if card is not None]
    notes = {} if shown.rehearsal else _notes(session, round_of(session, coordinator, round_code).id, cards)
    return Monitor(
        control=control,
        on=_spoken(shown.card, notes) if shown.card else None,
        next_=_spoken(shown.next_card, notes) if shown.next_card else None,
    )


def _notes(session: Session, round_id: int | None, cards: list[Card]) -> dict[int, PitchNote]:
    rows = session.exec(
        select(PitchCard.slot, PitchNote)
        .join(PitchNote, col(PitchNote.application_id) == PitchCard.application_id)
        .where(PitchCard.round_id == round_id, col(PitchCard.slot).in_([card.slot for card in cards]))
    )
    return dict(rows.all())


def _spoken(card: Card, notes: dict[int, PitchNote]) -> Spoken:
    note = notes.get(card.slot)
    return Spoken(
        card=card,
        title=note.spoken_title if note else "",
        pronunciation=note.pronunciation if note else "",
        text=note.stage_text if note else "",
    )
