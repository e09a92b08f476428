"""All open questions about ties of one reviewer, asked and answered together.

The PDF of the texts and the sheet hold only what has been answered: whoever takes the work along, or wants to
know at once what falls away, need not open every application for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.applications.blind import PACKET, BlindCard, card
from app.audit.record import record
from app.calls.phase import phase
from app.errors import Invalid
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Tie
from app.reviews.actions import answer_tie
from app.reviews.call_state import DATED
from app.reviews.inputs import TieInput, TiesInput
from app.reviews.own import own_reviews, whose
from app.reviews.refusals import AssignmentWithdrawn, ReviewingNotOpen, TieDeclared

_CALL = select(col(Call.title), col(Call.themes), *DATED).where(col(Call.id) == bindparam("call_id"))
_CALL_HELD = select(*DATED).where(col(Call.id) == bindparam("call_id")).with_for_update(read=True)
_IS_OPEN = (
    col(Assignment.tie).is_(None),
    col(Assignment.withdrawn_at).is_(None),
    col(Application.status) == Status.IN_REVIEW,
)
_CARDS = own_reviews(*PACKET).where(*_IS_OPEN).order_by(col(Assignment.queue_key))
_LOCKED = (
    own_reviews(
        col(Application.code),
        col(Assignment.id).label("key"),
        col(ClearedPacket.version).label("text_version"),
    )
    .where(*_IS_OPEN)
    .order_by(col(Assignment.id))
    .with_for_update(of=[Assignment])
)
_ANSWER = (
    update(Assignment)
    .where(col(Assignment.id) == bindparam("key"))
    .values(
        tie=bindparam("said"),
        tie_note=bindparam("why"),
        tie_at=bindparam("at"),
        read_version=bindparam("text_version"),
    )
)


@dataclass(frozen=True, slots=True)
class OpenTies:
    """The neutral cards of what is not answered yet, in one's own order; none unless reviewing is open."""

    title: Texts
    themes: list[dict[str, Any]]
    cards: list[BlindCard]


def open_ties(session: Session, reviewer: Reviewer, now: datetime) -> OpenTies:
    """What is still asked; two queries, whatever there is."""
    call = session.execute(_CALL, {"call_id": reviewer.call_id}).one()
    rows = session.execute(_CARDS, whose(reviewer)).all() if phase(call, now) is Phase.REVIEWING else []
    return OpenTies(call.title, call.themes, [card(row) for row in rows])


def answer_ties(session: Session, reviewer: Reviewer, given: TiesInput, now: datetime) -> int:
    """Keep all answers, and give their number. What is left open stays asked, unless one says with `rest`
    that there is no tie to any other of those that were shown.

    What was answered elsewhere in the meantime is answered anew by what was chosen here, never by `rest`.
    """
    call = session.execute(_CALL_HELD, {"call_id": reviewer.call_id}).one()
    if phase(call, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    still = {row.code: row for row in session.execute(_LOCKED, whose(reviewer)).all()}
    said = {code: TieInput(tie=each.tie, note=each.note) for code, each in given.ties.items() if each.tie}
    for code in set(said) - set(still):
        _answer_again(session, reviewer, code, said[code], now)
    if given.rest:
        said |= {code: TieInput(tie=Tie.NONE) for code in given.ties if code in still and code not in said}
    if not said:
        raise Invalid({"rest": ("tie.nothing_answered", {})})
    _answer(session, reviewer, still, {code: each for code, each in said.items() if code in still}, now)
    return len(said)


def _answer(
    session: Session,
    reviewer: Reviewer,
    still: Mapping[str, Any],
    said: Mapping[str, TieInput],
    now: datetime,
) -> None:
    """Nothing can have been scored before the question, so there is nothing to void."""
    if not said:
        return
    session.connection().execute(
        _ANSWER,
        [
            {
                "key": still[code].key,
                "said": each.tie,
                "why": each.note,
                "at": now,
                "text_version": None if each.tie is Tie.TIE else still[code].text_version,
            }
            for code, each in said.items()
        ],
    )
    for code, each in said.items():
        if each.tie is Tie.TIE:
            record(
                session,
                "review.declare_tie",
                now=now,
                person_id=reviewer.person_id,
                call_id=reviewer.call_id,
                subject=code,
            )


def _answer_again(session: Session, reviewer: Reviewer, code: str, given: TieInput, now: datetime) -> None:
    """What is not asked any more: a declared tie stands, and what was taken back needs no answer."""
    try:
        answer_tie(session, reviewer, code, given, now)
    except (AssignmentWithdrawn, TieDeclared):
        return
