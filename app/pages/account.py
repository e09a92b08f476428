"""One's own account: sessions and API tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.accounts import actions, queries
from app.accounts.actions import NameInput, TokenInput
from app.accounts.codes import hashed
from app.accounts.queries import OwnSession
from app.errors import Invalid
from app.messages.labels import choices
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.web.actors import AsSignedIn, cookie_name
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/account")
TokenForm = Annotated[Form[TokenInput], Depends(form_of(TokenInput, "token"))]
NameForm = Annotated[Form[NameInput], Depends(form_of(NameInput, "account"))]


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token in words: what it may do, and until when."""

    code: str
    name: str
    hint: str
    may: Sequence[str]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountEdit(Page):
    """One's name, sessions to end, tokens to make and revoke. `made` is a new token, shown this once."""

    template = "account/edit.html"
    email: str
    sessions: list[OwnSession]
    tokens: list[TokenView]
    naming: Form[NameInput]
    form: Form[TokenInput]
    made: str


def _page(
    request: Request,
    session: Db,
    who: AsSignedIn,
    now: Now,
    form: Form[TokenInput] | None = None,
    *,
    naming: Form[NameInput] | None = None,
    made: str = "",
) -> AccountEdit:
    current = hashed(request.cookies.get(cookie_name(request.state.settings.secure), ""))
    language = language_of(request)
    email, name = queries.own_names(session, who)
    words = choices(language, "scopes")
    return AccountEdit(
        email=email,
        sessions=queries.own_sessions(session, who, current, now),
        tokens=[
            TokenView(
                code=each.code,
                name=each.name,
                hint=each.hint,
                may=[words.get(scope, scope) for scope in each.scopes],
                expires_at=each.expires_at,
            )
            for each in queries.own_tokens(session, who, now)
        ],
        naming=naming or Form(NameInput, "account", language, {"own_name": name}),
        form=form or Form(TokenInput, "token", language),
        made=made,
    )


@router.get("", name="account.edit")
def edit(request: Request, session: Db, who: AsSignedIn, now: Now) -> Response:
    return _page(request, session, who, now).response(request)


@router.post("/name", name="account.set_name")
def set_name(request: Request, session: Db, who: AsSignedIn, now: Now, form: NameForm) -> Response:
    try:
        actions.set_name(session, who, form.value(), now)
    except Invalid as error:
        return _page(request, session, who, now, naming=form.refused(error)).response(request, 422)
    return see_other(request, "account.edit", done="saved")


@router.post("/sessions/{code}/end", name="account.end_session")
def end_session(request: Request, session: Db, who: AsSignedIn, now: Now, code: str) -> Response:
    actions.end_session(session, who, code, now)
    return see_other(request, "account.edit", done="session_ended")


@router.post("/tokens", name="account.make_token")
def make_token(request: Request, session: Db, who: AsSignedIn, now: Now, form: TokenForm) -> Response:
    try:
        made = actions.make_token(session, who, form.value(), now)
    except Invalid as error:
        return _page(request, session, who, now, form.refused(error)).response(request, 422)
    # Not a redirect: the secret must not be kept anywhere between two requests.
    session.flush()
    return _page(request, session, who, now, made=made).response(request, 201)


@router.post("/tokens/{code}/revoke", name="account.revoke_token")
def revoke_token(request: Request, session: Db, who: AsSignedIn, now: Now, code: str) -> Response:
    actions.revoke_token(session, who, code, now)
    return see_other(request, "account.edit", done="token_revoked")
