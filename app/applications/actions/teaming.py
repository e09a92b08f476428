"""Who is in a team: changing what somebody may do, handing the application over, leaving, being removed."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.inviting import forget_invitations
from app.applications.consents import NEEDED
from app.applications.members import Mine, mine
from app.applications.refusals import OwnerOnly, OwnerStays
from app.asking import Ask
from app.audit.record import record
from app.errors import NotFound, Stale
from app.models.applications import TeamRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Consent, Invitation, Person, Presence


class RoleInput(BaseModel):
    """What a member may do from now on."""

    role: Annotated[Literal["editor", "reader"], Ask("radios", choices="joining")]


def change_role(
    session: Session,
    applicant: Applicant,
    ref: str,
    mate: str,
    given: RoleInput,
    *,
    version: int,
    now: datetime,
) -> None:
    """Let a member edit, or only read; the owner's own role changes by handing the application over."""
    own = mine(session, applicant, ref, held=True)
    row = _member(session, own, mate)
    if own.role is not TeamRole.OWNER:
        raise OwnerOnly
    if row.role is TeamRole.OWNER:
        raise OwnerStays
    _check_version(row, version)
    role = TeamRole(given.role)
    if row.role is role:
        return
    _set_role(session, row, role)
    _record(session, own, applicant, "team.change", row.code, now, role=given.role)


def hand_over(
    session: Session, applicant: Applicant, ref: str, mate: str, *, version: int, now: datetime
) -> None:
    """Make another member the owner; who was it can edit from now on.

    The new owner has given the consents that an application needs when joining.
    """
    own = mine(session, applicant, ref, held=True)
    row = _member(session, own, mate)
    if own.role is not TeamRole.OWNER:
        raise OwnerOnly
    if row.role is TeamRole.OWNER:
        return
    _check_version(row, version)
    before = session.exec(
        select(ApplicantRow).where(
            ApplicantRow.application_id == own.key, ApplicantRow.person_id == applicant.person_id
        )
    ).one()
    _set_role(session, before, TeamRole.EDITOR)
    _set_role(session, row, TeamRole.OWNER)
    _record(session, own, applicant, "team.hand_over", row.code, now)


def remove_member(
    session: Session, applicant: Applicant, ref: str, mate: str, *, version: int | None = None, now: datetime
) -> bool:
    """End a membership, at once: the next request of that person finds nothing. Whether it was one's own.

    The owner removes others, everybody else only themselves. What the person wrote stays in the draft, and
    their consents are taken back with the date.
    """
    own = mine(session, applicant, ref, held=True)
    row = _member(session, own, mate)
    itself = row.person_id == applicant.person_id
    if not itself and own.role is not TeamRole.OWNER:
        raise OwnerOnly
    if row.role is TeamRole.OWNER:
        raise OwnerStays
    if version is not None:
        _check_version(row, version)
    end_membership(session, own.key, row.person_id, now)
    _record(session, own, applicant, "team.leave" if itself else "team.remove", row.code, now)
    return itself


def leave_team(session: Session, applicant: Applicant, ref: str, now: datetime) -> None:
    """End one's own membership."""
    own = mine(session, applicant, ref, held=True)
    code = session.exec(
        select(ApplicantRow.code).where(
            ApplicantRow.application_id == own.key, ApplicantRow.person_id == applicant.person_id
        )
    ).one()
    remove_member(session, applicant, ref, code, now=now)


def end_membership(session: Session, application_id: int, person_id: int, now: datetime) -> None:
    """Nothing links a person to an application any more but what they wrote and agreed to."""
    email = session.exec(select(Person.email).where(col(Person.id) == person_id)).one()
    forget_invitations(
        session, (col(Invitation.application_id) == application_id) & (col(Invitation.email) == email)
    )
    for table in (Presence, ApplicantRow):
        session.execute(
            delete(table).where(
                col(table.application_id) == application_id, col(table.person_id) == person_id
            )
        )
    session.execute(
        update(Consent)
        .where(
            col(Consent.application_id) == application_id,
            col(Consent.person_id) == person_id,
            col(Consent.kind).in_(NEEDED),
            col(Consent.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )


def _member(session: Session, own: Mine, mate: str) -> ApplicantRow:
    row = session.exec(
        select(ApplicantRow)
        .where(ApplicantRow.application_id == own.key, ApplicantRow.code == mate)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check_version(row: ApplicantRow, version: int) -> None:
    if row.version != version:
        raise Stale(version=row.version)


def _set_role(session: Session, row: ApplicantRow, role: TeamRole) -> None:
    row.role, row.version = role, row.version + 1
    session.add(row)


def _record(
    session: Session, own: Mine, applicant: Applicant, act: str, code: str, now: datetime, **detail: object
) -> None:
    record(
        session,
        act,
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=own.application.ref,
        detail={"member": code, **detail},
    )
