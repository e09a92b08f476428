"""The pages of an application in a reviewer's hand: the question, text beside scores, what was written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Reviewer
from app.decisions.decimals import tenths
from app.errors import Stale
from app.messages import formats, sentence
from app.messages.labels import choices
from app.pages.file_views import FileView, file_views
from app.pages.forms import Form
from app.pages.page import Page, path_to, see_other
from app.pages.review_form import (
    CriterionView,
    EarlierView,
    Pair,
    card_facts,
    criteria_views,
    differences,
    earlier_views,
    opening_texts,
    written,
)
from app.pages.review_texts import changed_places, text_sections
from app.reviews.inputs import TieInput, TypedReview
from app.reviews.pace import MINUTES
from app.reviews.queries import (
    InHand,
    Situation,
    next_code,
)
from app.web.actors import is_shared_computer
from app.web.language import language_of


@dataclass(frozen=True, slots=True)
class Conflicting:
    """Two versions of one review, as `ui/conflict.html` wants them."""

    id: str
    words: str
    pairs: list[Pair]


NOT_FOR_APPLICANTS = ("panel_note", "private_note", "confidence")


@dataclass(frozen=True, kw_only=True)
class ReviewTie(Page):
    """The neutral card and the conflict question, before the text opens or later."""

    template = "reviews/tie.html"
    call: str
    code: str
    lang: str
    title: str
    summary: str
    facts: list[tuple[str, str]]
    form: Form[TieInput]
    scored: bool


@dataclass(frozen=True, kw_only=True)
class ReviewEdit(Page):
    """Text and score cards. `total` is in words, and empty until everything is scored.

    `changed` are the answers that read otherwise since this reviewer read them: (question, what it says now).
    `left` is how long all that waits takes. `local` names this browser's copy of what is typed, and is empty
    on a shared computer; `kept` is whether what stands in the form is what the server has.
    `saved_at` is when that was, in few words; `noted` whether there is anything that no applicant reads.
    `returned` is what the coordinator asks to be completed; `discussed` is whether the others may read it.
    `unsent`: what stands here is not what was sent. `earlier` is what was sent before that.
    """

    template = "reviews/edit.html"
    call: str
    code: str
    lang: str
    title: str
    done: int
    total_count: int
    texts: list[str]
    files: Sequence[FileView]
    criteria: list[CriterionView]
    form: Form[TypedReview]
    version: int
    sent: bool
    sent_at: datetime | None
    saved_at: str
    total: str
    left: str
    set_aside: bool
    changed: list[tuple[str, str]]
    text_version: int
    local: str
    kept: bool
    returned: str
    discussed: bool
    noted: bool
    unsent: bool
    earlier: Sequence[EarlierView]


@dataclass(frozen=True, kw_only=True)
class ReviewConflict(Page):
    """Two versions of one review. What was typed travels along, so that either can be kept."""

    template = "reviews/conflict.html"
    call: str
    code: str
    conflict: Conflicting
    given: list[tuple[str, str]]
    version: int


@dataclass(frozen=True, kw_only=True)
class ReviewRead(Page):
    """What one wrote where it can no longer be changed; the text only while it may be read.

    `typed` is what came too late to be saved: it is shown beside what is kept, so that nothing is lost.
    """

    template = "reviews/read.html"
    call: str
    code: str
    lang: str
    title: str
    words: str
    discussed: bool
    texts: list[str]
    files: Sequence[FileView]
    items: list[tuple[str, str]]
    typed: list[tuple[str, str]]
    total: str
    local: str
    earlier: Sequence[EarlierView]


def _files(language: str, call: str, hand: InHand) -> Sequence[FileView]:
    """The cleaned copies, while the text may be read."""
    text = hand.own.text
    if text is None:
        return []

    def at(route: str) -> Callable[[int], str]:
        return lambda number: path_to(language, route, call=call, code=text.code, number=number)

    return file_views(language, text.files, text.language, at("reviews.file"), at("reviews.file_preview"))


def to_next(
    request: Request, session: Session, reviewer: Reviewer, call: str, code: str, done: str
) -> Response:
    """To the next application in one's own order, or to the list when there is none."""
    following = next_code(session, reviewer, code)
    if following:
        return see_other(request, "reviews.edit", call=call, code=following, done=done)
    return see_other(request, "reviews.list", call=call, done=done)


def points(language: str, total: Fraction | None) -> str:
    """A total as people read it, to one decimal: rounded here and nowhere before, as in the ranking."""
    return "" if total is None else formats.number(language, tenths(total))


def tie_page(request: Request, call: str, hand: InHand, form: Form[TieInput]) -> ReviewTie:
    """The neutral card and the question."""
    card = hand.own.asked()
    return ReviewTie(
        call=call,
        code=card.code,
        lang=card.language,
        title=card.title,
        summary=card.summary,
        facts=card_facts(language_of(request), card, hand.themes),
        form=form,
        scored=hand.own.version > 0,
    )


def edit_page(
    request: Request,
    call: str,
    hand: InHand,
    form: Form[TypedReview],
    now: datetime,
    version: int | None = None,
    *,
    kept: bool = False,
) -> ReviewEdit:
    """Text and score cards; `version` is that of what was typed, where it is not the one that is kept."""
    language, own = language_of(request), hand.own
    done, total = hand.done, hand.total
    texts = text_sections(language, hand, beside=True)
    # A review is sent after it was written, and what is saved of a sent one is sent with it.
    kept_at = [each for each in (own.updated_at, own.sent_at) if each is not None]
    return ReviewEdit(
        call=call,
        code=own.code,
        lang=own.language,
        title=own.title,
        done=done,
        total_count=total,
        texts=opening_texts(hand.rubric, texts),
        files=_files(language, call, hand),
        criteria=criteria_views(language, hand, form, texts),
        form=form,
        version=own.version if version is None else version,
        sent=own.sent_at is not None,
        sent_at=own.sent_at,
        saved_at=formats.short_moment(language, max(kept_at), now) if kept_at else "",
        total=points(language, own.total),
        left=formats.duration(language, MINUTES * hand.waiting) if hand.waiting else "",
        set_aside=own.set_aside,
        changed=changed_places(language, hand),
        text_version=own.text_version,
        local=_local(request, call, own.code),
        kept=kept,
        returned=own.returned,
        discussed=own.discussed,
        unsent=own.sent_at is not None and bool(differences(language, hand.rubric, form.given, own.review)),
        earlier=earlier_views(language, hand),
        noted=any(form.given.get(name) or name in form.problems for name in NOT_FOR_APPLICANTS),
    )


def _local(request: Request, call: str, code: str) -> str:
    """Under which name this browser keeps what is typed until it is saved; nothing on a shared computer."""
    return "" if is_shared_computer(request) else f"review/{call}/{code}"


def read_page(request: Request, call: str, hand: InHand, form: Form[TypedReview] | None = None) -> ReviewRead:
    """What was written, and where it came too late what was typed."""
    language, own = language_of(request), hand.own
    tied = own.situation is Situation.TIED
    return ReviewRead(
        call=call,
        code=own.code,
        lang=own.language,
        title=own.title,
        words=choices(language, "review_situation")[own.situation],
        discussed=own.discussed,
        texts=list(text_sections(language, hand, beside=False).values()),
        files=_files(language, call, hand),
        items=[] if tied else written(language, hand.rubric, own.review),
        typed=[
            (each.label, each.mine)
            for each in (differences(language, hand.rubric, form.given, own.review) if form else ())
        ],
        local=_local(request, call, own.code),
        total="" if tied else points(language, own.total),
        earlier=[] if tied else earlier_views(language, hand),
    )


def conflict_page(
    request: Request, call: str, hand: InHand, form: Form[TypedReview], stale: Stale
) -> ReviewConflict:
    """Both versions, with what was typed."""
    language = language_of(request)
    return ReviewConflict(
        call=call,
        code=hand.own.code,
        conflict=Conflicting(
            id="review-conflict",
            words=sentence(language, "review.two_versions"),
            pairs=differences(language, hand.rubric, form.given, hand.own.review),
        ),
        given=[(name, value) for name, value in form.given.items() if isinstance(value, str)],
        version=stale.version,
    )
