"""The evening as it is prepared and run: its parts, what is to be done before, and whom to call."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.evening import AtRound, Here
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tag, Tagging
from app.database import session_on
from app.events import checklist, contacts
from app.events import show as rules
from app.events.checklist import Check
from app.events.contacts import Contacts
from app.events.show import SegmentInput, Show
from app.models.events import CheckItem

router = APIRouter(tags=["events"])
HERE = "/calls/{call}/rounds/{round}"


class PressInput(BaseModel):
    """What is done with a part: a minute more or less, up, down, begun or not, left out or back in, gone."""

    model_config = ConfigDict(extra="forbid")
    act: Literal["more", "less", "up", "down", "begin", "not_begun", "skip", "remove"]


class DoneInput(BaseModel):
    """Whether a thing is done."""

    model_config = ConfigDict(extra="forbid")
    done: bool


@router.get(HERE + "/show", name="api.show.show")
def show_run(tag: Tagging, here: AtRound) -> Show:
    """The run of the evening, part by part, with when each began and how late it is; no parts before it is
    planned. Its tag is the evening's, which every change names."""
    return _run(tag, here)


@router.post(HERE + "/show", name="api.show.plan")
def plan(tag: Tagging, here: AtRound, seen: IfMatch) -> Show:
    """Make the usual plan: opening, speech, each pitch, a break, the jury, the announcement, photographs. 409
    where there is one."""
    rules.plan(*here.round, seen, here.now)
    return _run(tag, here)


@router.post(HERE + "/show/parts", name="api.show.add")
def add_part(tag: Tagging, here: AtRound, seen: IfMatch, given: Json[SegmentInput]) -> Show:
    """Add a part at the end. 409 for more than eighty."""
    rules.add_segment(*here.round, seen, given)
    return _run(tag, here)


@router.post(HERE + "/show/parts/{segment}", name="api.show.press")
def press(tag: Tagging, here: AtRound, segment: str, seen: IfMatch, given: Json[PressInput]) -> Show:
    """Do one thing with one part, as a button of the page does."""
    rules.change_segment(*here.round, seen, segment, given.act, here.now)
    return _run(tag, here)


def _run(tag: Tag, here: Here) -> Show:
    found = rules.show(*here.round, here.now)
    tag(found.version)
    return found


@router.get(HERE + "/checklist", name="api.checklist.list")
def list_checks(here: AtRound, paging: Paging) -> Listed[Check]:
    """What is to be done a week, a day and two hours before, in that order: by when, and when it was done."""
    found = checklist.checklist(*here.round, here.now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.put(HERE + "/checklist/{item}", name="api.checklist.tick", status_code=204)
def tick(here: AtRound, item: CheckItem, given: Json[DoneInput]) -> None:
    """Say that a thing is done, or that it is not; again it is the same."""
    checklist.tick_item(*here.round, item, given.done, here.now)


@router.get(HERE + "/contacts", name="api.contacts.show")
def show_contacts(here: AtRound) -> Contacts:
    """Whom to call on the evening: organisers, partners, jury, and the finalists once they are announced.
    That their telephone numbers were read is written into the log."""
    with session_on(here.request.state.engine) as own, own.begin():
        return contacts.contacts(own, here.coordinator, here.code, here.now)
