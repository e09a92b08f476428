"""Entering a call of the past: its real winners, and nothing invented around them.

Such a call has no applicants, scores or reasons here, and says so on its results page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.applications.codes import free_code
from app.audit.record import record
from app.decisions.held import held_call, held_pot
from app.errors import Conflict
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import Award, PublishedResult
from app.models.keys import key_of
from app.random_codes import random_code


class NotAnEmptyCall(Conflict):
    """Past winners are entered only into a call that never received applications here."""

    code = "archive.not_an_empty_call"


@dataclass(frozen=True, slots=True)
class PastWinner:
    """One winner as published at the time. Amount in euro cents.

    `summary` is in `language`; `summaries` has it in others too, where the programme wrote them.
    """

    title: str
    summary: str
    theme: str
    language: str
    amount_minor: int | None
    districts: list[str] = field(default_factory=list)
    summaries: Texts | None = None


def record_past_results(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    winners: Sequence[PastWinner],
    held_at: datetime,
    *,
    past_numbers: dict[str, Any] | None = None,
    announced: bool = True,
) -> None:
    """Enter and publish the winners of a past round, in their published order.

    `past_numbers` says how many had applied, as it was published at the time: `applied`, and the `calls`
    (slugs) of which it is the sum. None where nobody knows.

    With `announced` False they are decided and nobody is revealed: the evening is still to come.

    The awards go through the same pot, so its envelope and places hold here too.
    """
    call = held_call(session, coordinator)
    pot = held_pot(session, coordinator, round_code)
    if session.exec(select(Application.id).where(Application.call_id == call.id)).first() is not None:
        raise NotAnEmptyCall
    # As in a live announcement, the last position is the first of the order.
    for position, each in zip(range(len(winners), 0, -1), winners, strict=True):
        _enter(session, coordinator, call, pot, each, position, held_at, announced=announced)
    call.scores_published = False
    call.past_numbers = past_numbers
    call.decided_at = held_at
    call.published_at = held_at if announced else None
    call.version += 1
    session.add(call)
    record(session, "archive.enter", now=held_at, person_id=coordinator.person_id, call_id=call.id)


def _enter(
    session: Session,
    coordinator: Coordinator,
    call: Call,
    pot: AwardRound,
    winner: PastWinner,
    position: int,
    held_at: datetime,
    *,
    announced: bool,
) -> None:
    application = Application(
        call_id=key_of(call.id),
        ref=f"{call.ref_prefix}-{random_code(6)}",
        code=free_code(session),
        status=Status.AWARDED if announced else Status.IN_REVIEW,
        language=winner.language,
        created_at=held_at,
        counts_number=1,
        imported=True,
    )
    session.add(application)
    session.flush()
    key = key_of(application.id)
    sending = Sending(
        application_id=key,
        number=1,
        language=winner.language,
        sent_at=held_at,
        sent_by=coordinator.person_id,
        sha256="",
    )
    session.add(sending)
    session.flush()
    shared: dict[str, Any] = {
        "title": winner.title,
        "summary": winner.summary,
        "theme": winner.theme,
        "districts": winner.districts,
        "language": winner.language,
    }
    session.add(Packet(sending_id=key_of(sending.id), data={}, **shared))
    session.add(
        Award(
            round_id=key_of(pot.id),
            application_id=key,
            amount_minor=winner.amount_minor,
            awarded_by=coordinator.person_id,
            awarded_at=held_at,
        )
    )
    if not announced:
        session.flush()
        return
    session.add(
        PublishedResult(
            call_id=key_of(call.id),
            round_id=key_of(pot.id),
            application_id=key,
            slug=random_code().lower(),
            position=position,
            amount_minor=winner.amount_minor,
            published_at=held_at,
            summaries=winner.summaries,
            **shared,
        )
    )
    session.flush()
