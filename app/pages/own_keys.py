"""The two ways into one's own account beside the first: a return code, and an e-mail address added later."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts import addresses, returning
from app.accounts.actions import CODE_LIVES, CodeInput
from app.accounts.actors import SignedIn
from app.accounts.addresses import AddressInput
from app.accounts.queries import OwnReturnCode, own_return_code
from app.accounts.refusals import HasEmail
from app.accounts.returning import FactsInput
from app.errors import Invalid
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.pages.sign_in import asked_here, forget_asking, remember_asking, secret_of
from app.pages.slips import SlipView, slip_view
from app.web.actors import AsSignedIn
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/account")
FactsForm = Annotated[Form[FactsInput], Depends(form_of(FactsInput, "facts"))]
AddressForm = Annotated[Form[AddressInput], Depends(form_of(AddressInput, "own_email"))]
CodeForm = Annotated[Form[CodeInput], Depends(form_of(CodeInput, "sign_in"))]


@dataclass(frozen=True, kw_only=True)
class AccountReturnCode(Page):
    """Whether there is a code, and how to make one; `slip` is a new one, shown this once."""

    template = "account/return_code.html"
    own: OwnReturnCode
    form: Form[FactsInput]
    slip: SlipView | None


@dataclass(frozen=True, kw_only=True)
class AccountEmail(Page):
    """Asks for an address of one's own."""

    template = "account/email.html"
    form: Form[AddressInput]


@dataclass(frozen=True, kw_only=True)
class AccountEmailCode(Page):
    """Asks for the code that was sent to the address."""

    template = "account/email_code.html"
    form: Form[CodeInput]
    minutes: int
    mailbox: bool


@router.get("/return-code", name="account.return_code")
def return_code(request: Request, session: Db, who: AsSignedIn) -> Response:
    return _code_page(request, session, who).response(request)


@router.post("/return-code", name="account.make_return_code")
def make_return_code(request: Request, session: Db, who: AsSignedIn, now: Now, form: FactsForm) -> Response:
    try:
        code = returning.make_return_code(session, who, form.value(), secret=secret_of(request), now=now)
    except Invalid as error:
        return _code_page(request, session, who, form.refused(error)).response(request, 422)
    # Not a redirect: the code must not be kept anywhere between two requests.
    slip = slip_view(request, language_of(request), code)
    return _code_page(request, session, who, slip=slip).response(request, 201)


@router.post("/return-code/revoke", name="account.revoke_return_code")
def revoke_return_code(request: Request, session: Db, who: AsSignedIn, now: Now) -> Response:
    returning.revoke_return_code(session, who, now)
    return see_other(request, "account.return_code", done="return_code_revoked")


def _code_page(
    request: Request,
    session: Session,
    who: SignedIn,
    form: Form[FactsInput] | None = None,
    slip: SlipView | None = None,
) -> AccountReturnCode:
    own = own_return_code(session, who)
    known: dict[str, str | list[str]] = {"phone": own.phone, "birth_year": str(own.birth_year or "")}
    form = form or Form(FactsInput, "facts", language_of(request), known)
    return AccountReturnCode(own=own, form=form, slip=slip)


@router.get("/email", name="account.email")
def email(request: Request, session: Db, who: AsSignedIn) -> Response:
    if own_return_code(session, who).email:
        raise HasEmail
    return AccountEmail(form=Form(AddressInput, "own_email", language_of(request))).response(request)


@router.post("/email", name="account.ask_for_email")
def ask_for_email(request: Request, session: Db, who: AsSignedIn, now: Now, form: AddressForm) -> Response:
    try:
        asking = addresses.ask_for_address(session, who, form.value(), language=language_of(request), now=now)
    except Invalid as error:
        return AccountEmail(form=form.refused(error)).response(request, 422)
    response = see_other(request, "account.email_code")
    remember_asking(request, response, asking)
    return response


@router.get("/email/code", name="account.email_code")
def email_code(request: Request, who: AsSignedIn) -> Response:
    return _confirming(request, Form(CodeInput, "sign_in", language_of(request))).response(request)


@router.post("/email/code", name="account.confirm_email")
def confirm_email(request: Request, session: Db, who: AsSignedIn, now: Now, form: CodeForm) -> Response:
    try:
        addresses.confirm_address(
            session, who, asked_here(request), form.value(), secret=secret_of(request), now=now
        )
    except Invalid as error:
        return _confirming(request, form.refused(error)).response(request, 422)
    response = see_other(request, "account.edit", done="email_added")
    forget_asking(request, response)
    return response


def _confirming(request: Request, form: Form[CodeInput]) -> AccountEmailCode:
    minutes = int(CODE_LIVES.total_seconds() // 60)
    return AccountEmailCode(form=form, minutes=minutes, mailbox=not request.state.settings.smtp_url)
