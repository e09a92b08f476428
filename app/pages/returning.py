"""Signing in without e-mail: with a return code, or for the first time."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts import returning
from app.accounts.actors import SignedIn
from app.accounts.returning import ReturnCodeInput, WithoutEmailInput
from app.errors import Invalid, Unauthenticated
from app.pages.forms import Form, form_of
from app.pages.page import Page
from app.pages.root import own_path
from app.pages.sign_in import entered_cookie, entered_response, secret_of
from app.pages.slips import SlipView, slip_view
from app.web.actors import proof_of
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/sign-in")
CodeForm = Annotated[Form[ReturnCodeInput], Depends(form_of(ReturnCodeInput, "return_code"))]
BeginForm = Annotated[Form[WithoutEmailInput], Depends(form_of(WithoutEmailInput, "without_email"))]


@dataclass(frozen=True, kw_only=True)
class SignInReturnCode(Page):
    """Asks for the code on the slip and for what belongs to it."""

    template = "sign_in/return_code.html"
    form: Form[ReturnCodeInput]


@dataclass(frozen=True, kw_only=True)
class SignInNoEmail(Page):
    """Asks for what is needed of somebody without e-mail."""

    template = "sign_in/no_email.html"
    form: Form[WithoutEmailInput]


@dataclass(frozen=True, kw_only=True)
class SignInBegun(Page):
    """The code of a new account, shown this once, and the way on."""

    template = "sign_in/begun.html"
    slip: SlipView
    href: str


@router.get("/return-code", name="sign_in.return_code")
def return_code(request: Request) -> Response:
    form = Form(ReturnCodeInput, "return_code", language_of(request), _beginning(request))
    return SignInReturnCode(form=form).response(request)


@router.post("/return-code", name="sign_in.enter_return_code")
def enter_return_code(request: Request, session: Db, now: Now, form: CodeForm) -> Response:
    try:
        entered = returning.enter_return_code(
            session,
            form.value(),
            client=_client(request),
            browser_name=request.headers.get("user-agent", ""),
            secret=secret_of(request),
            now=now,
        )
    except Invalid as error:
        return SignInReturnCode(form=form.refused(error)).response(request, 422)
    return entered_response(request, entered)


@router.get("/no-email", name="sign_in.no_email")
def no_email(request: Request) -> Response:
    form = Form(WithoutEmailInput, "without_email", language_of(request), _beginning(request))
    return SignInNoEmail(form=form).response(request)


@router.post("/no-email", name="sign_in.begin")
def begin(request: Request, session: Db, now: Now, form: BeginForm) -> Response:
    language = language_of(request)
    try:
        begun = returning.start_without_email(
            session,
            form.value(),
            _already(request, session, now),
            language=language,
            client=_client(request),
            browser_name=request.headers.get("user-agent", ""),
            secret=secret_of(request),
            now=now,
        )
    except Invalid as error:
        return SignInNoEmail(form=form.refused(error)).response(request, 422)
    # Not a redirect: the code must not be kept anywhere between two requests.
    wished = own_path(begun.entered.next_path)
    href = wished if wished != "/" else f"/{language}/my"
    page = SignInBegun(slip=slip_view(request, language, begun.code), href=href)
    response = page.response(request, 201)
    entered_cookie(request, response, begun.entered)
    return response


def _beginning(request: Request) -> dict[str, str | list[str]]:
    """Who comes without e-mail sits at a computer of others, unless they say otherwise."""
    return {"next_path": own_path(request.query_params.get("next", "/")), "shared_computer": "true"}


def _already(request: Request, session: Session, now: Now) -> SignedIn | None:
    """Who is signed in here, if anybody is: a form sent twice makes no second account."""
    try:
        return SignedIn(proof_of(request, session, now).person_id)
    except Unauthenticated:
        return None


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
