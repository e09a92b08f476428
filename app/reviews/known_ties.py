"""Ties of people on the panel as a coordinator reads them: suspected, on record, found to be none, own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.models.applications import Application
from app.models.panel import Organisation, PanelMember, PanelRole
from app.models.people import Conflict
from app.models.reviews import Assignment, Tie, TieGround
from app.reviews.suspicions import Suspicion, by_matter, suspicions
from app.wall import taken_down


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SuspectedTie(_Model):
    """One thing that matched, and everybody of the panel (codes) to whom it points."""

    key: str
    application: str
    title: str
    language: str
    ground: TieGround
    evidence: str
    members: list[str]


class KnownTie(_Model):
    """A tie on record. `by` is the membership of who said so; a reviewer's own answer has their own.

    `key` is empty for what nobody can lift: a reviewer's own answer, or what was lifted.
    """

    key: str
    application: str
    member: str
    ground: TieGround
    evidence: str
    reason: str
    by: str
    at: datetime | None


class Recognised(_Model):
    """A reviewer's answer that they may know whose application it is: no tie, and they score it."""

    application: str
    member: str
    note: str
    at: datetime | None


class OwnTie(_Model):
    """A tie of the coordinator who asks: the code alone, since the rest is behind the wall."""

    application: str
    reason: str
    at: datetime


class Ties(_Model):
    """All ties of a call that the coordinator may know of. `alone`: there is no other coordinator.

    `recognised` are no ties: who reads it may know who applies.
    """

    suspected: list[SuspectedTie]
    standing: list[KnownTie]
    lifted: list[KnownTie]
    recognised: list[Recognised]
    own: list[OwnTie]
    alone: bool


def ties(session: Session, coordinator: Coordinator) -> Ties:
    """What waits to be decided, what stands, what was found to be none, and one's own."""
    known = [*_decisions(session, coordinator), *_answers(session, coordinator)]
    return Ties(
        suspected=grouped(suspicions(session, coordinator.call_id)),
        standing=[tie for stands, tie in known if stands],
        lifted=[tie for stands, tie in known if not stands],
        recognised=_recognised(session, coordinator),
        own=_own(session, coordinator),
        alone=not other_coordinators(session, coordinator),
    )


def count_suspected(session: Session, coordinator: Coordinator) -> int:
    """How many matters wait to be decided; until then whom they concern are given nothing of it."""
    return len(by_matter(suspicions(session, coordinator.call_id)))


def grouped(found: Sequence[Suspicion]) -> list[SuspectedTie]:
    """One line for each thing that matched."""
    return [
        SuspectedTie(
            key=key,
            application=same[0].application,
            title=same[0].title,
            language=same[0].language,
            ground=same[0].ground,
            evidence=same[0].evidence,
            members=sorted({each.member for each in same}),
        )
        for key, same in by_matter(found).items()
    ]


def _decisions(session: Session, coordinator: Coordinator) -> list[tuple[bool, KnownTie]]:
    codes = member_codes(session, coordinator)
    rows = session.execute(
        select(col(Application.code), Conflict)
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .where(col(Conflict.call_id) == coordinator.call_id)
        .order_by(col(Application.code), col(Conflict.id))
    )
    return [
        (
            row.stands,
            KnownTie(
                key=f"{application}.{codes.get(row.person_id, '')}.{row.version}" if row.stands else "",
                application=application,
                member=codes.get(row.person_id, ""),
                ground=row.ground,
                evidence=row.evidence,
                reason=row.reason,
                by=codes.get(row.decided_by, ""),
                at=row.decided_at,
            ),
        )
        for application, row in rows
    ]


def _recognised(session: Session, coordinator: Coordinator) -> list[Recognised]:
    """Of those who read it still, or have sent what they found."""
    said = _said(Tie.MAY_RECOGNISE).where(col(Assignment.withdrawn_at).is_(None))
    return [
        Recognised(application=application, member=member, note=note, at=at)
        for application, member, note, at in session.execute(said, {"call": coordinator.call_id})
    ]


def _said(answer: Tie) -> Any:
    """What reviewers said of themselves when they were asked for a tie."""
    return (
        select(col(Application.code), col(PanelMember.code), col(Assignment.tie_note), col(Assignment.tie_at))
        .select_from(Assignment)
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .where(col(Assignment.call_id) == bindparam("call"), col(Assignment.tie) == answer)
        .order_by(col(Application.code), col(PanelMember.code))
    )


def _answers(session: Session, coordinator: Coordinator) -> list[tuple[bool, KnownTie]]:
    """What reviewers declared of themselves."""
    rows = session.execute(_said(Tie.TIE), {"call": coordinator.call_id})
    return [
        (
            True,
            KnownTie(
                key="",
                application=application,
                member=member,
                ground=TieGround.DECLARED,
                evidence="",
                reason=note,
                by=member,
                at=at,
            ),
        )
        for application, member, note, at in rows
    ]


@dataclass(frozen=True, slots=True)
class StandingTie:
    """A tie that stands, of whoever it is: `member` is the code of the membership."""

    application: str
    person_id: int
    member: str
    ground: TieGround
    at: datetime | None


def standing_ties(session: Session, coordinator: Coordinator) -> list[StandingTie]:
    """Every tie of the call that stands, by application and member; a person's once for an application."""
    codes = member_codes(session, coordinator)
    decided = session.execute(
        select(col(Application.code), col(Conflict.person_id), col(Conflict.ground), col(Conflict.decided_at))
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .where(col(Conflict.call_id) == coordinator.call_id, col(Conflict.stands))
    ).all()
    answered = session.execute(
        select(col(Application.code), col(PanelMember.person_id), col(Assignment.tie_at))
        .select_from(Assignment)
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .where(col(Assignment.call_id) == coordinator.call_id, col(Assignment.tie) == Tie.TIE)
    ).all()
    found = [
        *(StandingTie(code, who, codes.get(who, ""), ground, at) for code, who, ground, at in decided),
        *(StandingTie(code, who, codes.get(who, ""), TieGround.DECLARED, at) for code, who, at in answered),
    ]
    once = {(tie.application, tie.person_id): tie for tie in sorted(found, key=_first_known)[::-1]}
    return sorted(once.values(), key=lambda tie: (tie.application, tie.member))


def _first_known(tie: StandingTie) -> tuple[str, str, str]:
    return tie.application, tie.member, tie.at.isoformat() if tie.at else ""


def _own(session: Session, coordinator: Coordinator) -> list[OwnTie]:
    with taken_down(session):
        rows = session.execute(
            select(col(Application.code), col(Conflict.reason), col(Conflict.decided_at))
            .join(Application, col(Application.id) == col(Conflict.application_id))
            .where(
                col(Conflict.call_id) == coordinator.call_id,
                col(Conflict.person_id) == coordinator.person_id,
                col(Conflict.stands),
            )
            .order_by(col(Conflict.decided_at), col(Conflict.id))
        ).all()
    return [OwnTie(application=application, reason=reason, at=at) for application, reason, at in rows]


def member_codes(session: Session, coordinator: Coordinator) -> dict[int, str]:
    """Person -> membership; who has two is called by that of the reviewer."""
    rows = session.execute(
        select(col(PanelMember.person_id), col(PanelMember.code))
        .where(col(PanelMember.call_id) == coordinator.call_id)
        .order_by(col(PanelMember.role))
    )
    return {row.person_id: row.code for row in rows}


def other_coordinators(session: Session, coordinator: Coordinator) -> int:
    """How many coordinate the call beside this one."""
    number: int = session.execute(
        select(func.count()).where(
            col(PanelMember.call_id) == coordinator.call_id,
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.person_id) != coordinator.person_id,
            col(PanelMember.removed_at).is_(None),
        )
    ).scalar_one()
    return number


def organisation_of(session: Session, coordinator: Coordinator) -> dict[str, str]:
    """Membership -> the organisation (its code) for which somebody scores."""
    rows = session.execute(
        select(col(PanelMember.code).label("member"), col(Organisation.code).label("organisation"))
        .join(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .where(col(PanelMember.call_id) == coordinator.call_id)
    )
    return {row.member: row.organisation for row in rows}
