"""What everybody may read of a call's results: rows of `PublishedResult`, and counts once it is published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.calls.phase import phase
from app.calls.public import storable
from app.decisions.figures import PublicFigures, public_figures
from app.decisions.held import WITHOUT_FORM
from app.decisions.notices import PublicNotice, notices_of
from app.decisions.public_pitch import PublicPitches, public_pitches
from app.decisions.stands import lots_of
from app.decisions.winner_pictures import ShownPicture, shown_picture
from app.errors import NotFound
from app.models.applications import Application
from app.models.calls import AwardRound, Call, Criterion, Phase
from app.models.columns import Texts
from app.models.decisions import (
    MissingReview,
    PublishedResult,
    RankingEntry,
    RankingRun,
    ReserveEntry,
    WinnerPicture,
)
from app.models.events import Event
from app.models.jury import PitchEntry
from app.models.keys import key_of
from app.models.panel import CallOrganisation, Organisation
from app.scoring.methods import Method


class PublicScores(BaseModel):
    """What a winner was given: the written means by code, and the total that decided. One decimal, a point.

    A criterion that nobody could judge is absent; a total that does not exist is "". Of who pitched, `total`
    is made of `written` and `pitch` by the published weight; of everybody else both are "".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    means: dict[str, str]
    total: str
    written: str
    pitch: str


class PublicWinner(BaseModel):
    """A winner. Amount in euro cents; None in a call without money.

    `summary` is in `language`, as its team wrote it; `summaries` has it in each of the site's languages where
    the programme wrote it itself, else it is None.
    `scores` only in a published call that said it would publish them. `reserved` holds a reserved seat,
    `promoted` came from the reserve list, `given_back_at` is when it gave the award back. `picture` is there
    where a coordinator chose one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
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
    reserved: bool
    promoted: bool
    given_back_at: datetime | None
    published_at: datetime
    scores: PublicScores | None
    picture: ShownPicture | None


class PublicReserve(BaseModel):
    """How many stand by in a round, and until when; who they are is nobody's to know but theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    count: int
    until: datetime


class PublicCriterion(BaseModel):
    """A criterion and its share in percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: Texts
    weight: int


class HeldEvening(BaseModel):
    """The evening of a round, which has a page of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    name: Texts
    starts_at: datetime


class PublicLots(BaseModel):
    """That lots were drawn at the line: by so many applications, for so many places; `without_draw` were in
    by the reviews. Who drew is told to nobody. `seed` is the lots' own, which follows from that of the
    call."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    without_draw: int
    drawing: int
    places: int
    seed: str


class PublicResults(BaseModel):
    """The results of a call. Counts, seed and hash are None until the call is published.

    `returned` are winners who gave the award back: they are no more among the `winners`.
    `excused` counts reviews that an organisation was to write and did not, each excused in writing, and
    `excused_of_winners` those of them that would have been of winners.
    `pitches` is there for each round that decides by pitches too, `lots` where lots were drawn at the line.
    `archived` is a call of the past that was entered with its winners and nothing else: what it received,
    its method, its figures and its seed are None, for they are not known or never were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    title: Texts
    phase: Phase
    archived: bool
    published_at: datetime | None
    expected_at: datetime | None
    winners: list[PublicWinner]
    returned: list[PublicWinner]
    reserve: list[PublicReserve]
    received: int | None
    figures: PublicFigures | None
    excused: int | None
    excused_of_winners: int | None
    committed_minor: int | None
    method: Method | None
    pitches: list[PublicPitches]
    evenings: list[HeldEvening]
    scores_published: bool
    criteria: list[PublicCriterion]
    organisations: list[Texts]
    seed: str | None
    lots: PublicLots | None
    decision_hash: str | None
    corrections: list[PublicNotice]


def results(session: Session, call_slug: str, now: datetime) -> PublicResults:
    """The results of an opened call: revealed winners as they come, everything after publication."""
    call = session.exec(
        select(Call)
        .where(Call.slug == storable(call_slug), col(Call.opened_at).is_not(None))
        .options(WITHOUT_FORM)
    ).one_or_none()
    if call is None:
        raise NotFound
    published = call.published_at is not None
    archived = published and call.reviewing_closed_at is None
    counts = _counts(session, call) if published and not archived else (None, None, None)
    received, excused, excused_of_winners = counts
    every = _winners(session, call)
    criteria = [
        PublicCriterion(code=each.code, title=each.title, weight=each.weight)
        for each in session.exec(
            select(Criterion).where(Criterion.call_id == call.id).order_by(col(Criterion.position))
        )
    ]
    codes = [each.code for each in criteria]
    held: Sequence[tuple[AwardRound, Event | None]] = session.exec(
        select(AwardRound, Event)
        .outerjoin(Event, col(Event.round_id) == col(AwardRound.id))
        .where(AwardRound.call_id == call.id)
        .order_by(col(AwardRound.position))
    ).all()
    pots = [pot for pot, _ in held]
    return PublicResults(
        call=call.slug,
        title=call.title,
        phase=phase(call, now),
        archived=archived,
        published_at=call.published_at,
        expected_at=call.results_expected_at,
        winners=[each for each in every if each.given_back_at is None],
        returned=[each for each in every if each.given_back_at is not None],
        reserve=_reserve(session, call) if published else [],
        received=received,
        figures=public_figures(session, call, codes) if published and not archived else None,
        excused=excused,
        excused_of_winners=excused_of_winners,
        committed_minor=_committed(pots) if published else None,
        method=None if archived else call.method,
        pitches=[] if archived else public_pitches(session, call, pots, codes),
        evenings=[
            HeldEvening(round=pot.code, name=pot.event or pot.name, starts_at=event.starts_at)
            for pot, event in held
            if event is not None
        ],
        scores_published=call.scores_published,
        criteria=criteria,
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
        lots=_lots(session, call) if published and not archived and call.lottery else None,
        decision_hash=call.decision_hash if published else None,
        corrections=notices_of(session, key_of(call.id)) if published else [],
    )


def winner(session: Session, slug: str, call_slug: str | None = None) -> PublicWinner:
    """One public winner, of this call if one is named; NotFound before the reveal, as for any random slug."""
    asked = _public_rows().where(col(PublishedResult.slug) == storable(slug))
    if call_slug is not None:
        asked = asked.where(col(Call.slug) == storable(call_slug))
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound
    return _public(*row)


def _winners(session: Session, call: Call) -> list[PublicWinner]:
    """The one revealed last comes first, by then the first of the order; who came up later, last."""
    rows = session.execute(
        _public_rows()
        .where(col(PublishedResult.call_id) == call.id)
        .order_by(
            col(AwardRound.position),
            col(PublishedResult.promoted),
            # Of those who came up the first to do so.
            case((col(PublishedResult.promoted), col(PublishedResult.position))),
            col(PublishedResult.position).desc(),
        )
    )
    return [_public(*row) for row in rows]


def _lots(session: Session, call: Call) -> PublicLots | None:
    """Of the order that stands; None where the places were enough for all who would have drawn."""
    board = session.exec(
        select(RankingRun.summary)
        .where(RankingRun.call_id == call.id)
        .order_by(col(RankingRun.number).desc())
        .limit(1)
    ).first()
    held = lots_of((board or {}).get("board", {}))
    if held is None or not held.drawing:
        return None
    # The arithmetic brings a large library along, which only a call with lots needs.
    from app.scoring.lottery import lottery_seed

    return PublicLots(
        without_draw=held.certain,
        drawing=len(held.drawing),
        places=held.left,
        seed=lottery_seed(call.draw_seed or ""),
    )


def _reserve(session: Session, call: Call) -> list[PublicReserve]:
    rows = session.exec(
        select(AwardRound.code, func.count(), AwardRound.reserve_until)
        .join(ReserveEntry, col(ReserveEntry.round_id) == AwardRound.id)
        .where(
            AwardRound.call_id == call.id,
            col(ReserveEntry.instead_of).is_(None),
            col(AwardRound.reserve_until).is_not(None),
        )
        .group_by(col(AwardRound.id))
        .order_by(col(AwardRound.position))
    )
    return [PublicReserve(round=code, count=count, until=until) for code, count, until in rows if until]


def _public_rows() -> Select[Any]:
    """Public winners with their round, and in a published call that promised it their scores."""
    return (
        select_columns(
            PublishedResult,
            col(AwardRound.code),
            col(Call.slug),
            col(RankingEntry.shown),
            col(PitchEntry.shown).label("pitched"),
            WinnerPicture,
        )
        .join(AwardRound, col(AwardRound.id) == PublishedResult.round_id)
        .join(Call, col(Call.id) == PublishedResult.call_id)
        .outerjoin(
            RankingEntry,
            (col(RankingEntry.application_id) == PublishedResult.application_id)
            & col(Call.published_at).is_not(None)
            & col(Call.scores_published),
        )
        .outerjoin(
            PitchEntry,
            (col(PitchEntry.application_id) == col(RankingEntry.application_id))
            & (col(PitchEntry.round_id) == PublishedResult.round_id),
        )
        .outerjoin(
            WinnerPicture,
            (col(WinnerPicture.result_id) == PublishedResult.id) & col(Call.published_at).is_not(None),
        )
    )


def _public(
    row: PublishedResult,
    round_code: str,
    call_slug: str,
    shown: Mapping[str, Any] | None,
    pitched: Mapping[str, Any] | None,
    picture: WinnerPicture | None,
) -> PublicWinner:
    return PublicWinner(
        call=call_slug,
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
        reserved=row.reserved,
        promoted=row.promoted,
        given_back_at=row.given_back_at,
        published_at=row.published_at,
        scores=_public_scores(shown, pitched) if shown else None,
        picture=shown_picture(picture),
    )


def _public_scores(shown: Mapping[str, Any], pitched: Mapping[str, Any] | None) -> PublicScores:
    if pitched is None:
        return PublicScores(means=shown["means"], total=shown["total"], written="", pitch="")
    parts = {name: pitched[name] for name in ("total", "written", "pitch")}
    return PublicScores(means=shown["means"], **parts)


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


def _committed(pots: Sequence[AwardRound]) -> int | None:
    money = [pot.committed_minor for pot in pots if pot.envelope_minor is not None]
    return sum(money) if money else None
