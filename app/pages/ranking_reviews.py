"""What the reviewers wrote of one application, read by its coordinator from the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.titles import call_title, criterion_titles, organisation_names
from app.decisions.beside_line import beside_line
from app.decisions.full_reviews import FullReview, FullScore, full_reviews
from app.decisions.ranking import RankingRow
from app.decisions.runs import standing_run
from app.messages import formats, label, words_of
from app.models.reviews import Tie
from app.pages.page import Page, path_to
from app.pages.tied import tie_words
from app.pages.why_firm import WhyFirm, why_firm
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ranking")
NO_NUMBER = "–"


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One criterion of a review in words; `score` is empty where the reviewer could not judge."""

    title: str
    score: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One review; `who` is the reviewer's name, or the address where there is none; `href` returns it."""

    id: str
    organisation: str
    who: str
    email: str
    may_recognise: bool
    scores: Sequence[ScoreView]
    total: str
    remarks: Sequence[tuple[str, str]]
    note: str
    sent_at: datetime | None
    versions: int
    href: str
    changes: list[tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class HoleView:
    """A review that is missing; `reason` is empty until it was excused."""

    organisation: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RankingReviews(Page):
    """Every review of one application with its reviewer's name; who applied is not part of it."""

    template = "ranking/reviews.html"
    call: str
    call_title: str
    code: str
    ref: str
    title: str
    lang: str
    place: str
    tie: str
    withdrawn: bool
    total: str
    spread: str
    why: WhyFirm | None
    criteria: Sequence[tuple[str, str]]
    reviews: Sequence[ReviewView]
    holes: Sequence[HoleView]


@router.get("/{code}", name="ranking.reviews")
def read_reviews(request: Request, session: Db, coordinator: AsCoordinator, call: str, code: str) -> Response:
    found = full_reviews(session, coordinator, code)
    language = language_of(request)
    titles = criterion_titles(session, coordinator, language)
    names = organisation_names(session, coordinator, language)
    line = found.line
    run = standing_run(session, coordinator)
    back = f"{path_to(language, 'returns.list', call=call)}?application={quote(line.code, safe='')}"
    return RankingReviews(
        call=call,
        call_title=call_title(session, coordinator, language),
        code=line.code,
        ref=found.ref,
        title=line.title,
        lang=found.language,
        place=str(line.place) if line.label else NO_NUMBER,
        tie=tie_words(language, line, titles),
        withdrawn=line.withdrawn,
        total=_number(language, line.total),
        spread=_number(language, line.spread),
        why=why_firm(
            language,
            line.figures,
            run.board,
            run.method,
            line.code,
            beside_line(session, coordinator, run.board),
        )
        if run
        else None,
        criteria=[(titles[code], _mean(language, line, code)) for code in found.criteria],
        reviews=[_review(language, each, found.criteria, titles, names, back) for each in found.reviews],
        holes=[HoleView(names.get(each.organisation, ""), each.reason) for each in found.holes],
    ).response(request)


def _mean(language: str, line: RankingRow, code: str) -> str:
    return _number(language, line.means.get(code, ""))


def _number(language: str, tenths: str) -> str:
    return formats.number(language, tenths, 1) if tenths else NO_NUMBER


def _review(
    language: str,
    review: FullReview,
    criteria: Sequence[str],
    titles: Mapping[str, str],
    names: Mapping[str, str],
    back: str,
) -> ReviewView:
    sure = label(language, review.confidence) if review.confidence else ""
    remarks = (
        ("convinced", review.convinced),
        ("stronger", review.stronger),
        ("panel_note", review.panel_note),
        ("confidence", sure),
    )
    return ReviewView(
        id=f"review-{review.reviewer}",
        organisation=names.get(review.organisation, ""),
        who=review.name or review.email,
        email=review.email,
        may_recognise=review.tie is Tie.MAY_RECOGNISE,
        scores=[_score(titles[code], review.scores.get(code)) for code in criteria],
        total=_number(language, review.total),
        remarks=[(words_of(language, f"review.{name}").label, text) for name, text in remarks if text],
        note=review.private_note,
        sent_at=review.sent_at,
        versions=review.versions,
        href=f"{back}&reviewer={review.reviewer}",
        changes=[(each.at, each.reason) for each in review.changes],
    )


def _score(title: str, cell: FullScore | None) -> ScoreView:
    if cell is None:
        return ScoreView(title, "", "")
    return ScoreView(title, "" if cell.score is None else str(cell.score), cell.reason)
