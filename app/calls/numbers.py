"""How many applied and how many were funded in the round that was published last, from the data alone."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.applications import Application
from app.models.calls import Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult


class LastNumbers(BaseModel):
    """What became of the applications of one round, or of several of which only the sum is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: list[Texts]
    applied: int
    funded: int


def last_numbers(session: Session) -> LastNumbers | None:
    """The numbers of the round published last; None where there is none, or nobody knows how many applied.

    A call that ran here is counted. Of one that was entered afterwards its record says how many had
    applied, and in which calls together; who was funded is counted all the same.
    """
    last = session.execute(
        select(col(Call.slug), col(Call.reviewing_closed_at), col(Call.past_numbers))
        .where(col(Call.published_at).is_not(None))
        .order_by(col(Call.published_at).desc(), col(Call.slug).desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    slug, ran_here, past = last
    known = {"calls": [slug], "applied": _received(session, slug)} if ran_here else past
    return _numbers(session, known) if known else None


def _numbers(session: Session, known: dict[str, Any]) -> LastNumbers:
    rows = session.execute(
        select(col(Call.title), func.count(col(PublishedResult.id)))
        .outerjoin(
            PublishedResult,
            (col(PublishedResult.call_id) == col(Call.id)) & col(PublishedResult.given_back_at).is_(None),
        )
        .where(col(Call.slug).in_(known["calls"]))
        .group_by(col(Call.id))
        .order_by(col(Call.slug))
    ).all()
    return LastNumbers(
        calls=[title for title, _ in rows],
        applied=known["applied"],
        funded=sum(funded for _, funded in rows),
    )


def _received(session: Session, slug: str) -> int:
    """Applications that were sent and not withdrawn."""
    return session.exec(
        select(func.count(col(Application.id)))
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(col(Call.slug) == slug, col(Application.counts_number).is_not(None))
    ).one()
