"""Who coordinates a call and who reviews in it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.accounts.panel_names import applies_in, has_typed_in, panel_names, person_for_panel
from app.audit.record import record
from app.calls.inputs import MemberInput
from app.calls.organisations import OwnOrganisation, organisations_of
from app.calls.phase import Phase, phase
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call
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
    """A member of the panel as the call's coordinators see them. `code` names the membership."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    role: PanelRole
    organisation: str | None
    email: str
    name: str
    joined_at: datetime


def panel_of(session: Session, coordinator: Coordinator) -> list[FullMember]:
    """Everybody on the panel now: coordinators first, then reviewers by organisation; two queries."""
    names = panel_names(session, coordinator)
    rows = session.exec(
        select(
            col(PanelMember.code), col(PanelMember.role), col(Organisation.code), col(PanelMember.joined_at)
        )
        .outerjoin(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .where(col(PanelMember.call_id) == coordinator.call_id, col(PanelMember.removed_at).is_(None))
        .order_by(
            col(PanelMember.role), col(Organisation.code), col(PanelMember.joined_at), col(PanelMember.id)
        )
    )
    return [
        FullMember(
            code=code,
            role=role,
            organisation=organisation,
            email=names[code].email,
            name=names[code].name,
            joined_at=joined_at,
        )
        for code, role, organisation, joined_at in rows
    ]


def reviewer_of(session: Session, coordinator: Coordinator, code: str) -> FullMember:
    """One reviewer who is on the panel now."""
    for each in panel_of(session, coordinator):
        if each.code == code and each.role is PanelRole.REVIEWER:
            return each
    raise NotFound


def add_member(session: Session, coordinator: Coordinator, given: MemberInput, now: datetime) -> str:
    """Add somebody by e-mail and give the code of the membership; their account is made if there is none.

    A name is taken for somebody who has none yet.

    Refused: somebody who applies in this call, who is on its panel already, whose organisation does not
    take part, or who is to score but has typed in an application. The next request of the new member
    already has the role.
    """
    _open_panel(session, coordinator, now)
    organisation_id = _organisation_for(session, coordinator, given)
    person_id = person_for_panel(session, given.email, given.name, language="kk", now=now)
    if applies_in(session, person_id, coordinator.call_id):
        raise Invalid({"email": "panel.applies"})
    if given.role is PanelRole.REVIEWER and has_typed_in(session, person_id, coordinator.call_id):
        raise Invalid({"email": "panel.typed_in"})
    former = _membership(session, coordinator, person_id, given.role)
    if former is None:
        former = PanelMember(
            call_id=coordinator.call_id,
            person_id=person_id,
            organisation_id=organisation_id,
            role=given.role,
            code=random_code(),
            joined_at=now,
        )
    elif former.organisation_id != organisation_id and _was_assigned(session, former):
        raise Invalid({"organisation": "panel.organisation_fixed"})
    former.removed_at, former.organisation_id = None, organisation_id
    session.add(former)
    session.flush()
    _recorded(session, coordinator, "panel.add", former, now)
    return former.code


def remove_member(session: Session, coordinator: Coordinator, code: str, now: datetime) -> None:
    """End a membership, at once: the very next request of that person finds no role."""
    _open_panel(session, coordinator, now)
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


def _open_panel(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Take the call's row, so that two changes of a panel, or an application begun meanwhile, wait."""
    statement = select(Call).where(col(Call.id) == coordinator.call_id).with_for_update()
    call = session.exec(statement).one_or_none()
    if call is None:
        raise NotFound
    if phase(call, now) in {Phase.DECIDED, Phase.PUBLISHED, Phase.CANCELLED}:
        raise PanelClosed


def _organisation_for(session: Session, coordinator: Coordinator, given: MemberInput) -> int | None:
    if given.role is PanelRole.COORDINATOR and not given.organisation:
        return None
    known = {each.code for each in organisations_of(session, coordinator.call_id)}
    if given.organisation not in known:
        raise Invalid({"organisation": "panel.organisation" if given.organisation else "missing"})
    return session.exec(
        select(col(Organisation.id)).where(col(Organisation.code) == given.organisation)
    ).one()


def _membership(
    session: Session, coordinator: Coordinator, person_id: int, role: PanelRole
) -> PanelMember | None:
    """The person's former membership in this role; Invalid if they sit on the panel now, in any role."""
    rows = session.exec(
        select(PanelMember).where(
            col(PanelMember.call_id) == coordinator.call_id, col(PanelMember.person_id) == person_id
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
