"""A clock on a stage, in words: the server says when it is at zero, the script counts."""

from dataclasses import dataclass
from datetime import datetime

from app.events.scenes import Clock
from app.messages import formats
from app.messages.labels import choices
from app.pages.halls import milliseconds

LOW_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A clock: `until` is when a running one is at zero, `left` what a held one has left, in milliseconds.

    `tone` is "low" in the last minute and "out" after it; `word` says the same, and the others are what
    the script says in its place.
    """

    text: str
    tone: str
    word: str
    until: int | None
    left: int | None
    held: str
    low: str
    out: str


def clock_view(clock: Clock | None, language: str, now: datetime) -> ClockView | None:
    """The clock as it stands now."""
    if clock is None:
        return None
    words = choices(language, "clock")
    left_ms = clock.left_ms
    if clock.ends_at is not None:
        left_ms = milliseconds(clock.ends_at) - milliseconds(now)
    left = -((left_ms or 0) // -1000)
    tone = "out" if left <= 0 else "low" if left <= LOW_SECONDS else ""
    return ClockView(
        text=clock_text(left),
        tone=tone,
        word=words[tone] if tone else words["held"] if clock.ends_at is None else "",
        until=None if clock.ends_at is None else milliseconds(clock.ends_at),
        left=clock.left_ms,
        held=words["held"],
        low=words["low"],
        out=words["out"],
    )


def clock_text(left: int) -> str:
    """Seconds as a clock shows them: "4:05", and after zero how long ago that was: "+0:12"."""
    minutes, seconds = divmod(abs(left), 60)
    return f"{'+' if left < 0 else ''}{minutes}:{seconds:02}"


def length(language: str, seconds: int) -> str:
    """How long something takes: in whole minutes as words, else as a clock shows it."""
    return formats.duration(language, seconds // 60) if seconds % 60 == 0 and seconds else clock_text(seconds)


def wall_clock(now: datetime) -> tuple[str, int]:
    """The time of day in Almaty, and how many minutes it is ahead, so that a script can go on."""
    offset = now.astimezone(formats.ALMATY).utcoffset()
    return formats.clock(now), int(offset.total_seconds() // 60) if offset else 0
