"""How far reviewing is: who has sent what, when it will be done at this pace, and reminding by one press."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.last_seen import last_seen
from app.calls.titles import call_title
from app.errors import NotFound
from app.messages import formats, sentence
from app.messages.answers import in_language
from app.models.calls import Phase
from app.pages.assignments import ReviewerRow, reviewer_rows
from app.pages.forms import typed
from app.pages.page import Page, see_other
from app.reviews.coverage import Covered, coverage
from app.reviews.days import Day, sent_by_day
from app.reviews.progress import DeskProgress, DeskStanding, desk_progress
from app.reviews.reminding import RemindInput, remind_reviewers
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/progress")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the chart: its place, width and height in percent, and its words."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    number: int
    day: str
    sent: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One reviewer: how far, when last here, and when done at their own pace."""

    reviewer: ReviewerRow
    seen_at: datetime | None
    expected_at: datetime | None
    late: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """So many applications have so many of their reviews."""

    words: str
    applications: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ProgressShow(Page):
    """Counts and dates only, never a score."""

    template = "desk/progress.html"
    call: str
    call_title: str
    progress: DeskProgress
    sentence: str
    forecast: str
    late: bool
    reviewing: bool
    days: list[DayBar]
    covered: list[CoveredRow]
    organisations: list[tuple[str, int, int, int]]
    people: list[PersonRow]


@router.get("", name="progress.show")
def show(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    progress = desk_progress(session, coordinator, now, with_work=True)
    known = {
        "sent": formats.number(language, progress.sent),
        "assigned": formats.number(language, progress.assigned),
    }
    return ProgressShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        progress=progress,
        sentence=sentence(language, "progress.sent", known),
        forecast=forecast_in_words(language, progress),
        late=is_late(progress),
        reviewing=progress.phase is Phase.REVIEWING,
        days=_bars(language, sent_by_day(session, coordinator, now)) if progress.sent else [],
        covered=_covered(language, coverage(session, coordinator), progress.wanted),
        organisations=[
            (in_language(language, each.name), each.assigned, each.sent, each.assigned - each.sent)
            for each in progress.organisations
        ],
        people=_people(session, coordinator, language, progress),
    ).response(request)


@router.post("/remind", name="progress.remind")
def remind(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    """Only what the page's own buttons say is known."""
    to, reviewer = str(given.get("to", "waiting")), str(given.get("reviewer", ""))
    if to not in {"waiting", "idle", "begun"}:
        raise NotFound
    count = remind_reviewers(
        session, coordinator, RemindInput.model_validate({"to": to, "reviewer": reviewer[:16]}), now
    )
    return see_other(request, "progress.show", call=call, done="reminded", count=count)


def forecast_in_words(language: str, progress: DeskStanding) -> str:
    """When the last review will be in at this pace, beside when it is due; nothing without a pace."""
    if progress.expected_at is None:
        return ""
    known = {"day": formats.day(language, progress.expected_at)}
    if progress.due_at is None:
        return sentence(language, "progress.forecast", known)
    known["due"] = formats.day(language, progress.due_at)
    return sentence(
        language, "progress.forecast_late" if is_late(progress) else "progress.forecast_due", known
    )


def is_late(progress: DeskStanding) -> bool:
    """Whether at this pace the last review comes after its date."""
    return _after(progress.expected_at, progress.due_at)


def _after(expected_at: datetime | None, due_at: datetime | None) -> bool:
    return expected_at is not None and due_at is not None and expected_at > due_at


def _covered(language: str, found: Sequence[Covered], wanted: int) -> list[CoveredRow]:
    """Against what is owed: an application with holes is not complete. Those with the fewest first."""
    rows = Counter[tuple[int, int]]()
    for each in found:
        rows[each.sent, each.owed(wanted)] += each.applications
    return [
        CoveredRow(
            sentence(
                language,
                "progress.covered",
                {"sent": formats.number(language, sent), "assigned": formats.number(language, owed)},
            ),
            applications,
            complete=sent == owed > 0,
        )
        for (sent, owed), applications in sorted(rows.items(), key=lambda row: (row[0][0], -row[0][1]))
    ]


def _people(
    session: Session, coordinator: Coordinator, language: str, progress: DeskProgress
) -> list[PersonRow]:
    seen, found = last_seen(session, coordinator), {each.code: each for each in progress.reviewers}
    rows = []
    for row in reviewer_rows(session, coordinator, language, progress):
        own = found[row.code]
        visits = [each for each in (seen.get(row.code), own.worked_at) if each is not None]
        rows.append(
            PersonRow(
                reviewer=row,
                seen_at=max(visits, default=None),
                expected_at=own.expected_at,
                late=_after(own.expected_at, progress.due_at),
                waits=not row.removed and row.assigned > row.sent,
            )
        )
    return rows


def _bars(language: str, days: list[Day]) -> list[DayBar]:
    most = max(each.sent for each in days) or 1
    step = 100 / len(days)
    return [
        DayBar(
            x=f"{place * step + step * 0.15:.2f}%",
            y=f"{100 - 100 * each.sent / most:.2f}%",
            height=f"{100 * each.sent / most:.2f}%",
            middle=f"{place * step + step / 2:.2f}%",
            width=f"{step * 0.7:.2f}%",
            number=each.day.day,
            day=formats.day(language, each.day),
            sent=each.sent,
        )
        for place, each in enumerate(days)
    ]
