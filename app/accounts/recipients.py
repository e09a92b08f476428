"""To whom a mail goes: the address, and the language they read."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.models.outbox import Mail
from app.models.people import (
    Attendee,
    Invitation,
    JurorContact,
    OpeningReminder,
    Person,
    ReviewerInvitation,
    SignIn,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address, or None for who reads on the site alone; `name` may be empty."""

    email: str | None
    language: str
    name: str


def recipient_of(session: Session, mail: Mail) -> Recipient | None:
    """The one recipient of a queued mail; None if the account is gone or disabled."""
    if mail.sign_in_id is not None:
        row = session.exec(
            select(col(SignIn.email), col(SignIn.language)).where(col(SignIn.id) == mail.sign_in_id)
        ).one_or_none()
        return Recipient(row[0], row[1], "") if row else None
    if mail.reminder_id is not None:
        asked = session.exec(
            select(col(OpeningReminder.email), col(OpeningReminder.language)).where(
                col(OpeningReminder.id) == mail.reminder_id
            )
        ).one_or_none()
        return Recipient(asked[0], asked[1], "") if asked else None
    if mail.invitation_id is not None:
        invited = session.exec(
            select(col(Invitation.email), col(Invitation.language)).where(
                col(Invitation.id) == mail.invitation_id
            )
        ).one_or_none()
        return Recipient(invited[0], invited[1], "") if invited else None
    if mail.seat_id is not None:
        seat = session.exec(
            select(
                col(ReviewerInvitation.email), col(ReviewerInvitation.language), col(ReviewerInvitation.name)
            ).where(col(ReviewerInvitation.id) == mail.seat_id)
        ).one_or_none()
        return Recipient(*seat) if seat else None
    if mail.attendee_id is not None:
        guest = session.exec(
            select(col(Attendee.email), col(Attendee.language), col(Attendee.name)).where(
                col(Attendee.id) == mail.attendee_id
            )
        ).one_or_none()
        return Recipient(*guest) if guest else None
    if mail.juror_id is not None:
        juror = session.exec(
            select(col(JurorContact.email), col(JurorContact.language), col(JurorContact.name)).where(
                col(JurorContact.juror_id) == mail.juror_id, col(JurorContact.email) != ""
            )
        ).one_or_none()
        return Recipient(*juror) if juror else None
    person = session.exec(
        select(col(Person.email), col(Person.language), col(Person.name)).where(
            col(Person.id) == mail.person_id,
            col(Person.disabled_at).is_(None),
        )
    ).one_or_none()
    return Recipient(*person) if person else None
