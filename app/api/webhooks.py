"""Webhooks of a call, and corrections of its results: what a coordinator has others told."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.calls import hooks as rules
from app.calls.hooks import HookInput, HookMade, HookShown
from app.decisions.notices import NoticeInput, PublicNotice, correct, notices_of
from app.settings import Settings
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["calls"])


class NoticeMade(BaseModel):
    """The code of a new correction, as pages and feeds name it."""

    code: str


@router.get("/webhooks", name="api.webhooks.list")
def list_webhooks(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[HookShown]:
    """The addresses that are told what becomes of the call, each with its last twenty messages and what was
    answered. Secrets are not among it."""
    found = rules.hooks(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/webhooks", name="api.webhooks.add", status_code=201)
def add_webhook(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, given: Json[HookInput]
) -> HookMade:
    """Have an address told; without `events` of all three. Its `secret` is in this answer and in no other.
    Messages are signed as Standard Webhooks says. 409 where the call has five."""
    settings: Settings = request.state.settings
    key = settings.secret_key.get_secret_value()
    private = settings.webhooks_private
    return rules.add_hook(session, coordinator, given, secret_key=key, private=private, now=now)


@router.post("/webhooks/{hook}/secret", name="api.webhooks.new_secret")
def new_secret(request: Request, session: Db, coordinator: AsCoordinator, now: Now, hook: str) -> HookMade:
    """Another secret; the one before signs nothing any more."""
    key = request.state.settings.secret_key.get_secret_value()
    return rules.new_secret(session, coordinator, hook, secret_key=key, now=now)


@router.post("/webhooks/{hook}/test", name="api.webhooks.test", status_code=202)
def test_webhook(session: Db, coordinator: AsCoordinator, now: Now, hook: str) -> None:
    """Have a message of the type `test` sent, once. 409 after twenty within an hour."""
    rules.try_hook(session, coordinator, hook, now)


@router.delete("/webhooks/{hook}", name="api.webhooks.end", status_code=204)
def end_webhook(session: Db, coordinator: AsCoordinator, now: Now, hook: str) -> None:
    """Tell it nothing any more; what waited for it is not sent."""
    rules.end_hook(session, coordinator, hook, now)


@router.get("/notices", name="api.notices.list")
def list_notices(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[PublicNotice]:
    """The corrections of what was published, the newest first; everybody reads them among the results."""
    found = notices_of(session, coordinator.call_id)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/notices", name="api.notices.write", status_code=201)
def write_notice(session: Db, coordinator: AsCoordinator, now: Now, given: Json[NoticeInput]) -> NoticeMade:
    """Publish a correction, in all three languages; it is public at once and stays. 409 before the results
    are public."""
    return NoticeMade(code=correct(session, coordinator, given, now))
