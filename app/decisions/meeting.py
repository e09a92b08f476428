"""The panel's meeting: who was there, what was said of a case, and what the panel decided of it.

A decision stands beside the scores and changes none. Where it departs from the order it is put on record as
a departure, with its reason, and waits for the second person; what it rests on is done in the same act:
raising gives a place, passing over takes a pending award back.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.typed_codes import TypedCode
from app.asking import Ask
from app.audit.record import record
from app.decisions.awards import AwardInput, award_application, withdraw_award
from app.decisions.departures import (
    DepartureInput,
    departing_reason,
    explain_departure,
    take_back_departure,
)
from app.decisions.held import awarding, held_pot
from app.decisions.refusals import CaseWritten, OnAgenda
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, Departure, RankingEntry
from app.models.keys import key_of
from app.models.meeting import Outcome, PanelCase, PanelMeeting
from app.models.panel import PanelMember
from app.sections.text import PROSE
from app.wall import BehindWall, is_walled

LONGEST = 4000


class CaseInput(BaseModel):
    """What was said of a case, and what came of it. `reason` and `round` where it departs from the order;
    without `round` it is the only one."""

    model_config = ConfigDict(extra="forbid")
    minutes: Annotated[str, Field(max_length=LONGEST), PROSE, Ask("textarea", cap=LONGEST, optional=True)] = (
        ""
    )
    outcome: Annotated[Outcome | None, Ask("radios", choices="panel_outcome", optional=True)] = None
    reason: Annotated[str, Field(max_length=2000), PROSE, Ask("textarea", cap=2000, optional=True)] = ""
    round: Annotated[str, Field(max_length=16), Ask("select", optional=True)] = ""


class MinutesInput(BaseModel):
    """What is being said of a case."""

    model_config = ConfigDict(extra="forbid")
    minutes: Annotated[str, Field(max_length=LONGEST), PROSE] = ""


class MeetingInput(BaseModel):
    """The meeting itself: its day, who was there (codes of members), and what was said of no single case."""

    model_config = ConfigDict(extra="forbid")
    held_on: Annotated[date | None, Ask("date", optional=True)] = None
    present: Annotated[
        list[Annotated[str, Field(max_length=16)]],
        Field(max_length=500),
        Ask("checkboxes", optional=True),
    ] = []
    notes: Annotated[str, Field(max_length=LONGEST), PROSE, Ask("textarea", cap=LONGEST, optional=True)] = ""


class AddInput(BaseModel):
    """A further application for the agenda, by its code or its reference."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[TypedCode, Ask(spellcheck=False)]


class FullMeeting(BaseModel):
    """The meeting as it was written down; `version` is 0 before. To somebody with a tie `notes` are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    held_on: date | None
    present: list[str]
    notes: str


def meeting_of(session: Session, coordinator: Coordinator) -> FullMeeting:
    """The meeting of the call."""
    row = session.get(PanelMeeting, coordinator.call_id)
    if row is None:
        return FullMeeting(version=0, held_on=None, present=[], notes="")
    notes = "" if is_walled(session) else row.notes
    return FullMeeting(version=row.version, held_on=row.held_on, present=row.present, notes=notes)


def save_meeting(
    session: Session, coordinator: Coordinator, seen_version: int, given: MeetingInput, now: datetime
) -> int:
    """Write the meeting down; its new version. BehindWall for whom a part of it is kept from."""
    awarding(session, coordinator, now)
    if is_walled(session):
        raise BehindWall
    row = session.get(PanelMeeting, coordinator.call_id, with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != seen_version:
        raise Stale(version=row.version if row else 0)
    known = set(
        session.exec(select(PanelMember.code).where(PanelMember.call_id == coordinator.call_id)).all()
    )
    if not set(given.present) <= known:
        raise Invalid({"present": "tie.unknown_member"})
    if row is None:
        row = PanelMeeting(
            call_id=coordinator.call_id, version=0, written_by=coordinator.person_id, written_at=now
        )
    row.held_on, row.present, row.notes = given.held_on, sorted(set(given.present)), given.notes
    row.version, row.written_by, row.written_at = row.version + 1, coordinator.person_id, now
    session.add(row)
    session.flush()
    record(
        session, "panel.meeting", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        detail={"present": len(row.present)},
    )  # fmt: skip
    return row.version


def add_case(session: Session, coordinator: Coordinator, given: AddInput, now: datetime) -> str:
    """Put an application on the agenda that neither figures nor reviews put there; its code."""
    awarding(session, coordinator, now)
    found = session.exec(
        select(Application.id, Application.code)
        .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
        .where(
            RankingEntry.call_id == coordinator.call_id,
            (col(Application.code) == given.application) | (col(Application.ref) == given.application),
            Application.status != Status.WITHDRAWN,
        )
    ).one_or_none()
    if found is None:
        raise Invalid({"application": "assignment.unknown_application"})
    key, code = key_of(found[0]), found[1]
    if session.get(PanelCase, key) is not None:
        raise OnAgenda
    session.add(
        PanelCase(
            application_id=key,
            call_id=coordinator.call_id,
            added=True,
            written_by=coordinator.person_id,
            written_at=now,
        )
    )
    session.flush()
    record(
        session, "panel.add", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=code,
    )  # fmt: skip
    return code


def remove_case(
    session: Session, coordinator: Coordinator, application: str, seen_version: int, now: datetime
) -> None:
    """Take an application off the agenda that was put there by mistake.

    CaseWritten once something was said or decided of it; NotFound for what nobody put there.
    """
    awarding(session, coordinator, now)
    key = _ranked(session, coordinator, application)
    row = session.get(PanelCase, key, with_for_update=True, populate_existing=True)
    if row is None or not row.added:
        raise NotFound
    if row.version != seen_version:
        raise Stale(version=row.version)
    if row.minutes or row.reason or row.outcome is not None:
        raise CaseWritten
    session.delete(row)
    session.flush()
    record(
        session, "panel.remove_case", now=now, person_id=coordinator.person_id,
        call_id=coordinator.call_id, subject=application,
    )  # fmt: skip


def save_minutes(
    session: Session,
    coordinator: Coordinator,
    application: str,
    seen_version: int,
    given: MinutesInput,
    now: datetime,
) -> int:
    """Keep what is being typed of a case, and decide nothing; its new version."""
    awarding(session, coordinator, now)
    row = _held_case(session, coordinator, _ranked(session, coordinator, application), seen_version, now)
    row.minutes = given.minutes
    return _written(session, coordinator, row, now)


def _held_case(
    session: Session, coordinator: Coordinator, key: int, seen_version: int, now: datetime
) -> PanelCase:
    """What is written of an application, held; of version 0 where nothing is. Stale for another version."""
    row = session.get(PanelCase, key, with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != seen_version:
        raise Stale(version=row.version if row else 0)
    return row or PanelCase(
        application_id=key,
        call_id=coordinator.call_id,
        version=0,
        written_by=coordinator.person_id,
        written_at=now,
    )


def _written(session: Session, coordinator: Coordinator, row: PanelCase, now: datetime) -> int:
    row.version, row.written_by, row.written_at = row.version + 1, coordinator.person_id, now
    session.add(row)
    session.flush()
    return row.version


def save_case(
    session: Session,
    coordinator: Coordinator,
    application: str,
    seen_version: int,
    given: CaseInput,
    now: datetime,
) -> int:
    """Write down what was said and decided of a case; its new version.

    A decision that is as it was leaves its departure, and who confirmed it, alone. Nothing is kept where a
    part of it is refused.
    """
    awarding(session, coordinator, now)
    key = _ranked(session, coordinator, application)
    row = _held_case(session, coordinator, key, seen_version, now)
    departs = given.outcome in (Outcome.RAISE, Outcome.PASS_OVER)
    reason = departing_reason(given.reason) if departs else given.reason
    pot = _round(session, coordinator, given.round) if departs else None
    decided = (given.outcome, reason if departs else "", pot.id if pot else None)
    lost = pot is not None and session.get(Departure, (key, pot.id), populate_existing=True) is None
    before = (row.outcome, row.reason if row.round_id else "", row.round_id)
    if decided != before or lost:
        with session.begin_nested():
            _undo(session, coordinator, row, application, now)
            if pot is not None and given.outcome is not None:
                _carry_out(session, coordinator, pot, given.outcome, (key, application), reason, now)
        detail: dict[str, object] = {
            "outcome": given.outcome.value if given.outcome else "",
            "reason": reason,
        }
        record(
            session, "panel.decide", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
            subject=application, detail=detail | ({"round": pot.code} if pot else {}),
        )  # fmt: skip
    row.minutes, row.outcome, row.reason, row.round_id = given.minutes, given.outcome, reason, decided[2]
    return _written(session, coordinator, row, now)


def _undo(session: Session, coordinator: Coordinator, row: PanelCase, code: str, now: datetime) -> None:
    """What the outcome before had brought about, as far as it still stands."""
    if row.round_id is None:
        return
    pot = session.get_one(AwardRound, row.round_id)
    departure = session.get(Departure, (row.application_id, row.round_id), populate_existing=True)
    if departure is None:
        return
    award = _award(session, row.application_id)
    if row.outcome is Outcome.RAISE and award is not None and award.round_id == row.round_id:
        withdraw_award(session, coordinator, code, award.version, now)
    else:
        take_back_departure(session, coordinator, pot.code, code, now)


def _carry_out(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    outcome: Outcome,
    application: tuple[int, str],
    reason: str,
    now: datetime,
) -> None:
    key, code = application
    award = _award(session, key)
    if outcome is Outcome.PASS_OVER:
        if award is not None:
            withdraw_award(session, coordinator, code, award.version, now)
    elif award is None:
        award_application(session, coordinator, pot.code, AwardInput(application=code, reason=reason), now)
        if session.get(Departure, (key, pot.id), populate_existing=True) is None:
            raise Invalid({"outcome": "panel.stands_above"})
        return
    elif award.round_id != pot.id:
        raise Invalid({"outcome": "award.already_awarded"})
    given = DepartureInput(application=code, reason=reason)
    explain_departure(session, coordinator, pot.code, given, now)


def _award(session: Session, application_id: int) -> Award | None:
    return session.exec(
        select(Award).where(Award.application_id == application_id).execution_options(populate_existing=True)
    ).one_or_none()


def _ranked(session: Session, coordinator: Coordinator, code: str) -> int:
    key = session.exec(
        select(RankingEntry.application_id)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(RankingEntry.call_id == coordinator.call_id, Application.code == code)
    ).one_or_none()
    if key is None:
        raise NotFound
    return key


def _round(session: Session, coordinator: Coordinator, code: str) -> AwardRound:
    """The round in which it departs: the one that is named, or the only one."""
    if code:
        try:
            return held_pot(session, coordinator, code)
        except NotFound:
            raise Invalid({"round": "panel.which_round"}) from None
    codes = session.exec(select(AwardRound.code).where(AwardRound.call_id == coordinator.call_id)).all()
    if len(codes) != 1:
        raise Invalid({"round": "panel.which_round"})
    return held_pot(session, coordinator, codes[0])


def contradicted(session: Session, coordinator: Coordinator) -> list[str]:
    """Codes of which the panel decided a departure that is not on record as one any more."""
    rows = session.exec(
        select(Application.code)
        .join(PanelCase, col(PanelCase.application_id) == col(Application.id))
        .outerjoin(
            Departure,
            (col(Departure.application_id) == col(PanelCase.application_id))
            & (col(Departure.round_id) == col(PanelCase.round_id)),
        )
        .where(
            PanelCase.call_id == coordinator.call_id,
            col(PanelCase.outcome).in_((Outcome.RAISE, Outcome.PASS_OVER)),
            Application.status != Status.WITHDRAWN,
            col(Departure.application_id).is_(None),
        )
        .order_by(col(Application.code))
    )
    return list(rows)
