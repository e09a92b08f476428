"""What reviewers read of each other once the discussion has begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.messages import words_of
from app.messages.answers import in_language
from app.pages.page import Page, path_to
from app.reviews.discussing import OthersReview, own_discussion, own_discussions
from app.reviews.queries import call_rubric
from app.reviews.rubric import Rubric
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review/{call}")
NO_SCORE = "–"


@dataclass(frozen=True, slots=True)
class DiscussedRow:
    """One application that one has scored."""

    code: str
    href: str
    title: str
    lang: str
    reviews: int
    differ: bool


@dataclass(frozen=True, slots=True)
class SaidView:
    """What one review says of one criterion; `score` is in words."""

    title: str
    score: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewerView:
    """One review under its letter; `changes` are (what was given before, why it was changed)."""

    letter: str
    said: Sequence[SaidView]
    remarks: Sequence[tuple[str, str]]
    changes: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class DiscussionList(Page):
    """What there is to discuss, where reviews differ first."""

    template = "discussions/list.html"
    call: str
    open: bool
    rows: Sequence[DiscussedRow]
    differing: int


@dataclass(frozen=True, kw_only=True)
class DiscussionShow(Page):
    """Everybody's scores side by side, then their reasons; one's own is marked."""

    template = "discussions/show.html"
    call: str
    code: str
    title: str
    lang: str
    open: bool
    letter: str
    criteria: Sequence[str]
    reviewers: Sequence[ReviewerView]
    others: int


@router.get("/discussion", name="discussions.list")
def list_discussions(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str) -> Response:
    found = own_discussions(session, reviewer, now)
    language = language_of(request)
    return DiscussionList(
        call=call,
        open=found.open,
        rows=[
            DiscussedRow(
                code=line.code,
                href=path_to(language, "discussions.show", call=call, code=line.code),
                title=line.title,
                lang=line.language,
                reviews=line.reviews,
                differ=line.differ,
            )
            for line in found.lines
        ],
        differing=sum(line.differ for line in found.lines),
    ).response(request)


@router.get("/{code}/discussion", name="discussions.show")
def show_discussion(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str
) -> Response:
    found = own_discussion(session, reviewer, code, now)
    language = language_of(request)
    rubric = call_rubric(session, reviewer)
    reviews = sorted([found.own, *found.others], key=lambda each: each.letter)
    return DiscussionShow(
        call=call,
        code=found.code,
        title=found.title,
        lang=found.language,
        open=found.open,
        letter=found.letter,
        criteria=[in_language(language, each.title) for each in rubric],
        reviewers=[_reviewer(language, rubric, each) for each in reviews],
        others=len(found.others),
    ).response(request)


def _reviewer(language: str, rubric: Rubric, review: OthersReview) -> ReviewerView:
    titles = {each.code: in_language(language, each.title) for each in rubric}
    cannot = words_of(language, "review.cannot_judge").label
    remarks = (
        ("convinced", review.convinced),
        ("stronger", review.stronger),
        ("panel_note", review.panel_note),
    )
    return ReviewerView(
        letter=review.letter,
        said=[
            SaidView(titles[code], cannot if cell.cannot_judge else str(cell.score or NO_SCORE), cell.reason)
            for code, cell in review.scores.items()
        ],
        remarks=[(words_of(language, f"review.{name}").label, text) for name, text in remarks if text],
        changes=[(_before(titles, each.before), each.reason) for each in review.changes],
    )


def _before(titles: Mapping[str, str], before: Mapping[str, int | None]) -> str:
    return ", ".join(
        f"{titles[code]}: {NO_SCORE if score is None else score}"
        for code, score in before.items()
        if code in titles
    )
