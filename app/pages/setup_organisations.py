"""The partner organisations of a call: choosing known ones, and adding a new one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import OrganisationInput, OrganisationsInput
from app.calls.organisations import known_organisations
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid
from app.pages.forms import Form, Option, read_form, typed
from app.pages.page import Page, see_other, text_in
from app.pages.setup_part import fields_of, version_in
from app.pages.texts import Group, text_group
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/{call}/setup/organisations")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, kw_only=True)
class OrganisationsEdit(Page):
    """Two forms: which organisations take part, and one that is new here."""

    template = "setup/organisations.html"
    slug: str
    title: str
    version: int
    locked: bool
    stale: bool
    chosen: Form[OrganisationsInput]
    known: bool
    added: Form[OrganisationInput]
    name: Group


@router.get("", name="setup.organisations")
def edit(request: Request, session: Db, who: AsCoordinator) -> Response:
    return _page(request, session, setup_of(session, who)).response(request)


@router.post("", name="setup.choose_organisations")
def choose(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    form = read_form(
        OrganisationsInput, "organisations", language_of(request), fields_of(OrganisationsInput, given)
    )
    try:
        actions.choose_organisations(session, who, version_in(given), form.value(), now)
    except Invalid as error:
        page = _page(request, session, setup_of(session, who), chosen=form.refused(error))
        return page.response(request, 422)
    except CallStale as error:
        return _page(request, session, error.current, chosen=form, stale=True).response(request, 409)
    return see_other(request, "setup.organisations", call=request.path_params["call"], done="saved")


@router.post("/add", name="setup.add_organisation")
def add(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    form = read_form(
        OrganisationInput, "organisation", language_of(request), fields_of(OrganisationInput, given)
    )
    try:
        actions.add_organisation(session, who, version_in(given), form.value(), now)
    except Invalid as error:
        page = _page(request, session, setup_of(session, who), added=form.refused(error))
        return page.response(request, 422)
    except CallStale as error:
        return _page(request, session, error.current, added=form, stale=True).response(request, 409)
    return see_other(
        request, "setup.organisations", call=request.path_params["call"], done="organisation_added"
    )


def _page(
    request: Request,
    session: Session,
    setup: CallSetup,
    *,
    chosen: Form[OrganisationsInput] | None = None,
    added: Form[OrganisationInput] | None = None,
    stale: bool = False,
) -> OrganisationsEdit:
    language = language_of(request)
    known = known_organisations(session)
    chosen = chosen or Form(
        OrganisationsInput, "organisations", language, {"organisations": setup.organisations.organisations}
    )
    added = added or Form(OrganisationInput, "organisation", language)
    # Those that take part first, in their order, so that saving keeps it.
    order = {code: place for place, code in enumerate(setup.organisations.organisations)}
    options = [
        Option(each.code, text_in(language, each.name))
        for each in sorted(known, key=lambda each: (order.get(each.code, len(order)), each.code))
    ]
    return OrganisationsEdit(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        version=setup.version,
        locked=setup.locked,
        stale=stale,
        chosen=chosen.offering(organisations=options),
        known=bool(known),
        added=added,
        name=text_group(added, "name"),
    )
