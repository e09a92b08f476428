"""Taking back what was sent, withdrawing it for good, deleting what was never sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, tuple_, update
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.assistance import end_assistance
from app.applications.actions.filing import forget_files
from app.applications.actions.grace import note_grace
from app.applications.actions.inviting import forget_invitations
from app.applications.actions.keeping import forget_versions
from app.applications.actions.open_corrections import close_open
from app.applications.actions.typing_corrections import carry_typed
from app.applications.consents import NEEDED
from app.applications.due import due_of
from app.applications.members import WRITERS, Mine, mine
from app.applications.notices import tell_team
from app.applications.refusals import AlreadySent, ReadOnly, TooLate
from app.applications.status import SETTLED, IllegalMove, Move, moved
from app.audit.record import record
from app.calls.phase import phase
from app.models.applications import Application, Draft, History, Status, TeamRole
from app.models.events import Event, Finalist, PitchCard, ShowSegment
from app.models.people import Applicant as ApplicantRow
from app.models.people import (
    Assistance,
    Consent,
    Extension,
    IdentityDraft,
    Invitation,
    LeakLeft,
    Message,
    Presence,
)


def take_back(session: Session, applicant: Applicant, ref: str, now: datetime) -> None:
    """Open what was sent for changes, until the deadline. What was sent last still counts."""
    own = mine(session, applicant, ref, held=True)
    if own.role not in WRITERS:
        raise ReadOnly
    target = moved(own.application.status, Move.TAKE_BACK)
    if not due_of(own.call, own.application).receives(now):
        raise TooLate
    _move(session, own, applicant, Move.TAKE_BACK, {"status": target}, now)
    note_grace(session, own, applicant, "take_back", now)
    carry_typed(session, own, applicant, now)
    _tell(session, own, "application_taken_back", now)


def withdraw_application(
    session: Session, applicant: Applicant, ref: str, now: datetime, *, consents: bool = False
) -> None:
    """Leave the call: nothing of it counts any more. Only its owner may, until the call is decided.

    With `consents` it is because its owner takes back the consents that an application needs.
    """
    own = mine(session, applicant, ref, held=True)
    if own.role is not TeamRole.OWNER:
        raise ReadOnly
    target = moved(own.application.status, Move.WITHDRAW)
    if phase(own.call, now) in SETTLED:
        raise IllegalMove
    _move(session, own, applicant, Move.WITHDRAW, {"status": target, "counts_number": None}, now)
    close_open(session, own.key, now)
    end_assistance(session, own.key, now)
    _leave_stage(session, own.key)
    if consents:
        session.execute(
            update(Consent)
            .where(
                col(Consent.application_id) == own.key,
                col(Consent.person_id) == applicant.person_id,
                col(Consent.kind).in_(NEEDED),
                col(Consent.withdrawn_at).is_(None),
            )
            .values(withdrawn_at=now)
            .execution_options(synchronize_session=False)
        )
    if own.application.counts_number is not None:
        _tell(session, own, "application_withdrawn", now)


def _leave_stage(session: Session, application_id: int) -> None:
    """Whoever was to pitch is in no running order any more, and on no page of the evening."""
    session.execute(delete(PitchCard).where(col(PitchCard.application_id) == application_id))
    # Its part of the run of show is left out, unless it has begun.
    session.execute(
        update(ShowSegment)
        .where(
            tuple_(col(ShowSegment.round_id), col(ShowSegment.slot)).in_(
                select(Finalist.round_id, Finalist.slot)
                .join(Event, col(Event.round_id) == col(Finalist.round_id))
                .where(Finalist.application_id == application_id, col(Event.announced_at).is_not(None))
            ),
            col(ShowSegment.began_at).is_(None),
        )
        .values(skipped=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Finalist)
        .where(col(Finalist.application_id) == application_id, col(Finalist.slot).is_not(None))
        .values(slot=None, version=col(Finalist.version) + 1)
    )


def delete_draft(session: Session, applicant: Applicant, ref: str, now: datetime) -> None:
    """Remove a draft that was never sent, with all that was typed and uploaded. AlreadySent otherwise."""
    own = mine(session, applicant, ref, held=True)
    if own.role is not TeamRole.OWNER:
        raise ReadOnly
    if own.application.counts_number is not None or own.application.status is not Status.DRAFT:
        raise AlreadySent
    forget_files(session, own.key)
    forget_versions(session, own.key)
    forget_invitations(session, col(Invitation.application_id) == own.key)
    tables = (Draft, IdentityDraft, Consent, History, Extension, Presence, LeakLeft, Assistance, ApplicantRow)
    for table in tables:
        session.execute(delete(table).where(col(table.application_id) == own.key))
    session.execute(delete(Message).where(col(Message.ref) == ref))
    session.execute(delete(Application).where(col(Application.id) == own.key))
    record(
        session,
        "application.delete",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=ref,
    )


def _tell(session: Session, own: Mine, template: str, now: datetime) -> None:
    """Each member of the team hears it, once for each time that it happens."""
    ref = own.application.ref
    dedupe = f"{template}-{ref}-{own.application.version}"
    tell_team(session, template, own.key, ref, dedupe=dedupe, now=now)


def _move(
    session: Session, own: Mine, applicant: Applicant, move: Move, values: dict[str, Any], now: datetime
) -> None:
    done = session.execute(
        update(Application)
        .where(col(Application.id) == own.key, col(Application.status) == own.application.status)
        .values(version=Application.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if getattr(done, "rowcount", 0) == 0:
        raise IllegalMove
    session.add(History(application_id=own.key, move=move, at=now, by=applicant.person_id))
    record(
        session,
        f"application.{move}",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=own.application.ref,
    )
