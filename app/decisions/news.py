"""What was announced, the newest first, for those who follow it: rows of `PublishedResult` alone."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import Session, col

from app.calls.public import storable
from app.models.calls import Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.public import CorrectionNotice


class NewsOfResults(BaseModel):
    """A winner as it was announced; `changed_at` is when that, or the giving back, was told last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    call_title: Texts
    slug: str
    title: str
    team: str
    summary: str
    summaries: Texts | None
    language: str
    amount_minor: int | None
    given_back: bool
    published_at: datetime
    changed_at: datetime


class NewsOfCorrection(BaseModel):
    """A correction as it was published; `winner` is the code of whom it is about, "" for a figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    call_title: Texts
    code: str
    winner: str
    words: Texts
    at: datetime


def news_of_corrections(session: Session, most: int, slug: str | None = None) -> list[NewsOfCorrection]:
    """The last corrections, of all calls or of one."""
    asked = (
        select(CorrectionNotice, col(Call.slug), col(Call.title), col(PublishedResult.slug))
        .join(Call, col(Call.id) == col(CorrectionNotice.call_id))
        .outerjoin(PublishedResult, col(PublishedResult.id) == col(CorrectionNotice.result_id))
        .order_by(col(CorrectionNotice.id).desc())
        .limit(most)
    )
    if slug is not None:
        asked = asked.where(col(Call.slug) == storable(slug))
    return [
        NewsOfCorrection(
            call=call,
            call_title=title,
            code=row.code,
            winner=winner or "",
            words=row.words,
            at=row.written_at,
        )
        for row, call, title, winner in session.execute(asked)
    ]


def news_of_results(session: Session, most: int, slug: str | None = None) -> list[NewsOfResults]:
    """The winners that were announced last, of all calls or of one."""
    asked = (
        select(PublishedResult, col(Call.slug), col(Call.title))
        .join(Call, col(Call.id) == col(PublishedResult.call_id))
        .order_by(col(PublishedResult.published_at).desc(), col(PublishedResult.id).desc())
        .limit(most)
    )
    if slug is not None:
        asked = asked.where(col(Call.slug) == storable(slug))
    return [
        NewsOfResults(
            call=call,
            call_title=title,
            slug=row.slug,
            title=row.title,
            team=row.team,
            summary=row.summary,
            summaries=row.summaries,
            language=row.language,
            amount_minor=row.amount_minor,
            given_back=row.given_back_at is not None,
            published_at=row.published_at,
            changed_at=row.given_back_at or row.published_at,
        )
        for row, call, title in session.execute(asked)
    ]
