"""`python -m tests.bench.mail`: how long a sign-in mail takes, alone and beside a proof of blindness."""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from app.accounts.actions import SignInInput, start_sign_in
from app.accounts.actors import Coordinator
from app.database import make_engine, session_on
from app.logs import configure_logs
from app.migrate import upgrade_engine
from app.models.outbox import Mail, MailState
from app.models.panel import PanelMember, PanelRole
from app.models.people import BlindnessProof, DevelopmentMail
from app.models.proof import ProofState
from app.proof.reports import check_blindness, count_reviewers
from app.settings import Settings
from tests.bench.pages.__main__ import NAMES, database
from tests.bench.pages.cpu import calibration
from tests.bench.pages.report import README, machine
from tests.bench.pages.server import serving
from tests.decisions.scored import scored_call
from tests.world import make_world

BEGIN, END = "<!-- mailed -->", "<!-- /mailed -->"
APPLICATIONS = 51
MAILS = 40
BETWEEN = 0.1
"""Seconds from a mail that has come to the next that is asked for."""
LONGEST = 300.0
LOOK = 0.005
HEAD = """\
| engine | sign-ins | alone: p50 / p95 / longest, s | beside a proof: p50 / p95 / longest, s \
| reviewers looked through meanwhile | calibration, ms | load before |
|---|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True)
class Run:
    """What one run showed: seconds from the committed wish to the mail that has left."""

    engine: str
    alone: Sequence[float]
    beside: Sequence[float]
    looked: str
    calibration: tuple[float, float]
    load: float

    def line(self) -> str:
        """One row of the table."""
        before, after = self.calibration
        return (
            f"| {self.engine} | {len(self.alone)} | {_times(self.alone)} | {_times(self.beside)} "
            f"| {self.looked} | {before:.0f}, {after:.0f} | {self.load:.1f} |"
        )


def _times(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return " / ".join(f"{ordered[int((len(ordered) - 1) * share)]:.2f}" for share in (0.5, 0.95, 1))


def until(engine: Engine, happened: Callable[[Session], bool], what: str) -> None:
    """Look again and again, in short units that read."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        with session_on(engine, reading=True) as session:
            if happened(session):
                return
        time.sleep(LOOK)
    raise TimeoutError(what)


def signed_in(engine: Engine, number: int) -> float:
    """Somebody asks for a code, as the site's page does; how many seconds its mail took to leave."""
    email, now = f"waits-{number}@example.org", datetime.now(UTC)
    with session_on(engine) as session, session.begin():
        given = SignInInput(email=email)
        start_sign_in(session, given, language="en", client=f"client {number}", now=now)
    asked = time.monotonic()
    mine = select(DevelopmentMail.id).where(DevelopmentMail.recipient == email)
    until(engine, lambda session: session.exec(mine).first() is not None, "a mail that never came")
    return time.monotonic() - asked


def due() -> Any:
    """A mail that should have left by now."""
    return (
        select(Mail.id).where(Mail.state == MailState.QUEUED, Mail.not_before <= datetime.now(UTC)).limit(1)
    )


def some(engine: Engine, first: int, count: int) -> list[float]:
    """So many, one after the other."""
    seconds = []
    for number in range(first, first + count):
        seconds.append(signed_in(engine, number))
        time.sleep(BETWEEN)
    return seconds


def prepare(engine: Engine) -> Coordinator:
    """A call in review: each of four reviewers reads all of its applications."""
    with session_on(engine) as session, session.begin():
        world = make_world(session)
        scored_call(session, world, APPLICATIONS)
        return world.coordinator()


def begin(engine: Engine, coordinator: Coordinator) -> None:
    """A proof of that call that is under way: somebody's pages are being read."""
    with session_on(engine) as session, session.begin():
        check_blindness(session, coordinator, datetime.now(UTC))
    claimed = select(BlindnessProof.id).where(
        BlindnessProof.call_id == coordinator.call_id, col(BlindnessProof.claimed_until).is_not(None)
    )
    until(engine, lambda session: session.exec(claimed).first() is not None, "a proof that never began")


def looked_through(engine: Engine, coordinator: Coordinator) -> tuple[int, int, bool]:
    """How many reviewers' pages were read, of how many, and whether that goes on."""
    with session_on(engine, reading=True) as session:
        proof = session.exec(select(BlindnessProof).order_by(col(BlindnessProof.id).desc())).first()
        assert proof is not None
        done = session.exec(
            select(func.count())
            .select_from(PanelMember)
            .where(
                PanelMember.call_id == coordinator.call_id,
                PanelMember.role == PanelRole.REVIEWER,
                col(PanelMember.id) <= proof.reached,
            )
        ).one()
        return done, count_reviewers(session, coordinator), proof.state is ProofState.RUNNING


def bench(engine_name: str, count: int) -> Run:
    """One run on one engine."""
    with database(engine_name) as url:
        engine = make_engine(url)
        upgrade_engine(engine)
        coordinator = prepare(engine)
        before, load = calibration(), os.getloadavg()[0]
        with serving(url):
            # What the call has left in the outbox leaves first.
            until(engine, lambda session: session.exec(due()).first() is None, "an outbox that stays full")
            some(engine, 0, 3)
            alone = some(engine, 1000, count)
            begin(engine, coordinator)
            beside = some(engine, 2000, count)
            done, of, runs = looked_through(engine, coordinator)
            assert runs, "the proof was done before the mails were"
        engine.dispose()
        return Run(NAMES[engine_name], alone, beside, f"{done} of {of}", (before, calibration()), load)


def write(lines: Sequence[str]) -> None:
    """Put the table into the README, in place of the last one."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join([f"Measured on {machine()}.", "", HEAD, *lines])
    README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measure and report."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.mail", description=__doc__)
    asked.add_argument("--engine", choices=NAMES, action="append", help="only this one")
    asked.add_argument("--mails", type=int, default=MAILS, help="fewer, to try it")
    given = asked.parse_args()
    configure_logs(Settings(_env_file=None, log_level="error"))
    lines = [bench(name, given.mails).line() for name in given.engine or NAMES]
    print("\n".join([HEAD, *lines]))
    if not given.engine and given.mails == MAILS:
        write(lines)


if __name__ == "__main__":
    main()
