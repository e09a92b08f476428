"""What a reviewer may take along to read elsewhere: the texts that are still to be scored and may be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.applications.blind import PACKET, BlindApplication, application
from app.calls.phase import phase
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.reviews import Assignment
from app.reviews.call_state import DATED
from app.reviews.own import own_reviews, whose
from app.reviews.queries import IS_SENT, TO_DO
from app.reviews.refusals import ReviewingNotOpen
from app.reviews.rubric import Rubric, rubric_of

IN_ONE_FILE = 60
"""Texts in one file: what a typesetter makes in a few seconds, and more than one takes along at once."""

_CALL = select(
    col(Call.title),
    col(Call.themes),
    col(Call.priorities),
    col(Call.own_question),
    col(Call.reviews_due_at),
    col(Call.version),
    col(Call.frozen_hash),
    *DATED,
).where(col(Call.id) == bindparam("call_id"))
_TEXTS = (
    own_reviews(*PACKET, col(Assignment.tie), IS_SENT.label("sent"))
    .where(TO_DO, col(Application.status) == Status.IN_REVIEW)
    .order_by(col(Assignment.queue_key))
)


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """The texts of one file, in the reviewer's own order, and what is said with them.

    `unanswered` are codes whose text stays closed until the question about ties is answered; `parts` is how
    many files there are.
    """

    title: Texts
    themes: list[dict[str, Any]]
    priorities: list[dict[str, Any]]
    own_question: dict[str, Any]
    rubric: Rubric
    due_at: datetime | None
    texts: Sequence[BlindApplication]
    unanswered: Sequence[str]
    parts: int


def own_texts(session: Session, reviewer: Reviewer, part: int, now: datetime) -> OwnTexts:
    """One part of what is not sent yet; empty beyond the last. ReviewingNotOpen at any other time."""
    call = session.execute(_CALL, {"call_id": reviewer.call_id}).one()
    if phase(call, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    rows = [row for row in session.execute(_TEXTS, whose(reviewer)).all() if not row.sent]
    readable = [row for row in rows if row.tie is not None]
    begin = (part - 1) * IN_ONE_FILE
    return OwnTexts(
        title=call.title,
        themes=call.themes,
        priorities=call.priorities,
        own_question=call.own_question,
        rubric=rubric_of(session, reviewer.call_id, call.version, call.frozen_hash),
        due_at=call.reviews_due_at,
        texts=[application(row) for row in readable[begin : begin + IN_ONE_FILE]],
        unanswered=[row.code for row in rows if row.tie is None],
        parts=max(1, -(-len(readable) // IN_ONE_FILE)),
    )
