"""Signing in: an address, then the code or the link from the mail. A GET never signs in."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.accounts import actions
from app.accounts.actions import Browser, CodeInput, Entered, SignInInput
from app.errors import Invalid
from app.pages.forms import Form, form_of, read_form
from app.pages.page import Page, see_other
from app.pages.root import own_path
from app.web.actors import cookie_name, is_shared_computer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/sign-in")
SignInForm = Annotated[Form[SignInInput], Depends(form_of(SignInInput, "sign_in"))]
INVITATION = re.compile(r"/(?:kk|ru|en)/invitations/[\w-]+")
"""Where the mail about a team leads. Nothing is looked up: who only holds the link learns nothing from it."""
CodeForm = Annotated[Form[CodeInput], Depends(form_of(CodeInput, "sign_in"))]


@dataclass(frozen=True, kw_only=True)
class SignInEdit(Page):
    """Asks for the address."""

    template = "sign_in/edit.html"
    form: Form[SignInInput]
    next_query: str
    invited: bool


@dataclass(frozen=True, kw_only=True)
class SignInCode(Page):
    """Asks for the code that was mailed to `email`, which only the browser that asked is shown."""

    template = "sign_in/code.html"
    form: Form[CodeInput]
    email: str
    minutes: int
    mailbox: bool


@dataclass(frozen=True, kw_only=True)
class SignInLink(Page):
    """Where the mailed link leads: one button, because mail scanners follow links."""

    template = "sign_in/link.html"
    key: str


@router.get("", name="sign_in.edit")
def edit(request: Request) -> Response:
    given: dict[str, str | list[str]] = {"next_path": own_path(request.query_params.get("next", "/"))}
    return _edit_page(Form(SignInInput, "sign_in", language_of(request), given)).response(request)


@router.post("", name="sign_in.start")
def start(request: Request, session: Db, now: Now, form: SignInForm) -> Response:
    try:
        given = form.value()
        language = language_of(request)
        client = request.client.host if request.client else ""
        browser = actions.start_sign_in(session, given, language=language, client=client, now=now)
    except Invalid as error:
        return _edit_page(form.refused(error)).response(request, 422)
    response = see_other(request, "sign_in.code")
    remember_asking(request, response, browser)
    if given.shared_computer:
        _set_cookie(request, response, "shared", "1", actions.CODE_LIVES)
    return response


def _edit_page(form: Form[SignInInput]) -> SignInEdit:
    """The other ways in lead to the same place."""
    wished = own_path(str(form.given.get("next_path", "/")))
    return SignInEdit(
        form=form,
        next_query="" if wished == "/" else f"?next={quote(wished)}",
        invited=INVITATION.fullmatch(wished) is not None,
    )


@router.get("/code", name="sign_in.code")
def code(request: Request, session: Db, now: Now) -> Response:
    form = Form(CodeInput, "sign_in", language_of(request))
    return _code_page(request, session, form, now).response(request)


@router.post("/code", name="sign_in.enter")
def enter(request: Request, session: Db, now: Now, form: CodeForm) -> Response:
    try:
        entered = actions.enter_code(
            session, _browser(request), form.value(), secret=secret_of(request), now=now
        )
    except Invalid as error:
        return _code_page(request, session, form.refused(error), now).response(request, 422)
    return entered_response(request, entered)


@router.get("/link", name="sign_in.link")
def link(request: Request, key: str = "") -> Response:
    return SignInLink(key=key[:100]).response(request)


@router.post("/link", name="sign_in.press")
def press(request: Request, session: Db, now: Now, key: str = "") -> Response:
    try:
        entered = actions.enter_link(session, _browser(request), key, secret=secret_of(request), now=now)
    except Invalid as error:
        form = read_form(CodeInput, "sign_in", language_of(request), {}).refused(error)
        return _code_page(request, session, form, now).response(request, 422)
    return entered_response(request, entered)


@router.post("/out", name="sign_in.out")
def out(request: Request, session: Db, now: Now) -> Response:
    name = cookie_name(request.state.settings.secure)
    actions.sign_out(session, request.cookies.get(name, ""), now)
    shared = is_shared_computer(request)
    response = see_other(request, "home", done="finished" if shared else "signed_out")
    _forget_cookie(request, response, name)
    # On a shared computer nothing stays, not even the choice of colours.
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"' if shared else '"cache", "storage"'
    return response


def _code_page(request: Request, session: Session, form: Form[CodeInput], now: datetime) -> SignInCode:
    return SignInCode(
        form=form,
        email=actions.asked_address(session, asked_here(request), now),
        minutes=int(actions.CODE_LIVES.total_seconds() // 60),
        mailbox=not request.state.settings.smtp_url,
    )


def _browser(request: Request) -> Browser:
    return Browser(
        asking=asked_here(request),
        name=request.headers.get("user-agent", ""),
        shared=request.cookies.get("shared") == "1",
    )


def entered_response(request: Request, entered: Entered) -> Response:
    """Signed in: on to where one wanted to go."""
    wished = own_path(entered.next_path)
    response = RedirectResponse(wished if wished != "/" else _my(request), 303)
    entered_cookie(request, response, entered)
    return response


def entered_cookie(request: Request, response: Response, entered: Entered) -> None:
    """Give this browser its session, and take away what belonged to asking for it."""
    _set_cookie(request, response, cookie_name(request.state.settings.secure), entered.token, entered.lives)
    forget_asking(request, response)
    _forget_cookie(request, response, "shared")


def remember_asking(request: Request, response: Response, asking: str) -> None:
    """Tie a code that is on its way to this browser."""
    _set_cookie(request, response, _asking_cookie(request), asking, actions.CODE_LIVES)


def asked_here(request: Request) -> str:
    """What ties a code to this browser; empty where none was asked for here."""
    return request.cookies.get(_asking_cookie(request), "")


def forget_asking(request: Request, response: Response) -> None:
    """The code was used."""
    _forget_cookie(request, response, _asking_cookie(request))


def prolong(request: Request, session: Session, response: Response, now: datetime) -> None:
    """Let this browser's session live on from now, and its cookie with it."""
    name = cookie_name(request.state.settings.secure)
    token = request.cookies.get(name, "")
    _set_cookie(request, response, name, token, actions.prolong_session(session, token, now))


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Sign this browser in for as long as a session lives."""
    _set_cookie(request, response, cookie_name(request.state.settings.secure), token, actions.SESSION_LIVES)


def _my(request: Request) -> str:
    return f"/{language_of(request)}/my"


def _set_cookie(request: Request, response: Response, name: str, value: str, lives: timedelta | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lives.total_seconds()) if lives else None,
        path="/",
        secure=request.state.settings.secure,
        httponly=True,
        samesite="lax",
    )


def _forget_cookie(request: Request, response: Response, name: str) -> None:
    """With the words it was set with: a browser ignores a `__Host-` cookie that is not Secure."""
    secure = request.state.settings.secure
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _asking_cookie(request: Request) -> str:
    return "__Host-asking" if request.state.settings.secure else "asking"


def secret_of(request: Request) -> str:
    """What codes are derived from and hashed with."""
    secret: str = request.state.settings.secret_key.get_secret_value()
    return secret
