"""Who coordinates a call and who reviews in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls import actions
from app.calls.inputs import MemberInput
from app.calls.panel import FullMember, organisations_to_speak_for, panel_of
from app.calls.setup_view import setup_of
from app.errors import Invalid
from app.messages import label
from app.models.panel import PanelRole
from app.pages.forms import Form, Option, form_of
from app.pages.page import Page, see_other, text_in
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/panel")
MemberForm = Annotated[Form[MemberInput], Depends(form_of(MemberInput, "member"))]


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of the panel in words."""

    code: str
    who: str
    email: str
    role: str
    organisation: str
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class PanelList(Page):
    """The panel, and a form to add somebody."""

    template = "panel/list.html"
    slug: str
    title: str
    coordinators: Sequence[MemberView]
    reviewers: Sequence[MemberView]
    form: Form[MemberInput]


@router.get("", name="panel.list")
def list_members(request: Request, session: Db, who: AsCoordinator) -> Response:
    form = Form(MemberInput, "member", language_of(request), {"role": "reviewer"})
    return _page(request, session, who, form).response(request)


@router.post("", name="panel.add")
def add(request: Request, session: Db, who: AsCoordinator, now: Now, form: MemberForm) -> Response:
    try:
        actions.add_member(session, who, form.value(), now)
    except Invalid as error:
        return _page(request, session, who, form.refused(error)).response(request, 422)
    return see_other(request, "panel.list", call=request.path_params["call"], done="member_added")


@router.post("/{member}/remove", name="panel.remove")
def remove(request: Request, session: Db, who: AsCoordinator, now: Now, member: str) -> Response:
    actions.remove_member(session, who, member, now)
    return see_other(request, "panel.list", call=request.path_params["call"], done="member_removed")


def _page(request: Request, session: Session, who: AsCoordinator, form: Form[MemberInput]) -> PanelList:
    language = language_of(request)
    setup = setup_of(session, who)
    organisations = organisations_to_speak_for(session, who)
    names = {each.code: text_in(language, each.name) for each in organisations}
    members = panel_of(session, who)
    return PanelList(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        coordinators=_views(members, PanelRole.COORDINATOR, names, language),
        reviewers=_views(members, PanelRole.REVIEWER, names, language),
        form=form.offering(organisation=[Option(code, name) for code, name in names.items()]),
    )


def _views(
    members: Sequence[FullMember], role: PanelRole, names: dict[str, str], language: str
) -> list[MemberView]:
    return [
        MemberView(
            code=each.code,
            who=each.name or each.email,
            email=each.email,
            role=label(language, each.role),
            organisation=names.get(each.organisation or "", each.organisation or ""),
            joined_at=each.joined_at,
        )
        for each in members
        if each.role is role
    ]
