"""Closing the scoring of a round's pitches. Before that act nobody is told a score, a mean, or a place.

It computes the order from written and pitch scores by the published weight; from then on the round decides
by that order and by no other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import held_call, held_pot, refuse_unless_reviewed, round_of
from app.decisions.pitch_order import pitch_rows
from app.decisions.pitch_storing import store_pitch_order
from app.errors import Invalid, Stale
from app.events.evening import PitchesClosed, PitchesNotScored, evening_of, held_scoring
from app.events.jury import REASON_CAP, SHORTEST_REASON, FullJury, full_jury, unsettled_papers
from app.events.jury_refusals import (
    AwardsRestOnIt,
    JurorsNotDone,
    NobodyOnTheJury,
    PapersDiffer,
    PitchesFollow,
    StillOpen,
)
from app.events.pitch_rubric import PitchCriterion, pitch_criteria
from app.models.calls import AwardRound
from app.models.decisions import Award
from app.models.jury import Juror, PitchEntry, PitchRun
from app.models.keys import key_of
from app.sections.text import LINE
from app.wall import is_walled, whole_call


class CloseInput(BaseModel):
    """Closing, as it was looked at. `reason`: why nobody pitched, where nobody did."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=0, le=10**9), Ask("hidden")]
    reason: Annotated[str, Field(max_length=REASON_CAP), LINE, Ask("textarea", cap=REASON_CAP)] = ""


class TallyRow(BaseModel):
    """One finalist in the order. `total` is made of `written` and `pitch`, each of 100 and empty where there
    is none. `decided_by` is what put it before the next one. `low` and `high` are the places of the 90 %
    interval; None where it could not be told. `scored`, `tied` and `missed` count jurors.

    `jurors` maps a label to the total that this juror gave, or to "tie" or "missed".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    place: int
    label: str
    code: str
    title: str
    decided_by: str
    total: str
    written: str
    pitch: str
    means: Mapping[str, str]
    low: int | None
    high: int | None
    scored: int
    tied: int
    missed: int
    jurors: Mapping[str, str]


class FullTally(BaseModel):
    """How far the jury is; and, once all is closed, what came of it.

    `waits` are papers of which the two keyings are missing or differ. `digest` is the SHA-256 of what the
    order follows from; it is kept from whoever has a tie in the call.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    jury: FullJury
    criteria: list[PitchCriterion]
    waits: int
    can_close: bool
    awarded: bool
    digest: str
    run: int
    rows: list[TallyRow]

    @property
    def closed(self) -> bool:
        """Whether there is an order."""
        return self.jury.closed_at is not None


def full_tally(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> FullTally:
    """Who is finished; the totals only after closing."""
    jury = full_jury(session, coordinator, round_code, now)
    pot = round_of(session, coordinator, round_code)
    key = key_of(pot.id)
    closed = jury.closed_at is not None
    waits = 0 if closed else count_unsettled(session, key)
    run = (
        session.exec(
            select(PitchRun).where(PitchRun.round_id == key).order_by(col(PitchRun.number).desc()).limit(1)
        ).first()
        if closed
        else None
    )
    comparing = jury.comparing_at is not None or not any(each.begun for each in jury.pitches)
    return FullTally(
        jury=jury,
        criteria=pitch_criteria(session, key),
        waits=waits,
        can_close=not closed
        and jury.weight is not None
        and comparing
        and not waits
        and not jury.open_jurors
        and (bool(jury.seated) or not jury.pitches),
        awarded=session.exec(select(Award.id).where(Award.round_id == key).limit(1)).first() is not None,
        digest=run.input_hash if run and not is_walled(session) else "",
        run=run.number if run else 0,
        rows=_rows(session, key) if closed else [],
    )


def _rows(session: Session, round_id: int) -> list[TallyRow]:
    found = []
    for row in pitch_rows(session, [round_id]):
        shown = row.shown
        low, high = shown.get("outer", (None, None))
        found.append(
            TallyRow(
                place=row.place,
                label=row.label,
                low=low,
                high=high,
                **{
                    name: shown[name]
                    for name in (
                        "code", "title", "decided_by", "total", "written", "pitch", "means", "scored", "tied",
                        "missed", "jurors",
                    )
                },
            )
        )  # fmt: skip
    return found


def count_unsettled(session: Session, round_id: int) -> int:
    """Papers that were keyed in, and of which there is no ballot yet."""
    return sum(map(len, unsettled_papers(session, round_id).values()))


@whole_call
def close_pitches(
    session: Session, coordinator: Coordinator, round_code: str, given: CloseInput, now: datetime
) -> int:
    """Close the scoring of the pitches and store the order of the round; the number of its run.

    Refused until every juror is finished, or closed with a reason; while papers differ; and before the
    written order stands. Where nobody pitched at all the written order decides, for a reason that is logged.
    """
    call = held_call(session, coordinator)
    refuse_unless_reviewed(call, now)
    pot = held_pot(session, coordinator, round_code)
    if pot.pitch_weight is None:
        raise PitchesNotScored
    scoring = held_scoring(session, key_of(pot.id))
    if scoring.closed_at is not None:
        raise PitchesClosed
    if scoring.version != given.version:
        raise Stale(version=scoring.version)
    _refuse_unfinished(session, pot, given.reason)
    scoring.closed_at, scoring.closed_by = now, coordinator.person_id
    scoring.version += 1
    pot.version += 1
    session.add_all([scoring, pot])
    session.flush()
    run = store_pitch_order(session, coordinator, call, pot, now)
    record(
        session, "pitches.close", now=now, person_id=coordinator.person_id, call_id=call.id,
        subject=pot.code,
        detail={"run": run.number, "sha256": run.input_hash, "reason": given.reason},
    )  # fmt: skip
    return run.number


def _refuse_unfinished(session: Session, pot: AwardRound, reason: str) -> None:
    key = key_of(pot.id)
    evening = evening_of(session, key)
    if evening.begun and evening.comparing_at is None:
        raise PitchesFollow
    if not evening.begun and len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("jury.nobody_pitched_needs_reason", {"least": SHORTEST_REASON})})
    jurors = session.exec(select(Juror).where(Juror.round_id == key, col(Juror.removed_at).is_(None))).all()
    if evening.begun and not jurors:
        raise NobodyOnTheJury
    waiting = sum(each.finished_at is None and each.closed_at is None for each in jurors)
    if waiting:
        raise JurorsNotDone(count=waiting)
    unsettled = count_unsettled(session, key)
    if unsettled:
        raise PapersDiffer(count=unsettled)


@whole_call
def reopen_pitches(
    session: Session, coordinator: Coordinator, round_code: str, reason: str, now: datetime
) -> None:
    """Let ballots come again, as when a paper was found; the run stays on record, its order is thrown away.

    Refused once an award rests on it.
    """
    refuse_unless_reviewed(held_call(session, coordinator), now)
    pot = held_pot(session, coordinator, round_code)
    scoring = held_scoring(session, key_of(pot.id))
    if scoring.closed_at is None:
        raise StillOpen
    if session.exec(select(Award.id).where(Award.round_id == pot.id).limit(1)).first() is not None:
        raise AwardsRestOnIt
    scoring.closed_at = scoring.closed_by = None
    scoring.version += 1
    pot.version += 1
    session.execute(delete(PitchEntry).where(col(PitchEntry.round_id) == pot.id))
    session.add_all([scoring, pot])
    session.flush()
    record(
        session, "pitches.reopen", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"reason": reason},
    )  # fmt: skip
