"""The page of a partner organisation's contact: who scores for it, how far they are, whom to propose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Contact
from app.calls import actions
from app.calls.inputs import ProposalInput
from app.errors import Invalid
from app.messages.labels import choices
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other, text_in
from app.reviews.contact import own_organisation
from app.web.actors import AsContact
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/organisation/{call}")
ProposalForm = Annotated[Form[ProposalInput], Depends(form_of(ProposalInput, "proposal"))]


@dataclass(frozen=True, slots=True)
class ColleagueView:
    """One reviewer in words."""

    name: str
    email: str
    languages: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Somebody whom this contact proposed; `email` is empty where it is the name."""

    name: str
    email: str
    proposed_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrganisationShow(Page):
    """One's organisation in one call."""

    template = "organisation/show.html"
    call: str
    call_title: str
    organisation: str
    due_at: datetime | None
    colleagues: Sequence[ColleagueView]
    proposals: Sequence[ProposalView]
    form: Form[ProposalInput]


@router.get("", name="contact.show")
def show(request: Request, session: Db, contact: AsContact, call: str) -> Response:
    form = Form(ProposalInput, "proposal", language_of(request))
    return _page(request, session, contact, form).response(request)


@router.post("", name="contact.propose")
def propose(
    request: Request, session: Db, contact: AsContact, now: Now, call: str, form: ProposalForm
) -> Response:
    try:
        actions.propose_reviewer(session, contact, form.value(), now)
    except Invalid as error:
        return _page(request, session, contact, form.refused(error)).response(request, 422)
    return see_other(request, "contact.show", call=call, done="reviewer_proposed")


def _page(
    request: Request, session: Session, contact: Contact, form: Form[ProposalInput]
) -> OrganisationShow:
    language = language_of(request)
    own, words = own_organisation(session, contact), choices(language, "languages")
    return OrganisationShow(
        call=request.path_params["call"],
        call_title=text_in(language, own.call_title),
        organisation=text_in(language, own.organisation),
        due_at=own.due_at,
        colleagues=[
            ColleagueView(
                name=each.name,
                email=each.email if each.email != each.name else "",
                languages=", ".join(words[code] for code in each.languages),
                done=each.done,
                total=each.total,
            )
            for each in own.colleagues
        ],
        proposals=[
            ProposalView(each.name or each.email, each.email if each.name else "", each.proposed_at)
            for each in own.proposals
        ],
        form=form,
    )
