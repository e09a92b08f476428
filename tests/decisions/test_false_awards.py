"""No statement of SQL makes an award false or a round's sums untrue, whatever its conflict clause.

The application is not asked here: everything goes straight to the database, as a script or a hand would.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.database import session_on
from app.decisions.awards import draw_line
from app.models.applications import Application, Status
from app.models.calls import CallKind
from app.random_codes import random_code
from tests.decisions.scored import PLACE, ranked_call, second_round
from tests.factories import REVIEWING, make_sent_application
from tests.world import NOW, World, key, make_call

AWARD = """INTO award (round_id, application_id, amount_minor, version, awarded_by, awarded_at)
           VALUES (:round, :application, :amount, 1, :person, :now)"""


@dataclass
class Ground:
    """Keys: a round with money for two more awards of three places, one without money, three applications."""

    money: int
    places: int
    other_call: int
    free: list[int]
    awarded: int
    draft: int
    withdrawn: int
    foreign: int
    person: int

    def award(self, **changed: Any) -> dict[str, Any]:
        """What an honest award of the next application would say."""
        honest = {
            "round": self.money, "application": self.free[0], "amount": PLACE,
            "person": self.person, "now": NOW,
        }  # fmt: skip
        return honest | changed


@pytest.fixture
def ground(engine: Engine, world: World) -> Ground:
    """A ranked call with one award, and applications that must never have one."""
    with session_on(engine) as session, session.begin():
        ranked_call(session, world, 4)
        pot = world.round
        session.execute(
            text("UPDATE award_round SET places = 3, envelope_minor = :all WHERE id = :id"),
            {"all": 3 * PLACE, "id": pot.id},
        )
        code = second_round(session, world, places=2, envelope=None)
        places = session.execute(text("SELECT id FROM award_round WHERE code = :c"), {"c": code}).scalar_one()
        ids = list(session.execute(text("SELECT id FROM application ORDER BY id")).scalars())
        other = make_call(session, "2027", kind=CallKind.GRANT)
        outside = {}
        for name, call, status in (
            ("draft", world.call, Status.DRAFT),
            ("withdrawn", world.call, Status.WITHDRAWN),
            ("foreign", other, Status.SENT),
        ):
            application = make_sent_application(session, world, "ada", name)
            application.call_id, application.status = key(call), status
            session.add(application)
            session.flush()
            outside[name] = key(application)
        person = key(world.people["cora"])
        found = Ground(key(pot), places, key(other), ids[1:], ids[0], person=person, **outside)
        session.execute(text(f"INSERT {AWARD}"), found.award(application=ids[0]))
    return found


def truth(engine: Engine) -> list[Any]:
    """Every round with its sums, and every award."""
    with engine.begin() as connection:
        rounds = connection.execute(
            text(
                """SELECT id, call_id, taken, committed_minor, places, envelope_minor,
                   (SELECT count(*) FROM award WHERE round_id = award_round.id),
                   (SELECT COALESCE(sum(amount_minor), 0) FROM award WHERE round_id = award_round.id)
                   FROM award_round ORDER BY id"""
            )
        ).all()
        assert all((each[2], each[3]) == (each[6], each[7]) for each in rounds)
        awards = connection.execute(text("SELECT * FROM award ORDER BY id")).all()
    return [*rounds, *awards]


def refused(engine: Engine, statement: str, values: dict[str, Any] | None = None) -> None:
    """The statement fails, or (as under OR IGNORE) does nothing; nothing is different afterwards."""
    before = truth(engine)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement), values or {})
    except IntegrityError:
        pass
    else:
        assert " OR IGNORE " in statement, f"let through: {statement} {values}"
    assert truth(engine) == before, (statement, values)


def clauses(engine: Engine, verb: str) -> list[str]:
    """A verb with every conflict clause that the engine knows."""
    if engine.dialect.name != "sqlite":
        return [verb]
    return [verb, *(f"{verb} OR {each}" for each in ("ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"))]


FALSE: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "without money in a round of money": lambda g: g.award(amount=None),
    "money in a round of places": lambda g: g.award(round=g.places),
    "no money at all": lambda g: g.award(amount=0),
    "less than no money": lambda g: g.award(amount=-PLACE),
    "an application of another call": lambda g: g.award(application=g.foreign),
    "a draft": lambda g: g.award(application=g.draft),
    "a withdrawn application": lambda g: g.award(application=g.withdrawn),
    "no application": lambda g: g.award(application=10**6),
    "no round": lambda g: g.award(round=10**6),
    "a second award": lambda g: g.award(application=g.awarded),
    "above the envelope": lambda g: g.award(amount=2 * PLACE + 1),
}


def test_no_false_award_is_inserted(engine: Engine, ground: Ground) -> None:
    for false in FALSE.values():
        for verb in clauses(engine, "INSERT"):
            refused(engine, f"{verb} {AWARD}", false(ground))


def test_an_honest_award_is_inserted(engine: Engine, ground: Ground) -> None:
    for values in (
        ground.award(amount=2 * PLACE),
        ground.award(application=ground.free[1], round=ground.places, amount=None),
    ):
        with engine.begin() as connection:
            connection.execute(text(f"INSERT {AWARD}"), values)
    truth(engine)


def test_a_full_round_takes_no_more(engine: Engine, ground: Ground) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"INSERT {AWARD}"), ground.award(amount=1))
        connection.execute(text(f"INSERT {AWARD}"), ground.award(amount=1, application=ground.free[1]))
    for verb in clauses(engine, "INSERT"):
        refused(engine, f"{verb} {AWARD}", ground.award(amount=1, application=ground.free[2]))


def test_many_at_once_above_the_envelope_are_all_refused(engine: Engine, ground: Ground) -> None:
    many = """{} INTO award (round_id, application_id, amount_minor, version, awarded_by, awarded_at)
              SELECT :round, id, :amount, 1, :person, :now FROM application
              WHERE id IN (:one, :two) ORDER BY id"""
    one, two, _ = ground.free
    values = ground.award(amount=PLACE + 1, one=one, two=two)
    for verb in clauses(engine, "INSERT"):
        refused(engine, many.format(verb), values)
    with engine.begin() as connection:
        connection.execute(text(many.format("INSERT")), values | {"amount": PLACE})
    truth(engine)


CHANGES = {
    "more than the envelope": "{} award SET amount_minor = 3 * amount_minor + 1",
    "no money": "{} award SET amount_minor = NULL",
    "nothing": "{} award SET amount_minor = 0",
    "another round": "{} award SET round_id = :places, amount_minor = NULL",
    "another application": "{} award SET application_id = :free",
    "another call's application": "{} award SET application_id = :foreign",
    "another key": "{} award SET id = id + 1",
    "sums of its own": "{} award_round SET taken = 0 WHERE id = :money",
    "more sums": "{} award_round SET taken = 2 WHERE id = :money",
    "less committed": "{} award_round SET committed_minor = 0 WHERE id = :money",
    "more committed": "{} award_round SET committed_minor = committed_minor + 1 WHERE id = :money",
    "both": "{} award_round SET taken = 0, committed_minor = 0",
    "fewer places": "{} award_round SET places = 0 WHERE id = :money",
    "a smaller envelope": "{} award_round SET envelope_minor = 1, amount_minor = 1 WHERE id = :money",
    "no envelope": "{} award_round SET envelope_minor = NULL, amount_minor = NULL WHERE id = :money",
    "a round of another call": "{} award_round SET call_id = :other WHERE id = :money",
    "another round's key": "{} award_round SET id = 999 WHERE id = :money",
    "an application of another call": "{} application SET call_id = :other WHERE id = :awarded",
}


def test_no_update_makes_one_false(engine: Engine, ground: Ground) -> None:
    keys = {
        "places": ground.places, "free": ground.free[0], "foreign": ground.foreign, "money": ground.money,
        "other": ground.other_call, "awarded": ground.awarded,
    }  # fmt: skip
    for said in CHANGES.values():
        values = {name: value for name, value in keys.items() if f":{name}" in said}
        for verb in clauses(engine, "UPDATE"):
            refused(engine, said.format(verb), values)


def test_replacing_rows_does_not_go_around_the_triggers(engine: Engine, ground: Ground) -> None:
    if engine.dialect.name != "sqlite":
        for table in ("award", "award_round, award", "audit_entry"):
            with pytest.raises(DBAPIError), engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {table} CASCADE"))
        truth(engine)
        return
    rows = "SELECT {} FROM {} WHERE id = {}"
    with engine.begin() as connection:
        names = {
            table: list(connection.execute(text(f"SELECT * FROM {table} LIMIT 1")).keys())
            for table in ("award", "award_round", "application")
        }
    for table, row, changed in (
        ("award", "(SELECT min(id) FROM award)", {"amount_minor": "1"}),
        ("award_round", str(ground.money), {"taken": "0", "committed_minor": "0"}),
        ("award_round", str(ground.money), {"taken": "0", "committed_minor": "0", "id": "NULL"}),
        ("application", str(ground.awarded), {"call_id": str(ground.other_call)}),
        ("application", str(ground.awarded), {"id": "NULL"}),
    ):
        columns = [changed.get(name, name) for name in names[table]]
        said = (
            f"REPLACE INTO {table} ({', '.join(names[table])}) {rows.format(', '.join(columns), table, row)}"
        )
        for foreign_keys in ("ON", "OFF"):
            # A shell of SQLite's checks no foreign keys unless it is told to.
            with engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute(f"PRAGMA foreign_keys={foreign_keys}")
            refused(engine, said)
            with engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("PRAGMA foreign_keys=ON")


def test_the_log_is_not_replaced_either(engine: Engine, ground: Ground) -> None:
    if engine.dialect.name == "sqlite":
        said = "REPLACE INTO audit_entry SELECT * FROM audit_entry"
        with pytest.raises(IntegrityError, match="only ever appended"), engine.begin() as connection:
            connection.execute(text(said))


def test_a_frozen_decision_stands_still(engine: Engine, ground: Ground, world: World) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE call SET decided_at = :now WHERE id = :id"), {"now": NOW, "id": world.call.id}
        )
    for verb in clauses(engine, "INSERT"):
        refused(engine, f"{verb} {AWARD}", ground.award())
    for verb in clauses(engine, "UPDATE"):
        refused(engine, f"{verb} award SET amount_minor = amount_minor - 1")
        refused(engine, f"{verb} award SET awarded_by = awarded_by")
    refused(engine, "DELETE FROM award")


def test_an_award_that_is_deleted_leaves_true_sums_and_room(engine: Engine, ground: Ground) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"INSERT {AWARD}"), ground.award(amount=2 * PLACE))
        connection.execute(text("UPDATE award SET amount_minor = amount_minor / 2"))
    truth(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM award"))
    with engine.begin() as connection:
        sums = connection.execute(text("SELECT taken, committed_minor FROM award_round ORDER BY id")).all()
        assert set(sums) == {(0, 0)}
        # Without awards a round may be anything again.
        connection.execute(text("UPDATE award_round SET envelope_minor = NULL, amount_minor = NULL"))


def test_a_new_round_begins_without_awards(engine: Engine, ground: Ground, world: World) -> None:
    columns = "call_id, code, position, version, name, places, committed_minor, taken"
    said = f"INSERT INTO award_round ({columns}) VALUES (:call, :code, 9, 1, '{{}}', 3, 0, 1)"
    refused(engine, said, {"call": world.call.id, "code": random_code()})


def test_an_awarded_application_may_withdraw_and_its_award_be_taken_back(
    engine: Engine, ground: Ground
) -> None:
    """Leaving is everybody's right; the application then refuses to decide until the award is gone."""
    with session_on(engine) as session, session.begin():
        awarded = session.get_one(Application, ground.awarded)
        awarded.status, awarded.counts_number = Status.WITHDRAWN, None
        session.add(awarded)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM award"))
    truth(engine)


# ---------------------------------------------------------------- two at once


def _second(engine: Engine, statement: str, values: dict[str, Any], ended: list[str]) -> threading.Thread:
    """Another connection that asks for the same while the first has not committed."""

    def press() -> None:
        try:
            with engine.begin() as connection:
                connection.execute(text(statement), values)
        except (IntegrityError, OperationalError) as error:
            ended.append(type(error).__name__)
        else:
            ended.append("done")

    thread = threading.Thread(target=press)
    thread.start()
    return thread


TOGETHER: dict[str, tuple[str, Callable[[Ground], dict[str, Any]], str]] = {
    "what is left of the envelope": (
        f"INSERT {AWARD}",
        lambda g: g.award(application=g.free[1]),
        "IntegrityError",
    ),
    "half of what is left": (
        f"INSERT {AWARD}",
        lambda g: g.award(application=g.free[1], amount=PLACE // 2),
        "done",
    ),
    "the same application": (f"INSERT {AWARD}", lambda g: g.award(amount=1), "IntegrityError"),
    "more for the first": (
        "UPDATE award SET amount_minor = amount_minor + :more",
        lambda g: {"more": PLACE},
        "IntegrityError",
    ),
    "fewer places": (
        "UPDATE award_round SET places = 1 WHERE id = :money",
        lambda g: {"money": g.money},
        "IntegrityError",
    ),
    "sums as they were": (
        "UPDATE award_round SET taken = 1, committed_minor = :one WHERE id = :money",
        lambda g: {"money": g.money, "one": PLACE},
        "IntegrityError",
    ),
    "the first taken back": (
        "DELETE FROM award WHERE application_id = :a",
        lambda g: {"a": g.awarded},
        "done",
    ),
}


@pytest.mark.parametrize("what", TOGETHER)
def test_two_connections_never_agree_on_a_falsehood(engine: Engine, ground: Ground, what: str) -> None:
    """The first takes half of an envelope for three and waits; the second asks and must wait for it."""
    statement, values, expected = TOGETHER[what]
    ended: list[str] = []
    with engine.connect() as first:
        with first.begin():
            first.execute(text(f"INSERT {AWARD}"), ground.award(amount=PLACE + PLACE // 2))
            second = _second(engine, statement, values(ground), ended)
            _until_waiting(first, second)
            assert not ended
        second.join(20)
    assert ended == [expected]
    truth(engine)


def _until_waiting(connection: Connection, second: threading.Thread) -> None:
    """PostgreSQL says when somebody waits for a lock; SQLite's other writer waits before its first word."""
    for _ in range(200):
        if connection.dialect.name == "sqlite":
            time.sleep(0.3)
            return
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        if connection.execute(text(waiting)).scalar_one() or not second.is_alive():
            return
        time.sleep(0.02)


def test_a_withdrawal_and_an_award_at_once_wait_for_each_other(engine: Engine, ground: Ground) -> None:
    ended: list[str] = []
    with engine.connect() as first:
        with first.begin():
            first.execute(
                text("UPDATE application SET status = 'withdrawn' WHERE id = :a"), {"a": ground.free[0]}
            )
            second = _second(engine, f"INSERT {AWARD}", ground.award(), ended)
            _until_waiting(first, second)
            assert not ended
        second.join(20)
    assert ended == ["IntegrityError"]
    truth(engine)


def test_drawing_the_line_still_works_on_top(engine: Engine, ground: Ground, world: World) -> None:
    with session_on(engine) as session, session.begin():
        assert draw_line(session, world.coordinator(), world.round.code, REVIEWING) == 2
    truth(engine)
