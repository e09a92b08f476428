"""Whom to call on the evening: organisers, partner organisations, jury and finalists; for coordinators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.audit.record import record
from app.calls.panel import panel_of
from app.decisions.held import round_of
from app.events.jury import full_jury
from app.events.programme import numbers_of
from app.models.applications import Application, Sending
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.events import PitchCard
from app.models.keys import key_of
from app.models.panel import PanelRole
from app.models.people import Identity


class Reached(BaseModel):
    """One who can be called. `about` is what for: an organisation, or the title of an application."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    about: str
    phone: str
    email: str
    language: str


class ReachedJuror(Reached):
    """One of the jury; `organisation_name` is theirs."""

    number: int
    organisation_name: Texts


class ReachedTeam(Reached):
    """A finalist in the order in which they pitch."""

    slot: int
    number: int
    team: str


class Contacts(BaseModel):
    """Everybody, group by group."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    organisers: list[Reached]
    partners: list[Reached]
    jurors: list[ReachedJuror]
    finalists: list[ReachedTeam]


def contacts(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> Contacts:
    """Whom to call. Finalists are on it once they are announced; that they were read is written down."""
    pot = round_of(session, coordinator, round_code)
    panel = panel_of(session, coordinator)
    seated = full_jury(session, coordinator, round_code, now).seated
    teams = _teams(session, pot)
    if teams:
        record(
            session, "identity.list", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
            detail={"count": len(teams)},
        )  # fmt: skip

    def of(role: PanelRole) -> list[Reached]:
        return [
            Reached(name=each.name, about=each.organisation or "", phone="", email=each.email, language="")
            for each in panel
            if each.role is role
        ]

    return Contacts(
        organisers=of(PanelRole.COORDINATOR),
        partners=of(PanelRole.CONTACT),
        jurors=[
            ReachedJuror(
                number=each.number,
                name=each.name,
                about=each.organisation,
                organisation_name=each.organisation_name,
                phone=each.phone,
                email=each.email,
                language=each.language,
            )
            for each in seated
        ],
        finalists=teams,
    )


def _teams(session: Session, pot: AwardRound) -> list[ReachedTeam]:
    rows = session.execute(
        select_columns(PitchCard, col(Identity.data))
        .join(Application, col(Application.id) == col(PitchCard.application_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(col(PitchCard.round_id) == pot.id)
        .order_by(col(PitchCard.slot))
    ).all()
    numbers = numbers_of(session, key_of(pot.id)) if rows else {}
    return [
        _team(card, numbers[card.slot], data.get("team") or data.get("candidate") or {})
        for card, data in rows
    ]


def _team(card: PitchCard, number: int, said: Mapping[str, Any]) -> ReachedTeam:
    return ReachedTeam(
        slot=card.slot,
        number=number,
        team=card.team,
        name=" ".join(part for part in (said.get("given_name"), said.get("family_name")) if part),
        about=card.title,
        phone=said.get("phone") or "",
        email=said.get("email") or "",
        language=said.get("contact_language") or card.language,
    )
