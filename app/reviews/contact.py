"""What the contact of a partner organisation reads: who scores for it, and how far each of them is.

No title, no code, no tie: how much is done, and nothing of what it is about. A declared tie counts as done,
since a number that fell by one would tell of it.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from app.accounts.actors import Contact
from app.accounts.panel_names import colleagues
from app.calls.invitations import OwnProposal, own_proposals
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import CallOrganisation, Organisation, PanelMember, PanelRole
from app.models.reviews import Assignment, Review, ReviewState, Tie


class Colleague(BaseModel):
    """One reviewer of the organisation, by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    email: str
    languages: list[str]
    done: int
    total: int


class OwnOrganisationPage(BaseModel):
    """The organisation in one call."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call_title: Texts
    organisation: Texts
    due_at: datetime | None
    colleagues: list[Colleague]
    proposals: list[OwnProposal]


_HEAD = (
    select(col(Call.title), col(Call.reviews_due_at), col(Organisation.name))
    .join(CallOrganisation, col(CallOrganisation.call_id) == col(Call.id))
    .join(Organisation, col(Organisation.id) == col(CallOrganisation.organisation_id))
)


def own_organisation(session: Session, contact: Contact) -> OwnOrganisationPage:
    """Everybody who scores for one's organisation, in four queries."""
    head = session.execute(
        _HEAD.where(col(Call.id) == contact.call_id, col(Organisation.id) == contact.organisation_id)
    ).one()
    names = colleagues(session, contact)
    counted = and_(col(Assignment.member_id) == col(PanelMember.id), col(Assignment.withdrawn_at).is_(None))
    dealt_with = or_(col(Review.state) == ReviewState.SENT, col(Assignment.tie) == Tie.TIE)
    rows = session.execute(
        select(
            col(PanelMember.code),
            col(PanelMember.languages),
            func.count(col(Assignment.id)).label("total"),
            func.count(case((dealt_with, 1))).label("done"),
        )
        .select_from(PanelMember)
        .outerjoin(Assignment, counted)
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(
            col(PanelMember.call_id) == contact.call_id,
            col(PanelMember.organisation_id) == contact.organisation_id,
            col(PanelMember.role) == PanelRole.REVIEWER,
            col(PanelMember.removed_at).is_(None),
        )
        .group_by(col(PanelMember.id))
        .order_by(col(PanelMember.joined_at), col(PanelMember.id))
    ).all()
    return OwnOrganisationPage(
        call_title=head.title,
        organisation=head.name,
        due_at=head.reviews_due_at,
        colleagues=[
            Colleague(
                name=names[row.code].shown,
                email=names[row.code].email,
                languages=row.languages,
                done=row.done,
                total=row.total,
            )
            for row in rows
        ],
        proposals=own_proposals(session, contact),
    )
