"""Who coordinates a call and who reviews in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls import actions
from app.calls.inputs import MemberInput
from app.calls.invitations import FullSeat, Standing, seats_of
from app.calls.panel import FullMember, member_of, organisations_to_speak_for, panel_of
from app.calls.setup_view import setup_of
from app.calls.titles import call_title
from app.errors import Invalid
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.models.panel import PanelRole, SeatState
from app.pages.forms import Form, Option, form_of
from app.pages.inviting import request_in_words
from app.pages.page import Page, path_to, see_other, text_in
from app.reviews.progress import desk_progress
from app.reviews.requests import FullReviewerRequest, open_requests
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/panel")
MemberForm = Annotated[Form[MemberInput], Depends(form_of(MemberInput, "member"))]


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of the panel in words. `reads` and `reading` (where it is changed) are a reviewer's."""

    code: str
    who: str
    email: str
    role: str
    organisation: str
    joined_at: datetime
    reads: Sequence[tuple[str, str]]
    reading: str


@dataclass(frozen=True, slots=True)
class SeatView:
    """Somebody who was proposed or invited, in words; `invite` is where to invite them (anew), `already` what
    a proposed one is here already and what can be done."""

    code: str
    who: str
    email: str
    organisation: str
    state: str
    tone: str
    said: Sequence[tuple[str, str]]
    invite: str
    waits: bool
    proposed: bool
    already: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What a reviewer asks for, and where it is answered."""

    href: str
    who: str
    asks: str
    organisation: str


TONES = {SeatState.PROPOSED: "warn", SeatState.INVITED: "info", SeatState.DECLINED: "mute"}


@dataclass(frozen=True, kw_only=True)
class PanelList(Page):
    """The panel, and a form to add somebody."""

    template = "panel/list.html"
    slug: str
    title: str
    coordinators: Sequence[MemberView]
    contacts: Sequence[MemberView]
    requests: Sequence[RequestLine]
    seats: Sequence[SeatView]
    reviewers: Sequence[MemberView]
    form: Form[MemberInput]


@dataclass(frozen=True, kw_only=True)
class PanelRemove(Page):
    """Who is about to leave the panel; `facts` are a reviewer's, and say what becomes of the reviews."""

    template = "panel/remove.html"
    call: str
    call_title: str
    code: str
    who: str
    role: str
    organisation: str
    facts: Sequence[tuple[str, str]]


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


@router.get("/{member}/remove", name="panel.removing")
def removing(request: Request, session: Db, who: AsCoordinator, now: Now, call: str, member: str) -> Response:
    language, found = language_of(request), member_of(session, who, member)
    names = {each.code: each.name for each in organisations_to_speak_for(session, who)}
    return PanelRemove(
        call=call,
        call_title=call_title(session, who, language),
        code=found.code,
        who=found.name or found.email,
        role=label(language, found.role),
        organisation=text_in(language, names.get(found.organisation or "")),
        facts=_left_behind(session, who, language, found, now),
    ).response(request)


def _left_behind(
    session: Session, who: AsCoordinator, language: str, member: FullMember, now: datetime
) -> list[tuple[str, str]]:
    """Of a reviewer to whom anything is assigned: what is sent, and what is not."""
    reviewers = desk_progress(session, who, now).reviewers if member.role is PanelRole.REVIEWER else []
    mine = next((each for each in reviewers if each.code == member.code), None)
    if mine is None or not mine.assigned:
        return []
    gettext = translations(language).ugettext
    return [
        (gettext("Reviews that are sent"), formats.number(language, mine.sent)),
        (gettext("Reviews that are not sent yet"), formats.number(language, mine.assigned - mine.sent)),
    ]


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
    zone = ZoneInfo(setup.dates.timezone)
    themes = {each.code: text_in(language, each.name.stored) for each in setup.choices.themes}
    words = Names(setup.slug, language, names, themes, zone)
    return PanelList(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        coordinators=_views(members, PanelRole.COORDINATOR, words),
        contacts=_views(members, PanelRole.CONTACT, words),
        requests=[_request(each, words) for each in open_requests(session, who)],
        seats=[_seat(each, words) for each in seats_of(session, who)],
        reviewers=_views(members, PanelRole.REVIEWER, words),
        form=form.offering(organisation=[Option(code, name) for code, name in names.items()]),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes on this page are called in the reader's language."""

    slug: str
    language: str
    organisations: dict[str, str]
    themes: dict[str, str]
    zone: ZoneInfo


def _views(members: Sequence[FullMember], role: PanelRole, words: Names) -> list[MemberView]:
    language, is_reviewer = words.language, role is PanelRole.REVIEWER
    return [
        MemberView(
            code=each.code,
            who=each.name or each.email,
            email=each.email,
            role=label(language, each.role),
            organisation=words.organisations.get(each.organisation or "", each.organisation or ""),
            joined_at=each.joined_at,
            reads=_reads(each, words) if is_reviewer else (),
            reading=path_to(language, "panel.reading", call=words.slug, member=each.code)
            if is_reviewer
            else "",
        )
        for each in members
        if each.role is role
    ]


def _reads(member: FullMember, words: Names) -> list[tuple[str, str]]:
    """What is known of a reviewer; what they have not said is left out."""
    language = words.language
    spoken = choices(language, "languages")
    said = {
        "languages": ", ".join(spoken[code] for code in member.languages),
        "topics": ", ".join(words.themes.get(code, code) for code in member.topics),
        "capacity": "" if member.capacity is None else formats.number(language, member.capacity),
        "due": formats.day(language, member.due_at, words.zone) if member.due_at else "",
    }
    labels = choices(language, "reading_facts")
    return [(labels[name], words) for name, words in said.items() if words]


def _seat(seat: FullSeat, words: Names) -> SeatView:
    language = words.language
    labels = choices(language, "seat_facts")
    said = {
        "proposed_by": seat.proposed_by,
        "proposals": formats.number(language, seat.proposals) if seat.proposals else "",
        "due": formats.day(language, seat.due_at, words.zone) if seat.due_at else "",
        "invited": formats.day(language, seat.invited_at, words.zone) if seat.invited_at else "",
        "reason": seat.reason,
    }
    waits, proposed = seat.state is SeatState.INVITED, seat.state is SeatState.PROPOSED
    standing, of = choices(language, "standings"), words.organisations.get(seat.stands_for, "")
    may_invite = not waits and seat.stands in {None, Standing.DECLINED}
    return SeatView(
        code=seat.code,
        who=seat.name or seat.email,
        email=seat.email,
        organisation=words.organisations.get(seat.organisation, seat.organisation),
        state=label(language, seat.state),
        tone=TONES[seat.state],
        said=[(labels[name], text) for name, text in said.items() if text],
        invite=path_to(language, "panel.inviting", call=words.slug) + f"?seat={seat.code}"
        if may_invite
        else "",
        waits=waits,
        proposed=proposed,
        already=standing[seat.stands].format(organisation=of) if seat.stands else "",
    )


def _request(asked: FullReviewerRequest, words: Names) -> RequestLine:
    return RequestLine(
        href=path_to(words.language, "panel.request", call=words.slug, wish=asked.code),
        who=asked.who,
        asks=request_in_words(words.language, asked.kind, asked.until, asked.count, words.zone),
        organisation=words.organisations.get(asked.organisation, asked.organisation),
    )
