"""The people of the demo, whom anybody may be. Outside the demo nothing calls this."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import case, func
from sqlmodel import Session, col, select

from app.accounts.actions import new_session
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import Manager, Organisation, PanelMember, PanelRole
from app.models.people import Applicant, Person
from app.models.reviews import Assignment, Review, ReviewState

OF_EACH_STATUS = 3
OF_EACH_ORGANISATION = 2


class CastMember(BaseModel):
    """Somebody one can be: `organisation` for a reviewer, `answers_for` for an organisation's contact,
    `status` for an applicant of the open call."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    email: str
    name: str
    coordinates: bool
    organisation: Texts | None = None
    answers_for: Texts | None = None
    status: Status | None = None


def cast(session: Session, now: datetime) -> list[CastMember]:
    """The coordinator, some reviewers of each organisation and its contact, and some applicants of the call
    that is open."""
    coordinators = session.exec(select(Person).join(Manager, col(Manager.person_id) == Person.id))
    applicants = session.exec(
        select(Person, func.max(col(Application.status)))
        .join(Applicant, col(Applicant.person_id) == Person.id)
        .join(Application, col(Application.id) == Applicant.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(col(Call.closes_at) > now, col(Person.email).is_not(None))
        .group_by(*Person.__table__.columns)  # type: ignore[attr-defined]
        .order_by(func.min(col(Application.status)), col(Person.id))
    ).all()
    return [
        *(_member(person, coordinates=True) for person in coordinators),
        *_reviewers(session),
        *_contacts(session),
        *(
            _member(person, status=status)
            for status in (Status.DRAFT, Status.SENT)
            for person, _ in [each for each in applicants if each[1] == status][:OF_EACH_STATUS]
        ),
    ]


def _reviewers(session: Session) -> list[CastMember]:
    """Of each organisation those who have most not begun, then most not sent: there is something to do, and
    it begins where a review begins, with the question about ties."""
    left = func.count(col(Assignment.id)) - func.count(case((col(Review.state) == ReviewState.SENT, 1)))
    untouched = func.count(col(Assignment.id)) - func.count(col(Assignment.tie))
    given = (col(Assignment.member_id) == PanelMember.id) & col(Assignment.withdrawn_at).is_(None)
    found = session.exec(
        select(Person, Organisation)
        .join(PanelMember, col(PanelMember.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == PanelMember.organisation_id)
        .outerjoin(Assignment, given)
        .outerjoin(Review, col(Review.assignment_id) == Assignment.id)
        .where(PanelMember.role == PanelRole.REVIEWER)
        .group_by(col(Person.id), col(Organisation.id))
        .order_by(col(Organisation.id), untouched.desc(), left.desc(), col(Person.id))
    ).all()
    chosen: dict[int | None, list[CastMember]] = {}
    for person, organisation in found:
        of_it = chosen.setdefault(organisation.id, [])
        if len(of_it) < OF_EACH_ORGANISATION:
            of_it.append(_member(person, organisation=organisation.name))
    return [member for of_it in chosen.values() for member in of_it]


def _contacts(session: Session) -> list[CastMember]:
    found = session.exec(
        select(Person, Organisation)
        .join(PanelMember, col(PanelMember.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == PanelMember.organisation_id)
        .where(PanelMember.role == PanelRole.CONTACT, col(PanelMember.removed_at).is_(None))
        .order_by(col(PanelMember.id))
    )
    return [_member(person, answers_for=organisation.name) for person, organisation in found]


def _member(
    person: Person,
    *,
    coordinates: bool = False,
    organisation: Texts | None = None,
    answers_for: Texts | None = None,
    status: Status | None = None,
) -> CastMember:
    return CastMember(
        email=person.email or "",
        name=person.name,
        coordinates=coordinates,
        organisation=organisation,
        answers_for=answers_for,
        status=status,
    )


def enter_as(session: Session, email: str, now: datetime) -> str:
    """A session as somebody of the cast; the cookie's token. NotFound for anybody else."""
    if email not in {member.email for member in cast(session, now)}:
        raise NotFound
    person = session.exec(select(Person).where(Person.email == email)).one()
    return new_session(session, person, browser_name="demo", shared_computer=False, now=now)
