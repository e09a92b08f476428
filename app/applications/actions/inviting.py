"""Asking somebody to join a team by mail: inviting, sending again, calling off, accepting, declining.

Nothing that an owner can see depends on who an address belongs to: whoever scores or runs the call is
invited like everybody else, but gets no mail and cannot accept.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.accounts.actions import Email, NameInput, set_name
from app.accounts.actors import Applicant, SignedIn
from app.accounts.throttle import count_try
from app.applications.actions.starting import ConsentInput
from app.applications.consents import CONSENT_VERSION, NEEDED
from app.applications.due import OPEN_STATUS, due_of
from app.applications.invitation_keys import code_of, is_key_of
from app.applications.members import MOST_MEMBERS, Mine, hold_call, mine, on_the_panel, team_size
from app.applications.refusals import (
    InvitationElsewhere,
    InvitationOver,
    OnThePanel,
    OwnerOnly,
    TeamClosed,
    TeamFull,
)
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid, NotFound, Problem
from app.models.applications import Application, InvitationState, TeamRole
from app.models.calls import Call
from app.models.outbox import Mail
from app.models.people import Applicant as ApplicantRow
from app.models.people import Consent, Invitation, Person
from app.outbox.enqueue import enqueue
from app.random_codes import random_code, random_token
from app.sections.text import LINE

INVITATION_LIVES = timedelta(days=14)
DAY = timedelta(days=1)
BY_ONE_PERSON = 20
TO_ONE_ADDRESS = 3
FROM_ANYBODY = 10
"""Mails a day: by one inviter, to one address about one application, to one address about any."""

Joining = Literal["editor", "reader"]
WHY_NEEDED = {"processing": "invitation.processing_needed", "publication": "invitation.publication_needed"}
"""How the refusal names each consent without which nobody joins a team."""


class InviteInput(BaseModel):
    """Whom to invite, to do what, and in which language to write to them."""

    email: Annotated[Email, Ask("email", autocomplete="off", spellcheck=False)]
    role: Annotated[Joining, Ask("radios", choices="joining")] = "editor"
    language: Annotated[Literal["kk", "ru", "en"], Ask("radios", choices="languages")] = "kk"


class JoinInput(ConsentInput):
    """What whoever joins agrees to, and their name where the account has none yet."""

    own_name: Annotated[str, Field(max_length=200), LINE, Ask(autocomplete="name", spellcheck=False)] = ""

    @property
    def consents(self) -> ConsentInput:
        """The boxes that were ticked."""
        return ConsentInput(**{kind: getattr(self, kind) for kind in ConsentInput.model_fields})


def invite(session: Session, applicant: Applicant, ref: str, given: InviteInput, now: datetime) -> str:
    """Invite an address to one's draft, once; the code of the invitation.

    Invalid for somebody who is in the team, waits or has declined: all of them known to the owner already.
    """
    own = _own_open(session, applicant, ref, now)
    _refuse_known(session, own, given.email, now)
    if team_size(session, own.key) + _waiting(session, own.key, now) >= MOST_MEMBERS:
        raise TeamFull(most=MOST_MEMBERS)
    _count(session, applicant, ref, given.email, now)
    row = Invitation(
        application_id=own.key,
        email=given.email,
        role=TeamRole(given.role),
        language=given.language,
        code=random_code(),
        nonce=random_token(),
        invited_by=applicant.person_id,
        invited_at=now,
        expires_at=now + INVITATION_LIVES,
    )
    session.add(row)
    session.flush()
    _mail(session, row, ref, now)
    _record(session, own, applicant, "team.invite", now, role=given.role)
    return row.code


def invite_again(session: Session, applicant: Applicant, ref: str, code: str, now: datetime) -> None:
    """Send an unanswered invitation once more, with a new link and a new end; the old link leads nowhere."""
    own = _own_open(session, applicant, ref, now)
    row = _one(session, own, code)
    if row.state is not InvitationState.PENDING:
        raise InvitationOver
    if row.expires_at <= now and (
        team_size(session, own.key) + _waiting(session, own.key, now) >= MOST_MEMBERS
    ):
        raise TeamFull(most=MOST_MEMBERS)
    _count(session, applicant, ref, row.email, now)
    row.nonce, row.mails = random_token(), row.mails + 1
    row.invited_at, row.expires_at = now, now + INVITATION_LIVES
    session.add(row)
    session.flush()
    _mail(session, row, ref, now)
    _record(session, own, applicant, "team.invite_again", now)


def call_off(session: Session, applicant: Applicant, ref: str, code: str, now: datetime) -> None:
    """Take an invitation back and forget the address; its link leads nowhere at once."""
    own = _owned(session, applicant, ref)
    row = _one(session, own, code)
    if row.state is InvitationState.ACCEPTED:
        raise InvitationOver
    forget_invitations(session, col(Invitation.id) == row.id)
    _record(session, own, applicant, "team.call_off", now)


def accept(
    session: Session,
    who: Applicant,
    key: str,
    given: ConsentInput,
    *,
    secret: str,
    language: str,
    now: datetime,
    own_name: str = "",
) -> str:
    """Join the team with the address that was invited, and the consents that every applicant gives; the
    application's reference. Once: the same key leads nowhere after that.

    `own_name` is needed, and taken, where the account has no name: the others of the team see it.
    """
    row, application = _open_to(session, who, key, secret, now)
    problems: dict[str, str | Problem] = {
        kind: WHY_NEEDED[kind] for kind in NEEDED if not getattr(given, kind)
    }
    nameless = not session.exec(select(Person.name).where(col(Person.id) == who.person_id)).one()
    if nameless and not own_name:
        problems["own_name"] = "invitation.name_needed"
    if problems:
        raise Invalid(problems)
    _answer(session, row, InvitationState.ACCEPTED, now)
    if nameless:
        set_name(session, SignedIn(who.person_id), NameInput(own_name=own_name), now)
    mate = ApplicantRow(
        application_id=row.application_id, person_id=who.person_id, role=row.role, joined_at=now
    )
    session.add(mate)
    _tell_owner(session, row, application.ref, mate.code, now)
    _give_consents(session, row.application_id, who, given, language, now)
    _audit(session, application, who, "team.join", now, role=str(row.role))
    return application.ref


def decline(session: Session, who: Applicant, key: str, *, secret: str, now: datetime) -> None:
    """Stay out of the team; the owner sees it and cannot invite this address to it again."""
    row, application = _open_to(session, who, key, secret, now)
    _answer(session, row, InvitationState.DECLINED, now)
    _tell_owner(session, row, application.ref, "", now)
    _audit(session, application, who, "team.decline", now)


def held_key(session: Session, key: str, secret: str, *, held: bool = False) -> Invitation:
    """The invitation that a key proves. NotFound for any other key, and for an old one."""
    statement = select(Invitation).where(col(Invitation.code) == code_of(key))
    if held:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.exec(statement).one_or_none()
    if row is None or not is_key_of(key, secret, row.code, row.nonce):
        raise NotFound
    return row


def check_invited(
    session: Session, who: Applicant, row: Invitation, application: Application, call: Call, now: datetime
) -> None:
    """Refuse unless this account may answer this invitation now.

    Who is on the call's panel is told so, and nothing about the application.
    """
    email = session.exec(select(Person.email).where(col(Person.id) == who.person_id)).one()
    if email != row.email:
        raise InvitationElsewhere
    if on_the_panel(session, who.person_id, application.call_id):
        raise OnThePanel
    if row.state is not InvitationState.PENDING or row.expires_at <= now:
        raise InvitationOver
    if not _grows(application, call, now):
        raise TeamClosed


def forget_invitations(session: Session, which: Any) -> None:
    """Remove invitations, with the mails that wait for them."""
    keys = select(Invitation.id).where(which)
    session.execute(delete(Mail).where(col(Mail.invitation_id).in_(keys)))
    session.execute(delete(Invitation).where(which))


def _open_to(
    session: Session, who: Applicant, key: str, secret: str, now: datetime
) -> tuple[Invitation, Application]:
    """The invitation that this account may answer now. Call, application and invitation are locked in the
    order in which every other act locks them."""
    seen = held_key(session, key, secret)
    ref = session.exec(select(Application.ref).where(Application.id == seen.application_id)).one()
    hold_call(session, ref)
    application = session.exec(
        select(Application)
        .where(Application.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application is None:
        raise NotFound
    row = held_key(session, key, secret, held=True)
    check_invited(session, who, row, application, session.get_one(Call, application.call_id), now)
    return row, application


def _answer(session: Session, row: Invitation, state: InvitationState, now: datetime) -> None:
    done = session.execute(
        update(Invitation)
        .where(col(Invitation.id) == row.id, col(Invitation.state) == InvitationState.PENDING)
        .values(state=state, answered_at=now)
        .execution_options(synchronize_session=False)
    )
    if getattr(done, "rowcount", 0) == 0:
        raise InvitationOver


def _tell_owner(session: Session, row: Invitation, ref: str, mate: str, now: datetime) -> None:
    """One mail for each answer. `mate` is who joined; nobody where it was declined: the mail is kept, and a
    declined address is not."""
    owner = session.exec(
        select(ApplicantRow.person_id).where(
            ApplicantRow.application_id == row.application_id, ApplicantRow.role == TeamRole.OWNER
        )
    ).one()
    enqueue(
        session,
        "invitation_answered",
        dedupe_key=f"invitation-answered-{row.code}",
        now=now,
        person_id=owner,
        params={"ref": ref, "mate": mate},
    )


def _give_consents(
    session: Session, application_id: int, who: Applicant, given: ConsentInput, language: str, now: datetime
) -> None:
    session.add_all(
        Consent(
            application_id=application_id,
            person_id=who.person_id,
            kind=kind,
            text_version=CONSENT_VERSION,
            language=language,
            given_at=now,
        )
        for kind, ticked in given
        if ticked
    )


def _owned(session: Session, applicant: Applicant, ref: str) -> Mine:
    own = mine(session, applicant, ref, held=True)
    if own.role is not TeamRole.OWNER:
        raise OwnerOnly
    return own


def _own_open(session: Session, applicant: Applicant, ref: str, now: datetime) -> Mine:
    own = _owned(session, applicant, ref)
    if not _grows(own.application, own.call, now):
        raise TeamClosed
    return own


def _grows(application: Application, call: Call, now: datetime) -> bool:
    """Whether anybody may still join: while it can be written or sent."""
    return application.status in OPEN_STATUS and due_of(call, application).receives(now)


def _one(session: Session, own: Mine, code: str) -> Invitation:
    row = session.exec(
        select(Invitation).where(Invitation.application_id == own.key, Invitation.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _refuse_known(session: Session, own: Mine, email: str, now: datetime) -> None:
    member = session.exec(
        select(ApplicantRow.person_id)
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .where(ApplicantRow.application_id == own.key, Person.email == email)
    ).first()
    if member is not None:
        raise Invalid({"email": "team.is_member"})
    row = session.exec(
        select(Invitation).where(Invitation.application_id == own.key, Invitation.email == email)
    ).one_or_none()
    if row is None:
        return
    if row.state is InvitationState.DECLINED:
        raise Invalid({"email": "team.has_declined"})
    if row.state is InvitationState.PENDING and row.expires_at > now:
        raise Invalid({"email": "team.is_invited"})
    forget_invitations(session, col(Invitation.id) == row.id)


def _waiting(session: Session, application_id: int, now: datetime) -> int:
    return session.exec(
        select(func.count()).where(
            col(Invitation.application_id) == application_id,
            col(Invitation.state) == InvitationState.PENDING,
            col(Invitation.expires_at) > now,
        )
    ).one()


def _count(session: Session, applicant: Applicant, ref: str, email: str, now: datetime) -> None:
    """So that nobody writes to strangers in bulk by inviting them."""
    by = str(applicant.person_id)
    count_try(session, "invitations by", by, limit=BY_ONE_PERSON, window=DAY, now=now)
    count_try(session, "invitations about", f"{ref}\n{email}", limit=TO_ONE_ADDRESS, window=DAY, now=now)
    count_try(session, "invitations to", email, limit=FROM_ANYBODY, window=DAY, now=now)


def _mail(session: Session, row: Invitation, ref: str, now: datetime) -> None:
    enqueue(
        session,
        "team_invitation",
        dedupe_key=f"invitation-{row.code}-{row.mails}",
        now=now,
        invitation_id=row.id,
        params={"ref": ref, "mails": row.mails},
    )


def _record(
    session: Session, own: Mine, applicant: Applicant, act: str, now: datetime, **detail: object
) -> None:
    _audit(session, own.application, applicant, act, now, **detail)


def _audit(
    session: Session, application: Application, who: Applicant, act: str, now: datetime, **detail: object
) -> None:
    record(
        session,
        act,
        now=now,
        person_id=who.person_id,
        call_id=application.call_id,
        subject=application.ref,
        detail=detail,
    )
