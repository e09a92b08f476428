"""Reading seals: the one that stands, what of it everybody may read, and the order in which it reveals."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, exists
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.refusals import NotSealed, SealBroken
from app.decisions.seal_file import file_of, title_digest
from app.decisions.winner import Winner
from app.errors import NotFound
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult, ResultSeal
from app.models.events import Event

_STANDS = (col(ResultSeal.voided_at).is_(None), col(ResultSeal.confirmed_at).is_not(None))
_STANDING: Any = select(ResultSeal).where(col(ResultSeal.round_id) == bindparam("round"), *_STANDS)
_SHOWN: Any = (
    select_columns(col(ResultSeal.sha256))
    .join_from(ResultSeal, AwardRound, col(AwardRound.id) == ResultSeal.round_id)
    .where(col(AwardRound.code) == bindparam("round"), *_STANDS)
)
_HAS_EVENT: Any = select_columns(exists().where(col(Event.round_id) == bindparam("round")))
_PUBLIC: Any = (
    select_columns(
        col(AwardRound.code).label("round"),
        col(AwardRound.name),
        col(ResultSeal.number),
        col(ResultSeal.sha256),
        col(ResultSeal.confirmed_at),
        col(ResultSeal.voided_at),
        col(ResultSeal.nonce),
        col(ResultSeal.document),
        col(ResultSeal.codes),
        col(Call.published_at),
    )
    .join_from(ResultSeal, AwardRound, col(AwardRound.id) == ResultSeal.round_id)
    .join(Call, col(Call.id) == AwardRound.call_id)
    .where(
        col(Call.slug) == bindparam("slug"),
        col(Call.opened_at).is_not(None),
        col(ResultSeal.confirmed_at).is_not(None),
    )
    .order_by(col(AwardRound.position), col(ResultSeal.number).desc())
)
_TITLES: Any = (
    select_columns(
        col(Application.code),
        col(PublishedResult.title),
        col(PublishedResult.language),
        col(PublishedResult.slug),
    )
    .join_from(PublishedResult, Application, col(Application.id) == PublishedResult.application_id)
    .join(Call, col(Call.id) == PublishedResult.call_id)
    .where(col(Call.slug) == bindparam("slug"), col(Call.published_at).is_not(None))
)


def shown_seal(session: Session, round_code: str) -> str:
    """The SHA-256 of the seal that stands, for everybody at the evening; empty where none does."""
    return session.execute(_SHOWN, {"round": round_code}).scalar_one_or_none() or ""


class SealedWinner(BaseModel):
    """One line of what was sealed, and the winner's page. `same`: the title is the one that was sealed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reveal: int
    amount_minor: int | None
    title: str
    language: str
    slug: str
    same: bool


class PublicSeal(BaseModel):
    """A seal as everybody may read it: when, and its SHA-256. `voided_at`: the decision was opened again.

    `nonce`, `document` and `winners` are there once the results are public, of the seal that stood then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    name: Texts
    number: int
    sha256: str
    sealed_at: datetime
    voided_at: datetime | None
    nonce: str | None
    document: str | None
    winners: list[SealedWinner]


def public_seals(session: Session, call_slug: str) -> list[PublicSeal]:
    """Every seal of an opened call, by round, the newest first; empty for any other call."""
    rows = session.execute(_PUBLIC, {"slug": call_slug}).all()
    titles = {}
    if any(row.published_at is not None for row in rows):
        titles = {row.code: row for row in session.execute(_TITLES, {"slug": call_slug})}
    return [_public(row, titles) for row in rows]


def _public(row: Any, titles: dict[str, Any]) -> PublicSeal:
    opened = row.published_at is not None and row.voided_at is None
    return PublicSeal(
        round=row.round,
        name=row.name,
        number=row.number,
        sha256=row.sha256,
        sealed_at=row.confirmed_at,
        voided_at=row.voided_at,
        nonce=row.nonce if opened else None,
        document=row.document if opened else None,
        winners=_winners(row, titles) if opened else [],
    )


def _winners(row: Any, titles: dict[str, Any]) -> list[SealedWinner]:
    found = []
    for code, each in zip(row.codes, json.loads(row.document)["winners"], strict=True):
        shown = titles.get(code)
        title = shown.title if shown else ""
        found.append(
            SealedWinner(
                reveal=each["reveal"],
                amount_minor=each["amount_minor"],
                title=title,
                language=shown.language if shown else "",
                slug=shown.slug if shown else "",
                same=title_digest(row.nonce, title) == each["title_sha256"],
            )
        )
    return found


def seal_bytes(session: Session, call_slug: str, round_code: str) -> bytes:
    """The file of which the seal of a round is the SHA-256; NotFound before the results are public."""
    for each in public_seals(session, call_slug):
        if each.round == round_code and each.nonce is not None and each.document is not None:
            return file_of(each.nonce, each.document)
    raise NotFound


def standing_seal(session: Session, round_id: int) -> ResultSeal | None:
    """The seal by which a round is revealed: confirmed, and not made void."""
    found: ResultSeal | None = session.execute(_STANDING, {"round": round_id}).scalar_one_or_none()
    return found


def needs_seal(session: Session, round_id: int) -> bool:
    """Whether the round has an evening: then nobody is revealed before the results are sealed."""
    return bool(session.execute(_HAS_EVENT, {"round": round_id}).scalar_one())


def waits_for_seal(session: Session, round_id: int) -> bool:
    """Whether nobody can be revealed yet."""
    return needs_seal(session, round_id) and standing_seal(session, round_id) is None


def arranged(session: Session, round_id: int, winners: Sequence[Winner]) -> list[Winner]:
    """Those of a round who are to be revealed still, in the order that was sealed, as it was sealed.

    NotSealed where they must be and are not; SealBroken where the awards are not those that were sealed.
    """
    seal = standing_seal(session, round_id)
    if seal is None:
        if needs_seal(session, round_id):
            raise NotSealed
        return list(winners)
    left = {each.code: each for each in winners}
    sealed = [(code, amount) for code, amount in _sealed(seal) if code in left]
    if len(sealed) != len(winners) or any(left[code].amount_minor != amount for code, amount in sealed):
        raise SealBroken
    return [left[code] for code, _ in sealed]


def _sealed(seal: ResultSeal) -> list[tuple[str, int | None]]:
    """(application, amount) in the order of the reveal."""
    amounts = (each["amount_minor"] for each in json.loads(seal.document)["winners"])
    return list(zip(seal.codes, amounts, strict=True))


def foreseen(session: Session, round_id: int, winners: Sequence[Winner]) -> list[Winner]:
    """The same to be looked at: the order that was sealed, or the one in which they would be sealed."""
    seal = standing_seal(session, round_id)
    if seal is None:
        return list(winners)
    turns = {code: turn for turn, (code, _) in enumerate(_sealed(seal))}
    return sorted(winners, key=lambda each: turns.get(each.code, len(turns)))


def void_seals(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Make void what was sealed of a call whose decision is opened again; everybody can see that it was."""
    rows = session.exec(
        select(ResultSeal, AwardRound.code)
        .join(AwardRound, col(AwardRound.id) == ResultSeal.round_id)
        .where(AwardRound.call_id == coordinator.call_id, col(ResultSeal.voided_at).is_(None))
        .execution_options(populate_existing=True)
    ).all()
    for seal, code in rows:
        seal.voided_at = now
        session.add(seal)
        session.flush()
        record(
            session, "seal.void", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
            subject=code, detail={"number": seal.number},
        )  # fmt: skip
