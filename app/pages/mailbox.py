"""Mail that did not leave, where no SMTP server is configured. In production this page does not exist."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.mailbox import KeptMail, attached_file, newest_mail
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
    _in_development(request)
    return MailboxList(mails=newest_mail(session, to)).response(request)


@router.get("/files/{attachment}", name="mailbox.file")
def open_file(request: Request, session: Db, attachment: str) -> Response:
    _in_development(request)
    file = attached_file(session, attachment)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _in_development(request: Request) -> None:
    """NotFound where mail really leaves."""
    settings = request.state.settings
    if settings.production or settings.smtp_url:
        raise NotFound
