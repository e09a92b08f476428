"""The flags of a call as its coordinators read them."""

from datetime import datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.applications.counted import IS_COUNTED_SENDING
from app.errors import NotFound
from app.models.applications import Application, Packet, Sending
from app.models.panel import PanelMember, PanelRole
from app.models.people import FlagAnswer, Person
from app.models.screening import Flag, FlagKind


class FullFlag(BaseModel):
    """One flag. `raised_by` and `addressed_to` are codes of memberships; the latter is None for everybody's.

    `answer`, `resolved_by` (a name) and `resolved_at` are there once it is resolved. `to_me`: addressed to
    who reads, or to everybody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    ref: str
    title: str
    language: str
    kind: FlagKind
    words: str
    raised_by: str
    raised_by_reviewer: bool
    raised_at: datetime
    addressed_to: str | None
    to_me: bool
    version: int
    answer: str
    resolved_by: str
    resolved_at: datetime | None


_raiser, _addressee = aliased(PanelMember), aliased(PanelMember)


@cache
def _flags(*, of_one: bool) -> Any:
    statement: Any = (
        select(
            Flag,
            col(Application.ref),
            col(Packet.title).label("title"),
            col(Packet.language).label("language"),
            col(_raiser.code).label("raiser"),
            col(_raiser.role).label("role"),
            col(_addressee.code).label("addressee"),
            col(_addressee.person_id).label("addressee_person"),
            col(FlagAnswer.words).label("answer"),
            col(Person.name).label("resolver"),
        )
        .select_from(Flag)
        .join(Application, col(Application.id) == col(Flag.application_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .join(_raiser, col(_raiser.id) == col(Flag.raised_by))
        .outerjoin(_addressee, col(_addressee.id) == col(Flag.addressed_to))
        .outerjoin(FlagAnswer, col(FlagAnswer.flag_id) == col(Flag.id))
        .outerjoin(Person, col(Person.id) == col(FlagAnswer.by))
        .where(col(Application.call_id) == bindparam("call"))
        .order_by(case((col(Flag.resolved_at).is_(None), 0), else_=1), col(Flag.raised_at), col(Flag.id))
    )
    return statement.where(col(Application.ref) == bindparam("ref")) if of_one else statement


def full_flags(session: Session, coordinator: Coordinator, ref: str = "") -> list[FullFlag]:
    """The flags of the call, or of one application: what is open stands first, the oldest first."""
    asked = {"call": coordinator.call_id, **({"ref": ref} if ref else {})}
    rows = session.execute(_flags(of_one=bool(ref)), asked)
    return [_flag(row, coordinator) for row in rows]


def full_flag(session: Session, coordinator: Coordinator, code: str) -> FullFlag:
    """One flag of the call."""
    found = next((each for each in full_flags(session, coordinator) if each.code == code), None)
    if found is None:
        raise NotFound
    return found


def _flag(row: Any, coordinator: Coordinator) -> FullFlag:
    flag: Flag = row.Flag
    return FullFlag(
        code=flag.code,
        ref=row.ref,
        title=row.title,
        language=row.language,
        kind=flag.kind,
        words=flag.words,
        raised_by=row.raiser,
        raised_by_reviewer=row.role is PanelRole.REVIEWER,
        raised_at=flag.raised_at,
        addressed_to=row.addressee,
        to_me=row.addressee_person in {None, coordinator.person_id},
        version=flag.version,
        answer=row.answer or "",
        resolved_by=row.resolver or "",
        resolved_at=flag.resolved_at,
    )


def count_open(session: Session, coordinator: Coordinator) -> int:
    """How many flags wait for who asks: addressed to them, or to everybody."""
    asked = {"call": coordinator.call_id, "me": coordinator.person_id}
    return int(session.execute(select(open_flags()), asked).scalar_one())


def open_flags() -> Any:
    """The same as a value in a statement, for the `call` and `me` that it is given."""
    about = aliased(Application)
    return (
        select(func.count())
        .select_from(Flag)
        .join(about, col(about.id) == col(Flag.application_id))
        .outerjoin(_addressee, col(_addressee.id) == col(Flag.addressed_to))
        .where(
            col(about.call_id) == bindparam("call"),
            col(about.counts_number).is_not(None),
            col(Flag.resolved_at).is_(None),
            or_(col(Flag.addressed_to).is_(None), col(_addressee.person_id) == bindparam("me")),
        )
        .scalar_subquery()
    )


def seats_of_coordinators(session: Session, coordinator: Coordinator) -> list[tuple[str, str]]:
    """(code, name) of everybody who coordinates the call now, to address a flag to."""
    names = panel_names(session, coordinator)
    rows = session.execute(_coordinators(), {"call": coordinator.call_id})
    return [(code, names[code].shown) for (code,) in rows]


@cache
def _coordinators() -> Any:
    return (
        select(col(PanelMember.code))
        .where(
            col(PanelMember.call_id) == bindparam("call"),
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
        .order_by(col(PanelMember.joined_at), col(PanelMember.id))
    )
