"""Invitations to review, as each of those who may read them does."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from app.accounts.actors import Contact, Coordinator, SignedIn
from app.calls.inviting import own_seat
from app.calls.reading import themes_of
from app.errors import NotFound
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import (
    Organisation,
    PanelMember,
    PanelRole,
    RequestState,
    ReviewerRequest,
    SeatState,
)
from app.models.people import Person, ReviewerInvitation, ReviewerProposal


class Standing(StrEnum):
    """What somebody who is proposed as a reviewer is in the call already, for its coordinators alone."""

    REVIEWS = "reviews"
    COORDINATES = "coordinates"
    CONTACT = "contact"
    INVITED = "invited"
    DECLINED = "declined"


AS_MEMBER = {
    PanelRole.REVIEWER: Standing.REVIEWS,
    PanelRole.COORDINATOR: Standing.COORDINATES,
    PanelRole.CONTACT: Standing.CONTACT,
}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FullSeat(_Model):
    """An invitation, or a proposal, as the call's coordinators see it. `proposed_by` is empty where a
    coordinator thought of the person. `stands`: what a proposed address is in the call already, and for
    which organisation, or empty; who sits on the panel, or is invited, cannot be invited by the proposal."""

    code: str
    state: SeatState
    organisation: str
    email: str
    name: str
    language: str
    proposals: int | None
    hours: int | None
    due_at: datetime | None
    note: str
    proposed_by: str
    mails: int
    invited_at: datetime | None
    answered_at: datetime | None
    reason: str
    stands: Standing | None = None
    stands_for: str = ""


class OwnProposal(_Model):
    """What a contact proposed, as they typed it: nothing of what anybody else did about the address."""

    email: str
    name: str
    proposed_at: datetime


class OwnSeat(_Model):
    """An invitation as whoever was invited reads it. `name` is what they were called in it, or empty."""

    code: str
    state: SeatState
    call: str
    call_title: Texts
    timezone: str
    organisation: Texts
    inviter: str
    name: str
    proposals: int
    hours: int
    due_at: datetime
    note: str
    themes: dict[str, Texts]
    needs_name: bool


def seats_of(session: Session, coordinator: Coordinator) -> list[FullSeat]:
    """Everybody who was proposed or invited, and is not on the panel by it: what waits comes first.

    A proposal is there also of somebody who is on the panel, is invited or has declined, and says so.
    """
    rows = session.exec(
        select(ReviewerInvitation, Organisation.code, Person.name, Person.email)
        .join(Organisation, col(Organisation.id) == col(ReviewerInvitation.organisation_id))
        .outerjoin(Person, col(Person.id) == col(ReviewerInvitation.proposed_by))
        .where(
            ReviewerInvitation.call_id == coordinator.call_id,
            ReviewerInvitation.state != SeatState.ACCEPTED,
        )
        .order_by(col(ReviewerInvitation.made_at), col(ReviewerInvitation.id))
    ).all()
    order = list(SeatState)
    called = {row.email: row.name for row, *_ in rows}
    asked = {row.email: (Standing(row.state), organisation) for row, organisation, *_ in rows}
    found = _proposed(session, coordinator, asked, called)
    found += [
        FullSeat(
            organisation=organisation,
            proposed_by=name or called.get(email or "") or email or "",
            **row.model_dump(include=set(FullSeat.model_fields) - {"organisation", "proposed_by"}),
        )
        for row, organisation, name, email in rows
    ]
    return sorted(found, key=lambda each: order.index(each.state))


def _proposed(
    session: Session,
    coordinator: Coordinator,
    asked: dict[str, tuple[Standing, str]],
    called: dict[str, str],
) -> list[FullSeat]:
    """The proposals that wait. `asked`: how the invitation of an address stands, and for whom; `called`: the
    names of those who have none of their own."""
    rows = session.exec(
        select(ReviewerProposal, Organisation.code, Person.name, Person.email)
        .join(Organisation, col(Organisation.id) == col(ReviewerProposal.organisation_id))
        .join(Person, col(Person.id) == col(ReviewerProposal.proposed_by))
        .where(
            ReviewerProposal.call_id == coordinator.call_id,
            col(ReviewerProposal.settled_at).is_(None),
        )
        .order_by(col(ReviewerProposal.made_at), col(ReviewerProposal.id))
    ).all()
    stands = asked | (_sitting(session, coordinator, {row.email for row, *_ in rows}) if rows else {})
    return [
        FullSeat(
            code=row.code,
            state=SeatState.PROPOSED,
            organisation=organisation,
            email=row.email,
            name=row.name,
            language="kk",
            proposals=None,
            hours=None,
            due_at=None,
            note="",
            proposed_by=name or called.get(email or "") or email or "",
            mails=0,
            invited_at=None,
            answered_at=None,
            reason="",
            stands=stands[row.email][0] if row.email in stands else None,
            stands_for=stands[row.email][1] if row.email in stands else "",
        )
        for row, organisation, name, email in rows
    ]


def _sitting(session: Session, coordinator: Coordinator, emails: set[str]) -> dict[str, tuple[Standing, str]]:
    """Who of these addresses is on the panel now, as what and for which organisation."""
    rows = session.exec(
        select(Person.email, PanelMember.role, Organisation.code)
        .join(PanelMember, col(PanelMember.person_id) == col(Person.id))
        .outerjoin(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .where(
            PanelMember.call_id == coordinator.call_id,
            col(PanelMember.removed_at).is_(None),
            col(Person.email).in_(emails),
        )
    )
    return {email or "": (AS_MEMBER[PanelRole(role)], code or "") for email, role, code in rows}


def seat_of(session: Session, coordinator: Coordinator, code: str) -> FullSeat:
    """One of them; NotFound for any other code, and for who has accepted."""
    for each in seats_of(session, coordinator):
        if each.code == code:
            return each
    raise NotFound


def requests_waiting() -> Any:
    """How many requests of reviewers wait for a coordinator, as a value in a statement about a `call`."""
    return (
        select(func.count())
        .select_from(ReviewerRequest)
        .where(
            col(ReviewerRequest.call_id) == bindparam("call"),
            col(ReviewerRequest.state) == RequestState.OPEN,
        )
        .scalar_subquery()
    )


def seats_waiting() -> Any:
    """How many people were proposed as reviewers, likewise."""
    return (
        select(func.count())
        .select_from(ReviewerProposal)
        .where(
            col(ReviewerProposal.call_id) == bindparam("call"),
            col(ReviewerProposal.settled_at).is_(None),
        )
        .scalar_subquery()
    )


def own_proposals(session: Session, contact: Contact) -> list[OwnProposal]:
    """Whom this contact proposed, in that order. No other table is asked, so that nothing that another
    organisation, a coordinator or somebody invited did can change a word of it."""
    rows = session.exec(
        select(ReviewerProposal.email, ReviewerProposal.name, ReviewerProposal.made_at)
        .where(
            ReviewerProposal.call_id == contact.call_id,
            ReviewerProposal.organisation_id == contact.organisation_id,
            ReviewerProposal.proposed_by == contact.person_id,
        )
        .order_by(col(ReviewerProposal.made_at), col(ReviewerProposal.id))
    )
    return [OwnProposal(email=email, name=name, proposed_at=at) for email, name, at in rows]


def own_seats(session: Session, who: SignedIn) -> list[OwnSeat]:
    """The invitations to one's own address that wait for an answer, the newest first."""
    codes = session.exec(
        select(ReviewerInvitation.code)
        .join(Person, col(Person.email) == col(ReviewerInvitation.email))
        .where(Person.id == who.person_id, ReviewerInvitation.state == SeatState.INVITED)
        .order_by(col(ReviewerInvitation.invited_at).desc())
    ).all()
    return [read_seat(session, who, code) for code in codes]


def calls_inviting(session: Session, person_id: int) -> list[tuple[str, Texts]]:
    """Code of the invitation and title of the call, for each that waits for this person's answer."""
    rows = session.exec(
        select(ReviewerInvitation.code, Call.title)
        .join(Call, col(Call.id) == col(ReviewerInvitation.call_id))
        .join(Person, col(Person.email) == col(ReviewerInvitation.email))
        .where(Person.id == person_id, ReviewerInvitation.state == SeatState.INVITED)
        .order_by(col(ReviewerInvitation.invited_at).desc())
    )
    return [(code, dict(title)) for code, title in rows]


def read_seat(session: Session, who: SignedIn, code: str) -> OwnSeat:
    """One invitation to one's own address, answered or not."""
    row = own_seat(session, who, code)
    nameless = not session.exec(select(Person.name).where(Person.id == who.person_id)).one()
    return _read(session, row, needs_name=nameless)


def seat_to_mail(session: Session, key: int | None, mails: int) -> OwnSeat | None:
    """What the mail of an invitation says; None where it was answered, called off or sent again since."""
    row = session.exec(select(ReviewerInvitation).where(ReviewerInvitation.id == key)).one_or_none()
    if row is None or row.state is not SeatState.INVITED or row.mails != mails:
        return None
    return _read(session, row, needs_name=False)


class SeatAnswer(_Model):
    """What became of an invitation, for whoever sent it. `colleague`: who was proposed instead, or empty."""

    state: SeatState
    call: str
    call_title: Texts
    who: str
    organisation: Texts
    reason: str
    colleague: str


def seat_answer(session: Session, person_id: int, code: str, mails: int) -> SeatAnswer | None:
    """The answer to an invitation that this person has sent; None where it was sent again, or forgotten."""
    found = session.exec(
        select(ReviewerInvitation, Call.slug, Call.title, Organisation.name)
        .join(Call, col(Call.id) == col(ReviewerInvitation.call_id))
        .join(Organisation, col(Organisation.id) == col(ReviewerInvitation.organisation_id))
        .where(ReviewerInvitation.code == code, ReviewerInvitation.invited_by == person_id)
    ).one_or_none()
    if found is None or found[0].mails != mails or found[0].answered_at is None:
        return None
    row, slug, title, organisation = found
    proposer = select(Person.id).where(Person.email == row.email).scalar_subquery()
    colleague = session.exec(
        select(ReviewerProposal)
        .where(
            ReviewerProposal.call_id == row.call_id,
            col(ReviewerProposal.settled_at).is_(None),
            col(ReviewerProposal.proposed_by) == proposer,
        )
        .order_by(col(ReviewerProposal.id).desc())
    ).first()
    return SeatAnswer(
        state=row.state,
        call=slug,
        call_title=dict(title),
        who=row.name or row.email,
        organisation=dict(organisation),
        reason=row.reason,
        colleague=(colleague.name or colleague.email) if colleague else "",
    )


def _read(session: Session, row: ReviewerInvitation, *, needs_name: bool) -> OwnSeat:
    slug, title, timezone = session.exec(
        select(Call.slug, Call.title, Call.timezone).where(Call.id == row.call_id)
    ).one()
    organisation = session.exec(select(Organisation.name).where(Organisation.id == row.organisation_id)).one()
    inviter = session.exec(select(Person.name, Person.email).where(Person.id == row.invited_by)).first()
    if row.proposals is None or row.hours is None or row.due_at is None:
        raise NotFound
    return OwnSeat(
        code=row.code,
        state=row.state,
        call=slug,
        call_title=dict(title),
        timezone=timezone,
        organisation=dict(organisation),
        inviter=(inviter[0] or inviter[1] or "") if inviter else "",
        name=row.name,
        proposals=row.proposals,
        hours=row.hours,
        due_at=row.due_at,
        note=row.note,
        themes=themes_of(session, row.call_id),
        needs_name=needs_name,
    )
