"""The hall holds what it holds, whoever presses at once; places move up; names are forgotten afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.housekeeping import AUDIENCE_KEPT, forget_expired
from app.database import session_on
from app.errors import Conflict
from app.events.audience import HallFull, RegisterInput, attendee_key, cancel, confirm, door, register, tick
from app.events.setting_up import save_event
from app.events.walking_in import (
    CountedMeanwhile,
    NotBegun,
    WalkInInput,
    not_walked_in,
    release,
    walk_in,
)
from app.models.events import AttendeeState, Event
from app.models.outbox import Mail
from app.models.people import Attendee, WalkIn
from tests.events.evening import EVENING, SETUP, evening, event_version
from tests.factories import REVIEWING, count_of
from tests.world import World

SECRET = "secret"
CONFIRMED, WAITING = AttendeeState.CONFIRMED, AttendeeState.WAITING


def registered(session: Session, world: World, count: int) -> list[str]:
    """So many are registered; the keys of their mails."""
    for number in range(count):
        given = RegisterInput(name=f"Guest {number}", email=f"g{number}@example.org", agreed=True)
        register(session, "2026", world.round.code, given, language="en", client="", now=REVIEWING)
    rows = session.exec(select(Attendee).order_by(col(Attendee.id)))
    return [attendee_key(SECRET, row.code, row.nonce) for row in rows]


def states(engine: Engine) -> list[AttendeeState]:
    with session_on(engine, reading=True) as session:
        rows = session.exec(select(Attendee.state).order_by(col(Attendee.id)))
        return [AttendeeState(state) for state in rows]


def test_eight_who_press_at_once_get_the_three_places_there_are(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        evening(session, world, 2, 1)
        keys = registered(session, world, 8)
    together = Barrier(len(keys))

    def press(key: str) -> None:
        together.wait()
        with session_on(engine) as session, session.begin():
            confirm(session, SECRET, key, REVIEWING)

    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(press, keys))
    found = states(engine)
    assert (found.count(CONFIRMED), found.count(WAITING)) == (3, 5)
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Event.seated)).one() == 3


def test_whoever_has_waited_longest_moves_up_and_a_larger_hall_takes_more(
    engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        evening(session, world, 2, 1)
        keys = registered(session, world, 6)
        for minute, key in enumerate(keys):
            confirm(session, SECRET, key, REVIEWING + timedelta(minutes=minute))
        cancel(session, SECRET, keys[1], REVIEWING)
        cancel(session, SECRET, keys[1], REVIEWING)
    gone = AttendeeState.CANCELLED
    assert states(engine) == [CONFIRMED, gone, CONFIRMED, CONFIRMED, WAITING, WAITING]
    with session_on(engine) as session, session.begin():
        given = SETUP.model_copy(update={"capacity": 4})
        seen = event_version(session, world)
        save_event(session, world.coordinator(), world.round.code, seen, given, REVIEWING)
    assert states(engine) == [CONFIRMED, gone, CONFIRMED, CONFIRMED, CONFIRMED, WAITING]
    with session_on(engine, reading=True) as session:
        assert count_of(session, Mail, Mail.template == "attend_moved_up") == 2


def test_a_month_after_the_evening_only_the_number_of_those_who_came_is_left(
    engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        evening(session, world, 2, 1)
        keys = registered(session, world, 3)
        for key in keys:
            confirm(session, SECRET, key, REVIEWING)
        codes = session.exec(select(Attendee.code).order_by(col(Attendee.id))).all()
        for code in codes[:2]:
            tick(session, world.coordinator(), world.round.code, code, True, EVENING)
        forget_expired(session, EVENING + AUDIENCE_KEPT - timedelta(days=1))
        assert count_of(session, Attendee) == 3
        forget_expired(session, EVENING + AUDIENCE_KEPT)
    with session_on(engine, reading=True) as session:
        assert count_of(session, Attendee) == count_of(session, Mail, col(Mail.attendee_id).is_not(None)) == 0
        assert session.exec(select(Event.came)).one() == 2


def test_two_at_the_door_count_nobody_twice_and_no_more_than_there_are_places(
    engine: Engine, world: World
) -> None:
    cora, pot = world.coordinator(), world.round.code
    with session_on(engine) as session, session.begin():
        evening(session, world, 2, 1)
        (key,) = registered(session, world, 1)
        confirm(session, SECRET, key, REVIEWING)
    together = Barrier(4)

    def count(given: WalkInInput) -> str:
        together.wait()
        try:
            with session_on(engine) as session, session.begin():
                walk_in(session, cora, pot, given, EVENING)
        except Conflict as refused:
            return type(refused).__name__
        return "counted"

    def all_at_once(*given: WalkInInput) -> list[str]:
        with ThreadPoolExecutor(4) as pool:
            return sorted(pool.map(count, given))

    nameless = WalkInInput(seen=0)
    assert all_at_once(*[nameless] * 4) == ["CountedMeanwhile"] * 3 + ["counted"]
    # By name, typed otherwise each time; and whoever is registered is on the list.
    named = [WalkInInput(name=name, seen=0) for name in ("Дана  Ахметова", "дана ахметова", "guest 0")]
    assert all_at_once(*named, named[0]) == ["NameThere"] * 3 + ["counted"]
    with session_on(engine) as session, session.begin():
        with pytest.raises(HallFull):
            walk_in(session, cora, pot, WalkInInput(name="Erik", seen=2), EVENING)
        found = door(session, cora, pot, EVENING)
        assert (found.seated, found.came, found.last) == (3, 2, 2)
        assert session.exec(select(Event.seated)).one() == 3
        with pytest.raises(NotBegun):
            release(session, cora, pot, EVENING - timedelta(minutes=1))
        # Guest 0 has not come: the place is free, and theirs again if they come while one is.
        assert (release(session, cora, pot, EVENING), release(session, cora, pot, EVENING)) == (1, 0)
        tick(session, cora, pot, session.exec(select(Attendee.code)).one(), True, EVENING)
        not_walked_in(session, cora, pot, found.walked_in[0].code)
        twin = WalkInInput(name="Guest 0", seen=1, another=True)
        walk_in(session, cora, pot, twin, EVENING)
        with pytest.raises(CountedMeanwhile):
            walk_in(session, cora, pot, twin, EVENING)
        forget_expired(session, EVENING + AUDIENCE_KEPT)
        assert count_of(session, WalkIn) == 0
        assert session.exec(select(Event.came)).one() == 3
