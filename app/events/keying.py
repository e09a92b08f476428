"""Paper ballots: keyed in by one person, and again by another who does not see the first, until both agree.

Where one coordinator is alone, they key each line in twice, with a written reason that the ledger tells. What
came from the juror's own phone is not asked for on paper, and there is one ballot a juror and pitch: paper
and phone together count once.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import held_pot, round_of
from app.decisions.seconds import others_can_second
from app.errors import Invalid, NotFound
from app.events.ballots import Score
from app.events.evening import PitchesClosed, PitchesNotScored, evening_of
from app.events.jury_refusals import JurorIsDone, JurorTakenOff
from app.events.paper_done import finish_papers
from app.events.pitch_rubric import PitchCriterion, is_whole, pitch_criteria, whole_scores
from app.events.programme import numbers_of
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.events import PitchCard
from app.models.jury import Juror, PitchBallot, PitchKeying, PitchScoring
from app.models.keys import key_of
from app.models.panel import Organisation
from app.models.people import JurorContact
from app.sections.text import LINE

SHORTEST_REASON, REASON_CAP = 10, 500


class PaperLine(BaseModel):
    """One pitch on a paper ballot."""

    model_config = ConfigDict(extra="forbid")
    scores: Annotated[Mapping[str, Score], Field(max_length=20)] = {}
    tie: bool = False
    missed: bool = False


class PaperInput(BaseModel):
    """A juror's sheet, by slot, without lines that are empty. `reason`: why one person keys both times."""

    model_config = ConfigDict(extra="forbid")
    pitches: Annotated[Mapping[str, PaperLine], Field(max_length=60), Ask("rows")] = {}
    reason: Annotated[str, Field(max_length=REASON_CAP), LINE, Ask("textarea", cap=REASON_CAP)] = ""


class PaperState(StrEnum):
    """How far one line of a juror's paper is, for whoever looks at it."""

    PHONE = "phone"
    AGREED = "agreed"
    TO_KEY = "to_key"
    TO_KEY_AGAIN = "to_key_again"
    WAITS = "waits"
    DIFFERS = "differs"


TO_TYPE = frozenset({PaperState.TO_KEY, PaperState.TO_KEY_AGAIN, PaperState.DIFFERS})
"""Lines that whoever looks can key in now."""


class FullPaperLine(BaseModel):
    """One pitch of a juror's paper. Of a line that both keyed otherwise only where: never what."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slot: int
    number: int
    title: str
    team: str
    language: str
    state: PaperState
    cells: list[str]


class FullPaper(BaseModel):
    """A juror's paper. `alone`: nobody else can key in some of its lines a second time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    juror: str
    number: int
    name: str
    organisation: Texts
    ended: bool
    alone: bool
    criteria: list[PitchCriterion]
    lines: list[FullPaperLine]

    @property
    def to_type(self) -> list[FullPaperLine]:
        """What can be keyed in now by whoever looks."""
        return [] if self.ended else [each for each in self.lines if each.state in TO_TYPE]


class _Line:
    """One pitch that has begun, with the ballot and both keyings, if any."""

    def __init__(self, card: PitchCard, code: str, ballot: PitchBallot | None) -> None:
        self.card, self.code, self.ballot = card, code, ballot
        self.turns: dict[int, PitchKeying] = {}

    def state(self, person_id: int, criteria: list[PitchCriterion], *, alone: bool) -> PaperState:
        ballot = self.ballot
        if ballot is not None and is_whole(criteria, ballot.scores, tie=ballot.tie, missed=ballot.missed):
            return PaperState.AGREED if ballot.on_paper else PaperState.PHONE
        if ballot is not None and ballot.on_paper:
            return PaperState.AGREED
        if not self.turns:
            return PaperState.TO_KEY
        if len(self.turns) == 2:
            mine = any(each.keyed_by == person_id for each in self.turns.values())
            return PaperState.DIFFERS if mine or alone else PaperState.WAITS
        mine = self.turns[1].keyed_by == person_id
        return PaperState.WAITS if mine and not alone else PaperState.TO_KEY_AGAIN

    def cells(self, criteria: list[PitchCriterion]) -> list[str]:
        """Where the two who keyed it in differ: criteria, or "tie" and "missed"."""
        one, other = _said(self.turns[1]), _said(self.turns[2])
        names = [*(each.code for each in criteria), "tie", "missed"]
        return [name for name in names if one.get(name) != other.get(name)]


def _said(keying: PitchKeying) -> dict[str, int]:
    flags = {name: 1 for name in ("tie", "missed") if getattr(keying, name)}
    return {**{code: int(score) for code, score in keying.scores.items()}, **flags}


def full_paper(session: Session, coordinator: Coordinator, round_code: str, juror: str) -> FullPaper:
    """A juror's paper with what is left to key in; NotFound for another round's juror."""
    pot = round_of(session, coordinator, round_code)
    found = session.execute(
        select_columns(Juror, col(JurorContact.name), col(Organisation.name))
        .join(JurorContact, col(JurorContact.juror_id) == col(Juror.id))
        .join(Organisation, col(Organisation.id) == col(Juror.organisation_id))
        .where(col(Juror.round_id) == pot.id, col(Juror.code) == juror, col(Juror.removed_at).is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    row, name, organisation = found
    criteria = pitch_criteria(session, key_of(pot.id))
    seconded = others_can_second(session, coordinator)
    lines = _lines(session, key_of(pot.id), key_of(row.id))
    numbers, shown = numbers_of(session, key_of(pot.id)), []
    for line in lines:
        state = line.state(coordinator.person_id, criteria, alone=not seconded(line.code))
        shown.append(
            FullPaperLine(
                slot=line.card.slot,
                number=numbers[line.card.slot],
                title=line.card.title,
                team=line.card.team,
                language=line.card.language,
                state=state,
                cells=line.cells(criteria) if state is PaperState.DIFFERS else [],
            )
        )
    return FullPaper(
        juror=row.code,
        number=row.number,
        name=name,
        organisation=organisation,
        ended=row.finished_at is not None or row.closed_at is not None,
        alone=any(
            not seconded(line.code) and len(line.turns) > 0
            for line, each in zip(lines, shown, strict=True)
            if each.state in TO_TYPE
        ),
        criteria=criteria,
        lines=shown,
    )


def _lines(session: Session, round_id: int, juror_id: int) -> list[_Line]:
    begun = evening_of(session, round_id).begun
    rows = session.execute(
        select_columns(PitchCard, col(Application.code), PitchBallot)
        .join(Application, col(Application.id) == col(PitchCard.application_id))
        .outerjoin(
            PitchBallot,
            (col(PitchBallot.application_id) == col(PitchCard.application_id))
            & (col(PitchBallot.juror_id) == juror_id),
        )
        .where(col(PitchCard.round_id) == round_id)
        .order_by(col(PitchCard.slot))
        .execution_options(populate_existing=True)
    ).all()
    lines = {
        card.application_id: _Line(card, code, ballot) for card, code, ballot in rows if card.slot in begun
    }
    keyings = session.exec(
        select(PitchKeying).where(PitchKeying.juror_id == juror_id).execution_options(populate_existing=True)
    )
    for keying in keyings:
        if keying.application_id in lines:
            lines[keying.application_id].turns[keying.turn] = keying
    return list(lines.values())


class Keyed(BaseModel):
    """What became of the lines that were keyed in: their numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    agreed: int
    wait: int
    differ: int


def key_paper(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    juror: str,
    given: PaperInput,
    now: datetime,
) -> Keyed:
    """Key in a juror's sheet, or some lines of it. A line that both keyed alike becomes the juror's ballot.

    Lines that are not to be keyed in by this person now are left as they are: what the phone sent, what is
    agreed, and what waits for somebody else. Invalid without a reason where one person keys a line in twice.
    """
    pot, row = _held(session, coordinator, round_code, juror)
    criteria = pitch_criteria(session, key_of(pot.id))
    typed = _typed(given, criteria)
    if not typed:
        raise Invalid({"pitches": "jury.nothing_keyed"})
    seconded = others_can_second(session, coordinator)
    lines = [each for each in _lines(session, key_of(pot.id), key_of(row.id)) if each.card.slot in typed]
    _refuse_without_reason(lines, criteria, coordinator, given.reason, seconded)
    agreed = differ = wait = 0
    for line in lines:
        alone = not seconded(line.code)
        state = line.state(coordinator.person_id, criteria, alone=alone)
        if state not in TO_TYPE and not _is_own_first(line, coordinator):
            continue
        _keep(session, line, key_of(row.id), typed[line.card.slot], coordinator, given.reason, now)
        if len(line.turns) < 2:
            wait += 1
        elif line.cells(criteria):
            differ += 1
        else:
            _agree(session, line, key_of(row.id), now)
            agreed += 1
            if line.turns[1].keyed_by == line.turns[2].keyed_by:
                _tell_alone(session, coordinator, line, given.reason, now)
    session.flush()
    if evening_of(session, key_of(pot.id)).comparing_at is not None:
        finish_papers(session, coordinator, pot, now)
    record(
        session, "paper.key", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=row.code, detail={"round": pot.code, "agreed": agreed, "wait": wait, "differ": differ},
    )  # fmt: skip
    return Keyed(agreed=agreed, wait=wait, differ=differ)


def _typed(given: PaperInput, criteria: list[PitchCriterion]) -> dict[int, dict[str, Any]]:
    """Slot -> what is on its line, of those that have something."""
    found: dict[int, dict[str, Any]] = {}
    problems: dict[str, Any] = {}
    for slot, line in given.pitches.items():
        if not (slot.isascii() and slot.isdigit() and len(slot) < 4):
            continue
        nothing = line.tie or line.missed
        try:
            scores = whole_scores(criteria, line.scores, at=f"pitches.{slot}.scores")
        except Invalid as error:
            problems |= error.fields
            continue
        if scores or nothing:
            found[int(slot)] = {
                "scores": {} if nothing else scores,
                "tie": line.tie,
                "missed": line.missed and not line.tie,
            }
    if problems:
        raise Invalid(problems)
    return found


def _is_own_first(line: _Line, coordinator: Coordinator) -> bool:
    """Whether this person keyed the line in, and nobody has a second time: they may still correct it."""
    return len(line.turns) == 1 and line.turns[1].keyed_by == coordinator.person_id and line.ballot is None


def _refuse_without_reason(
    lines: list[_Line], criteria: list[PitchCriterion], coordinator: Coordinator, reason: str, seconded: Any
) -> None:
    twice = [
        line
        for line in lines
        if line.turns
        and not seconded(line.code)
        and line.state(coordinator.person_id, criteria, alone=True) in TO_TYPE
    ]
    if twice and len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("jury.alone_needs_reason", {"least": SHORTEST_REASON})})


def _keep(
    session: Session,
    line: _Line,
    juror_id: int,
    said: Mapping[str, Any],
    coordinator: Coordinator,
    reason: str,
    now: datetime,
) -> None:
    """Into the turn that is this person's: their own again, or the next one."""
    person = coordinator.person_id
    own = [turn for turn, each in line.turns.items() if each.keyed_by == person]
    if len(own) == 2:
        # One person alone: of three attempts the last two count.
        _write(session, line, juror_id, 1, _copy(line.turns[2]), person, reason, now)
        turn = 2
    elif len(line.turns) == 2:
        turn = own[0]
    elif own and reason:
        turn = 2
    elif own:
        turn = own[0]
    else:
        turn = len(line.turns) + 1
    _write(session, line, juror_id, turn, said, person, reason if turn == 2 else "", now)


def _copy(keying: PitchKeying) -> dict[str, Any]:
    return {"scores": dict(keying.scores), "tie": keying.tie, "missed": keying.missed}


def _write(
    session: Session,
    line: _Line,
    juror_id: int,
    turn: int,
    said: Mapping[str, Any],
    person_id: int,
    reason: str,
    now: datetime,
) -> None:
    row = line.turns.get(turn) or PitchKeying(
        juror_id=juror_id,
        application_id=line.card.application_id,
        turn=turn,
        keyed_by=person_id,
        keyed_at=now,
    )
    row.scores, row.tie, row.missed = dict(said["scores"]), said["tie"], said["missed"]
    row.keyed_by, row.keyed_at, row.reason = person_id, now, reason
    session.add(row)
    line.turns[turn] = row


def _agree(session: Session, line: _Line, juror_id: int, now: datetime) -> None:
    """Both are alike: that is the juror's ballot. A part that a phone had sent is replaced by the whole."""
    ballot = line.ballot or PitchBallot(
        juror_id=juror_id, application_id=line.card.application_id, version=0, updated_at=now
    )
    kept = line.turns[2]
    ballot.scores, ballot.tie, ballot.missed = dict(kept.scores), kept.tie, kept.missed
    ballot.on_paper, ballot.updated_at = True, now
    ballot.version += 1
    session.add(ballot)
    line.ballot = ballot


def _tell_alone(session: Session, coordinator: Coordinator, line: _Line, reason: str, now: datetime) -> None:
    """The ledger says of what one person keyed in twice that it was so, and later why."""
    record(
        session, "ledger.keyed_alone", now=now, person_id=coordinator.person_id,
        call_id=coordinator.call_id, subject=line.code, detail={"reason": reason},
    )  # fmt: skip


def _held(
    session: Session, coordinator: Coordinator, round_code: str, juror: str
) -> tuple[AwardRound, Juror]:
    pot = held_pot(session, coordinator, round_code)
    if pot.pitch_weight is None:
        raise PitchesNotScored
    closed = select(PitchScoring.closed_at).where(PitchScoring.round_id == pot.id)
    if session.exec(closed).one_or_none() is not None:
        raise PitchesClosed
    row = session.exec(
        select(Juror)
        .where(Juror.round_id == pot.id, Juror.code == juror)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.removed_at is not None:
        raise JurorTakenOff
    if row.finished_at is not None or row.closed_at is not None:
        raise JurorIsDone
    return pot, row
