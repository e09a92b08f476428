"""The people behind an application: who they are, inviting, roles, leaving; and where an invitation leads.

Its address is `people`: `team` is a section of the form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import InviteInput, JoinInput, RoleInput
from app.applications.own import own_application
from app.applications.own_team import Answer, OwnTeam, OwnTeammate, invited_to, own_mate, own_team
from app.applications.refusals import OwnerOnly, OwnerStays
from app.errors import Invalid
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.models.applications import TeamRole
from app.pages.forms import Form, Option, form_of, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
InviteForm = Annotated[Form[InviteInput], Depends(form_of(InviteInput, "invite"))]
RoleForm = Annotated[Form[RoleInput], Depends(form_of(RoleInput, "invite"))]
JoinForm = Annotated[Form[JoinInput], Depends(form_of(JoinInput, "consent"))]
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]
TONES = {Answer.PENDING: "info", Answer.EXPIRED: "warn", Answer.DECLINED: "mute"}


@dataclass(frozen=True, slots=True)
class MateView:
    """One member in words. `roles` are there where the owner may change them, and the links beside."""

    code: str
    name: str
    email: str
    role: str
    since: str
    me: bool
    version: int
    roles: Sequence[Option]
    remove_href: str
    hand_over_href: str


@dataclass(frozen=True, slots=True)
class InvitedView:
    """One address that was invited, and how far that is."""

    code: str
    email: str
    role: str
    state: str
    tone: str
    when: str
    again: bool


@dataclass(frozen=True, kw_only=True)
class TeamList(Page):
    """The team, its invitations, and for its owner a form to invite somebody."""

    template = "team/list.html"
    ref: str
    call_title: str
    owner: bool
    members: Sequence[MateView]
    invited: Sequence[InvitedView]
    form: Form[InviteInput] | None
    closed: bool
    full: bool
    leave_href: str


@dataclass(frozen=True, kw_only=True)
class TeamConfirm(Page):
    """The page before somebody leaves, is removed, or becomes the owner."""

    template = "team/confirm.html"
    ref: str
    act: str
    name: str
    action: str
    version: int


@dataclass(frozen=True, kw_only=True)
class TeamInvited(Page):
    """Where an invitation leads: whose project it is, and the consents that everybody in a team gives."""

    template = "team/invited.html"
    call: str
    call_title: str
    title: str
    inviter: str
    role: str
    until: str
    accept: str
    decline: str
    needs_name: bool
    form: Form[JoinInput]


@router.get("/apply/{ref}/people", name="team.list")
def list_team(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    language = language_of(request)
    form = Form(InviteInput, "invite", language, {"role": "editor", "language": language})
    return _list(request, session, applicant, ref, form, now).response(request)


@router.post("/apply/{ref}/people", name="team.invite")
def invite(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: InviteForm
) -> Response:
    try:
        actions.invite(session, applicant, ref, form.value(), now)
    except Invalid as error:
        return _list(request, session, applicant, ref, form.refused(error), now).response(request, 422)
    return see_other(request, "team.list", ref=ref, done="invited")


@router.post("/apply/{ref}/people/invitations/{invitation}/again", name="team.invite_again")
def invite_again(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, invitation: str
) -> Response:
    actions.invite_again(session, applicant, ref, invitation, now)
    return see_other(request, "team.list", ref=ref, done="invited_again")


@router.post("/apply/{ref}/people/invitations/{invitation}/call-off", name="team.call_off")
def call_off(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, invitation: str
) -> Response:
    actions.call_off(session, applicant, ref, invitation, now)
    return see_other(request, "team.list", ref=ref, done="called_off")


@router.get("/apply/{ref}/people/leave", name="team.leaving")
def leaving(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    me = next(each for each in own_team(session, applicant, ref, now).members if each.me)
    return _confirm(language_of(request), ref, "leave", me).response(request)


@router.post("/apply/{ref}/people/leave", name="team.leave")
def leave(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.leave_team(session, applicant, ref, now)
    return see_other(request, "my.home", done="team_left")


@router.post("/apply/{ref}/people/{mate}", name="team.change")
def change(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    mate: str,
    form: RoleForm,
    given: Typed,
) -> Response:
    version = _version(given)
    # Who may not know this team finds nothing, whatever the form holds.
    own_mate(session, applicant, ref, mate, now)
    actions.change_role(session, applicant, ref, mate, form.value(), version=version, now=now)
    return see_other(request, "team.list", ref=ref, done="role_changed")


@router.get("/apply/{ref}/people/{mate}/remove", name="team.removing")
def removing(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, mate: str
) -> Response:
    found = _other(session, applicant, ref, mate, now)
    return _confirm(language_of(request), ref, "remove", found).response(request)


@router.post("/apply/{ref}/people/{mate}/remove", name="team.remove")
def remove(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, mate: str) -> Response:
    if actions.remove_member(session, applicant, ref, mate, now=now):
        return see_other(request, "my.home", done="team_left")
    return see_other(request, "team.list", ref=ref, done="mate_removed")


@router.get("/apply/{ref}/people/{mate}/hand-over", name="team.handing_over")
def handing_over(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, mate: str
) -> Response:
    found = _other(session, applicant, ref, mate, now)
    return _confirm(language_of(request), ref, "hand_over", found).response(request)


@router.post("/apply/{ref}/people/{mate}/hand-over", name="team.hand_over")
def hand_over(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, mate: str, given: Typed
) -> Response:
    actions.hand_over(session, applicant, ref, mate, version=_version(given), now=now)
    return see_other(request, "team.list", ref=ref, done="handed_over")


@router.get("/invitations/{key}", name="team.invited")
def invited(request: Request, session: Db, applicant: AsApplicant, now: Now, key: str) -> Response:
    """A GET answers nothing: mail scanners follow links, and are not signed in."""
    form = Form(JoinInput, "consent", language_of(request))
    return _invited(request, session, applicant, key, form, now)


@router.post("/invitations/{key}/accept", name="team.accept")
def accept(
    request: Request, session: Db, applicant: AsApplicant, now: Now, key: str, form: JoinForm
) -> Response:
    try:
        given = form.value()
        ref = actions.accept(
            session,
            applicant,
            key,
            given.consents,
            secret=_secret(request),
            language=language_of(request),
            now=now,
            own_name=given.own_name,
        )
    except Invalid as error:
        return _invited(request, session, applicant, key, form.refused(error), now, 422)
    return see_other(request, "applications.tasks", ref=ref, done="team_joined")


@router.post("/invitations/{key}/decline", name="team.decline")
def decline(request: Request, session: Db, applicant: AsApplicant, now: Now, key: str) -> Response:
    actions.decline(session, applicant, key, secret=_secret(request), now=now)
    return see_other(request, "my.home", done="team_declined")


def _invited(
    request: Request,
    session: Session,
    applicant: Applicant,
    key: str,
    form: Form[JoinInput],
    now: datetime,
    status: int = 200,
) -> Response:
    found = invited_to(session, applicant, key, _secret(request), now)
    if found.joined:
        return see_other(request, "applications.tasks", ref=found.joined)
    language = language_of(request)
    return TeamInvited(
        call=found.call,
        call_title=text_in(language, found.call_title),
        title=found.title,
        inviter=found.inviter,
        role=label(language, found.role),
        until=formats.moment(language, found.expires_at),
        accept=path_to(language, "team.accept", key=key),
        decline=path_to(language, "team.decline", key=key),
        needs_name=found.needs_name,
        form=form,
    ).response(request, status)


def _list(
    request: Request,
    session: Session,
    applicant: Applicant,
    ref: str,
    form: Form[InviteInput],
    now: datetime,
) -> TeamList:
    team = own_team(session, applicant, ref, now)
    language, owner = language_of(request), team.application.owner
    return TeamList(
        ref=ref,
        call_title=text_in(language, team.application.call_title),
        owner=owner,
        members=[_member(language, team, each) for each in team.members],
        invited=_invitations(language, team),
        form=form if owner and team.grows and team.room else None,
        closed=not team.grows,
        full=not team.room,
        leave_href="" if owner else path_to(language, "team.leaving", ref=ref),
    )


def _member(language: str, team: OwnTeam, mate: OwnTeammate) -> MateView:
    ref, changes = team.application.ref, team.application.owner and not mate.me
    place = {"ref": ref, "mate": mate.code}
    return MateView(
        code=mate.code,
        name=mate.name,
        email=mate.email if mate.email != mate.name else "",
        role=label(language, mate.role),
        since=formats.day(language, mate.joined_at),
        me=mate.me,
        version=mate.version,
        roles=[
            Option(code, words, "", code == mate.role) for code, words in choices(language, "joining").items()
        ]
        if changes
        else [],
        remove_href=path_to(language, "team.removing", **place) if changes else "",
        hand_over_href=path_to(language, "team.handing_over", **place) if changes else "",
    )


def _invitations(language: str, team: OwnTeam) -> list[InvitedView]:
    states = choices(language, "invitation_answer")
    until = translations(language).ugettext("Can be answered until: {until}")
    return [
        InvitedView(
            code=each.code,
            email=each.email,
            role=label(language, each.role),
            state=states[each.answer],
            tone=TONES[each.answer],
            when=until.format(until=formats.day(language, each.expires_at))
            if each.answer is Answer.PENDING
            else "",
            again=team.grows and each.answer is not Answer.DECLINED,
        )
        for each in team.invitations
    ]


def _other(session: Session, applicant: Applicant, ref: str, mate: str, now: datetime) -> OwnTeammate:
    """Another member, for the owner."""
    found = own_mate(session, applicant, ref, mate, now)
    if not own_application(session, applicant, ref, now).owner:
        raise OwnerOnly
    if found.role is TeamRole.OWNER:
        raise OwnerStays
    return found


def _confirm(language: str, ref: str, act: str, mate: OwnTeammate) -> TeamConfirm:
    if act == "leave" and mate.role is TeamRole.OWNER:
        raise OwnerStays
    routes = {"leave": "team.leave", "remove": "team.remove", "hand_over": "team.hand_over"}
    place = {"ref": ref} if act == "leave" else {"ref": ref, "mate": mate.code}
    return TeamConfirm(
        ref=ref, act=act, name=mate.name, action=path_to(language, routes[act], **place), version=mate.version
    )


def _version(given: dict[str, str | list[str]]) -> int:
    value = given.get("version", "")
    plain = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10
    return int(str(value)) if plain else 0


def _secret(request: Request) -> str:
    secret: str = request.state.settings.secret_key.get_secret_value()
    return secret
