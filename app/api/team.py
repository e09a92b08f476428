"""The team of an application: who is in it, invitations, and answering one."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.versions import IfMatch, Tagging
from app.applications import actions
from app.applications.actions import InviteInput, JoinInput, RoleInput
from app.applications.own import own_application
from app.applications.own_models import OwnApplication
from app.applications.own_team import (
    InvitedTo,
    OwnInvited,
    OwnTeammate,
    invited_to,
    own_invited,
    own_mate,
    own_team,
)
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["team"])


class Team(BaseModel):
    """Everybody in the team, the owner first. `invitations` are there for the owner alone.

    `grows` is whether anybody may still join, `room` for how many people there is a place.
    """

    members: list[OwnTeammate]
    invitations: list[OwnInvited]
    grows: bool
    room: int


class InviteBody(InviteInput):
    """Whom to invite, to do what, and in which language the mail is written."""

    model_config = ConfigDict(extra="forbid")


class MateBody(BaseModel):
    """What a member may do from now on. `owner` hands the application over: who was it can edit then."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["owner", "editor", "reader"]


class AcceptBody(JoinInput):
    """Consent, of which the first two are needed, and the language in which it was read; a name where the
    account has none."""

    model_config = ConfigDict(extra="forbid")
    processing: Literal[True]
    publication: Literal[True]
    language: Literal["kk", "ru", "en"]


@router.get("/applications/{ref}/team", name="api.team.show")
def show_team(session: Db, applicant: AsApplicant, now: Now, ref: str) -> Team:
    """Who is in the team, and for its owner who was invited to it."""
    team = own_team(session, applicant, ref, now)
    return Team(members=team.members, invitations=team.invitations, grows=team.grows, room=team.room)


@router.get("/applications/{ref}/team/members/{mate}", name="api.team.member")
def show_member(
    tag: Tagging, session: Db, applicant: AsApplicant, now: Now, ref: str, mate: str
) -> OwnTeammate:
    """One member. Its ETag is what a change of the role must name."""
    found = own_mate(session, applicant, ref, mate, now)
    tag(found.version)
    return found


@router.put("/applications/{ref}/team/members/{mate}", name="api.team.change")
def change_member(
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    mate: str,
    given: Json[MateBody],
    version: IfMatch,
) -> OwnTeammate:
    """Let a member edit or only read, or hand the application over. 409 for anybody but the owner."""
    if given.role == "owner":
        actions.hand_over(session, applicant, ref, mate, version=version, now=now)
    else:
        role = RoleInput(role=given.role)
        actions.change_role(session, applicant, ref, mate, role, version=version, now=now)
    session.flush()
    found = own_mate(session, applicant, ref, mate, now)
    tag(found.version)
    return found


@router.delete("/applications/{ref}/team/members/{mate}", name="api.team.remove", status_code=204)
def remove_member(
    session: Db, applicant: AsApplicant, now: Now, ref: str, mate: str, version: IfMatch
) -> None:
    """Remove a member, or leave the team with one's own code: at once. 409 for its owner, who hands over
    first."""
    actions.remove_member(session, applicant, ref, mate, version=version, now=now)


@router.post("/applications/{ref}/team/invitations", name="api.team.invite", status_code=201)
def invite(
    found_at: Locating, session: Db, applicant: AsApplicant, now: Now, ref: str, given: Json[InviteBody]
) -> OwnInvited:
    """Invite an address by mail. What is answered never depends on whose address it is."""
    code = actions.invite(session, applicant, ref, given, now)
    found_at("api.team.show", ref=ref)
    return own_invited(session, applicant, ref, code, now)


@router.post("/applications/{ref}/team/invitations/{invitation}/again", name="api.team.invite_again")
def invite_again(session: Db, applicant: AsApplicant, now: Now, ref: str, invitation: str) -> OwnInvited:
    """Send an unanswered invitation once more, with a new link; the old one leads nowhere."""
    actions.invite_again(session, applicant, ref, invitation, now)
    return own_invited(session, applicant, ref, invitation, now)


@router.delete("/applications/{ref}/team/invitations/{invitation}", name="api.team.call_off", status_code=204)
def call_off(session: Db, applicant: AsApplicant, now: Now, ref: str, invitation: str) -> None:
    """Take an unanswered invitation back, and forget its address."""
    actions.call_off(session, applicant, ref, invitation, now)


@router.get("/invitations/{key}", name="api.invitations.show")
def show_invitation(request: Request, session: Db, applicant: AsApplicant, now: Now, key: str) -> InvitedTo:
    """What the key of a mailed link leads to, for the account that was invited; 409 for any other account."""
    return invited_to(session, applicant, key, _secret(request), now)


@router.post("/invitations/{key}/accept", name="api.invitations.accept")
def accept(
    request: Request, session: Db, applicant: AsApplicant, now: Now, key: str, given: Json[AcceptBody]
) -> OwnApplication:
    """Join the team. A key works once."""
    ref = actions.accept(
        session,
        applicant,
        key,
        given.consents,
        secret=_secret(request),
        language=given.language,
        now=now,
        own_name=given.own_name,
    )
    session.flush()
    return own_application(session, applicant, ref, now)


@router.post("/invitations/{key}/decline", name="api.invitations.decline", status_code=204)
def decline(request: Request, session: Db, applicant: AsApplicant, now: Now, key: str) -> None:
    """Stay out of the team. The same address cannot be invited to it again."""
    actions.decline(session, applicant, key, secret=_secret(request), now=now)


def _secret(request: Request) -> str:
    secret: str = request.state.settings.secret_key.get_secret_value()
    return secret
