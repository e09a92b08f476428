"""The redaction queue: what gives applicants away is covered before reviewers read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.applications.actions import redacting
from app.applications.redaction import (
    RedactionCounts,
    RedactionLine,
    RedactionState,
    redaction_list,
)
from app.calls.titles import call_title
from app.messages import formats, sentence, translations
from app.messages.labels import choices
from app.pages.forms import typed
from app.pages.page import Page, path_to, see_other
from app.pages.redaction_typed import number_in
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/redaction")


Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


PER_PAGE = 50


ORDER = (RedactionState.FOUND, RedactionState.CHANGED, RedactionState.PLAIN, RedactionState.CLEARED)


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One state of the queue, with how many stand there; `here` is the one that is shown."""

    words: str
    count: int
    href: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class RedactionList(Page):
    """The queue; `plain` is how many can be cleared by one press."""

    template = "desk/redactions.html"
    call: str
    call_title: str
    sentence: str
    plain: int
    filters: Sequence[FilterLink]
    table: TableView | None
    earlier: str
    later: str


@router.get("", name="redaction.list")
def list_redactions(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    state: Annotated[RedactionState | None, Query()] = None,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    language = language_of(request)
    found = redaction_list(session, coordinator, state=state, limit=PER_PAGE, offset=start)
    after = start + PER_PAGE
    return RedactionList(
        call=call,
        call_title=call_title(session, coordinator, language),
        sentence=_counts_in_words(language, found.counts),
        plain=found.counts.plain,
        filters=_filters(language, call, found.counts, state),
        table=_table(language, call, found.lines) if found.lines else None,
        earlier=_query(request, max(0, start - PER_PAGE)) if start else "",
        later=_query(request, after) if after < found.total else "",
    ).response(request)


@router.post("", name="redaction.clear_plain")
def clear_plain(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: Typed
) -> Response:
    """All in which nothing was found, by one press that says how many they are."""
    cleared = redacting.clear_plain(session, coordinator, number_in(form, "count"), now)
    return see_other(request, "redaction.list", call=call, done="redaction_cleared_all", count=cleared)


def _counts_in_words(language: str, counts: RedactionCounts) -> str:
    params = {
        "open": formats.number(language, counts.open),
        "cleared": formats.number(language, counts.cleared),
    }
    return sentence(language, "redaction.counts", params)


def _filters(
    language: str, call: str, counts: RedactionCounts, state: RedactionState | None
) -> list[FilterLink]:
    address = path_to(language, "redaction.list", call=call)
    words = choices(language, "redaction_state")
    whole = FilterLink(
        translations(language).ugettext("All of them"), counts.open + counts.cleared, address, state is None
    )
    return [
        whole,
        *(
            FilterLink(words[each], getattr(counts, each), f"{address}?state={each}", each is state)
            for each in ORDER
        ),
    ]


def _table(language: str, call: str, lines: Sequence[RedactionLine]) -> TableView:
    gettext = translations(language).ugettext
    states = choices(language, "redaction_state")
    columns = [
        ColumnView(gettext("Code")),
        ColumnView(gettext("Title")),
        ColumnView(gettext("State")),
        ColumnView(gettext("Places found"), number=True),
        ColumnView(gettext("Files"), number=True),
        ColumnView(gettext("Cleared on")),
    ]
    rows = [
        RowView(
            [
                TextCell(each.code, "", path_to(language, "redaction.show", call=call, ref=each.ref)),
                TextCell(each.title),
                TextCell(states[each.state]),
                TextCell(formats.number(language, each.found)),
                TextCell(formats.number(language, each.files)),
                TextCell(formats.moment(language, each.cleared_at) if each.cleared_at else "–"),
            ]
        )
        for each in lines
    ]
    return TableView("redactions", gettext("Applications"), columns, rows)


def _query(request: Request, start: int) -> str:
    return "?" + request.url.include_query_params(start=start).query
