"""What is taken along for an announcement: slides, cards and the sealed list. Each copy is in the log.

All of it is what the seal holds. Once the results are public nothing is left to announce, and who won may
have changed since; the list remains, to be signed and filed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.accounts.panel_names import names_of
from app.audit.record import record
from app.decisions.held import call_of, round_of
from app.decisions.refusals import AlreadyPublished
from app.decisions.sealing import sealed_list, sealing_number
from app.decisions.seconds import members_of
from app.documents.deck import DeckWinner, Slides, cards_pdf, list_pdf, slides_pdf
from app.documents.sender import Sender
from app.messages import formats
from app.messages.answers import in_language
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.columns import Texts
from app.wall import is_walled


class DeckKind(StrEnum):
    """Three papers of one seal."""

    SLIDES = "slides"
    CARDS = "cards"
    LIST = "list"


class DeckCopy(BaseModel):
    """One copy: whose, by the code of the membership, of what, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    by: str
    kind: DeckKind
    at: datetime


class Deck(BaseModel):
    """Who has taken what of the seal that stands. `tied`: who reads this may not. `kinds` can be taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    stands: bool
    tied: bool
    people: int
    kinds: list[DeckKind]
    copies: list[DeckCopy]


@dataclass(frozen=True, slots=True)
class Taken:
    """One copy with all that it shows."""

    kind: DeckKind
    call_title: Texts
    event: Texts
    sha256: str
    number: int
    owner: str
    published: bool
    winners: Sequence[tuple[str, str, str, int | None]]


def deck_of(session: Session, coordinator: Coordinator, round_code: str) -> Deck:
    """The copies that were taken since the results were sealed."""
    pot = round_of(session, coordinator, round_code)
    number = sealing_number(session, coordinator, round_code)
    rows = session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.call_id == coordinator.call_id,
            AuditEntry.action == "deck.take",
            AuditEntry.subject == pot.code,
        )
        .order_by(col(AuditEntry.id))
    )
    members = members_of(session, coordinator)
    copies = [
        DeckCopy(by=members.get(row.person_id or 0, ""), kind=DeckKind(row.detail["kind"]), at=row.at)
        for row in rows
        if row.detail.get("number") == number
    ]
    return Deck(
        stands=number > 0,
        tied=is_walled(session),
        people=len({each.by for each in copies}),
        kinds=_kinds(call_of(session, coordinator)),
        copies=copies,
    )


def _kinds(call: Call) -> list[DeckKind]:
    return [*DeckKind] if call.published_at is None else [DeckKind.LIST]


def take_deck(
    session: Session, coordinator: Coordinator, round_code: str, kind: DeckKind, now: datetime
) -> Taken:
    """What a copy shows, once it is in the log whose it is.

    AlreadyPublished for what only an announcement needs; SealUnlike where not all is here that was sealed.
    """
    pot, call = round_of(session, coordinator, round_code), call_of(session, coordinator)
    seal, winners = sealed_list(session, coordinator, round_code)
    if kind not in _kinds(call):
        raise AlreadyPublished
    record(
        session, "deck.take", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"kind": kind.value, "number": seal.number},
    )  # fmt: skip
    return Taken(
        kind=kind,
        call_title=call.title,
        event=pot.event or pot.name,
        sha256=seal.sha256,
        number=seal.number,
        owner=_owner(session, coordinator),
        published=call.published_at is not None,
        winners=[(each.title, each.team, each.language, each.amount_minor) for each in winners],
    )


def _owner(session: Session, coordinator: Coordinator) -> str:
    """The name: nobody who finds a copy can read a code."""
    code = members_of(session, coordinator).get(coordinator.person_id, "")
    found = names_of(session, coordinator, [code])
    return found[code].shown if code in found else code


def deck_paper(taken: Taken, language: str, sender: Sender, now: datetime) -> Callable[[], bytes]:
    """How its PDF is made, once nobody waits for a session."""
    slides = Slides(
        language=language,
        call=in_language(language, taken.call_title),
        event=in_language(language, taken.event),
        sha256=taken.sha256,
        number=taken.number,
        owner=taken.owner,
        published=taken.published,
        winners=[
            DeckWinner(title, team, lang, "" if amount is None else formats.euros(language, amount))
            for title, team, lang, amount in taken.winners
        ],
        at=now,
    )
    make = {DeckKind.SLIDES: slides_pdf, DeckKind.CARDS: cards_pdf, DeckKind.LIST: list_pdf}[taken.kind]
    return lambda: make(slides, sender)
