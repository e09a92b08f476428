"""What is to be done before the evening: a week, a day, and two hours before it begins."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.held import held_call, held_pot, round_of
from app.models.events import CheckItem, Event, EventCheck
from app.models.keys import key_of

WEEK, DAY, HOURS = timedelta(days=7), timedelta(days=1), timedelta(hours=2)
BEFORE: dict[CheckItem, timedelta] = {
    CheckItem.ROOM: WEEK,
    CheckItem.INTERPRETER: WEEK,
    CheckItem.CAPTIONS: WEEK,
    CheckItem.ACCESS: WEEK,
    CheckItem.SLIDES: WEEK,
    CheckItem.REHEARSAL: WEEK,
    CheckItem.PAPERS: DAY,
    CheckItem.CARDS: DAY,
    CheckItem.HOTSPOT: DAY,
    CheckItem.SCREEN: HOURS,
    CheckItem.SOUND: HOURS,
    CheckItem.POWER: HOURS,
    CheckItem.JURY: HOURS,
    CheckItem.DOOR: HOURS,
}
"""Each thing, and how long before the evening it is to be done."""


class Check(BaseModel):
    """One thing; `due` once it should be done and is not. `due_at` is None before the evening has a date."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    item: CheckItem
    due_at: datetime | None
    done_at: datetime | None
    due: bool


def checklist(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> list[Check]:
    """Everything, in the order in which it is to be done."""
    pot = round_of(session, coordinator, round_code)
    event = session.get(Event, pot.id)
    rows = session.exec(select(EventCheck).where(EventCheck.round_id == pot.id))
    done = {row.item: row.done_at for row in rows}
    found = []
    for item, before in BEFORE.items():
        due_at = event.starts_at - before if event else None
        is_due = item not in done and due_at is not None and now >= due_at
        found.append(Check(item=item, due_at=due_at, done_at=done.get(item), due=is_due))
    return found


def tick_item(
    session: Session, coordinator: Coordinator, round_code: str, item: CheckItem, done: bool, now: datetime
) -> None:
    """Say that something is done, or that it is not; pressed twice it is the same."""
    held_call(session, coordinator, shared=True)
    pot = held_pot(session, coordinator, round_code)
    row = session.get(EventCheck, (pot.id, item))
    if done and row is None:
        session.add(
            EventCheck(round_id=key_of(pot.id), item=item, done_by=coordinator.person_id, done_at=now)
        )
    elif not done and row is not None:
        session.delete(row)
    else:
        return
    record(
        session, "event.check", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"item": item.value, "done": done},
    )  # fmt: skip
