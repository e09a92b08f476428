"""The deadline of one application in words, on every page on which it can be missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.own import own_application
from app.applications.own_models import OwnApplication
from app.calls.phase import HOUR, SOON, days_until
from app.messages import formats, translations
from app.models.applications import Status
from app.pages.page import Page, path_to
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}")

LAST_DAY = timedelta(hours=24)
LAST_HOUR = timedelta(hours=1)
EVERY = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """What the deadline is, what is left, and what its passing means.

    `href` and `every` (seconds): where and how often the page asks again; empty and 0 where nothing will
    change soon. `ends` and `now`: the server's milliseconds for the clock of the last hour; 0 without one.
    `announced` is said aloud, once.
    """

    line: str
    left: str
    own: bool
    passed: str
    locked: str
    copy: str
    href: str
    every: int
    ends: int
    now: int
    announced: str

    @property
    def urgent(self) -> bool:
        """Whether a page that is not about the deadline has to speak of it."""
        return bool(self.href or self.passed or self.locked)


@dataclass(frozen=True, kw_only=True)
class ApplicationDeadline(Page):
    """The part of a page that is asked for again as the deadline comes near."""

    template = "applications/deadline.html"
    deadline: DeadlineView


@router.get("/deadline", name="applications.deadline")
def show(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    language = language_of(request)
    own = own_application(session, applicant, ref, now)
    return ApplicationDeadline(deadline=deadline_view(language, own, now)).response(request)


def deadline_view(language: str, own: OwnApplication, now: datetime) -> DeadlineView:
    """The deadline of a draft as it stands at `now`."""
    due, ends = own.due_at, own.grace_ends_at
    line = formats.moment(language, due, own.zone) if due else ""
    waits = due is not None and now < due and own.receives
    passed = _passed_in_words(language, own) if own.in_grace else ""
    locked = "" if waits or own.in_grace or own.status is not Status.DRAFT else _locked_in_words(language)
    until = due if waits else ends if own.in_grace else None
    soon = until is not None and until - now <= LAST_DAY
    ticking = until is not None and until - now <= LAST_HOUR
    fresh = own.in_grace and due is not None and now - due <= EVERY
    return DeadlineView(
        line=line,
        left=left_in_words(language, due, own.zone, now) if waits and due else "",
        own=own.extended,
        passed=passed,
        locked=locked,
        copy=path_to(language, "applications.copy", ref=own.ref),
        href=path_to(language, "applications.deadline", ref=own.ref) if soon else "",
        every=_seconds(until - now) if soon and until else 0,
        ends=_milliseconds(until) if ticking and until else 0,
        now=_milliseconds(now),
        announced=passed if fresh else "",
    )


def left_in_words(language: str, due: datetime, zone: ZoneInfo, now: datetime) -> str:
    """How long there is: days as the call's own page counts them, and in the last 48 hours hours."""
    ngettext = translations(language).ungettext
    left = due - now
    if left > SOON:
        days = days_until(due, zone, now)
        return ngettext("{n} day left.", "{n} days left.", days).format(n=days)
    hours, minutes = int(left / HOUR), max(1, int(left / MINUTE))
    if hours:
        return ngettext("{n} hour left.", "{n} hours left.", hours).format(n=hours)
    return ngettext("{n} minute left.", "{n} minutes left.", minutes).format(n=minutes)


def _passed_in_words(language: str, own: OwnApplication) -> str:
    gettext = translations(language).ugettext
    if own.due_at is None or own.grace_ends_at is None:
        return ""
    closed = (
        gettext("Your deadline was {deadline}.") if own.extended else gettext("The call closed: {deadline}.")
    )
    still = gettext(
        "What you save or send is still accepted until {until}. Then this draft is locked. "
        "This extra time is the same for everybody."
    )
    return " ".join(
        (
            closed.format(deadline=formats.moment(language, own.due_at, own.zone)),
            still.format(until=formats.clock(own.grace_ends_at, own.zone)),
        )
    )


def _locked_in_words(language: str) -> str:
    return translations(language).ugettext(
        "This draft can no longer be changed or sent. Your answers are safe, and you can download them."
    )


def _seconds(left: timedelta) -> int:
    """Every minute, and at the instant itself."""
    return max(1, int(min(left + timedelta(seconds=1), EVERY).total_seconds()))


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)
