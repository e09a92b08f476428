"""The public ledger of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.ledger import public_ledger
from app.messages import formats
from app.messages.labels import choices
from app.pages.page import Page, text_in
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/ledger")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One act in words."""

    words: str
    at: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LedgerShow(Page):
    """Every act that moved the call on, the first first."""

    template = "calls/ledger.html"
    slug: str
    title: str
    lines: Sequence[LedgerLine]


@router.get("", name="ledger.show")
def show_ledger(request: Request, session: Db, call: str) -> Response:
    language = language_of(request)
    found = public_ledger(session, call)
    zone = ZoneInfo(found.timezone)
    words = choices(language, "acts")
    return LedgerShow(
        slug=call,
        title=text_in(language, found.title),
        lines=[
            LedgerLine(words[each.act], formats.moment(language, each.at, zone), each.reason)
            for each in found.entries
        ],
    ).response(request)
