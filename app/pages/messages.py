"""The mails that were sent to oneself, to be read again on the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.messages import OwnMessageLine, own_message, own_messages
from app.pages.page import Page, path_to
from app.web.actors import AsSignedIn
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/my/messages")
PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class MessageList(Page):
    """The newest first."""

    template = "messages/list.html"
    messages: Sequence[OwnMessageLine]
    earlier: str
    later: str


@dataclass(frozen=True, kw_only=True)
class MessageShow(Page):
    """One mail as it was sent."""

    template = "messages/show.html"
    subject: str
    body: str
    lang: str
    sent_at: datetime


@router.get("", name="messages.list")
def list_messages(
    request: Request, session: Db, who: AsSignedIn, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    found, total = own_messages(session, who, limit=PER_PAGE, offset=start)
    here, after = path_to(language_of(request), "messages.list"), start + PER_PAGE
    return MessageList(
        messages=found,
        earlier=f"{here}?start={max(0, start - PER_PAGE)}" if start else "",
        later=f"{here}?start={after}" if after < total else "",
    ).response(request)


@router.get("/{message}", name="messages.show")
def show_message(request: Request, session: Db, who: AsSignedIn, message: str) -> Response:
    found = own_message(session, who, message)
    return MessageShow(
        subject=found.subject, body=found.body, lang=found.language, sent_at=found.sent_at
    ).response(request)
