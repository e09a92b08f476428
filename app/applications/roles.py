"""Which doors are open to a person beside applying: reviewing, running a call, creating calls."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import Manager, PanelMember, PanelRole


@dataclass(frozen=True, slots=True)
class OwnRole:
    """One role of one's own in one call."""

    role: PanelRole
    call: str
    call_title: Texts


@dataclass(frozen=True, slots=True)
class OwnRoles:
    """All of one's roles; `manager` may create calls."""

    panel: list[OwnRole]
    manager: bool


def own_roles(session: Session, who: Applicant) -> OwnRoles:
    """One's own roles, the newest call first."""
    rows = session.exec(
        select(PanelMember.role, Call.slug, Call.title)
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .where(PanelMember.person_id == who.person_id, col(PanelMember.removed_at).is_(None))
        .order_by(col(Call.created_at).desc(), col(PanelMember.role))
    )
    roles = [OwnRole(PanelRole(role), slug, dict(title)) for role, slug, title in rows]
    return OwnRoles(roles, session.get(Manager, who.person_id) is not None)
