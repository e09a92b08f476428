"""Who comes to the door without a registration: counted against the hall, and nobody twice.

Two people at one door see two lists. So a press names the last walk-in that its list knew: where another was
counted meanwhile it counts nobody and says so. A name needs none: the same name again is asked about.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import held_pot
from app.errors import Conflict, NotFound
from app.events.audience import HallFull
from app.events.held import locked_event
from app.models.events import AttendeeState, Event
from app.models.people import Attendee, WalkIn
from app.random_codes import random_code
from app.sections.text import LINE


class NameThere(Conflict):
    """Somebody of this name is on the list, or has come already."""

    code = "audience.name_there"


class CountedMeanwhile(Conflict):
    """Another walk-in was counted since the list was looked at: it may have been this person."""

    code = "audience.counted_meanwhile"


class NotBegun(Conflict):
    """Before the evening begins places are kept for those who have them."""

    code = "audience.not_begun"


class WalkInInput(BaseModel):
    """Somebody without a registration. `seen` is the last number on the list that was looked at; `another`
    is said of a name that is there already."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[
        str, Field(max_length=200), LINE, Ask(optional=True, autocomplete="off", spellcheck=False)
    ] = ""
    seen: Annotated[int, Field(ge=0, le=10**6), Ask("hidden")]
    another: Annotated[bool, Ask("checkboxes", optional=True)] = False


def walk_in(
    session: Session, coordinator: Coordinator, round_code: str, given: WalkInInput, now: datetime
) -> str:
    """Count somebody who came without a registration; their code. HallFull where no place is free."""
    event = _held(session, coordinator, round_code)
    last = session.exec(
        select(WalkIn.number).where(WalkIn.round_id == event.round_id).order_by(col(WalkIn.number).desc())
    ).first()
    if given.name and not given.another:
        if _is_there(session, event, given.name):
            raise NameThere(name=given.name)
    elif given.seen != (last or 0):
        raise CountedMeanwhile
    if event.capacity is None or event.seated >= event.capacity:
        raise HallFull
    row = WalkIn(
        round_id=event.round_id, code=random_code(), number=(last or 0) + 1, name=given.name, came_at=now,
        counted_by=coordinator.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.code


def not_walked_in(session: Session, coordinator: Coordinator, round_code: str, code: str) -> None:
    """Take back one who was counted by mistake: the place is free again."""
    event = _held(session, coordinator, round_code)
    row = session.exec(
        select(WalkIn).where(WalkIn.round_id == event.round_id, WalkIn.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()


def release(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> int:
    """Free the places of all who have not come, once the evening has begun; how many those were.

    They stay on the list: who comes late is let in while a place is free.
    """
    event = _held(session, coordinator, round_code)
    if now < event.starts_at:
        raise NotBegun
    absent = session.execute(
        update(Attendee)
        .where(
            col(Attendee.round_id) == event.round_id,
            col(Attendee.state) == AttendeeState.CONFIRMED,
            col(Attendee.came_at).is_(None),
        )
        .values(state=AttendeeState.WAITING, version=col(Attendee.version) + 1)
        .returning(col(Attendee.id))
    ).all()
    if absent:
        record(
            session, "audience.release", now=now, person_id=coordinator.person_id,
            call_id=coordinator.call_id, subject=round_code, detail={"count": len(absent)},
        )  # fmt: skip
    return len(absent)


def _held(session: Session, coordinator: Coordinator, round_code: str) -> Event:
    """The evening, locked, so that places are counted one after the other."""
    event = locked_event(session, held_pot(session, coordinator, round_code).id)
    if event is None:
        raise NotFound
    return event


def _is_there(session: Session, event: Event, name: str) -> bool:
    sought = _folded(name)
    registered = session.exec(
        select(Attendee.name).where(
            Attendee.round_id == event.round_id, Attendee.state != AttendeeState.CANCELLED
        )
    )
    walked = session.exec(select(WalkIn.name).where(WalkIn.round_id == event.round_id))
    return any(_folded(each) == sought for each in (*registered, *walked))


def _folded(name: str) -> str:
    """Names as they are the same to an ear: SQLite folds only the letters of English."""
    return " ".join(name.casefold().split())
