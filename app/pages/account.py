"""One's own account: sessions and API tokens."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.accounts import actions, queries
from app.accounts.actions import TokenInput
from app.accounts.codes import hashed
from app.accounts.queries import OwnSession, OwnToken
from app.errors import Invalid
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.web.actors import AsSignedIn, cookie_name
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/account")
TokenForm = Annotated[Form[TokenInput], Depends(form_of(TokenInput, "token"))]


@dataclass(frozen=True, kw_only=True)
class AccountEdit(Page):
    """Sessions to end, tokens to make and revoke. `made` is a new token, shown this once."""

    template = "account/edit.html"
    email: str
    sessions: list[OwnSession]
    tokens: list[OwnToken]
    form: Form[TokenInput]
    made: str


def _page(
    request: Request, session: Db, who: AsSignedIn, now: Now, form: Form[TokenInput], made: str = ""
) -> AccountEdit:
    current = hashed(request.cookies.get(cookie_name(request.state.settings.secure), ""))
    return AccountEdit(
        email=queries.own_email(session, who),
        sessions=queries.own_sessions(session, who, current, now),
        tokens=queries.own_tokens(session, who, now),
        form=form,
        made=made,
    )


@router.get("", name="account.edit")
def edit(request: Request, session: Db, who: AsSignedIn, now: Now) -> Response:
    form = Form(TokenInput, "token", language_of(request))
    return _page(request, session, who, now, form).response(request)


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
    empty = Form(TokenInput, "token", language_of(request))
    return _page(request, session, who, now, empty, made).response(request, 201)


@router.post("/tokens/{code}/revoke", name="account.revoke_token")
def revoke_token(request: Request, session: Db, who: AsSignedIn, now: Now, code: str) -> Response:
    actions.revoke_token(session, who, code, now)
    return see_other(request, "account.edit", done="token_revoked")
