"""The check of blindness, in a process of its own: it reads thousands of pages, and no mail waits for it."""

import multiprocessing
from collections.abc import Callable
from datetime import datetime
from multiprocessing.context import SpawnProcess

from sqlalchemy import Engine

from app.database import session_on
from app.proof.running import proof_waits
from app.settings import Settings

Prove = Callable[[Settings], None]
"""Makes all checks that wait; it knows the site itself, of which this layer knows nothing."""


class Prover:
    """Starts that process when a check waits, and one at a time. It ends by itself, and with this one."""

    def __init__(self, settings: Settings, prove: Prove) -> None:
        self.settings = settings
        self.prove = prove
        self.process: SpawnProcess | None = None

    def look(self, engine: Engine, now: datetime) -> None:
        """Whether a check waits that nobody is at; this never takes longer than asking that."""
        if self.process is not None and self.process.is_alive():
            return
        with session_on(engine, reading=True) as session, session.begin():
            waits = proof_waits(session, now)
        if waits:
            # Not a fork: connections of this process are no business of that one.
            context = multiprocessing.get_context("spawn")
            self.process = context.Process(
                target=self.prove, args=(self.settings,), name="proof", daemon=True
            )
            self.process.start()

    def end(self) -> None:
        """What was begun is taken up again by the next one, once its lease has run out."""
        if self.process is not None:
            self.process.terminate()
            self.process.join()
