"""What comes next of an evening whose finalists are announced: one step, and whoever waits for whom."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, case, exists, func, or_, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.decisions.held import call_of, round_of
from app.decisions.publication import waiting_publication
from app.events.evening import evening_of
from app.events.programme import HAS_FINISHED, SCORES
from app.models.calls import AwardRound
from app.models.decisions import Award, PublishedResult, ResultSeal
from app.models.events import PitchCard
from app.models.jury import Juror
from app.models.keys import key_of


class Act(StrEnum):
    """The acts of an evening in their order."""

    SEAT_JURY = "seat_jury"
    SEND_CODES = "send_codes"
    BEGIN = "begin"
    PITCHES = "pitches"
    ALL_PITCHED = "all_pitched"
    COMPARE = "compare"
    CLOSE = "close"
    AWARD = "award"
    FREEZE = "freeze"
    SEAL = "seal"
    CONFIRM_SEAL = "confirm_seal"
    SEAL_WAITS = "seal_waits"
    REVEAL = "reveal"
    PUBLISH = "publish"
    CONFIRM_PUBLICATION = "confirm_publication"
    PUBLICATION_WAITS = "publication_waits"
    LETTERS = "letters"


class NextStep(BaseModel):
    """The step, and how far it is: `done` of `of`, both 0 where there is nothing to count."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    step: Act
    done: int = 0
    of: int = 0


def next_step(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> NextStep:
    """The first act that is not done yet; NotFound for another call's round."""
    pot, call = round_of(session, coordinator, round_code), call_of(session, coordinator)
    row = session.execute(_counts(key_of(pot.id))).one()
    reached = phase(call, now)
    if reached is Phase.PUBLISHED:
        return NextStep(step=Act.LETTERS)
    if reached is Phase.DECIDED:
        return _announcing(session, coordinator, row)
    if row.awarded:
        return NextStep(step=Act.FREEZE, done=row.awarded, of=pot.places)
    return _pitching(session, pot, row)


def _pitching(session: Session, pot: AwardRound, row: Any) -> NextStep:
    """Until the order of the evening stands, and nobody has an award."""
    evening = evening_of(session, key_of(pot.id))
    scored = pot.pitch_weight is not None
    if scored and evening.closed_at is not None:
        return NextStep(step=Act.AWARD)
    if scored and not row.jurors:
        return NextStep(step=Act.SEAT_JURY)
    if scored and row.issued < row.jurors and not evening.begun:
        return NextStep(step=Act.SEND_CODES, done=row.issued, of=row.jurors)
    if not evening.begun:
        return NextStep(step=Act.BEGIN)
    if len(evening.begun) < row.pitches:
        return NextStep(step=Act.PITCHES, done=len(evening.begun), of=row.pitches)
    if not scored:
        return NextStep(step=Act.AWARD)
    if evening.comparing_at is None:
        return NextStep(step=Act.ALL_PITCHED)
    step = Act.CLOSE if row.finished == row.jurors else Act.COMPARE
    return NextStep(step=step, done=row.finished, of=row.jurors)


def _announcing(session: Session, coordinator: Coordinator, row: Any) -> NextStep:
    """From the frozen decision until everything is public."""
    if row.sealed_by is None:
        return NextStep(step=Act.SEAL)
    if not row.confirmed:
        mine = row.sealed_by == coordinator.person_id
        return NextStep(step=Act.SEAL_WAITS if mine else Act.CONFIRM_SEAL)
    if row.revealed < row.awarded:
        return NextStep(step=Act.REVEAL, done=row.revealed, of=row.awarded)
    asked_by = waiting_publication(session, coordinator)
    if asked_by is None:
        return NextStep(step=Act.PUBLISH)
    mine = asked_by == coordinator.person_id
    return NextStep(step=Act.PUBLICATION_WAITS if mine else Act.CONFIRM_PUBLICATION)


def _counts(round_id: int) -> Any:
    """One row of numbers, whatever there is."""
    jury = and_(col(Juror.round_id) == round_id, SCORES)
    standing = and_(col(ResultSeal.round_id) == round_id, col(ResultSeal.voided_at).is_(None))

    def count(table: Any, *where: Any) -> Any:
        return select(func.count()).select_from(table).where(*where).scalar_subquery()

    return select(
        count(PitchCard, col(PitchCard.round_id) == round_id).label("pitches"),
        count(Juror, jury).label("jurors"),
        count(Juror, jury, or_(col(Juror.issued_at).is_not(None), HAS_FINISHED)).label("issued"),
        count(Juror, jury, HAS_FINISHED).label("finished"),
        count(Award, col(Award.round_id) == round_id).label("awarded"),
        count(PublishedResult, col(PublishedResult.round_id) == round_id).label("revealed"),
        select(col(ResultSeal.sealed_by)).where(standing).scalar_subquery().label("sealed_by"),
        case((exists().where(standing, col(ResultSeal.confirmed_at).is_not(None)), 1), else_=0).label(
            "confirmed"
        ),
    )
