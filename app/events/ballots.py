"""What a juror reads and writes: their own ballots, and nothing that follows from anybody else's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.accounts.actors import Juror
from app.asking import Ask
from app.audit.record import record
from app.errors import NotFound, Stale
from app.events.evening import Evening, PitchesClosed, evening_of
from app.events.jury_refusals import (
    BallotsMissing,
    ComparingOver,
    JurorIsDone,
    PitchesFollow,
    PitchNotBegun,
)
from app.events.pitch_rubric import PitchCriterion, is_whole, pitch_criteria, whole_scores
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import PitchCard
from app.models.jury import Juror as JurorRow
from app.models.jury import PitchBallot, PitchScoring
from app.sections.text import PROSE

NOTE_CAP = 1000


def _nothing(given: object) -> object:
    return None if given == "" else given


Score = Annotated[int | None, BeforeValidator(_nothing)]


class BallotInput(BaseModel):
    """What a juror gives one pitch, as far as it is: scores by criterion, or why there are none."""

    model_config = ConfigDict(extra="forbid")
    scores: Annotated[Mapping[str, Score], Field(max_length=20), Ask("rows")] = {}
    tie: Annotated[bool, Ask("checkboxes", optional=True)] = False
    missed: Annotated[bool, Ask("checkboxes", optional=True)] = False
    note: Annotated[str, Field(max_length=NOTE_CAP), PROSE, Ask("textarea", optional=True, cap=NOTE_CAP)] = ""


class JuryStage(StrEnum):
    """How far the evening is for one juror."""

    WAITING = "waiting"
    PITCHING = "pitching"
    COMPARING = "comparing"
    OVER = "over"
    FINISHED = "finished"


class OwnPitch(BaseModel):
    """One team with what this juror gave it. `open`: its pitch has begun. `version` is 0 before the first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slot: int
    number: int
    title: str
    team: str
    summary: str
    language: str
    open: bool
    scores: dict[str, int]
    tie: bool
    missed: bool
    note: str
    on_paper: bool
    version: int
    whole: bool

    @property
    def blank(self) -> bool:
        """Whether nothing was said of it yet."""
        return not (self.scores or self.tie or self.missed)


class OwnJury(BaseModel):
    """The evening as one juror sees it. `current` is the slot that began last; `ends_at` of comparing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    call_title: Texts
    round_name: Texts
    number: int
    stage: JuryStage
    closed: bool
    current: int | None
    ends_at: datetime | None
    criteria: list[PitchCriterion]
    pitches: list[OwnPitch]

    def pitch(self, slot: int) -> OwnPitch:
        """One team; NotFound where there is none, PitchNotBegun before its pitch."""
        found = next((each for each in self.pitches if each.slot == slot), None)
        if found is None:
            raise NotFound
        if not found.open:
            raise PitchNotBegun
        return found

    @property
    def missing(self) -> list[OwnPitch]:
        """Pitches that have begun and of which the ballot is not whole."""
        return [each for each in self.pitches if each.open and not each.whole]


def own_jury(session: Session, juror: Juror, now: datetime) -> OwnJury:
    """All that a juror may know now."""
    code, name, title, number, finished, closed = session.execute(
        select_columns(
            col(AwardRound.code),
            col(AwardRound.name),
            col(Call.title),
            col(JurorRow.number),
            col(JurorRow.finished_at),
            col(JurorRow.closed_at),
        )
        .join(JurorRow, col(JurorRow.round_id) == col(AwardRound.id))
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .where(col(JurorRow.id) == juror.juror_id)
    ).one()
    evening = evening_of(session, juror.round_id)
    criteria = pitch_criteria(session, juror.round_id)
    return OwnJury(
        round=code,
        call_title=title,
        round_name=name,
        number=number,
        stage=_stage(evening, done=bool(finished or closed), now=now),
        closed=evening.closed_at is not None,
        current=evening.current,
        ends_at=evening.compare_ends_at,
        criteria=criteria,
        pitches=_pitches(session, juror, evening, criteria),
    )


def _stage(evening: Evening, *, done: bool, now: datetime) -> JuryStage:
    if done or evening.closed_at is not None:
        return JuryStage.FINISHED
    if evening.compare_ends_at is not None:
        return JuryStage.COMPARING if now < evening.compare_ends_at else JuryStage.OVER
    return JuryStage.PITCHING if evening.begun else JuryStage.WAITING


def _pitches(
    session: Session, juror: Juror, evening: Evening, criteria: Sequence[PitchCriterion]
) -> list[OwnPitch]:
    rows = session.execute(
        select_columns(PitchCard, PitchBallot)
        .outerjoin(
            PitchBallot,
            (col(PitchBallot.application_id) == col(PitchCard.application_id))
            & (col(PitchBallot.juror_id) == juror.juror_id),
        )
        .where(col(PitchCard.round_id) == juror.round_id)
        .order_by(col(PitchCard.slot))
    ).all()
    return [
        OwnPitch(
            slot=card.slot,
            number=number,
            title=card.title,
            team=card.team,
            summary=card.summary,
            language=card.language,
            open=card.slot in evening.begun,
            scores=ballot.scores if ballot else {},
            tie=ballot.tie if ballot else False,
            missed=ballot.missed if ballot else False,
            note=ballot.note if ballot else "",
            on_paper=ballot.on_paper if ballot else False,
            version=ballot.version if ballot else 0,
            whole=ballot is not None
            and is_whole(criteria, ballot.scores, tie=ballot.tie, missed=ballot.missed),
        )
        for number, (card, ballot) in enumerate(rows, 1)
    ]


def save_ballot(
    session: Session, juror: Juror, slot: int, given: BallotInput, seen: int, now: datetime
) -> int:
    """Keep a ballot as it stands, whole or not; its version. `seen` is the version it changes, 0 at first.

    The same ballot handed in again is no change and no refusal, so that a phone can send until it is
    answered. Whoever has a tie, or did not see the pitch, scores nothing: the mean is of the others.
    """
    key = _open_key(session, juror, slot)
    criteria = pitch_criteria(session, juror.round_id)
    nothing = given.tie or given.missed
    said: dict[str, Any] = {
        "scores": {} if nothing else whole_scores(criteria, given.scores),
        "tie": given.tie,
        "missed": given.missed and not given.tie,
        "note": given.note,
    }
    stored = session.exec(
        select(PitchBallot)
        .where(PitchBallot.juror_id == juror.juror_id, PitchBallot.application_id == key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if stored is not None and all(getattr(stored, name) == value for name, value in said.items()):
        return stored.version
    _refuse_late(session, juror, stored, criteria, now)
    if not _moved_on(session, juror, key, stored, said, seen, now):
        raise Stale(version=stored.version if stored else 0)
    return seen + 1


def _open_key(session: Session, juror: Juror, slot: int) -> int:
    """The application that pitches in a slot; refused unless this juror may score it now."""
    _held_row(session, juror)
    key = session.exec(
        select(PitchCard.application_id).where(PitchCard.round_id == juror.round_id, PitchCard.slot == slot)
    ).one_or_none()
    if key is None:
        raise NotFound
    if slot not in evening_of(session, juror.round_id).begun:
        raise PitchNotBegun
    return key


def _held_row(session: Session, juror: Juror) -> JurorRow:
    """The juror, held still; refused once they are done or everything is closed."""
    row = session.exec(
        select(JurorRow)
        .where(JurorRow.id == juror.juror_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    closed = select(PitchScoring.closed_at).where(PitchScoring.round_id == juror.round_id)
    if session.exec(closed).one_or_none() is not None:
        raise PitchesClosed
    if row.finished_at is not None or row.closed_at is not None:
        raise JurorIsDone
    return row


def _refuse_late(
    session: Session,
    juror: Juror,
    stored: PitchBallot | None,
    criteria: Sequence[PitchCriterion],
    now: datetime,
) -> None:
    """After the time to compare what is whole stays; what is missing can still come from a slow network."""
    ends_at = evening_of(session, juror.round_id).compare_ends_at
    if ends_at is None or now < ends_at or stored is None:
        return
    if is_whole(criteria, stored.scores, tie=stored.tie, missed=stored.missed):
        raise ComparingOver


def _moved_on(
    session: Session,
    juror: Juror,
    key: int,
    stored: PitchBallot | None,
    said: Mapping[str, Any],
    seen: int,
    now: datetime,
) -> bool:
    """Compare and set: the row moves to the version after `seen`, unless it has another one."""
    values = {**said, "on_paper": False, "updated_at": now}
    if stored is None:
        if seen != 0:
            return False
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        first = insert(PitchBallot).values(juror_id=juror.juror_id, application_id=key, version=1, **values)
        first = first.on_conflict_do_nothing(index_elements=["juror_id", "application_id"])
        return session.execute(first.returning(col(PitchBallot.version))).first() is not None
    written = session.execute(
        update(PitchBallot)
        .where(
            col(PitchBallot.juror_id) == juror.juror_id,
            col(PitchBallot.application_id) == key,
            col(PitchBallot.version) == seen,
        )
        .values(version=seen + 1, **values)
        .execution_options(synchronize_session=False)
    )
    return getattr(written, "rowcount", 0) == 1


def finish(session: Session, juror: Juror, now: datetime) -> None:
    """Say that one is finished: from now on one's ballots stay. Pressed again it changes nothing.

    BallotsMissing while a pitch that has begun has no whole ballot; PitchesFollow before the last one.
    """
    own = own_jury(session, juror, now)
    if own.stage is JuryStage.FINISHED:
        return
    row = _held_row(session, juror)
    if own.stage in {JuryStage.WAITING, JuryStage.PITCHING}:
        raise PitchesFollow
    own = own_jury(session, juror, now)
    if own.missing:
        raise BallotsMissing(count=len(own.missing))
    row.finished_at = now
    session.add(row)
    session.flush()
    record(session, "juror.finish", now=now, person_id=None, call_id=juror.call_id, subject=row.code)
