"""A winner gives the award back: asked why, and told what comes of it, before it is done."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.decisions import reserve
from app.decisions.reserve import OwnAward, ReturnInput, own_award
from app.errors import Invalid, Stale
from app.messages import formats
from app.pages.forms import Form, Typed, form_of, number
from app.pages.page import Page, see_other
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/my/{ref}/award-return")
ReturnForm = Annotated[Form[ReturnInput], Depends(form_of(ReturnInput, "return"))]


@dataclass(frozen=True, kw_only=True)
class OwnAwardReturn(Page):
    """Why it is given back; `until` is how long somebody stands by for it."""

    template = "applications/give_back.html"
    award: OwnAward
    until: str
    form: Form[ReturnInput]
    stale: bool


@router.get("", name="own_award.returning")
def returning(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    form = Form(ReturnInput, "return", language_of(request))
    return _page(request, session, applicant, now, ref, form).response(request)


@router.post("", name="own_award.give_back")
def give_back(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    form: ReturnForm,
    typed: Typed,
) -> Response:
    try:
        reserve.give_back_own(session, applicant, ref, number(typed, "version"), form.value(), now)
    except Invalid as error:
        page = _page(request, session, applicant, now, ref, form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _page(request, session, applicant, now, ref, form, stale=True)
        return page.response(request, 409)
    return see_other(request, "applications.result", ref=ref, done="own_award_given_back")


def _page(
    request: Request,
    session: Session,
    applicant: Applicant,
    now: Now,
    ref: str,
    form: Form[ReturnInput],
    *,
    stale: bool = False,
) -> OwnAwardReturn:
    award = own_award(session, applicant, ref, now)
    until = formats.moment(language_of(request), award.reserve_until) if award.reserve_until else ""
    return OwnAwardReturn(award=award, until=until, form=form, stale=stale)
