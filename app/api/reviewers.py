"""Panel reviewers of a call. Only its coordinators see who they are."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.accounts.actions import Email
from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.calls import actions
from app.calls.inputs import MemberInput
from app.calls.panel import FullMember, panel_of, reviewer_of
from app.models.panel import PanelRole
from app.sections.text import LINE
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/reviewers", tags=["reviewers"])


class ReviewerInput(BaseModel):
    """A person by e-mail, and the code of the partner organisation they speak for.

    `name` is taken where the person has none yet.
    """

    model_config = ConfigDict(extra="forbid")

    email: Email
    name: Annotated[str, Field(max_length=200), LINE] = ""
    organisation: Annotated[str, Field(min_length=1, max_length=20)]


@router.get("", name="api.reviewers.list")
def list_reviewers(session: Db, who: AsCoordinator, paging: Paging) -> Listed[FullMember]:
    """The reviewers on the panel now, by organisation."""
    found = [each for each in panel_of(session, who) if each.role is PanelRole.REVIEWER]
    return Listed(
        items=paging.of(found),
        total=len(found),
        limit=paging.limit,
        offset=paging.offset,
    )


@router.post("", name="api.reviewers.add", status_code=201)
def add_reviewer(
    found_at: Locating, session: Db, who: AsCoordinator, now: Now, call: str, given: Json[ReviewerInput]
) -> FullMember:
    """Add a reviewer; their account is made if there is none. 422 for somebody who applies in the call."""
    member = MemberInput(
        email=given.email, name=given.name, role=PanelRole.REVIEWER, organisation=given.organisation
    )
    code = actions.add_member(session, who, member, now)
    found_at("api.reviewers.show", call=call, member=code)
    return reviewer_of(session, who, code)


@router.get("/{member}", name="api.reviewers.show")
def show_reviewer(session: Db, who: AsCoordinator, member: str) -> FullMember:
    """One reviewer, by the code of the membership."""
    return reviewer_of(session, who, member)


@router.delete("/{member}", name="api.reviewers.remove", status_code=204)
def remove_reviewer(session: Db, who: AsCoordinator, now: Now, member: str) -> None:
    """End a membership; the very next request of that person finds no role."""
    actions.remove_member(session, who, reviewer_of(session, who, member).code, now)
