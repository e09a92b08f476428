"""A coordinator checks an application against the published rules, and two refuse it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.actions.telling import other_coordinators, tell_coordinators
from app.applications.corrections import last_correction
from app.applications.due import due_of
from app.applications.notices import tell_team
from app.applications.rules import Finding, rules_of, unmet
from app.applications.screened import CHECKED, REFUSABLE, SCREENABLE, has_second
from app.applications.screening_refusals import (
    NotProposed,
    NotRefused,
    ScreeningAwaitsCorrection,
    ScreeningClosed,
    ScreeningTooEarly,
    SecondPersonNeeded,
)
from app.applications.status import Move, moved
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import phase
from app.errors import Invalid, NotFound, Problem, Stale
from app.models.applications import Application, History, Screened, Status
from app.models.calls import Call, Phase
from app.models.keys import key_of
from app.models.people import Screening
from app.sections.text import PROSE

LEAST = 30
"""So many characters at least make a reason."""
WORDS_CAP, NOTE_CAP = 2000, 1000

Decision = Literal["keep", "pass", "refuse"]
Note = Annotated[str, Field(max_length=NOTE_CAP), PROSE, Ask("textarea", optional=True, cap=NOTE_CAP)]


class ScreeningInput(BaseModel):
    """What was found of each rule; for a refusal the words to the applicant, and a note to the coordinators.

    Where one person alone runs the call, the note says why nobody else could look.
    """

    model_config = ConfigDict(extra="forbid")
    checks: Annotated[dict[str, Finding], Field(max_length=20), Ask("hidden", optional=True)] = {}
    decision: Annotated[Decision, Ask("hidden")] = "keep"
    words: Annotated[str, Field(max_length=WORDS_CAP), PROSE, Ask("textarea", cap=WORDS_CAP)] = ""
    note: Note = ""


class NoteInput(BaseModel):
    """Why: of another look at a refusal, or of taking it back."""

    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, Field(min_length=1, max_length=NOTE_CAP), PROSE, Ask("textarea", cap=NOTE_CAP)]


class _Held:
    """An application that is checked: with its call, its key, and the act in force."""

    def __init__(self, session: Session, coordinator: Coordinator, ref: str, version: int) -> None:
        """Both rows are held: nothing is sent anew, and reviewing does not open, meanwhile."""
        self.session, self.coordinator = session, coordinator
        self.call = session.exec(
            select(Call)
            .where(Call.id == coordinator.call_id)
            .with_for_update(read=True)
            .execution_options(populate_existing=True)
        ).one()
        application = session.exec(
            select(Application)
            .where(
                Application.call_id == coordinator.call_id,
                Application.ref == ref,
                col(Application.counts_number).is_not(None),
                col(Application.status).in_(sorted(CHECKED)),
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if application is None:
            raise NotFound
        self.application, self.key = application, key_of(application.id)
        newest = select(func.max(Screening.number)).where(Screening.application_id == self.key)
        number = session.exec(newest).one() or 0
        if number != version:
            raise Stale(version=number)
        self.last = session.get(Screening, (self.key, number))

    def act(self, act: Screened, checks: dict[str, str], words: str, note: str, now: datetime) -> None:
        """Append one act, and say so in the log."""
        number = self.last.number + 1 if self.last else 1
        self.session.add(
            Screening(
                application_id=self.key,
                number=number,
                act=act,
                sending_number=self.application.counts_number or 0,
                checks=checks,
                words=words,
                note=note,
                by=self.coordinator.person_id,
                at=now,
            )
        )
        rules = unmet(rules_of(self.call), checks)
        self.log(f"screening.{act.value}", now, rules=rules, number=self.application.counts_number)

    def log(self, action: str, now: datetime, **detail: object) -> None:
        """One line of the log of acts."""
        record(
            self.session,
            action,
            now=now,
            person_id=self.coordinator.person_id,
            call_id=self.coordinator.call_id,
            subject=self.application.ref,
            detail=detail,
        )

    def move(self, *moves: Move, now: datetime) -> None:
        """Move the application, and write each move into its history."""
        for each in moves:
            self.application.status = moved(self.application.status, each)
            self.session.add(
                History(application_id=self.key, move=each, at=now, by=self.coordinator.person_id)
            )
        self.application.version += 1
        self.session.add(self.application)
        self.session.flush()

    def proposed(self) -> Screening:
        """The refusal that waits for a second person, about what counts now."""
        last = self.last
        waits = last is not None and last.act is Screened.PROPOSED
        if last is None or not waits or last.sending_number != self.application.counts_number:
            raise NotProposed
        return last


def save_screening(
    session: Session,
    coordinator: Coordinator,
    ref: str,
    given: ScreeningInput,
    *,
    version: int,
    now: datetime,
) -> None:
    """Keep what was found; with it, let the application pass, or refuse it.

    A refusal is proposed and waits for another coordinator; who runs the call alone refuses at once, with a
    written reason that goes into the ledger. ScreeningClosed, ScreeningTooEarly, ScreeningAwaitsCorrection;
    Invalid where a rule has no finding that the decision needs, or its words are missing.
    """
    held = _Held(session, coordinator, ref, version)
    if phase(held.call, now) not in SCREENABLE or held.application.status is Status.REFUSED:
        raise ScreeningClosed
    rules = rules_of(held.call)
    checks: dict[str, str] = {rule: given.checks[rule] for rule in rules if rule in given.checks}
    alone = given.decision == "refuse" and not has_second(session, coordinator)
    _check(rules, given, checks, alone=alone)
    if given.decision == "refuse":
        _check_refusable(held, now)
        _refuse(held, given, checks, now, alone=alone)
    else:
        act = Screened.PASSED if given.decision == "pass" else Screened.KEPT
        held.act(act, checks, given.words, given.note, now)
        session.flush()


def _check(rules: tuple[str, ...], given: ScreeningInput, checks: dict[str, str], *, alone: bool) -> None:
    """All that is missing at once, each at its own place."""
    wrong: dict[str, str | Problem] = {}
    if set(given.checks) - set(rules):
        wrong["checks"] = "choice.unknown"
    if given.decision == "pass":
        otherwise = {f"checks.{rule}": "screening.not_met" for rule, said in checks.items() if said != "met"}
        wrong |= otherwise or ({"checks": "screening.not_looked_at"} if len(checks) < len(rules) else {})
    if given.decision == "refuse":
        if not unmet(rules, checks):
            wrong["checks"] = "screening.no_rule"
        if len(given.words.strip()) < LEAST:
            wrong["words"] = ("screening.why", {"least": LEAST})
        if alone and len(given.note.strip()) < LEAST:
            wrong["note"] = ("screening.alone", {"least": LEAST})
    if wrong:
        raise Invalid(wrong)


def _check_refusable(held: _Held, now: datetime) -> None:
    if phase(held.call, now) not in REFUSABLE or due_of(held.call, held.application).receives(now):
        raise ScreeningTooEarly
    asked = last_correction(held.session, held.key)
    if asked is None or asked.answered_at is not None or asked.closed_at is not None:
        return
    if now < asked.due_at:
        raise ScreeningAwaitsCorrection
    asked.closed_at = now
    asked.version += 1
    held.session.add(asked)


def _refuse(
    held: _Held, given: ScreeningInput, checks: dict[str, str], now: datetime, *, alone: bool
) -> None:
    if not alone:
        held.act(Screened.PROPOSED, checks, given.words, given.note, now)
        held.session.flush()
        who = held.coordinator
        others = other_coordinators(held.session, who.call_id, who.person_id)
        tell_coordinators(held.session, who.call_id, held.key, others, now)
        return
    held.act(Screened.REFUSED, checks, given.words, given.note, now)
    held.log("ledger.refused_by_one", now, rules=unmet(rules_of(held.call), checks))
    _carry_out(held, now)


def _carry_out(held: _Held, now: datetime) -> None:
    """It takes no part any more, and its team is told at once; nobody else hears of it."""
    held.move(Move.REFUSE, now=now)
    ref = held.application.ref
    number = (held.last.number if held.last else 0) + 1
    tell_team(
        held.session,
        "application_refused",
        held.key,
        ref,
        dedupe=f"refused-{ref}-{number}",
        now=now,
        number=number,
    )


def confirm_refusal(
    session: Session, coordinator: Coordinator, ref: str, *, version: int, now: datetime
) -> None:
    """The second person agrees, and the application is refused. NotProposed; SecondPersonNeeded."""
    held = _Held(session, coordinator, ref, version)
    proposal = held.proposed()
    if proposal.by == coordinator.person_id:
        raise SecondPersonNeeded
    _check_refusable(held, now)
    held.act(Screened.REFUSED, proposal.checks, proposal.words, proposal.note, now)
    _carry_out(held, now)


def decline_refusal(
    session: Session, coordinator: Coordinator, ref: str, given: NoteInput, *, version: int, now: datetime
) -> None:
    """The second person disagrees, or who proposed it takes it back: it is to be checked again."""
    held = _Held(session, coordinator, ref, version)
    proposal = held.proposed()
    _need_reason(given)
    held.act(Screened.DECLINED, proposal.checks, proposal.words, given.why, now)
    session.flush()


def reinstate(
    session: Session, coordinator: Coordinator, ref: str, given: NoteInput, *, version: int, now: datetime
) -> None:
    """Take a refusal back: the application takes part again, also among those that are being scored.

    The rules that it was refused for count as met, by the reason that is given; nothing was said of the
    others, which stay as they were found, so that it is to be checked again. Its team is told at once.
    NotRefused where it is not refused, or reviewing has closed.
    """
    held = _Held(session, coordinator, ref, version)
    reached = phase(held.call, now)
    if held.application.status is not Status.REFUSED or reached not in REFUSABLE:
        raise NotRefused
    _need_reason(given)
    found = held.last.checks if held.last else {}
    turned = {rule: "met" if said == "unmet" else said for rule, said in found.items()}
    held.act(Screened.REINSTATED, turned, "", given.why, now)
    later = (Move.START_REVIEW,) if reached is Phase.REVIEWING else ()
    held.move(Move.REINSTATE, *later, now=now)
    number = (held.last.number if held.last else 0) + 1
    tell_team(
        session,
        "application_reinstated",
        held.key,
        ref,
        dedupe=f"reinstated-{ref}-{number}",
        now=now,
    )


def _need_reason(given: NoteInput) -> None:
    if len(given.why.strip()) < LEAST:
        raise Invalid({"why": ("screening.words", {"least": LEAST})})
