"""The mails that were sent to oneself, to be read again."""

from fastapi import APIRouter

from app.accounts.messages import OwnMessage, OwnMessageLine, own_message, own_messages
from app.api.paging import Listed, Paging
from app.web.actors import AsApplicant
from app.web.session import Db

router = APIRouter(tags=["messages"])


@router.get("/messages", name="api.messages.list")
def list_messages(session: Db, applicant: AsApplicant, paging: Paging) -> Listed[OwnMessageLine]:
    """Every mail that was sent to oneself, the newest first. Codes to sign in are not kept."""
    found, total = own_messages(session, applicant, limit=paging.limit, offset=paging.offset)
    return Listed(items=found, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/messages/{message}", name="api.messages.show")
def show_message(session: Db, applicant: AsApplicant, message: str) -> OwnMessage:
    """One mail as it was sent. Reading it changes nothing."""
    return own_message(session, applicant, message)
