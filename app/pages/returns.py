"""Reviews that go back to their reviewers to be completed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.setup_view import call_phase
from app.calls.titles import call_title
from app.errors import Invalid
from app.models.calls import Phase
from app.pages.assignments import reviewer_rows
from app.pages.forms import Form, Option, form_of
from app.pages.page import Page, see_other
from app.reviews.progress import desk_progress
from app.reviews.returning import ReturnInput, check_returning, return_review, returned_reviews
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/returned-reviews")
ReturnForm = Annotated[Form[ReturnInput], Depends(form_of(ReturnInput, "return"))]
Code = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One review that waits for its reviewer."""

    application: str
    reviewer: str
    note: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReturnList(Page):
    """What was returned and not sent again, and the form to return one more while reviewing is open."""

    template = "returns/list.html"
    call: str
    call_title: str
    rows: Sequence[ReturnedRow]
    open: bool
    closed: bool
    form: Form[ReturnInput]


@router.get("", name="returns.list")
def list_returns(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    application: Code = "",
    reviewer: Code = "",
) -> Response:
    given: dict[str, str | list[str]] = {"application": application, "reviewer": reviewer}
    form = Form(ReturnInput, "return", language_of(request), given)
    return _page(request, session, coordinator, now, call, form).response(request)


@router.post("", name="returns.make")
def make_return(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: ReturnForm
) -> Response:
    try:
        return_review(session, coordinator, form.value(), now)
    except Invalid as error:
        check_returning(session, coordinator, now)
        page = _page(request, session, coordinator, now, call, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "returns.list", call=call, done="review_returned")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    form: Form[ReturnInput],
) -> ReturnList:
    language = language_of(request)
    progress = desk_progress(session, coordinator, now)
    people = reviewer_rows(session, coordinator, language, progress)
    names = {row.code: row.name for row in people}
    reached = call_phase(session, coordinator, now)
    return ReturnList(
        call=call,
        call_title=call_title(session, coordinator, language),
        rows=[
            ReturnedRow(
                each.application, names.get(each.reviewer, each.reviewer), each.note, each.returned_at
            )
            for each in returned_reviews(session, coordinator)
        ],
        open=reached is Phase.REVIEWING,
        closed=reached is Phase.REVIEWED,
        form=form.offering(
            reviewer=[Option(row.code, f"{row.name} · {row.organisation}") for row in people if row.sent]
        ),
    )
