"""The evening of a round: for everybody, for finalists, and for those who prepare it."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.evening import AtRound
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.events import answering, audience, notes, setting_up, walking_in
from app.events.audience import CountedIn, FullAttendee
from app.events.hub import FullEvent, full_event
from app.events.naming import name_finalists, offer_next
from app.events.notes import FullPitch, NoteInput, full_pitch
from app.events.own_pitch import OwnPitch, own_pitch
from app.events.running_order import (
    PublicEvent,
    announce_finalists,
    draw_running_order,
    public_event,
)
from app.events.setting_up import EventInput
from app.events.walking_in import WalkInInput
from app.models.events import FinalistState
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["events"])
HERE = "/calls/{call}/rounds/{round}"

Sought = Annotated[str, Query(max_length=100, description="Part of a name or an address.")]


class SaidInput(BaseModel):
    """Whether a finalist comes. Whoever says no leaves the place to the next in the order, for good."""

    model_config = ConfigDict(extra="forbid")
    comes: bool

    @property
    def state(self) -> FinalistState:
        """The same as a state."""
        return FinalistState.CONFIRMED if self.comes else FinalistState.DECLINED


class Seats(BaseModel):
    """The hall in numbers. `seated` are places taken, by walk-ins too; `came` are all who are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    capacity: int | None
    seated: int
    came: int
    waiting: int
    asked: int
    walk_ins: int


class Released(BaseModel):
    """How many places are free by this."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    freed: int


class CameInput(BaseModel):
    """Whether somebody of the audience has come."""

    model_config = ConfigDict(extra="forbid")
    came: bool


@router.get(HERE + "/event", name="api.event.public")
def show_public(session: Db, now: Now, call: str, round: str) -> PublicEvent:
    """What everybody may know of an evening, without a token: the finalists once they are announced, with
    all that is needed to draw their running order again."""
    return public_event(session, call, round, now)


@router.get(HERE + "/event/preparing", name="api.event.show")
def show_event(tag: Tagging, here: AtRound) -> FullEvent:
    """The evening as those see it who prepare it; its tag is what every act on it names."""
    found = full_event(*here.round, here.now)
    tag(found.version)
    return found


@router.put(HERE + "/event/preparing", name="api.event.save")
def save_event(tag: Tagging, here: AtRound, seen: IfMatch, given: Json[EventInput]) -> FullEvent:
    """Set the evening up, or change it; the first time its version is 0. 409 for a round in which nobody
    pitches, and once the evening has begun."""
    setting_up.save_event(*here.round, seen, given, here.now)
    return show_event(tag, here)


@router.post(HERE + "/finalists", name="api.finalists.name")
def name(tag: Tagging, here: AtRound, seen: IfMatch) -> FullEvent:
    """Invite the first of the written order, as many as the round's rule says."""
    name_finalists(*here.round, seen, here.now)
    return show_event(tag, here)


@router.post(HERE + "/next-finalist", name="api.finalists.offer_next")
def offer(tag: Tagging, here: AtRound, seen: IfMatch) -> FullEvent:
    """Offer a place that is free to the next in the order; 409 where none is, or nobody follows."""
    offer_next(*here.round, seen, here.now)
    return show_event(tag, here)


@router.post(HERE + "/running-order", name="api.finalists.draw")
def draw(tag: Tagging, here: AtRound, seen: IfMatch) -> FullEvent:
    """Draw the running order among all who have confirmed."""
    draw_running_order(*here.round, seen, here.now)
    return show_event(tag, here)


@router.post(HERE + "/announcement", name="api.finalists.announce")
def announce(tag: Tagging, here: AtRound, seen: IfMatch) -> FullEvent:
    """Make finalists and running order public; 409 while an invitation is open or the order lacks one."""
    announce_finalists(*here.round, seen, here.now)
    return show_event(tag, here)


@router.get(HERE + "/finalists/{application}", name="api.finalists.show")
def show_finalist(here: AtRound, application: str) -> FullPitch:
    """What one team has prepared: how it is announced, what it needs, and its answers to the panel."""
    return full_pitch(*here.round, application)


@router.put(HERE + "/finalists/{application}", name="api.finalists.answer", status_code=204)
def answer_for(here: AtRound, application: str, seen: IfMatch, given: Json[SaidInput]) -> None:
    """Note what a finalist said by telephone, or that no answer came in time; the tag is the finalist's."""
    answering.answer_for(*here.round, application, given.state, seen, here.now)


@router.get(HERE + "/seats", name="api.attendees.seats")
def show_seats(here: AtRound) -> Seats:
    """How full the hall is: places, who has one, who came, and who walked in."""
    found = audience.door(*here.round, here.now)
    return Seats(**found.model_dump(include=set(Seats.model_fields)), walk_ins=len(found.walked_in))


@router.get(HERE + "/attendees", name="api.attendees.list")
def list_attendees(here: AtRound, paging: Paging, q: Sought = "") -> Listed[FullAttendee]:
    """The door list by name: who has a place, who waits, and who has not confirmed yet."""
    people = audience.door(*here.round, here.now, q).people
    return Listed(items=paging.of(people), total=len(people), limit=paging.limit, offset=paging.offset)


@router.put(HERE + "/attendees/{attendee}", name="api.attendees.tick", status_code=204)
def tick_attendee(here: AtRound, attendee: str, given: Json[CameInput]) -> None:
    """Note at the door that somebody has come, or that it was a mistake; 409 where the hall is full."""
    audience.tick(*here.round, attendee, given.came, here.now)


@router.delete(HERE + "/attendees/{attendee}", name="api.attendees.cancel", status_code=204)
def cancel_attendee(here: AtRound, attendee: str) -> None:
    """Take somebody off the list who does not come; whoever has waited longest gets the place."""
    audience.cancel_for(*here.round, attendee, here.now)


@router.get(HERE + "/walk-ins", name="api.walk_ins.list")
def list_walk_ins(here: AtRound, paging: Paging) -> Listed[CountedIn]:
    """Who came without a registration, the last one first: its `number` is what the next count names."""
    found = audience.door(*here.round, here.now).walked_in
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post(HERE + "/walk-ins", name="api.walk_ins.count")
def count_walk_in(here: AtRound, given: Json[WalkInInput]) -> CountedIn:
    """Count somebody in who has no registration. 409 where the hall is full, where the name is there
    already, and where another was counted since `seen`: nobody is counted twice."""
    code = walking_in.walk_in(*here.round, given, here.now)
    found = audience.door(*here.round, here.now).walked_in
    return next(each for each in found if each.code == code)


@router.delete(HERE + "/walk-ins/{walk_in}", name="api.walk_ins.take_back", status_code=204)
def take_back_walk_in(here: AtRound, walk_in: str) -> None:
    """Take back one who was counted by mistake: the place is free again."""
    walking_in.not_walked_in(*here.round, walk_in)


@router.post(HERE + "/freed-places", name="api.attendees.release")
def release_places(here: AtRound) -> Released:
    """Free the places of all who have not come, once the evening has begun; 409 before."""
    return Released(freed=walking_in.release(*here.round, here.now))


@router.get("/applications/{ref}/pitch", name="api.pitch.show")
def show_pitch(tag: Tagging, session: Db, applicant: AsApplicant, now: Now, ref: str) -> OwnPitch:
    """One's own invitation to pitch, what one has prepared, and what the panel asks; the tag is the
    invitation's, and the note has its own `version`."""
    found = own_pitch(session, applicant, ref, now)
    tag(found.version)
    return found


@router.post("/applications/{ref}/pitch", name="api.pitch.answer")
def answer(
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    seen: IfMatch,
    given: Json[SaidInput],
) -> OwnPitch:
    """Say whether one comes and pitches."""
    answering.answer_invitation(session, applicant, ref, given.state, seen, now)
    return show_pitch(tag, session, applicant, now, ref)


@router.put("/applications/{ref}/pitch/note", name="api.pitch.save", status_code=204)
def save_note(
    session: Db, applicant: AsApplicant, now: Now, ref: str, seen: IfMatch, given: Json[NoteInput]
) -> None:
    """Keep how the team is announced and pronounced, and what it needs; If-Match is the note's version."""
    notes.save_note(session, applicant, ref, given, seen, now)


@router.put("/applications/{ref}/pitch/questions/{question}", name="api.pitch.reply", status_code=204)
def reply(
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    question: str,
    seen: IfMatch,
    given: Json[notes.AnswerInput],
) -> None:
    """Answer a question of the panel; If-Match is the answer's version, 0 before the first."""
    notes.answer_question(session, applicant, ref, question, given, seen, now)
