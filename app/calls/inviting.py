"""Asking somebody to review: inviting by mail, again, calling off; accepting, declining, proposing another.

An invitation is to an address: whoever signs in with it may answer, and no account is made before that.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts.actions import NameInput, set_name
from app.accounts.actors import Contact, Coordinator, SignedIn
from app.accounts.panel_names import applies_in
from app.accounts.throttle import count_try
from app.audit.record import record
from app.calls.inputs import AcceptInput, DeclineInput, ProposalInput, SeatInput
from app.calls.panel import open_panel, organisation_key, refuse_seat, seat
from app.calls.reading import known_topics
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole, SeatState
from app.models.people import Person, ReviewerInvitation, ReviewerProposal
from app.outbox.enqueue import enqueue
from app.random_codes import random_code

DAY = timedelta(days=1)
TO_ONE_ADDRESS = 5
BY_ONE_PERSON = 200
MOST_PROPOSED = 50
"""Mails a day to one address, and by one coordinator; people proposed in one call by one person."""


class SeatAnswered(Conflict):
    """The invitation was answered already, or called off."""

    code = "seat.answered"


class AppliesHere(Conflict):
    """Who applies in a call does not review in it."""

    code = "seat.applies"


class SitsHere(Conflict):
    """Who is on a call's panel already, in any role, takes no second seat."""

    code = "seat.sits"


def invite_reviewer(session: Session, coordinator: Coordinator, given: SeatInput, now: datetime) -> str:
    """Invite an address to review, and give the invitation's code. Who was proposed is invited by it too.

    Who declined can be asked again. Invalid for who is on the panel, applies in the call, or is invited.
    """
    call = open_panel(session, coordinator.call_id, now)
    organisation_id = organisation_key(session, coordinator.call_id, given.organisation)
    if given.due_at <= now:
        raise Invalid({"due_at": "seat.due_past"})
    _refuse_address(session, coordinator.call_id, given.email)
    row = _of_address(session, coordinator.call_id, given.email)
    wished = _proposals(session, coordinator.call_id, given.email, organisation_id)
    if row is not None and row.state is SeatState.INVITED:
        raise Invalid({"email": "seat.is_invited"})
    if row is None:
        row = ReviewerInvitation(
            call_id=coordinator.call_id,
            organisation_id=organisation_id,
            email=given.email,
            language=given.language,
            code=random_code(),
            state=SeatState.INVITED,
            made_at=now,
        )
    row.state, row.organisation_id, row.answered_at, row.reason = SeatState.INVITED, organisation_id, None, ""
    row.proposed_by = wished[0].proposed_by if wished else row.proposed_by
    row.name, row.language = given.name or row.name or (wished[0].name if wished else ""), given.language
    row.note = given.note
    row.proposals, row.hours, row.due_at = given.proposals, given.hours, given.due_at
    _mail(session, coordinator, row, call, now)
    for each in wished:
        each.settled_at = now
        session.add(each)
    _recorded(session, coordinator.person_id, "reviewer.invite", row, now)
    return row.code


def invite_again(session: Session, coordinator: Coordinator, code: str, now: datetime) -> None:
    """Send an unanswered invitation once more."""
    call = open_panel(session, coordinator.call_id, now)
    row = _one(session, coordinator.call_id, code)
    if row.state is not SeatState.INVITED:
        raise SeatAnswered
    _mail(session, coordinator, row, call, now)
    _recorded(session, coordinator.person_id, "reviewer.invite_again", row, now)


def call_off(session: Session, coordinator: Coordinator, code: str, now: datetime) -> SeatState:
    """Take an invitation back and forget the address, or dismiss a proposal, which stays with who made it.

    Nobody who has accepted leaves by it. Gives what it was.
    """
    wished = session.exec(
        select(ReviewerProposal).where(
            ReviewerProposal.call_id == coordinator.call_id,
            ReviewerProposal.code == code,
            col(ReviewerProposal.settled_at).is_(None),
        )
    ).one_or_none()
    if wished is not None:
        wished.settled_at = now
        session.add(wished)
        session.flush()
        _recorded(session, coordinator.person_id, "reviewer.dismiss", wished, now)
        return SeatState.PROPOSED
    row = _one(session, coordinator.call_id, code)
    if row.state is SeatState.ACCEPTED:
        raise SeatAnswered
    was = row.state
    _recorded(session, coordinator.person_id, "reviewer.call_off", row, now)
    forget_seats(session, col(ReviewerInvitation.id) == row.id)
    return was


def accept_seat(session: Session, who: SignedIn, code: str, given: AcceptInput, now: datetime) -> str:
    """Join the panel as a reviewer, with what one reads and how much one takes; the call's slug.

    Refused for who applies in the call, or sits on its panel in another role: in one call nobody is both.
    """
    found = own_seat(session, who, code)
    call = open_panel(session, found.call_id, now)
    row = own_seat(session, who, code, held=True)
    if row.state is not SeatState.INVITED:
        raise SeatAnswered
    known_topics(call, given)
    nameless = not session.exec(select(Person.name).where(Person.id == who.person_id)).one()
    if nameless and not given.own_name:
        raise Invalid({"own_name": "seat.name_needed"})
    _refuse_both(session, who, row)
    member = seat(session, row.call_id, who.person_id, PanelRole.REVIEWER, row.organisation_id, now)
    member.languages, member.topics = list(given.languages), list(given.topics)
    member.capacity, member.version = given.capacity, member.version + 1
    member.due_at = row.due_at if row.due_at != call.reviews_due_at else None
    session.add(member)
    if nameless:
        set_name(session, who, NameInput(own_name=given.own_name), now)
    _answer(session, row, SeatState.ACCEPTED, "", now)
    _recorded(session, who.person_id, "reviewer.accept", row, now)
    return call.slug


def decline_seat(session: Session, who: SignedIn, code: str, given: DeclineInput, now: datetime) -> None:
    """Say why one does not review, and perhaps who might: a colleague is proposed, not invited yet."""
    found = own_seat(session, who, code)
    open_panel(session, found.call_id, now)
    row = own_seat(session, who, code, held=True)
    if row.state is not SeatState.INVITED:
        raise SeatAnswered
    if given.colleague_name and given.colleague_email is None:
        raise Invalid({"colleague_email": "seat.colleague_email"})
    if given.colleague_email is not None:
        if given.colleague_email == row.email:
            raise Invalid({"colleague_email": "seat.colleague_is_you"})
        _propose(
            session,
            row.call_id,
            row.organisation_id,
            ProposalInput(email=given.colleague_email, name=given.colleague_name),
            who.person_id,
            now,
        )
    _answer(session, row, SeatState.DECLINED, given.reason, now)
    _recorded(session, who.person_id, "reviewer.decline", row, now)


def propose_reviewer(session: Session, contact: Contact, given: ProposalInput, now: datetime) -> None:
    """A contact names somebody of their organisation; a coordinator decides whether to invite them.

    Who scores for the organisation already is named on the contact's own page, so that it may be said.
    """
    open_panel(session, contact.call_id, now)
    if _sits(session, contact.call_id, given.email, contact.organisation_id):
        raise Invalid({"email": "seat.colleague_reviews"})
    _propose(session, contact.call_id, contact.organisation_id, given, contact.person_id, now)


def own_seat(session: Session, who: SignedIn, code: str, *, held: bool = False) -> ReviewerInvitation:
    """An invitation to one's own address; NotFound for anybody else's, and for a mere proposal."""
    statement = (
        select(ReviewerInvitation)
        .join(Person, col(Person.email) == col(ReviewerInvitation.email))
        .where(Person.id == who.person_id, ReviewerInvitation.code == code)
    )
    if held:
        statement = statement.with_for_update(of=ReviewerInvitation).execution_options(populate_existing=True)
    row = session.exec(statement).one_or_none()
    if row is None:
        raise NotFound
    return row


def forget_seats(session: Session, which: Any) -> None:
    """Remove invitations to review, with the mails that wait for them."""
    keys = select(ReviewerInvitation.id).where(which)
    session.execute(delete(Mail).where(col(Mail.seat_id).in_(keys)))
    session.execute(delete(ReviewerInvitation).where(which).execution_options(synchronize_session=False))


def forget_proposals(session: Session, which: Any) -> None:
    """Remove proposals of reviewers, also from the page of whoever made them."""
    session.execute(delete(ReviewerProposal).where(which).execution_options(synchronize_session=False))


def _propose(
    session: Session,
    call_id: int,
    organisation_id: int,
    given: ProposalInput,
    person_id: int,
    now: datetime,
) -> None:
    """Whoever proposes learns nothing of an address: nothing that is known of it is even looked at.

    Who was proposed by the same person before stands before the coordinators again.
    """
    count_try(session, "reviewers proposed by", str(person_id), limit=MOST_PROPOSED, window=DAY, now=now)
    row = session.exec(
        select(ReviewerProposal).where(
            ReviewerProposal.call_id == call_id,
            ReviewerProposal.organisation_id == organisation_id,
            ReviewerProposal.proposed_by == person_id,
            ReviewerProposal.email == given.email,
        )
    ).one_or_none()
    if row is None:
        row = ReviewerProposal(
            call_id=call_id,
            organisation_id=organisation_id,
            proposed_by=person_id,
            email=given.email,
            code=random_code(),
            made_at=now,
        )
    row.name, row.settled_at = given.name or row.name, None
    session.add(row)
    session.flush()


def _refuse_address(session: Session, call_id: int, email: str) -> None:
    """Somebody who has no account yet is behind nothing."""
    person_id = session.exec(select(Person.id).where(Person.email == email)).one_or_none()
    if person_id is None:
        return
    if _sits(session, call_id, email):
        raise Invalid({"email": "panel.already"})
    refuse_seat(session, call_id, person_id, PanelRole.REVIEWER)


def _refuse_both(session: Session, who: SignedIn, row: ReviewerInvitation) -> None:
    """What a coordinator reads beside the address, here said to the person."""
    if applies_in(session, who.person_id, row.call_id):
        raise AppliesHere
    if _sits(session, row.call_id, row.email):
        raise SitsHere
    refuse_seat(session, row.call_id, who.person_id, PanelRole.REVIEWER)


def _sits(session: Session, call_id: int, email: str, organisation_id: int | None = None) -> bool:
    """Whether the person of this address is on the call's panel now; or reviews for this organisation."""
    statement = (
        select(PanelMember.id)
        .join(Person, col(Person.id) == col(PanelMember.person_id))
        .where(PanelMember.call_id == call_id, Person.email == email, col(PanelMember.removed_at).is_(None))
    )
    if organisation_id is not None:
        statement = statement.where(
            PanelMember.organisation_id == organisation_id, PanelMember.role == PanelRole.REVIEWER
        )
    return session.exec(statement).first() is not None


def _of_address(session: Session, call_id: int, email: str) -> ReviewerInvitation | None:
    return session.exec(
        select(ReviewerInvitation).where(
            ReviewerInvitation.call_id == call_id, ReviewerInvitation.email == email
        )
    ).one_or_none()


def _proposals(session: Session, call_id: int, email: str, organisation_id: int) -> list[ReviewerProposal]:
    """Those of the address for this organisation that wait, the first of them first."""
    return list(
        session.exec(
            select(ReviewerProposal)
            .where(
                ReviewerProposal.call_id == call_id,
                ReviewerProposal.organisation_id == organisation_id,
                ReviewerProposal.email == email,
                col(ReviewerProposal.settled_at).is_(None),
            )
            .order_by(col(ReviewerProposal.made_at), col(ReviewerProposal.id))
        )
    )


def _one(session: Session, call_id: int, code: str) -> ReviewerInvitation:
    row = session.exec(
        select(ReviewerInvitation)
        .where(ReviewerInvitation.call_id == call_id, ReviewerInvitation.code == code)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _mail(
    session: Session, coordinator: Coordinator, row: ReviewerInvitation, call: Call, now: datetime
) -> None:
    by, about = str(coordinator.person_id), f"{call.slug}\n{row.email}"
    count_try(session, "reviewers invited by", by, limit=BY_ONE_PERSON, window=DAY, now=now)
    count_try(session, "reviewer invited", about, limit=TO_ONE_ADDRESS, window=DAY, now=now)
    row.mails, row.version = row.mails + 1, row.version + 1
    row.invited_by, row.invited_at = coordinator.person_id, now
    session.add(row)
    session.flush()
    enqueue(
        session,
        "reviewer_invitation",
        dedupe_key=f"seat-{row.code}-{row.mails}",
        now=now,
        seat_id=row.id,
        params={"mails": row.mails},
    )


def _answer(session: Session, row: ReviewerInvitation, state: SeatState, reason: str, now: datetime) -> None:
    """The row is held, so that of two windows one was refused before. Whoever invited is told."""
    row.state, row.reason, row.answered_at, row.version = state, reason, now, row.version + 1
    session.add(row)
    session.flush()
    enqueue(
        session,
        "reviewer_answered",
        dedupe_key=f"seat-answered-{row.code}-{row.mails}",
        now=now,
        person_id=row.invited_by,
        params={"seat": row.code, "mails": row.mails},
    )


def _recorded(
    session: Session, person_id: int, action: str, row: ReviewerInvitation | ReviewerProposal, now: datetime
) -> None:
    """By the code of the invitation or proposal: the log names no address."""
    record(session, action, now=now, person_id=person_id, call_id=row.call_id, subject=row.code)
