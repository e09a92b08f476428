"""How far a check of what reviewers could read is; the row itself, which says of whom, is in `people`."""

from enum import StrEnum


class ProofState(StrEnum):
    """One that failed three times is not tried again."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
