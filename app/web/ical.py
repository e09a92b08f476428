"""Calendars as RFC 5545 has them: escaped, folded by octets and not within a letter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

MOST_OCTETS = 75
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_SPECIAL = re.compile(r"([\\;,])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One entry: at an instant for so many minutes, or on a day.

    `sequence` grows with each change of what was promised.
    """

    uid: str
    sequence: int
    stamped: datetime
    at: datetime | date
    summary: str
    about: str
    url: str
    place: str
    cancelled: bool
    minutes: int = 0


def calendar(name: str, language: str, occasions: Iterable[Occasion]) -> bytes:
    """The file; equal entries make equal bytes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Baige//Calls//EN", "CALSCALE:GREGORIAN"]
    lines += [f"NAME;LANGUAGE={language}:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"]
    for each in occasions:
        lines += _entry(each, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _entry(each: Occasion, language: str) -> list[str]:
    day = not isinstance(each.at, datetime)
    start = f"DTSTART;VALUE=DATE:{each.at:%Y%m%d}" if day else f"DTSTART:{_utc(each.at)}"
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(each.uid)}",
        f"DTSTAMP:{_utc(each.stamped)}",
        f"LAST-MODIFIED:{_utc(each.stamped)}",
        f"SEQUENCE:{each.sequence}",
        start,
        *([] if day else [f"DURATION:PT{each.minutes}M" if each.minutes else "DURATION:PT0S"]),
        f"SUMMARY;LANGUAGE={language}:{_text(each.summary)}",
        f"DESCRIPTION;LANGUAGE={language}:{_text(each.about)}",
        *([f"LOCATION;LANGUAGE={language}:{_text(each.place)}"] if each.place else []),
        f"URL:{each.url}",
        f"STATUS:{'CANCELLED' if each.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _utc(when: date) -> str:
    assert isinstance(when, datetime)  # noqa: S101 - a day has no instant
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    plain = _UNSEEN.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPECIAL.sub(r"\\\1", plain).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets; each after the first begins with a space, which counts."""
    piece, room = "", MOST_OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", MOST_OCTETS - 1
        piece += letter
        room -= size
    yield piece
