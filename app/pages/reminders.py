"""Stopping reminders: the page behind the link in each of them, with buttons, since a GET changes nothing."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.applications.actions.stopping import own_reminders, set_reminders
from app.errors import NotFound
from app.pages.forms import typed
from app.pages.page import Page, path_to, text_in
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/reminders")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, kw_only=True)
class RemindersEdit(Page):
    """What the reader gets now, and the buttons that stop or start it."""

    template = "reminders/edit.html"
    action: str
    ref: str
    call_title: str
    stopped: bool
    all_stopped: bool
    done: bool


@router.get("", name="reminders.edit")
def edit(request: Request, session: Db, ref: str = "", key: str = "") -> Response:
    return _page(request, session, ref, key, done=False)


@router.post("", name="reminders.save")
def save(request: Request, session: Db, now: Now, given: Typed, ref: str = "", key: str = "") -> Response:
    secret = request.state.settings.secret_key.get_secret_value()
    act, _, which = str(given.get("act", "")).partition("-")
    if act not in {"stop", "start"} or which not in {"one", "all"}:
        raise NotFound
    set_reminders(
        session, secret, storable(ref), key, everywhere=which == "all", stopped=act == "stop", now=now
    )
    return _page(request, session, ref, key, done=True)


def _page(request: Request, session: Db, ref: str, key: str, *, done: bool) -> Response:
    language = language_of(request)
    secret = request.state.settings.secret_key.get_secret_value()
    own = own_reminders(session, secret, storable(ref), key)
    return RemindersEdit(
        action=f"{path_to(language, 'reminders.save')}?ref={own.ref}&key={key}",
        ref=own.ref,
        call_title=text_in(language, own.call_title),
        stopped=own.stopped,
        all_stopped=own.all_stopped,
        done=done,
    ).response(request)


def storable(ref: str) -> str:
    """The reference, unless no database could hold it: PostgreSQL has no text with a NUL."""
    if "\x00" in ref:
        raise NotFound
    return ref
