"""What a coordinator does for those who want to be erased, and whom the call has reached, in sums."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.titles import call_title
from app.messages import formats, translations
from app.messages.labels import choices
from app.messages.questions import words_of
from app.pages.page import Page, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.privacy.desk import FullRequest, full_requests
from app.privacy.requests import order_erasure
from app.privacy.tallies import LEAST, QUESTIONS, FullTally, full_tallies
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/privacy")


@dataclass(frozen=True, slots=True)
class ErasureView:
    """One request in words."""

    ref: str
    asked: str
    due: str
    state: str
    tone: str
    can_order: bool


@dataclass(frozen=True, kw_only=True)
class DeskPrivacy(Page):
    """Who waits to be erased, by reference."""

    template = "desk/privacy.html"
    call: str
    call_title: str
    erasures: Sequence[ErasureView]


@dataclass(frozen=True, kw_only=True)
class DeskTallies(Page):
    """The sums of what was answered after sending."""

    template = "desk/tallies.html"
    call: str
    call_title: str
    closed: bool
    least: int
    tables: Sequence[TableView]


@router.get("", name="privacy.list")
def list_requests(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    return DeskPrivacy(
        call=call,
        call_title=call_title(session, coordinator, language),
        erasures=[_erasure(language, each) for each in full_requests(session, coordinator, now)],
    ).response(request)


@router.post("/{ref}", name="privacy.order")
def order(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    order_erasure(session, coordinator, ref, now)
    return see_other(request, "privacy.list", call=call, done="erasure_ordered")


@router.get("/answers", name="privacy.tallies")
def tallies(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    found = full_tallies(session, coordinator, now)
    return DeskTallies(
        call=call,
        call_title=call_title(session, coordinator, language),
        closed=found is not None,
        least=LEAST,
        tables=[_table(language, each) for each in found or ()],
    ).response(request)


def _erasure(language: str, each: FullRequest) -> ErasureView:
    words = choices(language, "request_state")
    if each.called_off_at is not None:
        state, tone = words["called_off"], "mute"
    elif each.done_at is not None:
        state, tone = (words["kept"], "info") if each.kept else (words["done"], "ok")
    elif each.ordered:
        state, tone = words["ordered"], "info"
    else:
        state, tone = (words["overdue"], "err") if each.overdue else (words["waits"], "warn")
    return ErasureView(
        ref=each.ref,
        asked=formats.moment(language, each.asked_at),
        due=formats.day(language, each.due_at),
        state=state,
        tone=tone,
        can_order=each.waits and not each.ordered,
    )


def _table(language: str, each: FullTally) -> TableView:
    gettext = translations(language).ugettext
    answers = choices(language, QUESTIONS[each.question])
    fewer = gettext("fewer than {least}").format(least=LEAST)
    return TableView(
        f"tally-{each.question}",
        words_of(language, f"about.{each.question}").label,
        [ColumnView(gettext("Answer")), ColumnView(gettext("People"), number=True)],
        [
            RowView(
                [
                    TextCell(answers[cell.answer]),
                    TextCell(fewer if cell.number is None else formats.number(language, cell.number)),
                ]
            )
            for cell in each.cells
        ],
    )
