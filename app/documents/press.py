"""Makes a PDF, or a picture, from a template beside this file and from data, in a process of its own.

What people typed goes in as JSON, and comes to the template as values: it is never read as markup.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog

from app.documents.letters import Shown
from app.errors import TooMany, Unavailable

TYPESETTER = Path(__file__).parent / "typesetter.py"
AT_ONCE = 2
"""Documents made at the same time in one process; each needs a core and about 60 MB."""
WAIT_SECONDS = 10
SECONDS = 20
SECONDS_OF_MANY = 60
"""For a document of many applications, which nobody's session waits for."""
log = structlog.get_logger()
_turns = BoundedSemaphore(AT_ONCE)


class NotMade(Unavailable):
    """The typesetter failed, or took too long; the same words are there as a page and as text."""

    code = "document.not_made"


def pressed(template: str, data: Mapping[str, Any], at: datetime, seconds: int = SECONDS) -> bytes:
    """The PDF; equal data and time give equal bytes. TooMany when others have waited for long already.

    A template sees `squares` and `cut`: whether a sign, or the end of a text, could not be shown.
    """
    shown = Shown()
    values = shown.all_of(dict(data))
    order = {
        "template": template,
        "data": {**values, "squares": shown.squares, "cut": shown.cut},
        "at": int(at.timestamp()),
        "seconds": seconds,
    }
    return _in_turn(template, order, seconds)


def pressed_png(template: str, data: Mapping[str, Any], points_an_inch: int) -> bytes:
    """The template's one page as a picture; equal data gives equal bytes. TooMany as for a PDF."""
    order = {
        "template": template,
        "data": Shown().all_of(dict(data)),
        "points_an_inch": points_an_inch,
        "seconds": SECONDS,
    }
    return _in_turn(template, order, SECONDS)


def _in_turn(template: str, order: Mapping[str, Any], seconds: int) -> bytes:
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise TooMany(retry_after=WAIT_SECONDS)
    try:
        return _made(template, json.dumps(order).encode(), seconds)
    finally:
        _turns.release()


def _made(template: str, order: bytes, seconds: int) -> bytes:
    command = [sys.executable, "-I", str(TYPESETTER)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            command, input=order, capture_output=True, timeout=seconds, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        log.error("document took too long", template=template)
        raise NotMade from None
    if done.returncode != 0 or not done.stdout:
        log.error("document not made", template=template, status=done.returncode)
        raise NotMade
    if done.stderr:
        # What it said may hold a sign of somebody's text, which no log may.
        log.warning("document made without PDF/UA", template=template)
    return done.stdout
