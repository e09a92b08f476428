"""What a coordinator reads of people who are not online: what is typed in for them, and whom to call.

Names and telephones are read by a function that leaves a line in the log.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, case, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.errors import NotFound
from app.models.applications import Agreed, Application, Channel, Sending, Status, TeamRole
from app.models.people import Applicant, Assistance, Person


class _Full(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FullAssisted(_Full):
    """One application that is typed in for its owner, or was. Nothing of what is written.

    `mine` is whether the reader may write it now, and then has its owner's `name`; `can_code` whether they
    may print a return code. `sent_at` is of the sending that counts.
    """

    ref: str
    status: Status
    language: str
    channel: Channel
    received_on: date
    agreed: Agreed
    agreed_note: str
    by: str
    started_at: datetime
    ended_at: datetime | None
    number: int | None
    sent_at: datetime | None
    mine: bool
    name: str
    without_email: bool
    can_code: bool


class WithoutEmail(_Full):
    """Somebody of a team whom no letter reaches: who, and how to call them, where that is known."""

    ref: str
    status: Status
    language: str
    name: str
    phone: str


def assisted_list(session: Session, coordinator: Coordinator) -> list[FullAssisted]:
    """All of the call, the newest first."""
    return [_line(row) for row in session.execute(_entries(one=False), _asked(coordinator))]


def assisted_one(session: Session, coordinator: Coordinator, ref: str) -> FullAssisted:
    """One of them. NotFound for an application that its own team typed."""
    row = session.execute(_entries(one=True), _asked(coordinator) | {"ref": ref}).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def _asked(coordinator: Coordinator) -> dict[str, int]:
    return {"call": coordinator.call_id, "me": coordinator.person_id}


@cache
def _entries(*, one: bool) -> Any:
    typist: Any = aliased(Person)
    owner: Any = aliased(Person)
    mine = and_(col(Assistance.typed_by) == bindparam("me"), col(Assistance.ended_at).is_(None))
    columns: Any = (
        Application.ref,
        Application.status,
        Application.language,
        Assistance.channel,
        Assistance.received_on,
        col(Assistance.consent).label("agreed"),
        col(Assistance.consent_note).label("agreed_note"),
        typist.name.label("by"),
        Assistance.started_at,
        Assistance.ended_at,
        col(Application.counts_number).label("number"),
        Sending.sent_at,
        mine.label("mine"),
        case((mine, owner.name), else_="").label("name"),
        owner.email.is_(None).label("without_email"),
    )
    statement = (
        select(*columns)
        .select_from(Assistance)
        .join(Application, col(Application.id) == col(Assistance.application_id))
        .join(typist, typist.id == col(Assistance.typed_by))
        .outerjoin(
            Applicant,
            and_(
                col(Applicant.application_id) == col(Application.id),
                col(Applicant.role) == TeamRole.OWNER,
            ),
        )
        .outerjoin(owner, owner.id == col(Applicant.person_id))
        .outerjoin(
            Sending,
            and_(
                col(Sending.application_id) == col(Application.id),
                col(Sending.number) == col(Application.counts_number),
            ),
        )
        .where(col(Application.call_id) == bindparam("call"))
        .order_by(col(Assistance.started_at).desc(), col(Application.ref))
    )
    return statement.where(col(Application.ref) == bindparam("ref")) if one else statement


def _line(row: Any) -> FullAssisted:
    known = {name: value for name, value in row._mapping.items() if name != "without_email"}
    without = bool(row.without_email) and row.status is not Status.WITHDRAWN
    return FullAssisted(
        **known | {"mine": bool(row.mine), "name": row.name or ""},
        without_email=without,
        can_code=without and (bool(row.mine) or row.ended_at is not None),
    )


def count_without_email(session: Session, coordinator: Coordinator, ref: str = "") -> int:
    """How many people of the call, or of one of its applications, no letter reaches."""
    asked = {"call": coordinator.call_id} | ({"ref": ref} if ref else {})
    return int(session.execute(_counted(one=bool(ref)), asked).scalar_one())


@cache
def _counted(*, one: bool) -> Any:
    return _unreached(func.count(func.distinct(col(Person.id))), one=one)


def people_without_email(session: Session, coordinator: Coordinator, now: datetime) -> list[WithoutEmail]:
    """Whom to call, by application. This is written down: who looked, when, how many there were."""
    columns: Any = (Application.ref, Application.status, Application.language, Person.name, Person.phone)
    rows = session.execute(
        _unreached(*columns, one=False).order_by(col(Application.ref), col(Person.id)),
        {"call": coordinator.call_id},
    ).all()
    record(
        session,
        "identity.list",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"count": len(rows)},
    )
    return [WithoutEmail(**row._mapping) for row in rows]


def _unreached(*columns: Any, one: bool) -> Any:
    """Teams of the call's applications, drafts too, but of none that was withdrawn."""
    statement = (
        select(*columns)
        .select_from(Application)
        .join(Applicant, col(Applicant.application_id) == col(Application.id))
        .join(Person, col(Person.id) == col(Applicant.person_id))
        .where(
            col(Application.call_id) == bindparam("call"),
            col(Application.status) != Status.WITHDRAWN,
            col(Person.email).is_(None),
            col(Person.disabled_at).is_(None),
        )
    )
    return statement.where(col(Application.ref) == bindparam("ref")) if one else statement
