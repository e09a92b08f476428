"""What everybody may read of a call's results: rows of `PublishedResult`, and counts once it is published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.calls.phase import phase
from app.decisions.held import WITHOUT_FORM
from app.errors import NotFound
from app.models.applications import Application
from app.models.calls import AwardRound, Call, Criterion, Method, Phase
from app.models.columns import Texts
from app.models.decisions import MissingReview, PublishedResult, RankingEntry
from app.models.panel import CallOrganisation, Organisation


class PublicScores(BaseModel):
    """What a winner was given: the criteria's means by code, and the total. One decimal and a point.

    A criterion that nobody could judge is absent; a total that does not exist is "".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    means: dict[str, str]
    total: str


class PublicWinner(BaseModel):
    """A winner. Amount in euro cents; None in a call without money.

    `summary` is in `language`, as its team wrote it; `summaries` has it in each of the site's languages where
    the programme wrote it itself, else it is None.
    `scores` only in a published call that said it would publish them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    round: str
    position: int
    title: str
    team: str
    summary: str
    summaries: Texts | None
    theme: str
    districts: list[str]
    language: str
    amount_minor: int | None
    published_at: datetime
    scores: PublicScores | None


class PublicCriterion(BaseModel):
    """A criterion and its share in percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: Texts
    weight: int


class PublicResults(BaseModel):
    """The results of a call. Counts, seed and hash are None until the call is published.

    `excused` counts reviews that an organisation was to write and did not, each excused in writing, and
    `excused_of_winners` those of them that would have been of winners.
    `archived` is a call of the past that was entered with its winners and nothing else: what it received,
    its method and its seed are None, for they are not known or never were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    title: Texts
    phase: Phase
    archived: bool
    published_at: datetime | None
    expected_at: datetime | None
    winners: list[PublicWinner]
    received: int | None
    excused: int | None
    excused_of_winners: int | None
    committed_minor: int | None
    method: Method | None
    scores_published: bool
    criteria: list[PublicCriterion]
    organisations: list[Texts]
    seed: str | None
    decision_hash: str | None


def results(session: Session, call_slug: str, now: datetime) -> PublicResults:
    """The results of an opened call: revealed winners as they come, everything after publication."""
    call = session.exec(
        select(Call).where(Call.slug == call_slug, col(Call.opened_at).is_not(None)).options(WITHOUT_FORM)
    ).one_or_none()
    if call is None:
        raise NotFound
    published = call.published_at is not None
    archived = published and call.reviewing_closed_at is None
    counts = _counts(session, call) if published and not archived else (None, None, None)
    received, excused, excused_of_winners = counts
    return PublicResults(
        call=call.slug,
        title=call.title,
        phase=phase(call, now),
        archived=archived,
        published_at=call.published_at,
        expected_at=call.results_expected_at,
        winners=_winners(session, call),
        received=received,
        excused=excused,
        excused_of_winners=excused_of_winners,
        committed_minor=_committed(session, call) if published else None,
        method=None if archived else call.method,
        scores_published=call.scores_published,
        criteria=[
            PublicCriterion(code=each.code, title=each.title, weight=each.weight)
            for each in session.exec(
                select(Criterion).where(Criterion.call_id == call.id).order_by(col(Criterion.position))
            )
        ],
        organisations=[
            each.name
            for each in session.exec(
                select(Organisation)
                .join(CallOrganisation, col(CallOrganisation.organisation_id) == Organisation.id)
                .where(CallOrganisation.call_id == call.id)
                .order_by(col(CallOrganisation.position))
            )
        ],
        seed=call.draw_seed if published and not archived else None,
        decision_hash=call.decision_hash if published else None,
    )


def winner(session: Session, slug: str) -> PublicWinner:
    """One public winner; NotFound before the reveal, as for any random slug."""
    row = session.execute(_public_rows().where(col(PublishedResult.slug) == slug)).one_or_none()
    if row is None:
        raise NotFound
    return _public(*row)


def _winners(session: Session, call: Call) -> list[PublicWinner]:
    """The one revealed last comes first: by then the first of the order."""
    rows = session.execute(
        _public_rows()
        .where(col(PublishedResult.call_id) == call.id)
        .order_by(col(AwardRound.position), col(PublishedResult.position).desc())
    )
    return [_public(*row) for row in rows]


def _public_rows() -> Select[Any]:
    """Public winners with their round, and in a published call that promised it their scores."""
    return (
        select_columns(PublishedResult, col(AwardRound.code), col(RankingEntry.shown))
        .join(AwardRound, col(AwardRound.id) == PublishedResult.round_id)
        .join(Call, col(Call.id) == PublishedResult.call_id)
        .outerjoin(
            RankingEntry,
            (col(RankingEntry.application_id) == PublishedResult.application_id)
            & col(Call.published_at).is_not(None)
            & col(Call.scores_published),
        )
    )


def _public(row: PublishedResult, round_code: str, shown: Mapping[str, Any] | None) -> PublicWinner:
    return PublicWinner(
        slug=row.slug,
        round=round_code,
        position=row.position,
        title=row.title,
        team=row.team,
        summary=row.summary,
        summaries=row.summaries,
        theme=row.theme,
        districts=row.districts,
        language=row.language,
        amount_minor=row.amount_minor,
        published_at=row.published_at,
        scores=PublicScores(means=shown["means"], total=shown["total"]) if shown else None,
    )


def _counts(session: Session, call: Call) -> tuple[int, int, int]:
    """Applications that were sent and not withdrawn; reviews missing of them, and of the winners alone."""
    counted = (Application.call_id == call.id, col(Application.counts_number).is_not(None))
    excused = (
        select(func.count())
        .select_from(MissingReview)
        .join(Application, col(Application.id) == col(MissingReview.application_id))
        .where(*counted, MissingReview.reason != "")
    )
    of_winners = excused.join(
        PublishedResult, col(PublishedResult.application_id) == col(MissingReview.application_id)
    )
    received, missing, won = session.execute(
        select_columns(
            select(func.count()).select_from(Application).where(*counted).scalar_subquery(),
            excused.scalar_subquery(),
            of_winners.scalar_subquery(),
        )
    ).one()
    return received, missing, won


def _committed(session: Session, call: Call) -> int | None:
    money = session.exec(
        select(AwardRound.committed_minor).where(
            AwardRound.call_id == call.id, col(AwardRound.envelope_minor).is_not(None)
        )
    ).all()
    return sum(money) if money else None
