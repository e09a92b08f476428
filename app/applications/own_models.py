"""The read models of the applicant's side: what is not a field here, an applicant cannot be shown."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.applications.status import VERDICTS, Move
from app.errors import Problem
from app.models.applications import Status
from app.models.calls import CallKind, Phase
from app.models.columns import Texts
from app.sections.judging import Progress
from app.sections.limits import Limits


class Own(BaseModel):
    """Read models of the applicant's side."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OwnCall(Own):
    """What an applicant's pages need of the call."""

    slug: str
    title: Texts
    kind: CallKind
    phase: Phase
    closes_at: datetime | None
    reviews_due_at: datetime | None
    results_expected_at: datetime | None
    themes: list[Any]
    priorities: list[Any]
    organisations: list[tuple[str, Texts]]
    limits: Limits
    ceiling_cents: int | None
    first_month: str


class OwnApplication(Own):
    """One application of one's own, as it stands. `moves` are what its owner may do now.

    `phase` is the call's; `revealed_at` since when everybody may know that it won.
    """

    ref: str
    call: str
    call_title: Texts
    phase: Phase
    status: Status
    revealed_at: datetime | None
    owner: bool
    language: str
    title: str
    created_at: datetime
    closes_at: datetime | None
    counts_number: int | None
    sent_at: datetime | None
    moves: frozenset[Move]
    writable: bool

    @property
    def changed_after_sending(self) -> bool:
        """It was taken back: something else than what is written now counts."""
        return self.status is Status.DRAFT and self.counts_number is not None

    @property
    def has_outcome(self) -> bool:
        """Whether its page with the result is there to be read."""
        return self.status in VERDICTS


class OwnSection(Own):
    """One section's draft: what was typed, and how it is judged."""

    code: str
    minutes: int
    version: int
    updated_at: datetime
    data: dict[str, Any]
    status: Progress
    missing: int
    problems: dict[str, Problem]
    notices: dict[str, Problem]


class OwnDraft(Own):
    """An application with all its sections, in the call's order."""

    application: OwnApplication
    call: OwnCall
    sections: list[OwnSection]
    last_number: int

    @property
    def completed(self) -> int:
        """How many sections are done."""
        return sum(section.status is Progress.COMPLETED for section in self.sections)

    @property
    def ready(self) -> bool:
        """Whether nothing stands between this draft and sending it."""
        return all(section.status is Progress.COMPLETED for section in self.sections)


class OwnPart(Own):
    """One section to be written, with the work plan's activities that it may name."""

    application: OwnApplication
    call: OwnCall
    section: OwnSection
    work_plan: dict[str, Any]


class OwnReceipt(Own):
    """The proof of one sending."""

    application: OwnApplication
    call: OwnCall
    number: int
    sent_at: datetime
    sha256: str


class OwnCopy(Own):
    """Everything that one sending holds, for the people who sent it. Money in tiyn, choices as codes."""

    ref: str
    number: int
    sent_at: datetime
    sha256: str
    language: str
    call: OwnCall
    sections: dict[str, dict[str, Any]]


class OwnStep(Own):
    """One move in the life of an application."""

    move: str
    at: datetime
    number: int | None


class OwnCancellation(Own):
    """That the call was cancelled, and why."""

    at: datetime
    reason: Texts


class OwnDates(Own):
    """When the call as a whole went on, the same for everybody in it. `event` is the first of its rounds'."""

    checked_at: datetime | None
    scored_at: datetime | None
    published_at: datetime | None
    event: Texts | None
    event_at: datetime | None


class OwnStatus(Own):
    """Where an application stands, and how it came there.

    `fix_until` is the due date of a correction that is awaited of it.
    """

    application: OwnApplication
    call: OwnCall
    dates: OwnDates
    fix_until: datetime | None
    steps: list[OwnStep]
    cancellation: OwnCancellation | None
