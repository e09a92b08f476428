"""What a reviewer reads and scores: opened, saved by itself and by every button, and sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Reviewer
from app.errors import Conflict, Invalid, Stale
from app.messages import sentence
from app.pages.file_views import FileNumber
from app.pages.forms import Form, number, read_form, typed
from app.pages.page import Page, see_other
from app.pages.review_form import (
    flat,
    marks,
    titled,
)
from app.pages.review_pages import conflict_page, edit_page, points, read_page, tie_page, to_next
from app.reviews import actions
from app.reviews.inputs import TieInput, TypedReview
from app.reviews.queries import (
    Situation,
    file_in_hand,
    in_hand,
)
from app.reviews.refusals import AssignmentWithdrawn, ReviewingNotOpen, TieDeclared
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]
NO_ANSWERS = frozenset({"version", "text_version", "_action"})
TOO_LATE = (AssignmentWithdrawn, ReviewingNotOpen, TieDeclared)
"""Why a review can no longer be written; what was kept of it can be read."""


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


@router.get("/{call}/{code}", name="reviews.edit")
def edit_review(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, code: str
) -> Response:
    hand = in_hand(session, reviewer, code, now)
    if hand.own.situation is Situation.ASKED:
        form = Form(TieInput, "tie", language_of(request))
        return tie_page(request, call, hand, form).response(request)
    if hand.own.situation is Situation.SCORING:
        form_ = Form(TypedReview, "review", language_of(request), flat(hand.own.review))
        return edit_page(request, call, hand, form_, now, kept=True).response(request)
    return read_page(request, call, hand).response(request)


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
        return conflict_page(request, call, hand, form, stale).response(request, 409)
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
            if self._in_discussion():
                route, done = "discussions.show", "review_sent"
                return see_other(self.request, route, call=self.call, code=self.code, done=done)
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

    def _in_discussion(self) -> bool:
        """Whether others read what was changed: whoever came from their reasons goes back to them."""
        explained = bool(self.form.value().change_reason)
        return explained and in_hand(self.session, self.reviewer, self.code, self.now).own.discussed

    def refused(self, error: Invalid, version: int, *, kept: bool) -> Response:
        """What is missing, at the top; or, where nothing can be written any more, that and what was typed."""
        try:
            actions.check_scoring(self.session, self.reviewer, self.code, self.now)
        except TOO_LATE:
            return self.too_late()
        hand = in_hand(self.session, self.reviewer, self.code, self.now)
        refused = self.form.refused(titled(language_of(self.request), hand.rubric, error))
        page = edit_page(self.request, self.call, hand, refused, self.now, version, kept=kept)
        return page.response(self.request, 422)

    def too_late(self) -> Response:
        """The review can no longer be written: what was typed is shown beside what is kept."""
        hand = in_hand(self.session, self.reviewer, self.code, self.now)
        return read_page(self.request, self.call, hand, self.form).response(self.request, 409)

    def _on(self, done: str) -> Response:
        return to_next(self.request, self.session, self.reviewer, self.call, self.code, done)


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
        total=points(language, saved.total),
        marks=marks(form.given),
    ).response(request)


def _not_saved(words: str, version: int) -> ReviewSaved:
    return ReviewSaved(at=None, sentence=words, version=version, total="", marks=[])


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


def _read(request: Request, given: Mapping[str, str | list[str]]) -> tuple[Form[TypedReview], int]:
    """The form, and the version that was on the page; a version that is none matches nothing."""
    version = str(given.get("version", ""))
    fields = {name: value for name, value in given.items() if name not in NO_ANSWERS}
    form = read_form(TypedReview, "review", language_of(request), fields)
    return form, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
