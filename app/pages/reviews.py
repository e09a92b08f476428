"""What a reviewer reads and scores."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Reviewer
from app.decisions.closing import tenths
from app.errors import Conflict, Invalid, NotFound, Stale
from app.messages import formats, sentence
from app.messages.answers import in_language
from app.messages.labels import choices
from app.pages.file_views import FileNumber, FileView, file_views
from app.pages.forms import Form, form_of, number, read_form, typed
from app.pages.page import Page, path_to, see_other
from app.pages.review_form import (
    CriterionView,
    Pair,
    card_facts,
    criteria_views,
    differences,
    flat,
    marks,
    opening_texts,
    titled,
    written,
)
from app.pages.review_texts import changed_places, text_sections
from app.reviews import actions
from app.reviews.flagging import check_flagging, flag_own
from app.reviews.inputs import OwnFlagInput, TieInput, TypedReview
from app.reviews.pace import MINUTES, Pace
from app.reviews.queries import (
    InHand,
    OwnCall,
    OwnLine,
    OwnQueue,
    Situation,
    file_in_hand,
    in_hand,
    next_code,
    own_calls,
    own_queue,
)
from app.reviews.refusals import AssignmentWithdrawn, ReviewingNotOpen, TieDeclared
from app.reviews.taking import IN_ONE_FILE
from app.web.actors import AsReviewer, AsSignedIn, is_shared_computer
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")
FlagForm = Annotated[Form[OwnFlagInput], Depends(form_of(OwnFlagInput, "flag"))]
TieForm = Annotated[Form[TieInput], Depends(form_of(TieInput, "tie"))]
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


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


@dataclass(frozen=True, slots=True)
class Conflicting:
    """Two versions of one review, as `ui/conflict.html` wants them."""

    id: str
    words: str
    pairs: list[Pair]


TONES = {"to_do": "warn", "draft": "info", "aside": "mute", "sent": "ok", "returned": "warn", "tied": "mute"}
ALL, ASIDE = "all", "aside"
NO_ANSWERS = frozenset({"version", "text_version", "_action"})
NOT_FOR_APPLICANTS = ("panel_note", "private_note", "confidence")
TOO_LATE = (AssignmentWithdrawn, ReviewingNotOpen, TieDeclared)
"""Why a review can no longer be written; what was kept of it can be read."""


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
    on a shared computer; `kept` is whether the server has all of it although something is missing.
    `saved_at` is when that was, in few words; `noted` whether there is anything that no applicant reads.
    `returned` is what the coordinator asks to be completed; `discussed` is whether the others may read it.
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


@dataclass(frozen=True, kw_only=True)
class ReviewSaved(Page):
    """What an autosave answers: the status line, and beside it the new version and what the bar says.

    `at` is None if refused.
    """

    template = "reviews/saved.html"
    at: datetime | None
    sentence: str
    total: str
    version: int
    marks: list[tuple[str, str]]


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
class ReviewFlag(Page):
    """What one tells the coordinator of an application."""

    template = "reviews/flag.html"
    call: str
    code: str
    form: Form[OwnFlagInput]


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


@router.get("/{call}/{code}", name="reviews.edit")
def edit_review(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str
) -> Response:
    hand = in_hand(session, reviewer, code, now)
    if hand.own.situation is Situation.ASKED:
        form = Form(TieInput, "tie", language_of(request))
        return _tie_page(request, call, hand, form).response(request)
    if hand.own.situation is Situation.SCORING:
        form_ = Form(TypedReview, "review", language_of(request), flat(hand.own.review))
        return _edit_page(request, call, hand, form_, now).response(request)
    return _read_page(request, call, hand).response(request)


@router.get("/{call}/{code}/tie", name="reviews.tie")
def edit_tie(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str) -> Response:
    hand = in_hand(session, reviewer, code, now)
    if hand.own.situation not in {Situation.ASKED, Situation.SCORING}:
        return _read_page(request, call, hand).response(request)
    given: dict[str, str | list[str]] = {"tie": hand.own.tie or "", "note": hand.own.tie_note}
    form = Form(TieInput, "tie", language_of(request), given)
    return _tie_page(request, call, hand, form).response(request)


@router.post("/{call}/{code}/tie", name="reviews.answer_tie")
def answer_tie(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, form: TieForm
) -> Response:
    try:
        given = form.value()
        actions.answer_tie(session, reviewer, code, given, now)
    except Invalid as error:
        actions.check_open(session, reviewer, code, now)
        hand = in_hand(session, reviewer, code, now)
        return _tie_page(request, call, hand, form.refused(error)).response(request, 422)
    if given.tie != "tie":
        return see_other(request, "reviews.edit", call=call, code=code)
    return _on(request, session, reviewer, call, code, "tie_declared")


@router.post("/{call}/{code}", name="reviews.save")
def save_review(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, given: Typed
) -> Response:
    """Every button of the page: save, go on, set aside, take up again, send, and the two of a conflict."""
    action = str(given.get("_action", "save"))
    if action == "take-theirs":
        return see_other(request, "reviews.edit", call=call, code=code)
    form, seen = _read(request, given)
    text = number(given, "text_version")
    pressed = Pressed(request, session, reviewer, now, call, code, form, text)
    try:
        version = actions.save_review(session, reviewer, code, form.value(), seen, now).version
        return pressed.saved(action, version)
    except Invalid as error:
        return pressed.refused(error, seen, kept=False)
    except Stale as stale:
        hand = in_hand(session, reviewer, code, now)
        return _conflict_page(request, call, hand, form, stale).response(request, 409)
    except TOO_LATE:
        return pressed.too_late()


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of one of the page's buttons, with all that was typed, and what answers it."""

    request: Request
    session: Session
    reviewer: Reviewer
    now: datetime
    call: str
    code: str
    form: Form[TypedReview]
    text_version: int

    def saved(self, action: str, version: int) -> Response:
        """What else the button does, now that the review is saved."""
        given = self.session, self.reviewer, self.code
        if action == "send":
            try:
                actions.send_review(*given, version, self.now)
            except Invalid as error:
                return self.refused(error, version, kept=True)
            return self._on("review_sent")
        if action == "aside":
            actions.set_aside(*given, self.now)
            return self._on("review_set_aside")
        if action == "next":
            return self._on("review_saved")
        if action == "take-up":
            actions.take_up(*given, self.now)
        if action == "read":
            actions.read_again(*given, self.text_version, self.now)
        return see_other(self.request, "reviews.edit", call=self.call, code=self.code, done="review_saved")

    def refused(self, error: Invalid, version: int, *, kept: bool) -> Response:
        """What is missing, at the top; or, where nothing can be written any more, that and what was typed."""
        try:
            actions.check_scoring(self.session, self.reviewer, self.code, self.now)
        except TOO_LATE:
            return self.too_late()
        hand = in_hand(self.session, self.reviewer, self.code, self.now)
        refused = self.form.refused(titled(language_of(self.request), hand.rubric, error))
        page = _edit_page(self.request, self.call, hand, refused, self.now, version, kept=kept)
        return page.response(self.request, 422)

    def too_late(self) -> Response:
        """The review can no longer be written: what was typed is shown beside what is kept."""
        hand = in_hand(self.session, self.reviewer, self.code, self.now)
        return _read_page(self.request, self.call, hand, self.form).response(self.request, 409)

    def _on(self, done: str) -> Response:
        return _on(self.request, self.session, self.reviewer, self.call, self.code, done)


@router.patch("/{call}/{code}", name="reviews.autosave")
def autosave_review(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, given: Typed
) -> Response:
    """The same save, answered by the status line alone."""
    language = language_of(request)
    form, seen = _read(request, given)
    try:
        if form.valid is None:
            actions.check_scoring(session, reviewer, code, now)
        saved = actions.save_review(session, reviewer, code, form.value(), seen, now)
    except Invalid as error:
        first = next(iter(error.fields.values()))
        return _not_saved(sentence(language, *first), seen).response(request, 422)
    except Conflict as error:
        words = sentence(language, "review.changed_elsewhere" if isinstance(error, Stale) else error.code)
        return _not_saved(words, seen).response(request, 409)
    return ReviewSaved(
        at=now,
        sentence="",
        version=saved.version,
        total=_points(language, saved.total),
        marks=marks(form.given),
    ).response(request)


def _not_saved(words: str, version: int) -> ReviewSaved:
    return ReviewSaved(at=None, sentence=words, version=version, total="", marks=[])


@router.get("/{call}/{code}/flag", name="reviews.flag")
def show_flag(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str
) -> Response:
    situation = in_hand(session, reviewer, code, now).own.situation
    if situation is Situation.TIED:
        raise NotFound
    if situation is not Situation.SCORING:
        return see_other(request, "reviews.edit", call=call, code=code)
    form = Form(OwnFlagInput, "flag", language_of(request))
    return ReviewFlag(call=call, code=code, form=form).response(request)


@router.post("/{call}/{code}/flag", name="reviews.raise_flag")
def raise_flag(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, form: FlagForm
) -> Response:
    try:
        flag_own(session, reviewer, code, form.value(), now)
    except Invalid as error:
        check_flagging(session, reviewer, code, now)
        return ReviewFlag(call=call, code=code, form=form.refused(error)).response(request, 422)
    return see_other(request, "reviews.edit", call=call, code=code, done="flag_raised")


@router.get("/{call}/{code}/files/{number}", name="reviews.file")
def open_file(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, number: FileNumber
) -> Response:
    return sent(request.state.store, file_in_hand(session, reviewer, code, number, now))


@router.get("/{call}/{code}/files/{number}/preview", name="reviews.file_preview")
def open_preview(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str, number: FileNumber
) -> Response:
    return sent(request.state.store, file_in_hand(session, reviewer, code, number, now, preview=True))


def _files(language: str, call: str, hand: InHand) -> Sequence[FileView]:
    """The cleaned copies, while the text may be read."""
    text = hand.own.text
    if text is None:
        return []

    def at(route: str) -> Callable[[int], str]:
        return lambda number: path_to(language, route, call=call, code=text.code, number=number)

    return file_views(language, text.files, text.language, at("reviews.file"), at("reviews.file_preview"))


def _read(request: Request, given: Mapping[str, str | list[str]]) -> tuple[Form[TypedReview], int]:
    """The form, and the version that was on the page; a version that is none matches nothing."""
    version = str(given.get("version", ""))
    fields = {
        name: value for name, value in given.items() if name not in {"version", "text_version", "_action"}
    }
    form = read_form(TypedReview, "review", language_of(request), fields)
    return form, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


def _on(request: Request, session: Session, reviewer: Reviewer, call: str, code: str, done: str) -> Response:
    """To the next application in one's own order, or to the list when there is none."""
    following = next_code(session, reviewer, code)
    if following:
        return see_other(request, "reviews.edit", call=call, code=following, done=done)
    return see_other(request, "reviews.list", call=call, done=done)


def _points(language: str, total: Fraction | None) -> str:
    """A total as people read it, to one decimal: rounded here and nowhere before, as in the ranking."""
    return "" if total is None else formats.number(language, tenths(total))


def _tie_page(request: Request, call: str, hand: InHand, form: Form[TieInput]) -> ReviewTie:
    card = hand.own.card
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


def _edit_page(
    request: Request,
    call: str,
    hand: InHand,
    form: Form[TypedReview],
    now: datetime,
    version: int | None = None,
    *,
    kept: bool = False,
) -> ReviewEdit:
    language, own = language_of(request), hand.own
    done, total = hand.done, hand.total
    texts = text_sections(language, hand, beside=True)
    return ReviewEdit(
        call=call,
        code=own.code,
        lang=own.card.language,
        title=own.card.title,
        done=done,
        total_count=total,
        texts=opening_texts(hand.rubric, texts),
        files=_files(language, call, hand),
        criteria=criteria_views(language, hand, form, texts),
        form=form,
        version=own.version if version is None else version,
        sent=own.sent_at is not None,
        sent_at=own.sent_at,
        saved_at=formats.short_moment(language, own.updated_at, now) if own.updated_at else "",
        total=_points(language, own.total),
        left=formats.duration(language, MINUTES * (total - done)) if total > done else "",
        set_aside=own.set_aside,
        changed=changed_places(language, hand),
        text_version=own.text_version,
        local=_local(request, call, own.code),
        kept=kept,
        returned=own.returned,
        discussed=own.discussed,
        noted=any(form.given.get(name) or name in form.problems for name in NOT_FOR_APPLICANTS),
    )


def _local(request: Request, call: str, code: str) -> str:
    """Under which name this browser keeps what is typed until it is saved; nothing on a shared computer."""
    return "" if is_shared_computer(request) else f"review/{call}/{code}"


def _read_page(
    request: Request, call: str, hand: InHand, form: Form[TypedReview] | None = None
) -> ReviewRead:
    language, own = language_of(request), hand.own
    tied = own.situation is Situation.TIED
    return ReviewRead(
        call=call,
        code=own.code,
        lang=own.card.language,
        title=own.card.title,
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
        total="" if tied else _points(language, own.total),
    )


def _conflict_page(
    request: Request, call: str, hand: InHand, form: Form[TypedReview], stale: Stale
) -> ReviewConflict:
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
