"""The letters of a published call: until when they can be stopped, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.calls.titles import call_title
from app.decisions import letters_out
from app.decisions.held import call_of
from app.decisions.letters_out import CHANGED, PER_PAGE, STOPPED, LetterLine, Letters
from app.decisions.refusals import LettersGone
from app.messages import formats, sentence, translations
from app.messages.labels import choices
from app.models.outbox import MailState
from app.pages.page import Page, path_to, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/letters")
MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class LetterList(Page):
    """How many wait until when, the two buttons, and one line a letter."""

    template = "awards/letters.html"
    fragment = "outgoing"
    call: str
    call_title: str
    published: bool
    letters: Letters
    leave_at: str
    minutes: int
    lines: TableView
    earlier: str
    later: str
    refused: str


@router.get("", name="letters.list")
def list_letters(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    return _page(request, session, coordinator, now, call, start).response(request)


def _page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    start: int = 0,
    refused: str = "",
) -> LetterList:
    language = language_of(request)
    found = letters_out.letters(session, coordinator, now, start)
    held = found.leave_at is not None and found.leave_at > now
    here, after = path_to(language, "letters.list", call=call), start + PER_PAGE
    return LetterList(
        call=call,
        call_title=call_title(session, coordinator, language),
        published=call_of(session, coordinator).published_at is not None,
        letters=found,
        leave_at=formats.moment(language, found.leave_at) if found.leave_at and held else "",
        minutes=-int(-(found.leave_at - now).total_seconds() // MINUTE) if found.leave_at and held else 0,
        lines=_lines(language, found.lines),
        earlier=f"{here}?start={max(0, start - PER_PAGE)}" if start else "",
        later=f"{here}?start={after}" if after < found.total else "",
        refused=refused,
    )


def _lines(language: str, lines: Sequence[LetterLine]) -> TableView:
    gettext, words = translations(language).ugettext, choices(language, "letter_states")
    says = choices(language, "letter_says")
    return TableView(
        "letters",
        gettext("Each letter"),
        [
            ColumnView(gettext("Application")),
            ColumnView(gettext("What it says")),
            ColumnView(gettext("State")),
            ColumnView(gettext("When")),
        ],
        [
            RowView(
                [
                    TextCell(each.ref, each.title),
                    TextCell(says[each.says]),
                    TextCell(words[_state(each)]),
                    TextCell(formats.moment(language, each.at) if each.state in SHOWN else "–"),
                ]
            )
            for each in lines
        ],
    )


SHOWN = frozenset({MailState.SENT, MailState.QUEUED})


def _state(line: LetterLine) -> str:
    if line.state is MailState.CANCELLED:
        return {STOPPED: "stopped", CHANGED: "withdrawn"}.get(line.why, "cancelled")
    return "lacking" if line.state is MailState.QUEUED and line.why else line.state.value


@router.post("/stop", name="letters.stop")
def stop_letters(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    try:
        letters_out.stop_letters(session, coordinator, now)
    except LettersGone as error:
        why = sentence(language_of(request), error.code, error.params)
        return _page(request, session, coordinator, now, call, refused=why).response(request, 409)
    return see_other(request, "letters.list", call=call, done="letters_stopped")


@router.post("/send", name="letters.send_now")
def send_letters_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str
) -> Response:
    try:
        letters_out.send_letters_now(session, coordinator, now)
    except LettersGone as error:
        why = sentence(language_of(request), error.code, error.params)
        return _page(request, session, coordinator, now, call, refused=why).response(request, 409)
    return see_other(request, "letters.list", call=call, done="letters_leave")
