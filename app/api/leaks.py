"""What may give an applicant away in their own texts, and leaving it to the coordinator."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.applications import actions
from app.applications.own import own_draft
from app.applications.own_leaks import OwnLeak, own_leaks
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/applications/{ref}/leaks", tags=["applications"])
Code = Annotated[str, Path(max_length=40)]


class LeakBody(BaseModel):
    """Whether this place is left to the coordinator, who is told of it when it is sent and decides."""

    model_config = ConfigDict(extra="forbid")
    left: bool


@router.get("", name="api.applications.leaks")
def list_leaks(session: Db, applicant: AsApplicant, now: Now, ref: str, paging: Paging) -> Listed[OwnLeak]:
    """Every place in the answers and files of a draft that may say who applies, in the order of the form.

    Spans are counted in code points. Nothing of this keeps an application from being sent.
    """
    found = own_leaks(session, own_draft(session, applicant, ref, now))
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.put("/{leak}", name="api.applications.leave_leak")
def leave_leak(
    session: Db, applicant: AsApplicant, now: Now, ref: str, leak: Code, given: Json[LeakBody]
) -> OwnLeak:
    """Leave a place, named by its `code`, to the coordinator, or undo that; the same again changes nothing.

    409 where the text was changed since: its code is another one now.
    """
    actions.leave_leak(session, applicant, ref, leak, left=given.left, now=now)
    found = own_leaks(session, own_draft(session, applicant, ref, now))
    return next(each for each in found if each.code == leak)
