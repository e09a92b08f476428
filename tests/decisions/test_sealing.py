"""The seal: computed twice by ways that share nothing, by two persons, and kept by the database itself."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.database import session_on
from app.decisions.announce import publish
from app.decisions.decide import reopen_decision
from app.decisions.held import call_of, decision_version
from app.decisions.refusals import (
    NotSealed,
    SealBroken,
    SealConfirmed,
    SealDiffers,
    SealSecondPerson,
    SealStands,
)
from app.decisions.sealing import confirm_seal, seal, sealing
from app.decisions.seals import public_seals, seal_bytes
from app.errors import Invalid, NotFound, Stale
from app.events.stage import reveal_next, stage_control
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.decisions import DecisionProtocol, PublishedResult, ResultSeal
from app.models.events import Stage
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from tests.events.evening import EVENING, decided_evening
from tests.factories import count_of
from tests.world import OPENS, World, key

ALONE = "There is nobody else in this small town."


def second_coordinator(session: Session, world: World) -> Coordinator:
    """Zoe, who coordinates the call beside Cora."""
    session.add(
        PanelMember(
            call_id=key(world.call), person_id=key(world.people["zoe"]), role=PanelRole.COORDINATOR,
            code=random_code(), joined_at=OPENS,
        )
    )  # fmt: skip
    session.flush()
    return Coordinator(key(world.people["zoe"]), key(world.call))


def sealed(session: Session, world: World) -> None:
    """Cora seals alone."""
    seal(session, world.coordinator(), world.round.code, 0, ALONE, EVENING)
    session.flush()


def publish_all(session: Session, world: World) -> None:
    session.flush()
    session.expire_all()
    cora = world.coordinator()
    publish(session, cora, decision_version(session, call_of(session, cora)), EVENING)
    session.flush()


@contextmanager
def tampered(session: Session, table: str, statement: str, **given: object) -> Iterator[None]:
    """As if somebody who may alter tables had turned off what guards this one; all of it is undone."""
    with session.begin_nested() as point:
        if session.get_bind().dialect.name != "sqlite":
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            wanted = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
            for name in session.execute(wanted, {"table": table}).scalars().all():
                session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(statement), given)
        session.expire_all()
        yield
        point.rollback()


def stored(session: Session) -> ResultSeal:
    return session.exec(select(ResultSeal).execution_options(populate_existing=True)).one()


def test_two_persons_seal_and_nobody_is_announced_before(session: Session, world: World) -> None:
    decided_evening(session, world)
    cora, pot = world.coordinator(), world.round.code
    zoe = second_coordinator(session, world)
    assert not stage_control(session, cora, pot, EVENING).can_reveal
    for early in (lambda: reveal_next(session, cora, pot, 0, EVENING), lambda: publish_all(session, world)):
        with pytest.raises(NotSealed):
            early()
    seal(session, cora, pot, 0, "", EVENING)
    with pytest.raises(NotSealed):
        reveal_next(session, cora, pot, 0, EVENING)
    assert public_seals(session, world.call.slug) == []
    with pytest.raises(SealSecondPerson):
        confirm_seal(session, cora, pot, 1, EVENING)
    with pytest.raises(Stale):
        seal(session, zoe, pot, 0, "", EVENING)
    with pytest.raises(SealStands):
        seal(session, zoe, pot, 1, "", EVENING)
    confirm_seal(session, zoe, pot, 1, EVENING)
    with pytest.raises(SealConfirmed):
        confirm_seal(session, zoe, pot, 1, EVENING)
    assert sealing(session, cora, pot, EVENING).stands
    (shown,) = public_seals(session, world.call.slug)
    assert (shown.sha256, shown.nonce, shown.document, shown.winners) == (
        stored(session).sha256,
        None,
        None,
        [],
    )
    with pytest.raises(NotFound):
        seal_bytes(session, world.call.slug, pot)
    acts = session.exec(select(AuditEntry.action).where(col(AuditEntry.action).startswith("seal."))).all()
    assert acts == ["seal.make", "seal.confirm"]


def test_who_is_alone_gives_a_reason(session: Session, world: World) -> None:
    decided_evening(session, world)
    with pytest.raises(Invalid):
        seal(session, world.coordinator(), world.round.code, 0, "  too short ", EVENING)
    sealed(session, world)
    assert public_seals(session, world.call.slug)[0].number == 1
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "ledger.sealed_alone")).one()
    assert entry.detail == {"reason": ALONE}


def test_afterwards_anybody_can_compute_the_seal(session: Session, world: World) -> None:
    decided_evening(session, world)
    sealed(session, world)
    order = stored(session).codes
    for seen in range(6):
        reveal_next(session, world.coordinator(), world.round.code, seen, EVENING)
        session.flush()
    publish_all(session, world)
    (shown,) = public_seals(session, world.call.slug)
    file = seal_bytes(session, world.call.slug, world.round.code)
    assert hashlib.sha256(file).hexdigest() == shown.sha256 == stored(session).sha256
    assert file == f"{shown.nonce}\n{shown.document}".encode()
    revealed = session.exec(
        select(Application.code, PublishedResult.title)
        .join(PublishedResult, col(PublishedResult.application_id) == Application.id)
        .order_by(col(PublishedResult.position))
    ).all()
    assert [each.title for each in shown.winners] == [title for _, title in revealed]
    assert [code for code, _ in revealed] == order
    # By their codes reviewers know what they scored: nobody learns from the seal which code has won.
    assert not any(code.encode() in file for code in order)
    assert all(each.same for each in shown.winners)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE award SET amount_minor = amount_minor - 100", "only in the tables"),
        ("UPDATE pitch_entry SET place = 1000 - place", "only in the protocol"),
    ],
)
def test_nothing_is_sealed_where_the_two_computations_differ(
    session: Session, world: World, statement: str, said: str
) -> None:
    decided_evening(session, world)
    with tampered(session, statement.split()[1], statement), pytest.raises(SealDiffers) as refused:
        sealed(session, world)
    assert said in str(refused.value.params["lines"])
    assert count_of(session, ResultSeal) == 0


def test_a_protocol_that_does_not_follow_from_its_scores_seals_nothing(engine: Engine, world: World) -> None:
    """The stored text is changed, around the trigger: the order in it is no more that of its scores."""
    with session_on(engine) as session, session.begin():
        decided_evening(session, world)
        document = json.loads(session.exec(select(DecisionProtocol.document)).one())
        review = document["input"]["reviews"][0]
        review[3]["need"] = 1
        changed = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        update = "UPDATE decision_protocol SET document = :text"
        with (
            tampered(session, "decision_protocol", update, text=changed),
            pytest.raises(SealDiffers) as refused,
        ):
            sealed(session, world)
        assert "Digest of the whole file" in str(refused.value.params["lines"])


def test_opening_the_decision_again_voids_the_seal_for_all_to_see(session: Session, world: World) -> None:
    decided_evening(session, world)
    sealed(session, world)
    reopen_decision(session, world.coordinator(), "A sum was mistyped by us.", EVENING)
    session.flush()
    (shown,) = public_seals(session, world.call.slug)
    assert (shown.voided_at, shown.document) == (EVENING, None)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "seal.void")).one()
    assert (entry.subject, entry.detail) == (world.round.code, {"number": 1})


def test_awards_changed_by_sql_after_sealing_announce_nobody(session: Session, world: World) -> None:
    decided_evening(session, world)
    sealed(session, world)
    changed = "UPDATE award SET amount_minor = 1000"
    with tampered(session, "award", changed), pytest.raises(SealBroken):
        reveal_next(session, world.coordinator(), world.round.code, 0, EVENING)
    assert count_of(session, PublishedResult) == 0


def test_the_database_keeps_what_was_sealed(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        decided_evening(session, world)
        sealed(session, world)
    for statement in (
        "UPDATE result_seal SET document = '{}'", "UPDATE result_seal SET nonce = 'x'",
        "UPDATE result_seal SET confirmed_at = sealed_at, sealed_at = voided_at", "DELETE FROM result_seal",
        "UPDATE result_seal SET sha256 = 'x'", "UPDATE result_seal SET confirmed_at = NULL",
    ):  # fmt: skip
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
    with engine.begin() as connection:
        connection.execute(text("UPDATE result_seal SET voided_at = sealed_at"))


def test_twenty_times_two_coordinators_press_at_once(engine: Engine, world: World) -> None:
    """One reveal a stage: the other gets the stage as it is now, in the order that was sealed."""
    with session_on(engine) as session, session.begin():
        world.round.places, world.round.envelope_minor = 20, 20 * 500_000
        decided_evening(session, world, 20)
        zoe = second_coordinator(session, world)
        seal(session, zoe, world.round.code, 0, "", EVENING)
        confirm_seal(session, world.coordinator(), world.round.code, 1, EVENING)
        order = stored(session).codes

    def press(who: Coordinator, seen: int, together: Barrier) -> int | None:
        together.wait()
        try:
            with session_on(engine) as session, session.begin():
                reveal_next(session, who, world.round.code, seen, EVENING + timedelta(seconds=seen))
        except Stale as stale:
            return stale.version
        return None

    with ThreadPoolExecutor(2) as presses:
        for seen in range(20):
            together = Barrier(2)
            done = [presses.submit(press, who, seen, together) for who in (world.coordinator(), zoe)]
            assert sorted((each.result() or 0) for each in done) == [0, seen + 1]
    with session_on(engine, reading=True) as session:
        told = session.exec(
            select(Application.code)
            .join(PublishedResult, col(PublishedResult.application_id) == Application.id)
            .order_by(col(PublishedResult.position))
        ).all()
        assert list(told) == order
        assert session.exec(select(Stage.version, Stage.revealed)).one() == (20, 20)


KILLED = """
import os, signal, sys
from datetime import datetime
from app.accounts.actors import Coordinator
from app.database import make_engine, session_on
from app.events.stage import reveal_next
url, pot, person, call, seen, committed = sys.argv[1:]
with session_on(make_engine(url)) as session:
    session.begin()
    reveal_next(session, Coordinator(int(person), int(call)), pot, int(seen), datetime.fromisoformat({at!r}))
    session.flush()
    if committed == "yes":
        session.commit()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_kill_9_in_a_reveal_neither_leaks_nor_loses(engine: Engine, database_url: str, world: World) -> None:
    """Before the commit nothing has happened; after it all of it has, and the next press goes on there."""
    with session_on(engine) as session, session.begin():
        decided_evening(session, world)
        sealed(session, world)
    cora = world.coordinator()

    def killed(seen: int, committed: str) -> tuple[Any, ...]:
        code = KILLED.format(at=EVENING.isoformat())
        given = [database_url, world.round.code, str(cora.person_id), str(cora.call_id), str(seen), committed]
        done = subprocess.run([sys.executable, "-c", code, *given], check=False, env=os.environ)
        assert done.returncode == -signal.SIGKILL
        with session_on(engine, reading=True) as session:
            stage = session.exec(select(Stage.version, Stage.revealed)).one_or_none()
            acts = count_of(session, AuditEntry, AuditEntry.action == "stage.change")
            return count_of(session, PublishedResult), stage, acts

    assert killed(0, "no") == (0, None, 0)
    assert killed(0, "yes") == (1, (1, 1), 1)
    assert killed(1, "no") == (1, (1, 1), 1)
    with session_on(engine) as session, session.begin():
        with pytest.raises(Stale):
            reveal_next(session, cora, world.round.code, 0, EVENING)
        reveal_next(session, cora, world.round.code, 1, EVENING)
        assert count_of(session, PublishedResult) == 2
