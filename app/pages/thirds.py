"""A third review where two differ too much: proposed and given out, without a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.errors import Invalid
from app.messages import sentence, words_of
from app.pages.assignments import ReviewerRow, reviewer_rows
from app.pages.fitting_words import lacking
from app.pages.forms import FieldView, Mistake, Option, Typed, element_id, one
from app.pages.page import Page, see_other
from app.reviews.progress import desk_progress
from app.reviews.thirds import Third, assign_thirds, thirds
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/third-reviews")


@dataclass(frozen=True, slots=True)
class ThirdView:
    """One application and who could read it; `field` is None where nobody is free."""

    application: str
    field: FieldView | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class ThirdList(Page):
    """The applications of which one more opinion is due."""

    template = "thirds/list.html"
    call: str
    call_title: str
    rows: Sequence[ThirdView]
    given_out: bool
    form: Summary


@router.get("", name="thirds.list")
def list_thirds(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _page(request, session, coordinator, now, call).response(request)


@router.post("", name="thirds.assign")
def assign(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    """A field names the application and holds the reviewer; an empty one leaves it for later."""
    chosen = [(one(given, name), name) for name in given if one(given, name)]
    try:
        made = assign_thirds(session, coordinator, chosen, now)
    except Invalid as error:
        return _page(request, session, coordinator, now, call, given, error).response(request, 422)
    return see_other(request, "thirds.list", call=call, done="thirds_assigned", count=made)


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    given: Mapping[str, str | list[str]] | None = None,
    error: Invalid | None = None,
) -> ThirdList:
    language = language_of(request)
    progress = desk_progress(session, coordinator, now)
    people = {row.code: row for row in reviewer_rows(session, coordinator, language, progress)}
    mistakes = {
        name: sentence(language, *problem) for name, problem in (error.fields if error else {}).items()
    }
    found = thirds(session, coordinator, now)
    return ThirdList(
        call=call,
        call_title=call_title(session, coordinator, language),
        rows=[_view(language, each, people, given, mistakes) for each in found],
        given_out=any(each.free for each in found),
        form=Summary(
            [Mistake("#" + element_id(name), f"{name}: {words}") for name, words in mistakes.items()]
        ),
    )


def _view(
    language: str,
    third: Third,
    people: Mapping[str, ReviewerRow],
    given: Mapping[str, str | list[str]] | None,
    mistakes: Mapping[str, str],
) -> ThirdView:
    if not third.free:
        return ThirdView(third.application, None)
    chosen = third.proposed if given is None else one(given, third.application)
    words = words_of(language, "third.reviewer")
    field = FieldView(
        id=element_id(third.application),
        name=third.application,
        control="select",
        label=f"{third.application}: {words.label}",
        error=mistakes.get(third.application, ""),
        value=chosen,
        options=[
            Option(code, " · ".join(_said(language, third, people[code])), checked=code == chosen)
            for code in third.free
        ],
    )
    return ThirdView(third.application, field)


def _said(language: str, third: Third, row: ReviewerRow) -> list[str]:
    """Who it is, how much they have, and what stands against them."""
    lacks = lacking(language, third.lacks.get(row.code, ()), third.language)
    return [row.name, row.organisation, str(row.assigned), *lacks]
