"""Who else is at work on a draft, in words: for its own team, and only where there is a team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.own_models import OwnApplication
from app.applications.presence import Present, others_present
from app.messages import translations
from app.messages.labels import choices
from app.pages.page import path_to

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PresenceView:
    """Who is where. `href` is where a page asks again, and `here` where it says that it is open."""

    lines: Sequence[str]
    href: str
    here: str


def presence_view(
    session: Session,
    applicant: Applicant,
    own: OwnApplication,
    language: str,
    now: datetime,
    section: str = "",
) -> PresenceView | None:
    """The line of a page, of a section's where it is named; None for whoever writes alone."""
    if own.members < 2:
        return None
    return PresenceView(
        lines=[at_work(language, each, now) for each in others_present(session, applicant, own.ref, now)],
        href=path_to(language, "team.presence", ref=own.ref),
        here=path_to(language, "team.attend", ref=own.ref, section=section) if section else "",
    )


def at_work(language: str, present: Present, now: datetime) -> str:
    """ "Айгүл is editing Budget, 3 min ago"."""
    gettext = translations(language).ugettext
    minutes = int((now - present.seen_at) / MINUTE)
    words = (
        gettext("{name} is editing “{section}”, {n} min ago")
        if minutes > 0
        else gettext("{name} is editing “{section}” now")
    )
    section = choices(language, "sections")[present.section]
    return words.format(name=present.name, section=section, n=minutes)
