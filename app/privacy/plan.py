"""What erasing a person's data means for each thing that names them: what goes, what stays, why, how long.

It is made from what the person may know themselves, so that before publication a winner's plan reads like
everybody else's.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.own import own_applications
from app.applications.own_models import OwnApplication
from app.applications.status import SETTLED
from app.models.applications import Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.panel import Manager, PanelMember

YEAR = timedelta(days=365)
LOOK_AGAIN = timedelta(days=1)
"""How soon what is kept without a date is looked at again."""


class Fate(StrEnum):
    """What happens to one thing."""

    DELETE = "delete"
    WITHDRAW = "withdraw"
    ANONYMISE = "anonymise"
    LEAVE = "leave"
    KEEP_AWARD = "keep_award"
    KEEP_UNDECIDED = "keep_undecided"
    KEEP_PANEL = "keep_panel"
    KEEP_MANAGER = "keep_manager"


KEPT = frozenset({Fate.KEEP_AWARD, Fate.KEEP_UNDECIDED, Fate.KEEP_PANEL, Fate.KEEP_MANAGER})


class PlanLine(BaseModel):
    """One application, or one role, and its fate. `until` is None where no date is known yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    call: str
    call_title: Texts
    title: str
    fate: Fate
    until: datetime | None

    @property
    def kept(self) -> bool:
        """Whether it has to stay for now."""
        return self.fate in KEPT


def erasure_plan(session: Session, person_id: int, audit_years: int, now: datetime) -> list[PlanLine]:
    """Everything that names this person beside the account itself, with what erasing does to it."""
    applications = [
        _line(own, audit_years, now) for own in own_applications(session, Applicant(person_id), now)
    ]
    return applications + _roles(session, person_id, audit_years, now)


def _line(own: OwnApplication, audit_years: int, now: datetime) -> PlanLine:
    fate, until = _fate(own, audit_years, now)
    return PlanLine(
        ref=own.ref, call=own.call, call_title=own.call_title, title=own.title, fate=fate, until=until
    )


def _fate(own: OwnApplication, audit_years: int, now: datetime) -> tuple[Fate, datetime | None]:
    if own.status is Status.AWARDED:
        until = (own.revealed_at or now) + audit_years * YEAR
        return (Fate.KEEP_AWARD, until) if until > now else (Fate.ANONYMISE, None)
    if not own.owner:
        return Fate.LEAVE, None
    if own.status is Status.DRAFT and own.counts_number is None:
        return Fate.DELETE, None
    if own.status is Status.REFUSED:
        return Fate.ANONYMISE, None
    if own.phase is Phase.DECIDED and own.counts_number is not None:
        return Fate.KEEP_UNDECIDED, None
    if own.phase in SETTLED or own.status in {Status.WITHDRAWN, Status.NOT_SELECTED}:
        return Fate.ANONYMISE, None
    return Fate.WITHDRAW, None


def _roles(session: Session, person_id: int, audit_years: int, now: datetime) -> list[PlanLine]:
    """Who has scored or run a call stays known for as long as the call may be audited."""
    on_panel = select(PanelMember.call_id).where(PanelMember.person_id == person_id)
    rows = session.exec(select(Call).where(col(Call.id).in_(on_panel)).order_by(col(Call.slug)))
    lines = []
    for call in rows:
        ended = call.published_at or call.cancelled_at
        until = ended + audit_years * YEAR if ended else None
        if until is None or until > now:
            lines.append(_role(Fate.KEEP_PANEL, call.slug, call.title, until))
    if session.get(Manager, person_id) is not None:
        lines.append(_role(Fate.KEEP_MANAGER, "", {}, None))
    return lines


def _role(fate: Fate, call: str, title: Texts, until: datetime | None) -> PlanLine:
    return PlanLine(ref="", call=call, call_title=title, title="", fate=fate, until=until)
