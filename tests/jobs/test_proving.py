"""While blindness is checked, mails leave."""

import os
import signal

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.jobs.proving import Prover
from app.jobs.worker import send_due
from app.models.people import BlindnessProof
from app.models.proof import ProofState
from app.proof.reports import check_blindness
from app.proving import prove_waiting
from app.settings import Settings
from tests.jobs.test_worker import SOON, queue_sign_in
from tests.world import NOW, World


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a process is to another one is the same on either engine."""
    return sqlite_database


def test_no_mail_waits_for_a_check_however_long_it_takes(
    engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        check_blindness(session, world.coordinator(), NOW)
    prover = Prover(settings, prove_waiting)
    prover.look(engine, NOW)
    assert prover.process
    checking = prover.process
    os.kill(checking.pid or 0, signal.SIGSTOP)
    queue_sign_in(engine)
    prover.look(engine, NOW)
    assert send_due(engine, settings, SOON) == 1
    assert prover.process is checking, "one at a time"
    os.kill(checking.pid or 0, signal.SIGCONT)
    checking.join(120)
    with session_on(engine, reading=True) as session:
        assert session.exec(select(col(BlindnessProof.state))).one() is ProofState.DONE
    prover.look(engine, NOW)
    assert prover.process is checking, "nothing waits any more"
    prover.end()
