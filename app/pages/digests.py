"""Stopping the weekly digest: the page behind its link, with a button, since a GET changes nothing."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.accounts.digests import own_digests, set_digests
from app.errors import NotFound
from app.pages.forms import typed
from app.pages.page import Page, path_to
from app.pages.reminders import storable
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/reminders/reviews")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, kw_only=True)
class DigestsEdit(Page):
    """Whether the weekly mail comes, and the button that stops or starts it."""

    template = "reminders/digests.html"
    action: str
    stopped: bool
    done: bool


@router.get("", name="digests.edit")
def edit(request: Request, session: Db, member: str = "", key: str = "") -> Response:
    return _page(request, session, member, key, done=False)


@router.post("", name="digests.save")
def save(request: Request, session: Db, now: Now, given: Typed, member: str = "", key: str = "") -> Response:
    act = given.get("act")
    if act not in {"stop", "start"}:
        raise NotFound
    secret = request.state.settings.secret_key.get_secret_value()
    set_digests(session, secret, storable(member), key, stopped=act == "stop", now=now)
    return _page(request, session, member, key, done=True)


def _page(request: Request, session: Db, member: str, key: str, *, done: bool) -> Response:
    secret = request.state.settings.secret_key.get_secret_value()
    stopped = own_digests(session, secret, storable(member), key)
    return DigestsEdit(
        action=f"{path_to(language_of(request), 'digests.save')}?member={member}&key={key}",
        stopped=stopped,
        done=done,
    ).response(request)
