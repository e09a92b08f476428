"""Who coordinates a call and who reviews in it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.accounts.panel_names import applies_in, has_typed_in, panel_names, person_for_panel
from app.audit.record import record
from app.calls.inputs import MemberInput
from app.calls.organisations import OwnOrganisation, organisations_of
from app.calls.phase import Phase, phase
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call
from app.models.keys import key_of
from app.models.panel import Organisation, PanelMember, PanelRole
from app.models.reviews import Assignment
from app.random_codes import random_code


class PanelClosed(Conflict):
    """The call is over: its panel stays as it was."""

    code = "panel.closed"


class LastCoordinator(Conflict):
    """Somebody must be able to run the call."""

    code = "panel.last_coordinator"


class FullMember(BaseModel):
    """A member of the panel as the call's coordinators see them. `code` names the membership.

    `languages`, `topics`, `capacity` and `due_at` are a reviewer's: see `PanelMember`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    role: PanelRole
    organisation: str | None
    email: str
    name: str
    joined_at: datetime
    languages: list[str]
    topics: list[str]
    capacity: int | None
    due_at: datetime | None
    version: int


_PANEL = (
    select_columns(
        col(PanelMember.code),
        col(PanelMember.role),
        col(Organisation.code).label("organisation"),
        col(PanelMember.joined_at),
        col(PanelMember.languages),
        col(PanelMember.topics),
        col(PanelMember.capacity),
        col(PanelMember.due_at),
        col(PanelMember.version),
    )
    .outerjoin(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
    .where(col(PanelMember.call_id) == bindparam("call_id"), col(PanelMember.removed_at).is_(None))
    .order_by(
        case(
            (col(PanelMember.role) == PanelRole.COORDINATOR, 1),
            (col(PanelMember.role) == PanelRole.CONTACT, 2),
            else_=3,
        ),
        col(Organisation.code),
        col(PanelMember.joined_at),
        col(PanelMember.id),
    )
)


def panel_of(session: Session, coordinator: Coordinator) -> list[FullMember]:
    """Everybody on the panel now: coordinators, contacts, then reviewers by organisation; two queries."""
    names = panel_names(session, coordinator)
    rows = session.execute(_PANEL, {"call_id": coordinator.call_id})
    return [
        FullMember(email=names[row.code].email, name=names[row.code].name, **row._mapping) for row in rows
    ]


def member_of(session: Session, coordinator: Coordinator, code: str) -> FullMember:
    """One of those who are on the panel now."""
    for each in panel_of(session, coordinator):
        if each.code == code:
            return each
    raise NotFound


def reviewer_of(session: Session, coordinator: Coordinator, code: str) -> FullMember:
    """One reviewer who is on the panel now."""
    found = member_of(session, coordinator, code)
    if found.role is not PanelRole.REVIEWER:
        raise NotFound
    return found


def add_member(session: Session, coordinator: Coordinator, given: MemberInput, now: datetime) -> str:
    """Add somebody by e-mail and give the code of the membership; their account is made if there is none.

    A name is taken for somebody who has none yet.

    Refused: somebody who applies in this call, who is on its panel already, whose organisation does not
    take part, or who is to score but has typed in an application. The next request of the new member
    already has the role. A coordinator may be added after the decision too: whoever is alone and has a tie
    cannot read its protocol.
    """
    open_panel(session, coordinator.call_id, now, late=given.role is PanelRole.COORDINATOR)
    organisation_id = _organisation_for(session, coordinator, given)
    person_id = person_for_panel(session, given.email, given.name, language="kk", now=now)
    refuse_seat(session, coordinator.call_id, person_id, given.role)
    member = seat(session, coordinator.call_id, person_id, given.role, organisation_id, now)
    _recorded(session, coordinator, "panel.add", member, now)
    return member.code


def refuse_seat(session: Session, call_id: int, person_id: int, role: PanelRole) -> None:
    """Invalid for somebody who applies in this call, or would score and knows whose an application is."""
    if applies_in(session, person_id, call_id):
        raise Invalid({"email": "panel.applies"})
    if role is PanelRole.REVIEWER and has_typed_in(session, person_id, call_id):
        raise Invalid({"email": "panel.typed_in"})


def seat(
    session: Session,
    call_id: int,
    person_id: int,
    role: PanelRole,
    organisation_id: int | None,
    now: datetime,
) -> PanelMember:
    """Give this person the role, or give a former membership back; the panel is held by `open_panel`."""
    former = _membership(session, call_id, person_id, role)
    if former is None:
        former = PanelMember(
            call_id=call_id,
            person_id=person_id,
            organisation_id=organisation_id,
            role=role,
            code=random_code(),
            joined_at=now,
        )
    elif former.organisation_id != organisation_id and _was_assigned(session, former):
        raise Invalid({"organisation": "panel.organisation_fixed"})
    former.removed_at, former.organisation_id = None, organisation_id
    session.add(former)
    session.flush()
    return former


def remove_member(session: Session, coordinator: Coordinator, code: str, now: datetime) -> None:
    """End a membership, at once: the very next request of that person finds no role."""
    open_panel(session, coordinator.call_id, now)
    member = session.exec(
        select(PanelMember).where(
            col(PanelMember.call_id) == coordinator.call_id,
            col(PanelMember.code) == code,
            col(PanelMember.removed_at).is_(None),
        )
    ).one_or_none()
    if member is None:
        raise NotFound
    if member.role is PanelRole.COORDINATOR and _coordinators(session, coordinator) == 1:
        raise LastCoordinator
    member.removed_at = now
    session.add(member)
    session.flush()
    _recorded(session, coordinator, "panel.remove", member, now)


def organisations_to_speak_for(session: Session, coordinator: Coordinator) -> list[OwnOrganisation]:
    """The organisations a reviewer of this call may speak for."""
    return organisations_of(session, coordinator.call_id)


def open_panel(session: Session, call_id: int, now: datetime, *, late: bool = False) -> Call:
    """Take the call's row, so that two changes of a panel, or an application begun meanwhile, wait.

    PanelClosed after the decision, but for what may be done `late`, and in a call that was cancelled.
    """
    statement = select(Call).where(col(Call.id) == call_id).with_for_update()
    call = session.exec(statement).one_or_none()
    if call is None:
        raise NotFound
    closed = {Phase.CANCELLED} if late else {Phase.DECIDED, Phase.PUBLISHED, Phase.CANCELLED}
    if phase(call, now) in closed:
        raise PanelClosed
    return call


def _organisation_for(session: Session, coordinator: Coordinator, given: MemberInput) -> int | None:
    if given.role is PanelRole.COORDINATOR and not given.organisation:
        return None
    return organisation_key(session, coordinator.call_id, given.organisation)


def organisation_key(session: Session, call_id: int, organisation: str) -> int:
    """The key of one of the call's organisations by its code; Invalid for any other."""
    if organisation not in {each.code for each in organisations_of(session, call_id)}:
        raise Invalid({"organisation": "panel.organisation" if organisation else "missing"})
    return key_of(session.exec(select(Organisation.id).where(Organisation.code == organisation)).one())


def _membership(session: Session, call_id: int, person_id: int, role: PanelRole) -> PanelMember | None:
    """The person's former membership in this role; Invalid if they sit on the panel now, in any role."""
    rows = session.exec(
        select(PanelMember).where(
            col(PanelMember.call_id) == call_id, col(PanelMember.person_id) == person_id
        )
    ).all()
    for row in rows:
        if row.removed_at is None:
            raise Invalid({"email": "panel.already" if row.role is role else "panel.other_role"})
    return next((row for row in rows if row.role is role), None)


def _was_assigned(session: Session, member: PanelMember) -> bool:
    statement = select(col(Assignment.id)).where(col(Assignment.member_id) == member.id)
    return session.exec(statement.limit(1)).first() is not None


def _coordinators(session: Session, coordinator: Coordinator) -> int:
    rows = session.exec(
        select(col(PanelMember.id)).where(
            col(PanelMember.call_id) == coordinator.call_id,
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
    )
    return len(rows.all())


def _recorded(
    session: Session, coordinator: Coordinator, action: str, member: PanelMember, now: datetime
) -> None:
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=member.code,
        detail={"role": str(member.role)},
    )
