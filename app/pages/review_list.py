"""Where one reviews, and one's queue in a call."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.messages import formats, sentence
from app.messages.answers import in_language
from app.messages.labels import choices
from app.pages.page import Page, path_to
from app.reviews.pace import Pace
from app.reviews.queries import (
    OwnCall,
    OwnLine,
    OwnQueue,
    own_calls,
    own_queue,
)
from app.reviews.taking import IN_ONE_FILE
from app.web.actors import AsReviewer, AsSignedIn, is_shared_computer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the list, in words."""

    code: str
    href: str
    title: str
    lang: str
    theme: str
    language: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One kind of line that the list can be narrowed to, with how many there are."""

    href: str
    words: str
    count: int
    current: bool


TONES = {"to_do": "warn", "draft": "info", "aside": "mute", "sent": "ok", "returned": "warn", "tied": "mute"}
ALL, ASIDE = "all", "aside"


@dataclass(frozen=True, kw_only=True)
class ReviewCalls(Page):
    """The calls in which one reviews."""

    template = "reviews/calls.html"
    calls: list[OwnCall]


@dataclass(frozen=True, kw_only=True)
class ReviewList(Page):
    """One's queue in a call. `next_code` is empty when there is nothing left to do.

    `share` says what is enough today and how long that takes; `left` how long all of it takes.
    `unasked` is how many questions about ties are open; `parts` numbers the files of texts to take along, in
    which these are not.
    """

    template = "reviews/list.html"
    call: str
    call_title: str
    filters: list[Filter]
    rows: list[QueueRow]
    done: int
    total: int
    percent: int
    share: str
    left: str
    next_code: str
    open: bool
    started: bool
    discussed: bool
    due_at: datetime | None
    unasked: int
    parts: list[int]
    practice: bool
    local: str


@router.get("", name="reviews.calls")
def list_calls(request: Request, session: Db, who: AsSignedIn, now: Now) -> Response:
    return ReviewCalls(calls=own_calls(session, who, now)).response(request)


@router.get("/{call}", name="reviews.list")
def list_reviews(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, show: str = ALL
) -> Response:
    language = language_of(request)
    queue = own_queue(session, reviewer, now)
    statuses, languages = choices(language, "review_progress"), choices(language, "languages")
    themes = {code: in_language(language, name) for code, name in queue.themes.items()}
    kinds = [_kind(line) for line in queue.lines]
    shown = show if show in kinds else ALL
    rows = [
        QueueRow(
            code=line.code,
            href=path_to(language, "reviews.edit", call=call, code=line.code),
            title=line.title,
            lang=line.language,
            theme=themes.get(line.theme, ""),
            language=languages[line.language],
            status=statuses[kind],
            tone=TONES[kind],
        )
        for line, kind in zip(queue.lines, kinds, strict=True)
        if shown in (ALL, kind)
    ]
    pace = queue.pace
    return ReviewList(
        call=call,
        call_title=in_language(language, queue.title),
        filters=_filters(language, call, kinds, shown),
        rows=rows,
        share=_share(language, pace),
        left=formats.duration(language, pace.minutes_left) if pace.waiting else "",
        unasked=queue.unasked if queue.open else 0,
        parts=_parts(queue),
        practice=queue.can_practise,
        local="" if is_shared_computer(request) else f"review/{call}/",
        done=queue.done,
        total=queue.total,
        percent=100 * queue.done // queue.total if queue.total else 0,
        next_code=queue.next_code,
        open=queue.open,
        started=queue.started,
        discussed=queue.discussed,
        due_at=queue.due_at,
    ).response(request)


def _parts(queue: OwnQueue) -> list[int]:
    """The files of what waits and may be read."""
    readable = queue.pace.waiting - queue.unasked if queue.open else 0
    return list(range(1, 1 - (-readable // IN_ONE_FILE)))


def _kind(line: OwnLine) -> str:
    return ASIDE if line.set_aside else line.progress


def _filters(language: str, call: str, kinds: list[str], shown: str) -> list[Filter]:
    """All lines, and each kind that there are lines of; nothing to choose where all are of one kind."""
    counts = Counter(kinds)
    if len(counts) < 2:
        return []
    statuses = choices(language, "review_progress")
    path = path_to(language, "reviews.list", call=call)
    return [
        Filter(f"{path}?show={kind}" if kind != ALL else path, statuses[kind], count, kind == shown)
        for kind, count in [(ALL, len(kinds)), *((kind, counts[kind]) for kind in TONES if counts[kind])]
    ]


def _share(language: str, pace: Pace) -> str:
    """What is enough for today; nothing where no due date divides the work."""
    if not pace.days or not pace.waiting:
        return ""
    if not pace.today:
        return sentence(language, "review.share_done")
    params = {"count": pace.today, "time": formats.duration(language, pace.minutes_today)}
    return sentence(language, "review.share", params)
