"""What waits for a coordinator in every phase of a call, the most harmful first, with the way there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.corrections import CORRECTABLE, count_awaited
from app.applications.redaction import count_uncleared
from app.applications.screened import desk_waiting
from app.calls.invitations import count_asked
from app.calls.readiness import readiness
from app.calls.setup_view import setup_of
from app.decisions.waiting import count_unannounced, waiting
from app.messages import formats, sentence
from app.models.calls import Phase
from app.outbox.failed import count_failed
from app.pages.page import path_to
from app.privacy.desk import count_waiting
from app.reviews.progress import DeskProgress

PANEL_MATTERS = {Phase.SCHEDULED, Phase.OPEN, Phase.GRACE, Phase.CLOSED, Phase.REVIEWING}

HARM = ("err", "warn", "info")
"""Tones: what hurts somebody if it waits, what is late, what comes next."""

Item = tuple[str, int, str, str]
"""Code of the words, how many, the route, tone: one line for each matter."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits; without an address where nothing on the site can mend it."""

    words: str
    href: str
    tone: str


def todos(
    session: Session,
    coordinator: Coordinator,
    language: str,
    call: str,
    progress: DeskProgress,
    now: datetime,
) -> list[Todo]:
    """All that waits now, the most harmful first; empty only when nothing does."""
    found = [*_by_phase(session, coordinator, progress, now), *_whenever(session, coordinator, progress, now)]
    found.sort(key=lambda item: HARM.index(item[-1]))
    return [
        Todo(
            sentence(language, f"desk.todo_{code}", {"count": formats.number(language, count)}),
            path_to(language, place, call=call) if place else "",
            tone,
        )
        for code, count, place, tone in found
        if count > 0
    ]


def _whenever(
    session: Session, coordinator: Coordinator, progress: DeskProgress, now: datetime
) -> Iterator[Item]:
    if progress.phase in PANEL_MATTERS:
        seated = {each.organisation for each in progress.reviewers if not each.removed}
        empty = sum(each.code not in seated for each in progress.organisations)
        yield "empty_bench", empty, "panel.list", "warn"
        asked, proposed = count_asked(session, coordinator)
        yield "requests", asked, "panel.list", "warn"
        yield "proposed", proposed, "panel.list", "info"
    if progress.phase in CORRECTABLE:
        awaited, overdue = count_awaited(session, coordinator.call_id, now)
        yield "corrections_overdue", overdue, "corrections.list", "warn"
        yield "corrections", awaited, "corrections.list", "info"
    desk = desk_waiting(session, coordinator, progress.phase)
    yield "suspected", desk.suspected, "ties.list", "err"
    yield "thirds", desk.thirds, "thirds.list", "warn"
    yield "refusals", desk.proposed, "screening.queue", "warn"
    yield "flags", desk.flags, "flags.list", "warn"
    read_already = progress.phase is Phase.REVIEWING
    yield "screening", desk.to_check, "screening.queue", "warn" if read_already else "info"
    yield "erasures", count_waiting(session, coordinator.call_id), "privacy.list", "warn"
    yield "letters", count_failed(session, coordinator.call_id), "", "warn"


def _by_phase(
    session: Session, coordinator: Coordinator, progress: DeskProgress, now: datetime
) -> Iterator[Item]:
    match progress.phase:
        case Phase.PREPARING:
            missing = len(readiness(setup_of(session, coordinator), now))
            yield "setup", missing, "setup.show", "warn"
            yield "to_open", int(not missing), "setup.show", "info"
        case Phase.CLOSED:
            yield from _assigning(progress)
            yield "extended", progress.extended, "extensions.list", "info"
            uncleared = count_uncleared(session, coordinator.call_id)
            yield "redaction", uncleared, "redaction.list", "warn"
            ready = progress.assigned and not (progress.holes or progress.extended or uncleared)
            yield "to_review", int(bool(ready)), "desk.opening", "info"
        case Phase.REVIEWING:
            yield from _assigning(progress)
            yield "redaction_changed", count_uncleared(session, coordinator.call_id), "redaction.list", "warn"
            yield from _reviewing(progress, now)
        case Phase.REVIEWED:
            yield from _deciding(session, coordinator)
        case Phase.DECIDED:
            yield "unannounced", count_unannounced(session, coordinator), "awards.list", "info"


def _assigning(progress: DeskProgress) -> Iterator[Item]:
    yield "ties", len(progress.ties), "assignments.list", "err"
    yield "holes", progress.holes, "assignments.list", "err"


def _reviewing(progress: DeskProgress, now: datetime) -> Iterator[Item]:
    late = progress.due_at is not None and now > progress.due_at
    yield ("late" if late else "missing"), progress.missing, "progress.show", "warn" if late else "info"
    idle = sum(1 for each in progress.reviewers if each.assigned and not each.begun and not each.sent)
    yield "idle", idle, "progress.show", "info"
    returned = sum(each.returned for each in progress.reviewers)
    yield "returned", returned, "returns.list", "info"
    finished = progress.assigned > 0 and not progress.missing and not progress.holes
    yield "to_close", int(finished), "ranking.closing", "info"


def _deciding(session: Session, coordinator: Coordinator) -> Iterator[Item]:
    found = waiting(session, coordinator)
    yield "withdrawn", found.withdrawn, "awards.list", "err"
    yield "unexcused", found.open_holes, "ranking.holes", "err"
    yield "unexplained", found.unexplained, "awards.list", "warn"
    yield "to_award", found.to_award, "awards.list", "info"
    yield "pending", found.pending, "awards.list", "info"
