"""One applicant at a time: types, is told that it is saved, and at last presses "Send"."""

import asyncio
import re
import time
from dataclasses import dataclass, field

from app.sections.catalogue import CATALOGUE
from tests.applications.typed import BRIEF
from tests.bench.deadline.people import Draft
from tests.bench.deadline.rhythm import CLOSES, EVERY, GRACE, Plan
from tests.bench.pages.client import Answer, Connection, Request

VERSION = re.compile(rb'id="version" name="version" value="(\d+)"')
ENDS = CLOSES + GRACE
LONGEST = 30.0
"""Seconds after which an answer is given up as lost."""
PART = CATALOGUE["brief"].parts[0].code
TYPED = {"title": BRIEF["title"], "theme": BRIEF["theme"], "districts": BRIEF["districts"][0]}
"""What stands on the same page: a form sends all of it."""
PAGE = {"HX-Request": "true"}
DECLARATION = {
    "number": "1", "truth": "yes", "no_conflict": "yes", "no_double_funding": "yes", "controls": "yes",
    "name": "Applicant",
}  # fmt: skip


@dataclass
class Told:
    """All that one applicant was told. `saved` is the number of the last text that was called saved."""

    draft: Draft
    saved: int = 0
    version: int = 2
    sent: bool = False
    saves: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    refused_in_time: list[str] = field(default_factory=list)
    taken_too_late: list[str] = field(default_factory=list)


async def write_and_send(port: int, draft: Draft, plan: Plan, began: float) -> Told:
    """The whole rhythm of one draft; `began` is the run's beginning on this process's clock."""
    told = Told(draft)
    connection = await Connection.to(port)
    at = plan.begins
    while at < plan.sends:
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        connection = await _save(connection, port, told, began)
        at = max(at + EVERY, time.perf_counter() - began)
    await asyncio.sleep(max(0.0, began + plan.sends - time.perf_counter()))
    await _send(connection, port, told, began)
    return told


async def _save(connection: Connection, port: int, told: Told, began: float) -> Connection:
    number = told.saved + 1
    form = TYPED | {"part": PART, "version": str(told.version), "summary": text_of(number)}
    path = f"/kk/apply/{told.draft.ref}/brief/autosave"
    request = Request(path, told.draft.headers | PAGE, form, "PATCH")
    since = time.perf_counter() - began
    answer = await _asked(connection, request, told)
    if answer is None:
        return await Connection.to(port)
    until = time.perf_counter() - began
    found = VERSION.search(answer.body)
    if answer.status == 200 and found:
        told.saves.append(answer.seconds)
        told.saved, told.version = number, int(found[1])
        if since >= ENDS:
            told.taken_too_late.append(f"saved at {since - ENDS:+.3f} s")
    elif answer.status == 409 and until >= ENDS:
        pass
    elif answer.status == 409:
        told.refused_in_time.append(f"save refused at {since - CLOSES:+.3f} s of the closing")
    else:
        told.failures.append(f"save: {answer.status}")
    return connection


async def _send(connection: Connection, port: int, told: Told, began: float) -> None:
    request = Request(f"/kk/apply/{told.draft.ref}/send", told.draft.headers, DECLARATION)
    since = time.perf_counter() - began
    answer = await _asked(connection, request, told)
    if answer is None:
        return
    until = time.perf_counter() - began
    if answer.status == 303 and answer.headers["location"].endswith("/sent"):
        told.sends.append(answer.seconds)
        told.sent = True
        if since >= ENDS:
            told.taken_too_late.append(f"sent at {since - ENDS:+.3f} s")
    elif answer.status == 409 and until >= ENDS:
        pass
    elif answer.status == 409:
        told.refused_in_time.append(f"sending refused at {since - CLOSES:+.3f} s of the closing")
    else:
        told.failures.append(f"send: {answer.status}")
    await connection.close()


async def _asked(connection: Connection, request: Request, told: Told) -> Answer | None:
    try:
        return await asyncio.wait_for(connection.ask(request), LONGEST)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as lost:
        told.failures.append(f"{request.method}: {type(lost).__name__}")
        return None


def text_of(number: int) -> str:
    """What is typed the n-th time."""
    return f"We will plant a garden with 60 neighbours. Text number {number}."


def number_of(text: str) -> int:
    """The opposite; 0 for the text from before the run."""
    found = re.search(r"Text number (\d+)\.", text)
    return int(found[1]) if found else 0
