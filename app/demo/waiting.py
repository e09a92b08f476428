"""What waits in the demo on the day on which it is loaded, one of each kind, so that its desk shows it."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Contact, Coordinator, Reviewer
from app.calls.inputs import MemberInput, ProposalInput, SeatInput
from app.calls.inviting import invite_reviewer, propose_reviewer
from app.calls.panel import add_member
from app.demo.facts import facts
from app.models.applications import Application
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment, Review, ReviewState
from app.reviews.flagging import flag_own
from app.reviews.inputs import OwnFlagInput
from app.reviews.looking import keep_matters, look_for_matters
from app.reviews.requests import MoreTimeInput, ask_more_time
from app.reviews.returning import ReturnInput, return_review

PROPOSALS, HOURS = 12, 8


def add_contact(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Somebody who answers for one of the partner organisations."""
    said = facts()["people"]["contact"]
    given = MemberInput(email=said["email"], role=PanelRole.CONTACT, organisation=said["organisation"])
    add_member(session, coordinator, given, now)


def leave_waiting(session: Session, coordinator: Coordinator, due_at: datetime, now: datetime) -> None:
    """A flag, a returned review, a request for more time, an invitation and a proposal; counted at last."""
    said = facts()["waiting"]
    (flagged, flagging), (returned, returning) = _reviewed(session, coordinator)
    flag_own(session, _actor(flagging), flagged, OwnFlagInput.model_validate(said["flag"]), now)
    back = ReturnInput(application=returned, reviewer=returning.code, note=said["return"])
    return_review(session, coordinator, back, now)
    later = MoreTimeInput(until=due_at + timedelta(days=5), reason=said["request"])
    ask_more_time(session, _actor(returning), later, now)
    _invite(session, coordinator, due_at, now)
    keep_matters(session, look_for_matters(session, now))


def _reviewed(session: Session, coordinator: Coordinator) -> list[tuple[str, PanelMember]]:
    """Reviews of two people who have sent all of theirs: the application by its code, and the reviewer."""
    rows = session.exec(
        select(Application.code, PanelMember, Review.state)
        .join(Assignment, col(Assignment.application_id) == Application.id)
        .join(PanelMember, col(PanelMember.id) == Assignment.member_id)
        .outerjoin(Review, col(Review.assignment_id) == Assignment.id)
        .where(Assignment.call_id == coordinator.call_id)
        .order_by(col(Review.sent_at), col(Assignment.id))
    ).all()
    busy = {member.id for _, member, state in rows if state is not ReviewState.SENT}
    done = [(code, member) for code, member, _ in rows if member.id not in busy]
    first = done[0]
    return [first, next(row for row in done if row[1].id != first[1].id and row[0] != first[0])]


def _actor(member: PanelMember) -> Reviewer:
    return Reviewer(member.person_id, member.call_id, key_of(member.id), key_of(member.organisation_id))


def _invite(session: Session, coordinator: Coordinator, due_at: datetime, now: datetime) -> None:
    said: dict[str, Any] = facts()["waiting"]
    contact = session.exec(
        select(PanelMember).where(
            PanelMember.call_id == coordinator.call_id, PanelMember.role == PanelRole.CONTACT
        )
    ).one()
    organisation = facts()["people"]["contact"]["organisation"]
    seat = SeatInput(
        **said["invited"], organisation=organisation, proposals=PROPOSALS, hours=HOURS, due_at=due_at
    )
    invite_reviewer(session, coordinator, seat, now)
    who = Contact(contact.person_id, contact.call_id, key_of(contact.organisation_id))
    propose_reviewer(session, who, ProposalInput(**said["proposed"]), now)
