"""The audience of an evening: who registers confirms by mail, gets a place or waits, and may leave it again.

The hall is counted by the database itself, which refuses one too many whoever writes it. The mailed key is
the only proof: nobody needs an account, and nobody learns who else comes.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actions import Email
from app.accounts.actors import Coordinator
from app.accounts.throttle import count_try
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.held import held_pot, round_of
from app.errors import Conflict, Invalid, NotFound
from app.events.held import locked_event
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.events import AttendeeState, Event
from app.models.keys import key_of
from app.models.people import Attendee, WalkIn
from app.outbox.enqueue import enqueue
from app.random_codes import random_code, random_token
from app.sections.text import LINE, PROSE

HOUR = timedelta(hours=1)
MOST_MAILS = 3
"""How often one address is written to because somebody typed it."""


class NoRegistration(Conflict):
    """The audience does not register here, or the evening has begun."""

    code = "audience.closed"


class RegisterInput(BaseModel):
    """Somebody who wants to come; `agreed` to the name and the address being kept until it is over."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[
        str, Field(min_length=1, max_length=200), LINE, Ask(autocomplete="name", spellcheck=False)
    ]
    email: Annotated[Email, Ask("email", autocomplete="email", spellcheck=False)]
    needs: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)] = ""
    agreed: Annotated[bool, Ask("checkboxes")] = False


class OwnPlace(BaseModel):
    """What the link of the mail leads to: the evening, and how one's registration stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    round: str
    name: Texts
    timezone: str
    starts_at: datetime
    place: Texts
    stream_url: str
    state: AttendeeState
    ahead: int
    over: bool


class FullAttendee(BaseModel):
    """One on the door list."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: str
    email: str
    needs: str
    state: AttendeeState
    came_at: datetime | None


class CountedIn(BaseModel):
    """Somebody who came without a registration; `name` may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    number: int
    name: str
    came_at: datetime


class Door(BaseModel):
    """The door list: those found, and how many there are of each kind in all.

    `seated` are places taken, by `walked_in` too; `last` is the number of the last of these. `begun`: whoever
    has not come by now may be late.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    capacity: int | None
    seated: int
    waiting: int
    asked: int
    came: int
    last: int
    begun: bool
    walked_in: list[CountedIn]
    people: list[FullAttendee]


def attendee_key(secret: str, code: str, nonce: str) -> str:
    """Names the registration, and proves with 256 bits that its mail was read."""
    mac = hmac.new(secret.encode(), f"attendee\n{code}\n{nonce}".encode(), hashlib.sha256)
    return f"{code}-{mac.hexdigest()}"


def register(
    session: Session,
    call_slug: str,
    round_code: str,
    given: RegisterInput,
    *,
    language: str,
    client: str,
    now: datetime,
) -> None:
    """Write to the address; the place is taken when the button in the mail is pressed.

    An address that is registered already is answered the same, and written to again a few times at most.
    """
    count_try(session, "audience client", client, limit=40, window=HOUR, now=now)
    event = _open_event(session, call_slug, round_code, now)
    if not given.agreed:
        raise Invalid({"agreed": "audience.agreement_needed"})
    row = session.exec(
        select(Attendee).where(Attendee.round_id == event.round_id, Attendee.email == given.email)
    ).one_or_none()
    if row is None:
        row = Attendee(
            round_id=event.round_id,
            code=random_code(),
            name=given.name,
            email=given.email,
            language=language,
            needs=given.needs,
            nonce=random_token(),
            mails=1,
            asked_at=now,
        )
    elif row.mails >= MOST_MAILS:
        return
    else:
        row.mails += 1
        if row.state is AttendeeState.CANCELLED:
            row.state = AttendeeState.ASKED
        if row.state is AttendeeState.ASKED:
            row.name, row.needs, row.language = given.name, given.needs, language
    session.add(row)
    session.flush()
    template = "attend_asked" if row.state is AttendeeState.ASKED else "attend_place"
    _write(session, row, template, now)


def confirm(session: Session, secret: str, key: str, now: datetime) -> AttendeeState:
    """Take a place, or join the waiting list where there is none; pressed again nothing changes."""
    row, event = _held(session, secret, key)
    if now >= event.starts_at:
        raise NoRegistration
    if row.state not in (AttendeeState.ASKED, AttendeeState.CANCELLED):
        return row.state
    free = event.capacity is not None and event.seated < event.capacity
    row.state = AttendeeState.CONFIRMED if free else AttendeeState.WAITING
    row.confirmed_at = now
    row.version += 1
    session.add(row)
    session.flush()
    _write(session, row, "attend_place", now)
    return row.state


def cancel(session: Session, secret: str, key: str, now: datetime) -> None:
    """Leave the place to whoever has waited longest."""
    row, event = _held(session, secret, key)
    _leave(session, row, event, now)


def cancel_for(
    session: Session, coordinator: Coordinator, round_code: str, attendee: str, now: datetime
) -> None:
    """The same for somebody who called."""
    row, event = _at_the_door(session, coordinator, round_code, attendee)
    _leave(session, row, event, now)
    record(
        session, "audience.cancel", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=round_code, detail={"attendee": attendee},
    )  # fmt: skip


def tick(
    session: Session, coordinator: Coordinator, round_code: str, attendee: str, came: bool, now: datetime
) -> None:
    """Note at the door that somebody came, or that this was a mistake; pressed twice it is the same.

    Who waited, or has not pressed the button, comes in where a place is free: the database refuses otherwise.
    """
    row, event = _at_the_door(session, coordinator, round_code, attendee)
    if came and row.state is not AttendeeState.CONFIRMED:
        if event.capacity is None or event.seated >= event.capacity:
            raise HallFull
        row.state, row.confirmed_at = AttendeeState.CONFIRMED, row.confirmed_at or now
    row.came_at = (row.came_at or now) if came else None
    row.version += 1
    session.add(row)
    session.flush()


class HallFull(Conflict):
    """Every place is taken."""

    code = "audience.full"


def move_up(session: Session, event: Event, now: datetime) -> int:
    """Give the places that are free to those who have waited longest; how many those were."""
    session.refresh(event)
    free = (event.capacity or 0) - event.seated
    if free <= 0 or now >= event.starts_at:
        return 0
    rows = session.exec(
        select(Attendee)
        .where(Attendee.round_id == event.round_id, Attendee.state == AttendeeState.WAITING)
        .order_by(col(Attendee.confirmed_at), col(Attendee.id))
        .limit(free)
    ).all()
    for row in rows:
        row.state = AttendeeState.CONFIRMED
        row.version += 1
        session.add(row)
        session.flush()
        _write(session, row, "attend_moved_up", now)
    return len(rows)


def own_place(session: Session, secret: str, key: str, now: datetime) -> OwnPlace:
    """What a mailed key leads to; NotFound for any other."""
    return place_of(session, _found(session, secret, key), now)


def place_of(session: Session, attendee: Attendee, now: datetime) -> OwnPlace:
    """How a registration stands; `ahead` is how many wait before it."""
    event, pot, call = session.execute(
        select_columns(Event, AwardRound, Call)
        .join(AwardRound, col(AwardRound.id) == col(Event.round_id))
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .where(col(Event.round_id) == attendee.round_id)
    ).one()
    ahead = 0
    if attendee.state is AttendeeState.WAITING:
        earlier = or_(
            col(Attendee.confirmed_at) < attendee.confirmed_at,
            and_(col(Attendee.confirmed_at) == attendee.confirmed_at, col(Attendee.id) < key_of(attendee.id)),
        )
        ahead = session.exec(
            select(func.count())
            .select_from(Attendee)
            .where(Attendee.round_id == event.round_id, Attendee.state == AttendeeState.WAITING, earlier)
        ).one()
    return OwnPlace(
        call=call.slug,
        round=pot.code,
        name=pot.event or pot.name,
        timezone=call.timezone,
        starts_at=event.starts_at,
        place=event.place,
        stream_url=event.stream_url,
        state=attendee.state,
        ahead=ahead,
        over=now >= event.starts_at,
    )


def door(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    now: datetime,
    sought: str = "",
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Door:
    """The door list by name; `sought` in name or address."""
    pot = round_of(session, coordinator, round_code)
    counts: dict[AttendeeState, tuple[int, int]] = {
        AttendeeState(state): (number, came)
        for state, number, came in session.exec(
            select(Attendee.state, func.count(), func.count(col(Attendee.came_at)))
            .where(Attendee.round_id == pot.id)
            .group_by(col(Attendee.state))
        )
    }
    event = session.get(Event, pot.id)
    wanted = select(Attendee).where(Attendee.round_id == pot.id, Attendee.state != AttendeeState.CANCELLED)
    if sought.strip():
        words = sought.strip().casefold()
        rows = [
            row
            for row in session.exec(wanted)
            # SQLite folds only the letters of English.
            if words in row.name.casefold() or words in row.email
        ]
    else:
        rows = list(session.exec(wanted))
    rows.sort(key=lambda row: (row.name.casefold(), row.email))
    walked = session.exec(
        select(WalkIn).where(WalkIn.round_id == pot.id).order_by(col(WalkIn.number).desc())
    ).all()
    return Door(
        capacity=event.capacity if event else None,
        seated=counts.get(AttendeeState.CONFIRMED, (0, 0))[0] + len(walked),
        waiting=counts.get(AttendeeState.WAITING, (0, 0))[0],
        asked=counts.get(AttendeeState.ASKED, (0, 0))[0],
        came=counts.get(AttendeeState.CONFIRMED, (0, 0))[1] + len(walked),
        last=walked[0].number if walked else 0,
        begun=event is not None and now >= event.starts_at,
        walked_in=[
            CountedIn(code=row.code, number=row.number, name=row.name, came_at=row.came_at) for row in walked
        ],
        people=[
            FullAttendee(
                code=row.code,
                name=row.name,
                email=row.email,
                needs=row.needs,
                state=row.state,
                came_at=row.came_at,
            )
            for row in rows[offset : None if limit is None else offset + limit]
        ],
    )


def attendee_by_id(session: Session, attendee_id: int | None) -> Attendee | None:
    """The registration that a mail is about; None once it is forgotten."""
    return session.get(Attendee, attendee_id) if attendee_id is not None else None


def mailed_key(session: Session, attendee_id: int | None, secret: str) -> str:
    """What the link in a mail ends with; empty once the registration is forgotten."""
    row = attendee_by_id(session, attendee_id)
    return attendee_key(secret, row.code, row.nonce) if row else ""


def _open_event(session: Session, call_slug: str, round_code: str, now: datetime) -> Event:
    row = session.execute(
        select_columns(Event, Call)
        .join(AwardRound, col(AwardRound.id) == col(Event.round_id))
        .join(Call, col(Call.id) == col(AwardRound.call_id))
        .where(col(AwardRound.code) == round_code, col(Call.slug) == call_slug)
    ).one_or_none()
    if row is None or row[1].opened_at is None:
        raise NotFound
    event, call = row
    if event.capacity is None or now >= event.starts_at or phase(call, now) is Phase.CANCELLED:
        raise NoRegistration
    found: Event = event
    return found


def _found(session: Session, secret: str, key: str) -> Attendee:
    code = key.partition("-")[0]
    if not (code.isascii() and code.isalnum()):
        raise NotFound
    row = session.exec(select(Attendee).where(Attendee.code == code)).one_or_none()
    if row is None or not hmac.compare_digest(
        attendee_key(secret, row.code, row.nonce).encode(), key.encode()
    ):
        raise NotFound
    return row


def _held(session: Session, secret: str, key: str) -> tuple[Attendee, Event]:
    """The registration with its evening locked, so that places are counted one after the other."""
    row = _found(session, secret, key)
    event = locked_event(session, row.round_id)
    if event is None:
        raise NotFound
    session.refresh(row)
    return row, event


def _at_the_door(
    session: Session, coordinator: Coordinator, round_code: str, attendee: str
) -> tuple[Attendee, Event]:
    pot = held_pot(session, coordinator, round_code)
    event = locked_event(session, pot.id)
    row = session.exec(
        select(Attendee)
        .where(Attendee.round_id == pot.id, Attendee.code == attendee)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or event is None:
        raise NotFound
    return row, event


def _leave(session: Session, row: Attendee, event: Event, now: datetime) -> None:
    if row.state is AttendeeState.CANCELLED:
        return
    row.state, row.came_at = AttendeeState.CANCELLED, None
    row.version += 1
    session.add(row)
    session.flush()
    move_up(session, event, now)


def _write(session: Session, row: Attendee, template: str, now: datetime) -> None:
    """One mail for each time that something was done; what it says is looked up when it leaves."""
    enqueue(
        session,
        template,
        dedupe_key=f"{template}-{row.code}-{row.version}-{row.mails}",
        now=now,
        attendee_id=key_of(row.id),
    )
