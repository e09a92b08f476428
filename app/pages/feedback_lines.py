"""What applicants read about each criterion: what lacks, words of reviewers to take, a line of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.asking import Ask
from app.calls.titles import call_title, criterion_titles
from app.decisions import lines
from app.decisions.lines import PER_PAGE, LineInput
from app.errors import Invalid, Stale
from app.pages.forms import FieldView, Form, Mistake, form_of
from app.pages.page import Page, path_to, see_other, text_in
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/feedback")


class DropInput(BaseModel):
    """Which line is taken away, as it was looked at."""

    criterion: Annotated[str, Field(min_length=1, max_length=40), Ask("hidden")]
    version: Annotated[int, Field(ge=1, le=10**6), Ask("hidden")]


LineForm = Annotated[Form[LineInput], Depends(form_of(LineInput, "line_words"))]
DropForm = Annotated[Form[DropInput], Depends(form_of(DropInput, "line_words"))]


@dataclass(frozen=True, slots=True)
class LackingView:
    """An application and the criteria that lack a line."""

    application: str
    title: str
    href: str
    criteria: str


@dataclass(frozen=True, kw_only=True)
class FeedbackList(Page):
    """What lacks, and how to fill all of it at once."""

    template = "awards/feedback.html"
    call: str
    call_title: str
    total: int
    lines: int
    lacking: Sequence[LackingView]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with its form; `reasons` are the reviewers' words."""

    code: str
    title: str
    text: FieldView
    version: int
    lacks: bool
    of_scale: bool
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What the error summary needs of the forms."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class FeedbackEdit(Page):
    """The lines of one application."""

    template = "awards/feedback_edit.html"
    call: str
    call_title: str
    application: str
    title: str
    lang: str
    criteria: Sequence[CriterionLine]
    remarks: Sequence[str]
    form: Wrong
    stale: bool


@router.get("", name="feedback.list")
def list_lacking(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    found = lines.lacking_lines(session, coordinator)
    titles = criterion_titles(session, coordinator, language)
    return FeedbackList(
        call=call,
        call_title=call_title(session, coordinator, language),
        total=len(found),
        lines=sum(len(each.criteria) for each in found),
        lacking=[
            LackingView(
                each.application,
                each.title,
                path_to(language, "feedback.edit", call=call, code=each.application),
                ", ".join(titles[code] for code in each.criteria),
            )
            for each in found[:PER_PAGE]
        ],
    ).response(request)


@router.post("/fill", name="feedback.fill")
def fill(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    filled = lines.fill_from_scale(session, coordinator, now)
    return see_other(request, "feedback.list", call=call, done="feedback_filled", count=filled)


@router.get("/{code}", name="feedback.edit")
def edit(request: Request, session: Db, coordinator: AsCoordinator, call: str, code: str) -> Response:
    return _page(request, session, coordinator, call, code).response(request)


def _page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    code: str,
    refused: Form[LineInput] | None = None,
    *,
    stale: bool = False,
) -> FeedbackEdit:
    language = language_of(request)
    found = lines.worded(session, coordinator, code)
    at = str(refused.given.get("criterion", "")) if refused else ""
    forms = {
        each.code: refused.placed(f"{each.code}.")
        if refused and each.code == at
        else Form(LineInput, "line_words", language, {"text": each.line}).placed(f"{each.code}.")
        for each in found.criteria
    }
    return FeedbackEdit(
        call=call,
        call_title=call_title(session, coordinator, language),
        application=code,
        title=found.title,
        lang=found.language,
        criteria=[
            CriterionLine(
                each.code,
                text_in(language, each.title),
                forms[each.code].fields["text"],
                each.version,
                each.lacks,
                each.of_scale,
                each.reasons,
            )
            for each in found.criteria
        ],
        remarks=found.remarks,
        form=Wrong(forms[at].summary if at in forms else ()),
        stale=stale,
    )


@router.post("/{code}", name="feedback.save")
def save(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, code: str, form: LineForm
) -> Response:
    try:
        lines.save_line(session, coordinator, code, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, code, form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _page(request, session, coordinator, call, code, stale=True)
        return page.response(request, 409)
    return see_other(request, "feedback.edit", call=call, code=code, done="feedback_saved")


@router.post("/{code}/drop", name="feedback.drop")
def drop(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, code: str, form: DropForm
) -> Response:
    given = form.value()
    try:
        lines.drop_line(session, coordinator, code, given.criterion, given.version, now)
    except Stale:
        page = _page(request, session, coordinator, call, code, stale=True)
        return page.response(request, 409)
    return see_other(request, "feedback.edit", call=call, code=code, done="feedback_dropped")
