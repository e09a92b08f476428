"""Where coordinators correct what was published: dated, in three languages, for everybody to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.decisions.notices import NoticeInput, correct
from app.decisions.results import PublicResults, results
from app.errors import Invalid, NotFound
from app.pages.forms import Form, Option, form_of
from app.pages.notice_views import NoticeView, notice_views
from app.pages.page import Page, see_other
from app.pages.texts import Group, text_group
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/notices")
NoticeForm = Annotated[Form[NoticeInput], Depends(form_of(NoticeInput, "notice"))]


@dataclass(frozen=True, kw_only=True)
class NoticeList(Page):
    """The corrections of a call, and a form for another one; `published` is whether there can be any."""

    template = "results/notices.html"
    call: str
    call_title: str
    published: bool
    form: Form[NoticeInput]
    words: Group
    corrections: Sequence[NoticeView]


@router.get("", name="notices.list")
def list_notices(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _page(request, session, coordinator, now, call).response(request)


@router.post("", name="notices.write")
def write(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: NoticeForm
) -> Response:
    try:
        correct(session, coordinator, form.value(), now)
    except Invalid as error:
        return _page(request, session, coordinator, now, call, form.refused(error)).response(request, 422)
    return see_other(request, "notices.list", call=call, done="notice_published")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    typed: Form[NoticeInput] | None = None,
) -> NoticeList:
    language = language_of(request)
    found = _results(session, call, now)
    form = typed or Form(NoticeInput, "notice", language)
    winners = [*found.winners, *found.returned] if found else []
    form = form.offering(winner=[Option(each.slug, each.title) for each in winners])
    return NoticeList(
        call=call,
        call_title=call_title(session, coordinator, language),
        published=found is not None and found.published_at is not None,
        form=form,
        words=text_group(form, "words"),
        corrections=notice_views(language, found) if found else [],
    )


def _results(session: Session, call: str, now: Now) -> PublicResults | None:
    """None of a call in preparation, which has no public results."""
    try:
        return results(session, call, now)
    except NotFound:
        return None
