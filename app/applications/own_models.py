"""The read models of the applicant's side: what is not a field here, an applicant cannot be shown."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from app.applications.status import VERDICTS, Move
from app.errors import Problem
from app.models.applications import Agreed, Channel, Status, TeamRole
from app.models.calls import CallKind, Phase
from app.models.columns import Texts
from app.models.files import FileKind
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
    own_question: dict[str, Any]
    organisations: list[tuple[str, Texts]]
    limits: Limits
    ceiling_cents: int | None
    first_month: str


class OwnEntered(Own):
    """That the programme types it in, or did, on its owner's behalf. `by_me`: who reads is who types."""

    channel: Channel
    received_on: date
    consent: Agreed
    ended_at: datetime | None
    by_me: bool


class OwnApplication(Own):
    """One application of one's own, as it stands. `moves` are what its owner may do now.

    `phase` and `closes_at` are the call's; `due_at` is its own deadline, which a coordinator may have moved
    (`extended`), and `grace_ends_at` the instant from which nothing is received of it any more.
    `revealed_at`: since when everybody may know that it won. `members` counts its team. `receives`: it is a
    draft that can still be written, though perhaps not by who only reads (`writable`). `entered` is None
    where its team typed it. `by_mail`: whether letters about it reach the reader by e-mail, or only here.
    `fix_until` is the due date of a correction that is awaited of it, `invited_until` that of the answer to
    an invitation to pitch.
    """

    ref: str
    call: str
    call_title: Texts
    phase: Phase
    status: Status
    revealed_at: datetime | None
    owner: bool
    role: TeamRole
    members: int
    language: str
    title: str
    created_at: datetime
    timezone: str
    closes_at: datetime | None
    due_at: datetime | None
    extended: bool
    grace_ends_at: datetime | None
    in_grace: bool
    counts_number: int | None
    sent_at: datetime | None
    moves: frozenset[Move]
    receives: bool
    writable: bool
    entered: OwnEntered | None
    by_mail: bool
    fix_until: datetime | None
    invited_until: datetime | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its deadline is read."""
        return ZoneInfo(self.timezone)

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
    minutes_left: int
    version: int
    updated_at: datetime
    data: dict[str, Any]
    status: Progress
    missing: int
    problems: dict[str, Problem]
    notices: dict[str, Problem]


class OwnExtension(Own):
    """A later deadline that a coordinator gave, or (without `until`) that it was taken back; and why."""

    until: datetime | None
    reason: str
    given_at: datetime


class OwnFile(Own):
    """One uploaded file: its clean copy, and under which name it came."""

    code: str
    kind: FileKind
    title: str
    position: int
    version: int
    media_type: str
    size: int
    width: int
    height: int
    pages: int
    added_at: datetime
    removed_at: datetime | None
    name: str


class OwnDraft(Own):
    """An application with all its sections, in the call's order, and its files in reading order.

    `extension` is the later deadline that is in force.
    """

    application: OwnApplication
    call: OwnCall
    extension: OwnExtension | None
    sections: list[OwnSection]
    files: list[OwnFile]
    last_number: int

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes."""
        return sum(section.minutes_left for section in self.sections)

    @property
    def completed(self) -> int:
        """How many sections are done."""
        return sum(section.status is Progress.COMPLETED for section in self.sections)

    @property
    def ready(self) -> bool:
        """Whether nothing stands between this draft and sending it."""
        return not self.untitled and all(section.status is Progress.COMPLETED for section in self.sections)

    @property
    def untitled(self) -> list[OwnFile]:
        """Files of which nothing says what they show; none of them can be sent."""
        return [file for file in self.files if not file.title]


class OwnFiles(Own):
    """The files of an application; `removed` is the one that can be brought back."""

    application: OwnApplication
    files: list[OwnFile]
    removed: OwnFile | None


class OwnPart(Own):
    """One section to be written, with the work plan's activities that it may name."""

    application: OwnApplication
    call: OwnCall
    section: OwnSection
    work_plan: dict[str, Any]


class OwnVersion(Own):
    """What a section held until somebody changed it, or what of it was sent; `by` wrote it.

    `by` is empty where the programme wrote it on the owner's behalf: who that was is not told.
    """

    number: int
    saved_at: datetime
    own: bool
    by: str
    sent_number: int | None
    data: dict[str, Any]


class OwnVersions(Own):
    """A section with its earlier texts, the newest first."""

    part: OwnPart
    versions: list[OwnVersion]


class OwnReceipt(Own):
    """The proof of one sending. A correction's `received_at` is the instant of the sending it corrects."""

    application: OwnApplication
    call: OwnCall
    number: int
    sent_at: datetime
    received_at: datetime
    sha256: str


class OwnSentFile(Own):
    """One file as it was sent."""

    number: int
    kind: FileKind
    title: str
    name: str
    pages: int


class OwnCopy(Own):
    """Everything that one sending holds, for the people who sent it. Money in tiyn, choices as codes.

    `received_at` is `sent_at`, but for a correction the instant of the sending it corrects.
    """

    ref: str
    number: int
    sent_at: datetime
    received_at: datetime
    sha256: str
    language: str
    call: OwnCall
    timezone: str
    due_at: datetime | None
    sections: dict[str, dict[str, Any]]
    files: list[OwnSentFile]


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
    """Where an application stands, and how it came there."""

    application: OwnApplication
    call: OwnCall
    extensions: list[OwnExtension]
    dates: OwnDates
    steps: list[OwnStep]
    cancellation: OwnCancellation | None


class OwnConsent(Own):
    """One consent as it stands: when it was given last, or None where it does not hold."""

    kind: str
    needed: bool
    given_at: datetime | None


class OwnConsentStep(Own):
    """One thing that was said about a consent: given (to which text, in which language) or taken back."""

    kind: str
    given: bool
    at: datetime
    text_version: str
    language: str


class OwnConsents(Own):
    """What one person agreed to for one application, now and over time, the oldest first."""

    application: OwnApplication
    consents: list[OwnConsent]
    steps: list[OwnConsentStep]
