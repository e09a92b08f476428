"""Evenings that are still to be held, and how far the seal of the results of each round is."""

from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, exists, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.decisions import Award, PublishedResult, ResultSeal
from app.models.events import Event


class SealStands(StrEnum):
    """What the seal of a round waits for. `UNCONFIRMED`: the reader sealed, another one is to confirm."""

    NOTHING = "nothing"
    TO_SEAL = "to_seal"
    TO_CONFIRM = "to_confirm"
    UNCONFIRMED = "unconfirmed"


class Ahead(BaseModel):
    """One round of which no winner is known yet. `evening`: it has one, with its finalists `announced`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    name: Texts
    evening: bool
    announced: bool
    seal: SealStands


def evenings_ahead(session: Session, coordinator: Coordinator) -> list[Ahead]:
    """Rounds with an evening or with awards, in the order of the call: one query."""
    rows = session.execute(_rounds(), {"call": coordinator.call_id})
    return [
        Ahead(
            round=row.code,
            name=row.event or row.name,
            evening=row.finalists is not None or row.set_up is not None,
            announced=row.announced_at is not None,
            seal=_seal(row, coordinator),
        )
        for row in rows
    ]


def _seal(row: Any, coordinator: Coordinator) -> SealStands:
    if row.sealed_by is None:
        # Only what is announced at an evening must be sealed before.
        return SealStands.TO_SEAL if row.awarded and row.set_up is not None else SealStands.NOTHING
    if row.confirmed_at is not None:
        return SealStands.NOTHING
    mine = row.sealed_by == coordinator.person_id
    return SealStands.UNCONFIRMED if mine else SealStands.TO_CONFIRM


@cache
def _rounds() -> Any:
    """The seal that has not become void is one at most: the newest."""
    standing = and_(col(ResultSeal.round_id) == col(AwardRound.id), col(ResultSeal.voided_at).is_(None))
    return (
        select(
            col(AwardRound.code),
            col(AwardRound.name),
            col(AwardRound.event),
            col(AwardRound.finalists),
            col(Event.round_id).label("set_up"),
            col(Event.announced_at),
            col(ResultSeal.sealed_by),
            col(ResultSeal.confirmed_at),
            exists().where(col(Award.round_id) == col(AwardRound.id)).correlate(AwardRound).label("awarded"),
        )
        .join_from(AwardRound, Event, col(Event.round_id) == col(AwardRound.id), isouter=True)
        .join(ResultSeal, standing, isouter=True)
        .where(
            col(AwardRound.call_id) == bindparam("call"),
            ~exists().where(col(PublishedResult.round_id) == col(AwardRound.id)).correlate(AwardRound),
        )
        .order_by(col(AwardRound.position))
    )
