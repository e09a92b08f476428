"""Invitations to review, as each of those who may read them does."""

from datetime import datetime
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
from app.models.panel import Organisation, RequestState, ReviewerRequest, SeatState
from app.models.people import Person, ReviewerInvitation


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FullSeat(_Model):
    """An invitation, or a proposal, as the call's coordinators see it. `proposed_by` is empty where a
    coordinator thought of the person."""

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


class ColleagueSeat(_Model):
    """The same for the organisation's contact: who, and how far; no word that was written about it."""

    email: str
    name: str
    state: SeatState


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
    """Everybody who was proposed or invited, and is not on the panel by it: what waits comes first."""
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
    found = [
        FullSeat(
            organisation=organisation,
            proposed_by=name or called.get(email or "") or email or "",
            **row.model_dump(include=set(FullSeat.model_fields) - {"organisation", "proposed_by"}),
        )
        for row, organisation, name, email in rows
    ]
    return sorted(found, key=lambda each: order.index(each.state))


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
        .select_from(ReviewerInvitation)
        .where(
            col(ReviewerInvitation.call_id) == bindparam("call"),
            col(ReviewerInvitation.state) == SeatState.PROPOSED,
        )
        .scalar_subquery()
    )


def colleague_seats(session: Session, contact: Contact) -> list[ColleagueSeat]:
    """Who was proposed or invited for the contact's own organisation and has not accepted."""
    rows = session.exec(
        select(ReviewerInvitation.email, ReviewerInvitation.name, ReviewerInvitation.state)
        .where(
            ReviewerInvitation.call_id == contact.call_id,
            ReviewerInvitation.organisation_id == contact.organisation_id,
            ReviewerInvitation.state != SeatState.ACCEPTED,
        )
        .order_by(col(ReviewerInvitation.made_at), col(ReviewerInvitation.id))
    )
    return [ColleagueSeat(email=email, name=name, state=SeatState(state)) for email, name, state in rows]


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
        select(ReviewerInvitation)
        .where(
            ReviewerInvitation.call_id == row.call_id,
            ReviewerInvitation.state == SeatState.PROPOSED,
            col(ReviewerInvitation.proposed_by) == proposer,
        )
        .order_by(col(ReviewerInvitation.id).desc())
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
