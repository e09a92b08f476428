"""That a session ends soon, for a page on which somebody types."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from app.messages import formats, translations
from app.web.language import language_of

WARNED = timedelta(minutes=5)
OPEN_FOR = timedelta(hours=12)
"""No page stays open longer that anybody types in."""


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """When it ends, in words and in the server's milliseconds; `soon`: show it at once."""

    words: str
    ends: int
    now: int
    soon: bool


def session_end(request: Request, now: datetime) -> SessionEnd | None:
    """The end of this browser's session, where a page that is open now may see it."""
    ends_at: datetime | None = getattr(request.state, "session_ends_at", None)
    if ends_at is None or ends_at - now > OPEN_FOR:
        return None
    words = translations(language_of(request)).ugettext("You will be signed out at {time}.")
    return SessionEnd(
        words=words.format(time=formats.clock(ends_at)),
        ends=int(ends_at.timestamp() * 1000),
        now=int(now.timestamp() * 1000),
        soon=ends_at - now <= WARNED,
    )
