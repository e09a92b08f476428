"""The answers of applicants on which suspected ties rest, for the coordinator who decides on them.

The form asks what kind of tie it is so that a coordinator can decide by it. It can name people, so that each
look is written down.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.audit.record import record
from app.models.applications import Application, Sending
from app.models.panel import PanelMember
from app.models.people import Identity, Person
from app.models.reviews import TieGround
from app.reviews.known_ties import SuspectedTie
from app.reviews.suspicions import name_pairs, near_pairs

ORGANISATION_NAMES = ("organisation_name_kk", "organisation_name_ru")


class Said(BaseModel):
    """One answer that bears on a suspicion: `question` of a section, and its words as they were sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str
    words: str


class Ground(BaseModel):
    """What was said, and whom of the panel (codes) the words name, where they name somebody."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    said: list[Said] = []
    named: list[str] = []


def read_said(
    session: Session, coordinator: Coordinator, ties: Sequence[SuspectedTie], now: datetime
) -> dict[str, Ground]:
    """Key of a suspicion -> what was said. Two queries and one line of the log, however many there are."""
    if not ties:
        return {}
    identities = {
        row.code: row.data
        for row in session.execute(
            select(col(Application.code), col(Identity.data))
            .join(Sending, IS_COUNTED_SENDING)
            .join(Identity, col(Identity.sending_id) == col(Sending.id))
            .where(
                col(Application.call_id) == coordinator.call_id,
                col(Application.code).in_({each.application for each in ties}),
            )
        )
    }
    names = _names(session, coordinator, {member for each in ties for member in each.members})
    record(
        session,
        "identity.list",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject="",
        detail={"count": len(identities)},
    )
    return {each.key: _ground(each, identities.get(each.application, {}), names) for each in ties}


def _names(session: Session, coordinator: Coordinator, members: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(col(PanelMember.code), col(Person.name))
        .join(Person, col(Person.id) == col(PanelMember.person_id))
        .where(col(PanelMember.call_id) == coordinator.call_id, col(PanelMember.code).in_(members))
    )
    return {row.code: row.name for row in rows}


def _ground(tie: SuspectedTie, identity: Mapping[str, Any], names: Mapping[str, str]) -> Ground:
    team, candidate = identity.get("team") or {}, identity.get("candidate") or {}
    wanted = {member: {*name_pairs(names.get(member, ""))} for member in tie.members}
    note = str(team.get("partner_links_note") or "")
    in_note = {*near_pairs(note)}
    named = [member for member, pairs in wanted.items() if pairs & in_note]
    said = []
    match tie.ground:
        case TieGround.ORGANISATION:
            if tie.evidence not in team.get("partner_links", ()):
                said += [Said(question=f"team.{each}", words=team[each]) for each in _given(team)]
        case TieGround.DOMAIN:
            said += [each for each in _addresses(team, candidate) if each.words.endswith(f"@{tie.evidence}")]
        case TieGround.NAME:
            sought = set().union(*wanted.values())
            said += [each for each in _people(team, candidate) if sought & {*name_pairs(each.words)}]
    if note and (named or tie.ground is TieGround.ORGANISATION):
        said.append(Said(question="team.partner_links_note", words=note))
    return Ground(said=said, named=named)


def _given(team: Mapping[str, Any]) -> list[str]:
    return [each for each in ORGANISATION_NAMES if team.get(each)]


def _addresses(team: Mapping[str, Any], candidate: Mapping[str, Any]) -> Iterator[Said]:
    for section, data in (("team", team), ("candidate", candidate)):
        if data.get("email"):
            yield Said(question=f"{section}.email", words=str(data["email"]).lower())
    for row in team.get("members") or ():
        if row.get("email"):
            yield Said(question="team.members.email", words=str(row["email"]).lower())


def _people(team: Mapping[str, Any], candidate: Mapping[str, Any]) -> Iterator[Said]:
    for section, data in (("team", team), ("candidate", candidate)):
        own = " ".join(str(data.get(name) or "") for name in ("family_name", "given_name", "patronymic"))
        if own.strip():
            yield Said(question=f"{section}.family_name", words=" ".join(own.split()))
    for row in team.get("members") or ():
        if row.get("name"):
            yield Said(question="team.members.name", words=str(row["name"]))
