"""The people of the demo, whom anybody may be. Outside the demo nothing calls this."""

from collections.abc import Sequence, Set
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import case, exists, func, or_
from sqlmodel import Session, col, select

from app.accounts.actions import new_session
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import PitchCard
from app.models.panel import Manager, Organisation, PanelMember, PanelRole
from app.models.people import Applicant, Person
from app.models.reviews import Assignment, Review, ReviewState

VERDICTS = frozenset({Status.AWARDED, Status.NOT_SELECTED})
OF_EACH_STATUS = 3
OF_EACH_ORGANISATION = 2
OF_EACH_EVENING = 2
_COORDINATES = (
    exists()
    .where(col(PanelMember.person_id) == Person.id, col(PanelMember.role) == PanelRole.COORDINATOR)
    .where(col(PanelMember.removed_at).is_(None))
)


class CastMember(BaseModel):
    """Somebody one can be: `organisation` for a reviewer, `answers_for` for an organisation's contact,
    `status` for an applicant; `pitches` for one whose team is announced and not decided about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    email: str
    name: str
    coordinates: bool
    organisation: Texts | None = None
    answers_for: Texts | None = None
    status: Status | None = None
    pitches: bool = False


def cast(session: Session, now: datetime) -> list[CastMember]:
    """The coordinators, some reviewers of each organisation and its contact, those who pitch first, and some
    applicants of the call that opened last. Whoever somebody has been once stays, whatever becomes of their
    work."""
    coordinators = session.exec(
        select(Person)
        .outerjoin(Manager, col(Manager.person_id) == Person.id)
        .where(col(Manager.person_id).is_not(None) | _COORDINATES)
        .order_by(col(Manager.person_id).is_(None), col(Person.id))
    )
    been = {*session.exec(select(AuditEntry.person_id).where(AuditEntry.action == "session.open"))}
    finalists = _finalists(session)
    pitching = {each.email for each in finalists}
    return [
        *(_member(person, coordinates=True) for person in coordinators),
        *_reviewers(session, been),
        *_contacts(session),
        *finalists,
        *(each for each in _applicants(session, been, now) if each.email not in pitching),
    ]


def coordinating(session: Session, call_id: int) -> list[CastMember]:
    """The coordinators of one call, the one who began it first."""
    found = session.exec(
        select(Person)
        .join(PanelMember, col(PanelMember.person_id) == Person.id)
        .where(
            PanelMember.call_id == call_id,
            PanelMember.role == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
        .order_by(col(PanelMember.id))
    )
    return [_member(person, coordinates=True) for person in found]


def _finalists(session: Session) -> list[CastMember]:
    """Who pitches first at each evening that is announced and not decided about."""
    found = session.exec(
        select(Person)
        .join(Applicant, col(Applicant.person_id) == Person.id)
        .join(PitchCard, col(PitchCard.application_id) == Applicant.application_id)
        .join(AwardRound, col(AwardRound.id) == PitchCard.round_id)
        .join(Call, col(Call.id) == AwardRound.call_id)
        .where(
            col(Call.decided_at).is_(None),
            col(Call.cancelled_at).is_(None),
            col(Person.email).is_not(None),
            col(PitchCard.slot) <= OF_EACH_EVENING,
        )
        .order_by(col(PitchCard.round_id), col(PitchCard.slot), col(Person.id))
    )
    return [_member(person, pitches=True) for person in found]


def _applicants(session: Session, been: Set[int | None], now: datetime) -> list[CastMember]:
    """By status, in the order of an application's life. No verdict before it is public."""
    opened = (col(Call.opens_at) <= now, col(Call.opened_at).is_not(None), col(Call.cancelled_at).is_(None))
    newest = select(func.max(Call.opens_at)).where(*opened).scalar_subquery()
    found = session.exec(
        select(Person, Application.status, Call.published_at)
        .join(Applicant, col(Applicant.person_id) == Person.id)
        .join(Application, col(Application.id) == Applicant.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(
            or_(col(Call.opens_at) == newest, col(Person.id).in_(been)),
            *opened,
            col(Person.email).is_not(None),
        )
        .order_by(col(Call.opens_at).desc(), col(Person.id), col(Application.id))
    )
    last: dict[int | None, tuple[Person, Status]] = {}
    for person, status, published in found:
        hidden = status in VERDICTS and published is None
        last.setdefault(person.id, (person, Status.IN_REVIEW if hidden else Status(status)))
    return [
        _member(person, status=each)
        for each in Status
        for person in _some([who for who, status in last.values() if status is each], been, OF_EACH_STATUS)
    ]


def _some(people: Sequence[Person], been: Set[int | None], number: int) -> list[Person]:
    """All whom somebody has been, and of the others as many as there is room for."""
    known = [person for person in people if person.id in been]
    return known + [person for person in people if person.id not in been][: max(0, number - len(known))]


def _reviewers(session: Session, been: Set[int | None]) -> list[CastMember]:
    """Of each organisation those who have most not begun, then most not sent: there is something to do, and
    it begins where a review begins, with the question about ties."""
    left = func.count(col(Assignment.id)) - func.count(case((col(Review.state) == ReviewState.SENT, 1)))
    untouched = func.count(col(Assignment.id)) - func.count(col(Assignment.tie))
    running = select(Call.id).where(col(Call.reviewing_closed_at).is_(None))
    given = (
        (col(Assignment.member_id) == PanelMember.id)
        & col(Assignment.withdrawn_at).is_(None)
        & col(Assignment.call_id).in_(running)
    )
    found = session.exec(
        select(Person, Organisation)
        .join(PanelMember, col(PanelMember.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == PanelMember.organisation_id)
        .outerjoin(Assignment, given)
        .outerjoin(Review, col(Review.assignment_id) == Assignment.id)
        .where(PanelMember.role == PanelRole.REVIEWER, col(PanelMember.removed_at).is_(None))
        .group_by(col(Person.id), col(Organisation.id))
        .order_by(col(Organisation.id), untouched.desc(), left.desc(), col(Person.id))
    ).all()
    organisations = {organisation.id: organisation for _, organisation in found}
    return [
        _member(person, organisation=organisation.name)
        for key, organisation in organisations.items()
        for person in _some([who for who, of in found if of.id == key], been, OF_EACH_ORGANISATION)
    ]


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
    pitches: bool = False,
) -> CastMember:
    return CastMember(
        email=person.email or "",
        name=person.name,
        coordinates=coordinates,
        organisation=organisation,
        answers_for=answers_for,
        status=status,
        pitches=pitches,
    )


def enter_as(session: Session, email: str, now: datetime) -> str:
    """A session as somebody of the cast; the cookie's token. NotFound for anybody else."""
    if email not in {member.email for member in cast(session, now)}:
        raise NotFound
    person = session.exec(select(Person).where(Person.email == email)).one()
    return new_session(session, person, browser_name="demo", shared_computer=False, now=now)
