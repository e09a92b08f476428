"""Mail that did not leave, where no SMTP server is configured. In production this page does not exist."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.mailbox import KeptMail, newest_mail
from app.errors import NotFound
from app.pages.page import Page
from app.web.session import Db

router = APIRouter(prefix="/mailbox")


@dataclass(frozen=True, kw_only=True)
class MailboxList(Page):
    """The newest mails to everybody."""

    template = "mailbox/list.html"
    mails: list[KeptMail]


@router.get("", name="mailbox.list")
def list_mail(request: Request, session: Db, to: str = "") -> Response:
    settings = request.state.settings
    if settings.production or settings.smtp_url:
        raise NotFound
    return MailboxList(mails=newest_mail(session, to)).response(request)
