"""Who stands behind an application, as keys: to find what is one's own, and to reach a team. No names."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, cast, exists, func, literal
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.errors import NotFound
from app.models.applications import Application, Status, TeamRole
from app.models.calls import Call
from app.models.keys import key_of
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Assistance

WRITERS = frozenset({TeamRole.OWNER, TeamRole.EDITOR})
MOST_MEMBERS = 9
"""An owner and the eight people that a form has room for; who was invited counts until they answer."""


@dataclass(frozen=True, slots=True)
class Mine:
    """An application that is one's own, its call, and one's role in its team.

    `assists` is a coordinator who types it in for its owner: like an editor, for this one draft, in no team.
    """

    application: Application
    call: Call
    role: TeamRole
    assists: bool = False

    @property
    def key(self) -> int:
        """The application's primary key."""
        return key_of(self.application.id)


def mine(session: Session, applicant: Applicant, ref: str, *, held: bool = False) -> Mine:
    """One's own application: permission and fetch are one. NotFound for a stranger.

    `held` locks the application until the unit ends, and keeps the call from moving on, so that two
    sendings take turns and none slips in after reviewing has begun (SQLite's units do that anyway).
    """
    if held:
        hold_call(session, ref)
    asked = {"person": applicant.person_id, "ref": ref}
    found = session.execute(_one(held=held), asked).one_or_none()
    if found is not None:
        application, call, role = found
        return Mine(application, call, TeamRole(role))
    typed = session.execute(_typed_one(held=held), asked).one_or_none()
    if typed is None:
        raise NotFound
    application, call = typed
    return Mine(application, call, TeamRole.EDITOR, assists=True)


@cache
def _one(*, held: bool) -> Any:
    """Built once: putting a statement together costs more than running it."""
    statement = (
        select(Application, Call, ApplicantRow.role)
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(col(Application.ref) == bindparam("ref"), col(ApplicantRow.person_id) == bindparam("person"))
        .options(defer(Call.frozen_form, raiseload=True))  # type: ignore[arg-type]
    )
    if held:
        return statement.with_for_update(of=Application).execution_options(populate_existing=True)
    return statement


@cache
def _typed_one(*, held: bool) -> Any:
    """The same for the coordinator who types it in, until it was sent or handed over."""
    statement = (
        select(Application, Call)
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(col(Application.ref) == bindparam("ref"), typed_by(bindparam("person")))
        .options(defer(Call.frozen_form, raiseload=True))  # type: ignore[arg-type]
    )
    if held:
        return statement.with_for_update(of=Application).execution_options(populate_existing=True)
    return statement


def typed_by(person: Any) -> Any:
    """That this coordinator of the call types the application in, and may read it therefore."""
    return exists().where(
        col(Assistance.application_id) == col(Application.id),
        col(Assistance.typed_by) == person,
        col(Assistance.ended_at).is_(None),
        col(PanelMember.call_id) == col(Application.call_id),
        col(PanelMember.person_id) == person,
        col(PanelMember.role) == PanelRole.COORDINATOR,
        col(PanelMember.removed_at).is_(None),
    )


@cache
def _call_held() -> Any:
    return (
        select(Call.id)
        .join(Application, col(Application.call_id) == col(Call.id))
        .where(col(Application.ref) == bindparam("ref"))
        .with_for_update(of=Call, read=True)
    )


def hold_call(session: Session, ref: str) -> None:
    """Keep an application's call from moving on, and its panel from changing, until the unit ends."""
    session.execute(_call_held(), {"ref": ref}).one_or_none()


def team_size(session: Session, application_id: int) -> int:
    """How many people stand behind an application."""
    count: int = session.execute(_size(), {"application": application_id}).scalar_one()
    return count


@cache
def _size() -> Any:
    return select(func.count()).where(col(ApplicantRow.application_id) == bindparam("application"))


def on_the_panel(session: Session, person_id: int, call_id: int) -> bool:
    """Whether this person scores or runs this call."""
    statement = select(PanelMember.id).where(
        PanelMember.call_id == call_id,
        PanelMember.person_id == person_id,
        col(PanelMember.removed_at).is_(None),
    )
    return session.exec(statement).first() is not None


def applies_in(session: Session, person_id: int, call_id: int) -> bool:
    """Whether this person is in the team of an application of this call that has not been withdrawn."""
    statement = (
        select(Application.id)
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .where(
            Application.call_id == call_id,
            ApplicantRow.person_id == person_id,
            Application.status != "withdrawn",
        )
    )
    return session.exec(statement).first() is not None


def count_team_letters(session: Session, call_id: int, statuses: Collection[Status], once: str = "") -> int:
    """How many letters leave if everybody is written to whose application counts and stands there.

    `once` is the template of a letter that nobody gets a second time (`tell_teams`).
    """
    key = literal(f"{once}-") + col(Application.ref) + "-" + cast(col(ApplicantRow.person_id), String)
    told = select(col(Mail.id)).where(col(Mail.dedupe_key) == key).exists()
    count: int = session.execute(
        select(func.count())
        .select_from(ApplicantRow)
        .join(Application, col(Application.id) == col(ApplicantRow.application_id))
        .where(
            col(Application.call_id) == call_id,
            col(Application.counts_number).is_not(None),
            col(Application.status).in_(sorted(statuses)),
            *([~told] if once else []),
        )
    ).scalar_one()
    return count


@cache
def _teams() -> Any:
    return (
        select(ApplicantRow.application_id, ApplicantRow.person_id)
        .where(col(ApplicantRow.application_id).in_(bindparam("applications", expanding=True)))
        .order_by(col(ApplicantRow.person_id))
    )


def teams_of(session: Session, application_ids: Collection[int]) -> dict[int, list[int]]:
    """The keys of the people behind each application, for mail."""
    teams: dict[int, list[int]] = {}
    for application_id, person_id in session.execute(_teams(), {"applications": list(application_ids)}):
        teams.setdefault(application_id, []).append(person_id)
    return teams
