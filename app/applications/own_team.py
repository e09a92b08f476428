"""What the members of a team may read of it, and what somebody may who was invited to it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.inviting import check_invited, held_key
from app.applications.due import OPEN_STATUS, due_of
from app.applications.members import MOST_MEMBERS, mine
from app.applications.own import TITLED, own_application
from app.applications.own_models import Own, OwnApplication
from app.errors import NotFound
from app.models.applications import Application, Draft, InvitationState, TeamRole
from app.models.calls import Call
from app.models.columns import Texts
from app.models.keys import key_of
from app.models.panel import PanelMember
from app.models.people import Applicant as ApplicantRow
from app.models.people import Invitation, Person


class Answer(StrEnum):
    """How far an invitation is, with what the clock says."""

    PENDING = "pending"
    EXPIRED = "expired"
    DECLINED = "declined"


class OwnTeammate(Own):
    """One member of the team; `me` is the reader. The address is for the owner alone, who invited it."""

    code: str
    name: str
    email: str
    role: TeamRole
    joined_at: datetime
    me: bool
    version: int


class OwnInvited(Own):
    """An address that was invited and is not in the team."""

    code: str
    email: str
    role: TeamRole
    answer: Answer
    invited_at: datetime
    expires_at: datetime


Named = TypeVar("Named", OwnTeammate, OwnInvited)


class OwnTeam(Own):
    """The team of an application. Invitations are the owner's to see; `grows` is whether anybody may join."""

    application: OwnApplication
    members: list[OwnTeammate]
    invitations: list[OwnInvited]
    grows: bool
    room: int


class InvitedTo(Own):
    """What an invitation is to, for the account that was invited: whose project, and to do what.

    `joined` names the application where this account has accepted and is in the team. `needs_name`: the
    account has no name yet by which the others could know it.
    """

    call: str
    call_title: Texts
    title: str
    inviter: str
    address: str
    role: TeamRole
    expires_at: datetime
    joined: str
    needs_name: bool


def own_team(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnTeam:
    """The team of one's own application. NotFound for a stranger."""
    application = own_application(session, applicant, ref, now)
    own = mine(session, applicant, ref)
    members = _members(session, own.key, applicant, named=application.owner)
    invitations = _invitations(session, own.key, now) if application.owner else []
    waiting = sum(each.answer is Answer.PENDING for each in invitations)
    return OwnTeam(
        application=application,
        members=members,
        invitations=invitations,
        grows=own.application.status in OPEN_STATUS and due_of(own.call, own.application).receives(now),
        room=max(0, MOST_MEMBERS - len(members) - waiting),
    )


def own_mate(session: Session, applicant: Applicant, ref: str, mate: str, now: datetime) -> OwnTeammate:
    """One member of one's own team. NotFound for a code that is nobody's there."""
    return _named(own_team(session, applicant, ref, now).members, mate)


def own_invited(session: Session, applicant: Applicant, ref: str, code: str, now: datetime) -> OwnInvited:
    """One invitation to one's own team, for its owner."""
    return _named(own_team(session, applicant, ref, now).invitations, code)


def _named(rows: Sequence[Named], code: str) -> Named:
    found = next((each for each in rows if each.code == code), None)
    if found is None:
        raise NotFound
    return found


def _members(session: Session, key: int, reader: Applicant, *, named: bool) -> list[OwnTeammate]:
    rows = session.exec(
        select(ApplicantRow, Person)
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .where(ApplicantRow.application_id == key)
    ).all()
    ordered = sorted(rows, key=lambda row: (row[0].role is not TeamRole.OWNER, row[0].joined_at, row[0].code))
    return [
        OwnTeammate(
            code=row.code,
            name=person.name or person.email or "",
            email=(person.email or "") if named or row.person_id == reader.person_id else "",
            role=row.role,
            joined_at=row.joined_at,
            me=row.person_id == reader.person_id,
            version=row.version,
        )
        for row, person in ordered
    ]


def _invitations(session: Session, key: int, now: datetime) -> list[OwnInvited]:
    rows = session.exec(
        select(Invitation)
        .where(Invitation.application_id == key, Invitation.state != InvitationState.ACCEPTED)
        .order_by(col(Invitation.invited_at).desc(), col(Invitation.id).desc())
    )
    return [
        OwnInvited(
            code=row.code,
            email=row.email,
            role=row.role,
            answer=_answer(row, now),
            invited_at=row.invited_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def _answer(row: Invitation, now: datetime) -> Answer:
    if row.state is InvitationState.DECLINED:
        return Answer.DECLINED
    return Answer.PENDING if row.expires_at > now else Answer.EXPIRED


def invited_to(session: Session, who: Applicant, key: str, secret: str, now: datetime) -> InvitedTo:
    """What a mailed key leads to, for the invited account; refused as its answer would be."""
    row = held_key(session, key, secret)
    application = session.get_one(Application, row.application_id)
    call = session.get_one(Call, application.call_id)
    member = session.get(ApplicantRow, (key_of(application.id), who.person_id))
    if member is None or row.state is not InvitationState.ACCEPTED:
        check_invited(session, who, row, application, call, now)
        member = None
    found = _invited_to(session, row, application, call, joined=application.ref if member else "")
    name = session.exec(select(Person.name).where(col(Person.id) == who.person_id)).one()
    return found.model_copy(update={"needs_name": not name})


def invitation_to_mail(
    session: Session, invitation_id: int | None, mails: int, now: datetime
) -> InvitedTo | None:
    """What the mail of an invitation says; None where it must not leave any more.

    Nothing goes to whoever scores or runs the call: it would name the people behind an application.
    """
    row = session.get(Invitation, invitation_id) if invitation_id is not None else None
    if row is None or row.mails != mails or row.state is not InvitationState.PENDING or row.expires_at <= now:
        return None
    application = session.get_one(Application, row.application_id)
    call = session.get_one(Call, application.call_id)
    on_panel = session.exec(
        select(PanelMember.id)
        .join(Person, col(Person.id) == col(PanelMember.person_id))
        .where(
            PanelMember.call_id == application.call_id,
            Person.email == row.email,
            col(PanelMember.removed_at).is_(None),
        )
    ).first()
    if on_panel is not None or application.status not in OPEN_STATUS:
        return None
    return _invited_to(session, row, application, call, joined="")


def mailed_key(session: Session, invitation_id: int | None) -> tuple[str, str]:
    """Code and nonce, from which the link is made when its mail leaves."""
    return session.exec(
        select(Invitation.code, Invitation.nonce).where(col(Invitation.id) == invitation_id)
    ).one()


def _invited_to(
    session: Session, row: Invitation, application: Application, call: Call, *, joined: str
) -> InvitedTo:
    inviter = session.get_one(Person, row.invited_by)
    drafts = session.exec(
        select(Draft.data).where(Draft.application_id == application.id, col(Draft.section).in_(TITLED))
    ).all()
    return InvitedTo(
        call=call.slug,
        call_title=call.title,
        title=next((str(data["title"]) for data in drafts if data.get("title")), ""),
        inviter=inviter.name or inviter.email or "",
        address=inviter.email or "",
        role=row.role,
        expires_at=row.expires_at,
        joined=joined,
        needs_name=False,
    )


def mate_named(session: Session, reader: Applicant, ref: str, code: str) -> str:
    """How a member of one's own team is called, by the code of the membership; empty once they left."""
    own = mine(session, reader, ref)
    found = session.exec(
        select(Person.name, Person.email)
        .join(ApplicantRow, col(ApplicantRow.person_id) == col(Person.id))
        .where(ApplicantRow.application_id == own.key, ApplicantRow.code == code)
    ).one_or_none()
    return (found[0] or found[1] or "") if found else ""
