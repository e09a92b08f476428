"""Sealing the results of a round before they are announced: computed twice, by two persons.

What the tables hold must be what the stored protocol gives when it is computed again from the scores in it:
two ways that share no statement. Else nothing is sealed, and where they differ is said.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.announce import named, unrevealed
from app.decisions.decided import decision_hash
from app.decisions.held import call_of, held_call, held_pot, round_of
from app.decisions.protocol_file import Malformed, parsed
from app.decisions.recompute import MOST_SAID, recompute
from app.decisions.refusals import (
    AlreadyPublished,
    AlreadyRevealed,
    NotDecided,
    NothingAwarded,
    NotRecorded,
    SealConfirmed,
    SealDiffers,
    SealSecondPerson,
    SealStands,
    SealUnlike,
)
from app.decisions.seal_file import Sealed, from_protocol, seal_of, sealed_document, title_digest, unlike
from app.decisions.seals import needs_seal, standing_seal
from app.decisions.seconds import is_alone, members_of, reason_alone
from app.errors import NotFound, Stale
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.decisions import DecisionProtocol, PublishedResult, RankingEntry, RankingRun, ResultSeal
from app.models.jury import PitchEntry
from app.models.keys import key_of
from app.random_codes import random_hex
from app.wall import BehindWall, is_walled, taken_down, wall_of, whole_call


class FullSeal(BaseModel):
    """A seal as coordinators read it; `sealed_by` and `confirmed_by` are codes of memberships.

    `reason` is of who sealed alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    sha256: str
    sealed_by: str
    sealed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    voided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A winner as it was sealed, with its team; the amount in euro cents, None where there is no money."""

    title: str
    team: str
    language: str
    amount_minor: int | None


class Sealing(BaseModel):
    """How far the seal of a round is; `seals` the newest first. `number` is the newest's, 0 before the first.

    `required`: nobody is revealed without it. `alone`: there is no second coordinator, so that a reason is
    asked for. `mine`: who reads has sealed it, and waits for somebody else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    number: int
    required: bool
    alone: bool
    mine: bool
    can_seal: bool
    can_confirm: bool
    stands: bool
    decided: bool
    published: bool
    seals: list[FullSeal]


def sealing(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> Sealing:
    """The seals of a round, and what this coordinator can do."""
    pot, call = round_of(session, coordinator, round_code), call_of(session, coordinator)
    rows = _seals(session, key_of(pot.id))
    newest = rows[0] if rows and rows[0].voided_at is None else None
    reached = phase(call, now)
    members = members_of(session, coordinator)
    mine = newest is not None and newest.sealed_by == coordinator.person_id
    waits = newest is not None and newest.confirmed_at is None
    return Sealing(
        round=pot.code,
        number=rows[0].number if rows else 0,
        required=needs_seal(session, key_of(pot.id)),
        alone=is_alone(session, coordinator),
        mine=mine and waits,
        can_seal=reached is Phase.DECIDED and newest is None and not _revealed(session, pot),
        can_confirm=reached is Phase.DECIDED and waits and not mine,
        stands=newest is not None and not waits,
        decided=reached in {Phase.DECIDED, Phase.PUBLISHED},
        published=reached is Phase.PUBLISHED,
        seals=[
            FullSeal(
                number=each.number,
                sha256=each.sha256,
                sealed_by=members.get(each.sealed_by, ""),
                sealed_at=each.sealed_at,
                confirmed_by=members.get(each.confirmed_by or 0, ""),
                confirmed_at=each.confirmed_at,
                voided_at=each.voided_at,
                reason=each.reason,
            )
            for each in rows
        ],
    )


def seal(
    session: Session, coordinator: Coordinator, round_code: str, seen: int, reason: str, now: datetime
) -> None:
    """Seal the results of a round; with nobody to confirm it, that is done with the reason.

    `seen` is the number of the newest seal that was looked at: two presses seal once.
    """
    call, pot = _held(session, coordinator, round_code, now)
    rows = _seals(session, key_of(pot.id))
    newest = rows[0].number if rows else 0
    if seen != newest:
        raise Stale(version=newest)
    if rows and rows[0].voided_at is None:
        raise SealStands
    with taken_down(session):
        if _revealed(session, pot):
            raise AlreadyRevealed
    alone = is_alone(session, coordinator)
    why = reason_alone(reason) if alone else ""
    nonce = random_hex()
    codes, document = _document(session, coordinator, call, pot, newest + 1, nonce)
    row = ResultSeal(
        round_id=key_of(pot.id),
        number=newest + 1,
        sha256=seal_of(nonce, document),
        nonce=nonce,
        document=document,
        codes=codes,
        sealed_by=coordinator.person_id,
        sealed_at=now,
        reason=why,
        confirmed_at=now if alone else None,
    )
    session.add(row)
    _told(session, coordinator, call, pot, row, "seal.make", now)
    if alone:
        record(
            session, "ledger.sealed_alone", now=now, person_id=coordinator.person_id, call_id=call.id,
            subject=pot.code, detail={"reason": why},
        )  # fmt: skip


def confirm_seal(
    session: Session, coordinator: Coordinator, round_code: str, seen: int, now: datetime
) -> None:
    """Confirm as the second person what another one has sealed; it is computed twice once more."""
    call, pot = _held(session, coordinator, round_code, now)
    rows = _seals(session, key_of(pot.id))
    if not rows or rows[0].voided_at is not None:
        raise NotFound
    row = rows[0]
    if row.number != seen:
        raise Stale(version=row.number)
    if row.confirmed_at is not None:
        raise SealConfirmed
    if row.sealed_by == coordinator.person_id:
        raise SealSecondPerson
    again = _document(session, coordinator, call, pot, row.number, row.nonce)
    if again != (row.codes, row.document):
        _refuse(session, ["the document"])
    row.confirmed_by, row.confirmed_at = coordinator.person_id, now
    _told(session, coordinator, call, pot, row, "seal.confirm", now)


def sealed_list(
    session: Session, coordinator: Coordinator, round_code: str
) -> tuple[ResultSeal, list[SealedLine]]:
    """The seal that stands and all whom it holds, to be printed; NotFound for who has a tie in the call.

    Whatever became of their awards since: SealUnlike where a title is not the one that was sealed.
    """
    pot = round_of(session, coordinator, round_code)
    rows = _seals(session, key_of(pot.id))
    if is_walled(session) or not rows or rows[0].voided_at is not None or rows[0].confirmed_at is None:
        raise NotFound
    return rows[0], _sealed_lines(session, coordinator, rows[0])


def _sealed_lines(session: Session, coordinator: Coordinator, seal: ResultSeal) -> list[SealedLine]:
    found = named(session, coordinator, seal.codes)
    lines = []
    for code, each in zip(seal.codes, json.loads(seal.document)["winners"], strict=True):
        title, team, language = found.get(code, ("", "", ""))
        if title_digest(seal.nonce, title) != each["title_sha256"]:
            raise SealUnlike
        lines.append(SealedLine(title, team, language, each["amount_minor"]))
    return lines


def sealing_number(session: Session, coordinator: Coordinator, round_code: str) -> int:
    """The number of the seal that stands; 0 where none does."""
    found = standing_seal(session, key_of(round_of(session, coordinator, round_code).id))
    return found.number if found else 0


def _held(
    session: Session, coordinator: Coordinator, round_code: str, now: datetime
) -> tuple[Call, AwardRound]:
    call = held_call(session, coordinator)
    pot = held_pot(session, coordinator, round_code)
    reached = phase(call, now)
    if reached is Phase.PUBLISHED:
        raise AlreadyPublished
    if reached is not Phase.DECIDED:
        raise NotDecided
    return call, pot


def _seals(session: Session, round_id: int) -> Sequence[ResultSeal]:
    return session.exec(
        select(ResultSeal)
        .where(ResultSeal.round_id == round_id)
        .order_by(col(ResultSeal.number).desc())
        .execution_options(populate_existing=True)
    ).all()


def _revealed(session: Session, pot: AwardRound) -> bool:
    return (
        session.exec(select(PublishedResult.id).where(PublishedResult.round_id == pot.id)).first() is not None
    )


@whole_call
def _document(
    session: Session, coordinator: Coordinator, call: Call, pot: AwardRound, number: int, nonce: str
) -> tuple[list[str], str]:
    """Winners and document, of what the tables hold, once the protocol has given the same."""
    winners = unrevealed(session, coordinator, key_of(pot.id))
    if not winners:
        raise NothingAwarded
    places = dict(
        session.exec(
            select(Application.code, RankingEntry.place)
            .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
            .where(RankingEntry.call_id == call.id)
        ).all()
    )
    # A round whose pitches are scored goes by an order of its own.
    places |= dict(
        session.exec(
            select(Application.code, PitchEntry.place)
            .join(PitchEntry, col(PitchEntry.application_id) == Application.id)
            .where(PitchEntry.round_id == pot.id)
        ).all()
    )
    scores = session.exec(
        select(RankingRun.input_hash)
        .where(RankingRun.call_id == call.id)
        .order_by(col(RankingRun.number).desc())
        .limit(1)
    ).first()
    kept = session.exec(
        select(DecisionProtocol)
        .where(DecisionProtocol.call_id == call.id)
        .order_by(col(DecisionProtocol.number).desc())
        .limit(1)
    ).first()
    if kept is None or scores is None:
        raise NotRecorded
    ours = [(each.code, places.get(each.code, 0), each.amount_minor) for each in winners]
    lines = _differences(kept, ours, pot.code)
    if decision_hash(session, call) != call.decision_hash:
        lines.append("the fingerprint of the decision: the tables are not as they were frozen")
    if lines:
        _refuse(session, lines)
    document = sealed_document(
        call=call.slug,
        round_code=pot.code,
        number=number,
        decision=call.decision_hash or "",
        scores=scores,
        protocol=(kept.number, kept.digest),
        nonce=nonce,
        winners=[Sealed(each.title, each.amount_minor) for each in winners],
    )
    return [each.code for each in winners], document


def _differences(
    kept: DecisionProtocol, ours: Sequence[tuple[str, int, int | None]], round_code: str
) -> list[str]:
    """Where the protocol, computed again from the scores in it, does not give what the tables hold."""
    try:
        protocol, document = parsed(kept.document)
    except Malformed as error:
        return [f"the stored protocol: {error}"]
    checks = recompute(protocol, document)
    found = [f"{each.title}: {line}" for each in checks for line in each.differences]
    if protocol.digest != kept.digest:
        found.append("the digest of the stored protocol")
    return found + unlike(ours, from_protocol(protocol, round_code))


def _refuse(session: Session, lines: Sequence[str]) -> None:
    """What differs names applications, so who has a tie hears only that it does."""
    if wall_of(session):
        raise BehindWall
    raise SealDiffers(lines="; ".join(lines[:MOST_SAID]))


def _told(
    session: Session,
    coordinator: Coordinator,
    call: Call,
    pot: AwardRound,
    row: ResultSeal,
    action: str,
    now: datetime,
) -> None:
    """Keep it, in the log too; the call's public page shows the seal."""
    session.add(row)
    call.version += 1
    session.add(call)
    session.flush()
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=call.id, subject=pot.code,
        detail={"number": row.number, "sha256": row.sha256},
    )  # fmt: skip
